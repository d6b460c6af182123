/** The same topics written to Ottla and to Apache Kafka, and compacted by both: what is left. */
import { Driver } from "../drivers/driver.ts";
import { complaints, dump, segmentFiles, withoutGaps } from "../dump_log.ts";
import type { Target } from "../target.ts";
import { JavaTools } from "../tools.ts";
import { type RandomTopic, randomTopic } from "./random_topic.ts";
import { TopicPlayer } from "./topic_player.ts";

const ISOLATIONS = ["read_uncommitted", "read_committed"];

export interface LeftBeside {
  /** Offsets that were given away, markers included. */
  readonly written: number;
  /** Records that a consumer of `read_uncommitted` finds. */
  readonly left: number;
  /** What else is there: batches without records, markers, and batches with a delete horizon. */
  readonly empty: number;
  readonly markers: number;
  readonly horizons: number;
  readonly differences: readonly string[];
}

/** A batch as DumpLogSegments tells of it. */
interface DumpedBatch {
  readonly baseOffset: number;
  readonly records: number;
  readonly isControl: boolean;
  /** Of its file. */
  readonly isLast: boolean;
  readonly text: string;
}

/** Plays `count` topics, of the seeds from `seed` on, against both. */
export async function compactBeside(ottla: Target, kafka: Target, seed: number, count: number): Promise<LeftBeside> {
  const topics = Array.from({ length: count }, (_, i) => randomTopic(seed + i));
  const [ours, theirs] = await Promise.all([ottla, kafka].map((target) => play(target, topics)));
  const [read, readTheirs] = await Promise.all([ottla, kafka].map((target) => consume(target, topics)));
  const sums = { written: 0, left: 0, empty: 0, markers: 0, horizons: 0 };
  const differences: string[] = [];
  const tools = new JavaTools();
  try {
    for (const [index, { name }] of topics.entries()) {
      for (const [what, lines] of read[index]) {
        const found = firstDifference(lines, readTheirs[index].get(what)!);
        if (found !== null) differences.push(`${name}, ${what}: ${found}`);
      }
      const left = await dumped(tools, ours[index]);
      const leftByKafka = await dumped(tools, theirs[index]);
      const found = compare(left, leftByKafka);
      if (found !== null) differences.push(`${name}, files: ${found}`);
      const aborted = await abortedIn(tools, ours[index]);
      const missing = (await abortedIn(tools, theirs[index])).filter((transaction) => !aborted.includes(transaction));
      differences.push(...missing.map((transaction) => `${name}: Ottla does not list as aborted ${transaction}`));
      sums.written += ours[index].written;
      sums.left += read[index].get(ISOLATIONS[0])!.length;
      sums.empty += leftByKafka.filter(({ records }) => records === 0).length;
      sums.markers += leftByKafka.filter(({ isControl, records }) => isControl && records > 0).length;
      sums.horizons += leftByKafka.filter(({ text }) => text.includes("[some]")).length;
    }
  } finally {
    await tools.close();
  }
  return { ...sums, differences };
}

async function play(target: Target, topics: readonly RandomTopic[]): Promise<TopicPlayer[]> {
  const players: TopicPlayer[] = [];
  for (const topic of topics) players.push(await TopicPlayer.start(target, topic));
  await Promise.all(topics.map(async ({ rounds }, index) => {
    for (const round of rounds.keys()) await players[index].play(round);
    players[index].close();
  }));
  return players;
}

/** By topic and isolation level, what Java's consumer reads. */
async function consume(target: Target, topics: readonly RandomTopic[]): Promise<Map<string, readonly string[]>[]> {
  const java = await Driver.start("java", target.bootstrap);
  const read: Map<string, readonly string[]>[] = [];
  for (const { name: topic } of topics) {
    const lines = await Promise.all(
      ISOLATIONS.map((isolation) => java.call("fetch", { scope: "s", topic, from: "earliest", isolation }) as Promise<string[]>),
    );
    read.push(new Map(ISOLATIONS.map((isolation, index) => [isolation, lines[index]])));
  }
  await java.close();
  return read;
}

function firstDifference(ours: readonly string[], theirs: readonly string[]): string | null {
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  if (at < 0 && ours.length === theirs.length) return null;
  const index = at < 0 ? ours.length : at;
  return `Ottla has ${ours[index]?.slice(0, 300)}, Kafka ${theirs[index]?.slice(0, 300)}`;
}

/** What DumpLogSegments, which must be content, says of the files with this ending. */
async function dumpOf(tools: JavaTools, { directory }: TopicPlayer, ending: string, ...flags: readonly string[]): Promise<string> {
  const at = directory.lastIndexOf("/");
  const files = segmentFiles(directory.slice(0, at), ending, (partition) => partition === directory.slice(at + 1));
  if (files.length === 0) return "";
  const run = withoutGaps(await dump(tools, files, ...flags));
  const found = complaints(run, files);
  if (found.length > 0) throw new Error(`DumpLogSegments is not content:\n${found.join("\n")}`);
  return run.stdout;
}

/** The transactions that the indexes list. Ottla's list has those too of which it keeps a header, see {@link compare}. */
async function abortedIn(tools: JavaTools, player: TopicPlayer): Promise<string[]> {
  const said = await dumpOf(tools, player, ".txnindex");
  return [...said.matchAll(/^version: 0 producerId: (\d+) (firstOffset.*)$/gm)].map(([, id, rest]) =>
    `${player.producerIds.get(Number(id))} ${rest}`
  );
}

async function dumped(tools: JavaTools, player: TopicPlayer): Promise<DumpedBatch[]> {
  const said = await dumpOf(tools, player, ".log", "--deep-iteration", "--print-data-log");
  return said.split(/^Dumping .*\n/m).slice(1).flatMap((file) => {
    const texts = file.split(/^(?=baseOffset: )/m).slice(1);
    return texts.map((text, index) => batchOf(text, index === texts.length - 1, player.producerIds));
  });
}

/**
 * Left out is what a broker decides by its clock (when delete horizons are, times of markers) or by its compressor (sizes, and so checksums and places). A producer
 * is known by its number in the topic, not by its id. When a marker gets its horizon depends on the headers that are kept, see below.
 */
function batchOf(text: string, isLast: boolean, producerIds: ReadonlyMap<number, number>): DumpedBatch {
  const [, baseOffset, records] = /^baseOffset: (\d+) .*?count: (\S+) /.exec(text)!;
  const isControl = text.includes("isControl: true");
  const same = text.trimEnd()
    .replace(/ position: \d+/, "").replace(/ size: \d+/, "").replace(/ crc: \d+/, "")
    .replace(/(?<= producerId: )\d+/, (id) => `${producerIds.get(Number(id))}`)
    .replace(/ deleteHorizonMs: OptionalLong\S+/, (horizon) => isControl ? "" : horizon.replace(/\[\d+\]/, "[some]"))
    .replaceAll(/ CreateTime: -?\d+/g, isControl ? "" : "$&");
  return { baseOffset: Number(baseOffset), records: Number(records), isControl, isLast, text: same };
}

/**
 * What differs, or null. Batches with records of clients must be the same. Of the others Ottla may have more: it keeps the last header of each segment, where
 * Kafka keeps that of a round, and so some markers of transactions longer.
 */
function compare(ours: readonly DumpedBatch[], theirs: readonly DumpedBatch[]): string | null {
  const data = (batches: readonly DumpedBatch[]) =>
    batches.filter(({ isControl, records }) => !isControl && records > 0).map(({ text }) => text);
  const different = firstDifference(data(ours), data(theirs));
  if (different !== null) return different;
  const known = new Map(ours.map((batch) => [batch.baseOffset, batch]));
  for (const batch of theirs) {
    const same = known.get(batch.baseOffset);
    if (same?.text !== batch.text && !(same?.isControl && same.records > batch.records)) {
      return `Ottla has ${same?.text}, Kafka ${batch.text}`;
    }
    known.delete(batch.baseOffset);
  }
  const more = [...known.values()].find(({ isControl, isLast }) => !isControl && !isLast);
  return more === undefined ? null : `Ottla alone has ${more.text}`;
}
