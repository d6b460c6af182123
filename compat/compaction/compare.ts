/** The same logs compacted by Ottla and by Kafka's own cleaner, and what they leave. */
import { denoCompression } from "../../platform/deno/mod.ts";
import type { Disk } from "../../platform/mod.ts";
import { batches, type RecordBatch } from "../../protocol/records/mod.ts";
import { describeBatches } from "../../protocol/records/testdata/describe.ts";
import { LogManager } from "../../storage/mod.ts";
import { runJava } from "../java.ts";
import { DIRECTORY, environment, partition, randomConfig, RandomLog } from "./random_log.ts";

const STEPS = 120;
const SLOT_BYTES = 24;

/** A log that Ottla has compacted, and what Kafka is to be told to do the same with its copy. */
interface Compacted {
  readonly seed: number;
  /** Of the copy that Kafka is to compact. */
  readonly directory: string;
  /** A line for `compat.LogCompaction`. */
  readonly order: string;
  /** What it should answer. */
  readonly answer: string;
  readonly left: readonly RecordBatch[];
}

export interface Compared {
  readonly records: number;
  /** Of those, what is left. */
  readonly kept: number;
  readonly differences: readonly string[];
  /** Directories of what Ottla has left. */
  readonly ours: readonly string[];
}

/** Compacts `count` logs, of the seeds from `seed` on, in directories below `temp`. */
export async function compareCompactions(seed: number, count: number, temp: string): Promise<Compared> {
  const logs: Compacted[] = [];
  const ours: string[] = [];
  let records = 0;
  for (let i = 0; i < count; i++) {
    const log = await compactOurs(seed + i, temp);
    records += log.records;
    logs.push(log);
    ours.push(log.kept);
  }
  const answers = (await runJava("compat.LogCompaction", [], logs.map(({ order }) => `${order}\n`).join(""))).trimEnd().split("\n");
  const differences: string[] = [];
  let kept = 0;
  for (const [index, log] of logs.entries()) {
    const theirs = batchesIn(Deno.readDirSync(log.directory), (name) => Deno.readFileSync(`${log.directory}/${name}`));
    kept += theirs.reduce((sum, { recordCount }) => sum + recordCount, 0);
    const found = answers[index] === log.answer ? compare(log.left, theirs) : `Kafka got ${answers[index]}, Ottla ${log.answer}`;
    if (found !== null) differences.push(`seed ${log.seed}: ${found}`);
  }
  return { records, kept, differences, ours };
}

async function compactOurs(seed: number, temp: string): Promise<Compacted & { readonly records: number; readonly kept: string }> {
  const env = environment(seed);
  const { random, clock, disk } = env;
  const config = randomConfig(random);
  // A round that a full map has ended goes on within a segment. Kafka 4.3.1 then takes the transactions of producers for aborted that have aborted one in
  // front of that (`LocalLog.collectAbortedTransactions` begins at the start of the log), and keeps records that have been replaced. Where the map is
  // full depends, once all has been compacted, on the headers that are left, of which Ottla has more.
  const hasSmallMaps = random.below(2) === 0;
  await new RandomLog(env, config, { hasTransactions: !hasSmallMaps }).write(STEPS);
  const directory = `${temp}/${seed}/kafka/${partition.topic}-0`;
  copy(disk, directory);
  const records = batchesIn(disk.list(DIRECTORY).map((name) => ({ name })), (name) => bytesOf(disk, name))
    .reduce((sum, { recordCount }) => sum + recordCount, 0);
  const manager = await LogManager.open(env, "/data", { cleanerEnabled: false });
  const log = await manager.openLog(partition, config);
  const rounds: string[] = [];
  const answers: string[] = [];
  let from = 0;
  let isComplete = false;
  for (let round = 1 + random.below(5); round > 0; round--) {
    const bytes = SLOT_BYTES * (hasSmallMaps && !isComplete ? 3 + random.below(30) : 1_000);
    const cleanable = log.compaction.cleanable(from);
    if (cleanable === null || cleanable.bytes === 0) break;
    rounds.push(`${from}:${clock.now()}:${bytes}`);
    const isDone = log.compaction.clean(cleanable, { bytes, loadFactor: 0.9 });
    const timer = setInterval(() => clock.advance(0), 0);
    const end = await isDone;
    clearInterval(timer);
    answers.push(`${cleanable.firstUncleanableOffset}:${end}`);
    isComplete ||= end === cleanable.firstUncleanableOffset;
    from = isComplete ? 0 : end;
    clock.advance(random.below(4_000));
  }
  await manager.close();
  const kept = `${temp}/${seed}/ottla/${partition.topic}-0`;
  copy(disk, kept);
  const left = batchesIn(disk.list(DIRECTORY).map((name) => ({ name })), (name) => bytesOf(disk, name));
  const order = [directory, config.segmentBytes, config.indexIntervalBytes, config.deleteRetentionMs, ...rounds].join(" ");
  return { seed, directory, order, answer: answers.join(" "), left, records, kept };
}

/** What differs, or null. Ottla keeps more headers (the last of each segment), and so some markers longer. */
function compare(ours: readonly RecordBatch[], theirs: readonly RecordBatch[]): string | null {
  const data = (batches: readonly RecordBatch[]): string[] =>
    batches.filter(({ isControl, recordCount }) => !isControl && recordCount > 0).map(describe);
  const [left, right] = [data(ours), data(theirs)];
  const at = left.findIndex((batch, index) => batch !== right[index]);
  if (at >= 0 || left.length !== right.length) {
    return `Ottla has ${left[at < 0 ? right.length : at]}, Kafka ${right[at < 0 ? left.length : at]}`;
  }
  const known = new Map(ours.map((batch) => [batch.baseOffset, batch]));
  for (const batch of theirs) {
    const same = known.get(batch.baseOffset);
    if (same === undefined) return `Ottla lacks ${describe(batch)}`;
    if (same.recordCount < batch.recordCount) return `Ottla has ${describe(same)}, Kafka ${describe(batch)}`;
    if (batch.recordCount === 0 && same.recordCount === 0 && describe(same) !== describe(batch)) {
      return `Ottla has ${describe(same)}, Kafka ${describe(batch)}`;
    }
  }
  return null;
}

/** All but the CRC, which depends on how it was compressed. */
function describe(batch: RecordBatch): string {
  return describeBatches(batch.bytes, denoCompression).split(" ").slice(1).join(" ").replace(/^(batch,\d),\d+/, "$1");
}

/** The batches of the `.log` files with these names. */
function batchesIn(entries: Iterable<{ readonly name: string }>, read: (name: string) => Uint8Array): RecordBatch[] {
  const names = [...entries].map(({ name }) => name).filter((name) => name.endsWith(".log")).sort();
  return names.flatMap((name) => [...batches(read(name))]);
}

function bytesOf(disk: Disk, name: string): Uint8Array {
  const file = disk.open(`${DIRECTORY}/${name}`, { readOnly: true });
  const bytes = new Uint8Array(file.size);
  file.read(bytes, 0);
  file.close();
  return bytes;
}

/** What Kafka knows of the partition's files. */
function copy(disk: Disk, directory: string): void {
  Deno.mkdirSync(directory, { recursive: true });
  for (const name of disk.list(DIRECTORY)) {
    if (/\.(ottla|deleted)$/.test(name)) continue;
    Deno.writeFileSync(`${directory}/${name}`, bytesOf(disk, name));
  }
}
