/**
 * `deno run -A --config bench/deno.json bench/durability.ts [DIR]`: acknowledged appends a second when each waits for the disk, with a group commit for
 * each partition's file against one for a journal that all partitions share. The journal's appends are written to the partition's file too,
 * unsynced, as Kafka's layout needs them there; what emptying the journal costs is left out. Prints the table that stands in RESULTS.md.
 */
import { denoPlatform } from "../platform/deno/mod.ts";
import type { DiskFile } from "../platform/mod.ts";
import { GroupSync } from "../storage/group_sync.ts";

const RECORD = new Uint8Array(1024).fill(1);
const RUN_MS = 2_000;
const ROUNDS = 3;
const PARTITIONS = [1, 16, 64];
/** Appends under way at once. */
const WRITERS = [1, 16, 64];

type Way = "file" | "journal";

interface Figure {
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

async function measure(way: Way, partitions: number, writers: number, parent: string): Promise<Figure> {
  const { disk } = denoPlatform();
  const dir = Deno.makeTempDirSync({ dir: parent });
  const files: DiskFile[] = Array.from({ length: partitions }, (_, i) => disk.open(`${dir}/${i}`, { create: true }));
  const journal = disk.open(`${dir}/journal`, { create: true });
  await disk.syncDirectory(dir);
  const journalSync = new GroupSync(journal, 0);
  const syncs = files.map((file) => new GroupSync(file, 0));
  const took: number[] = [];
  const started = performance.now();
  const ends = started + RUN_MS;
  const writer = async (number: number): Promise<void> => {
    for (let turn = number, before = started; before < ends; turn += writers) {
      before = performance.now();
      const partition = turn % partitions;
      files[partition].append(RECORD);
      if (way === "journal") journal.append(RECORD);
      await (way === "journal" ? journalSync : syncs[partition]).sync();
      took.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, number) => writer(number)));
  const perSecond = took.length / ((performance.now() - started) / 1000);
  for (const file of [...files, journal]) file.close();
  await disk.remove(dir);
  took.sort((a, b) => a - b);
  return { perSecond, medianMs: took[took.length >> 1], p99Ms: took[Math.floor(took.length * 0.99)] };
}

function median(figures: readonly Figure[]): Figure {
  return [...figures].sort((a, b) => a.perSecond - b.perSecond)[figures.length >> 1];
}

function cells({ perSecond, medianMs, p99Ms }: Figure): string {
  return `${Math.round(perSecond)} | ${medianMs.toFixed(2)} / ${p99Ms.toFixed(2)} ms`;
}

const parent = Deno.args.at(0) ?? new URL("../.tmp", import.meta.url).pathname;
Deno.mkdirSync(parent, { recursive: true });
console.log("| partitions | appends under way | per file: acks/s | median / p99 | journal: acks/s | median / p99 | file : journal |");
console.log("|---|---|---|---|---|---|---|");
for (const partitions of PARTITIONS) {
  for (const writers of WRITERS.filter((count) => count === 1 || count >= partitions)) {
    const results: Record<Way, Figure[]> = { file: [], journal: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const way of ["file", "journal"] as const) results[way].push(await measure(way, partitions, writers, parent));
    }
    const [file, journal] = [median(results.file), median(results.journal)];
    const ratio = (file.perSecond / journal.perSecond).toFixed(2);
    console.log(`| ${partitions} | ${writers} | ${cells(file)} | ${cells(journal)} | ${ratio} |`);
  }
}
