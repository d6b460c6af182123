import { denoPlatform } from "../platform/deno/mod.ts";
import { RecordBatch } from "../protocol/records/mod.ts";
import { FileCache } from "../storage/file_cache.ts";
import { LeaderEpochs } from "../storage/leader_epochs.ts";
import { checkpointOf } from "../storage/log_scan.ts";
import { defaultLogConfig, type Log, LogManager } from "../storage/mod.ts";
import { ProducerState } from "../storage/producer_state.ts";
import { Segment } from "../storage/segment.ts";
import { writeBytes } from "../storage/text_files.ts";
import { encodePartitionMetadata, PARTITION_METADATA_FILE } from "../storage/partition_metadata.ts";
import { atMost, batchOf, beside, costs, type Row } from "./storage_row.ts";

const MEBIBYTE = 1 << 20;
const SIZES = [1, 64, 1024, 50 * 1024];
const NAMES = ["1 MiB", "64 MiB", "1 GiB", "50 GiB"];
const SEGMENT_BYTES = 1 << 30;
/** So many that each has an entry in the indexes. */
const DENSE_BYTES = 8 << 10;
/** So many batches of a segment are there. */
const THERE = 32;
/** What varints of lengths take more in a large batch than in an empty one. */
const LENGTHS_BYTES = 6;
const TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ";
const OPENINGS = 15;
const FLAT = 1.5;
/** Fifty segments are fifty files to look at. */
const LONGER_MS = 1;
const LOOK_UP_MS = 2;

/** How far those batches that are there lie apart. */
function stepOf(bytes: number): number {
  return SEGMENT_BYTES / bytes / THERE;
}

/**
 * Lays out a log of `count` batches of so many bytes as a clean stop leaves it. Only some in each segment are there, those that are
 * looked up: to the checkpoint and the indexes it is all the same, and file systems that tell the disk what is free take milliseconds to remove each piece.
 */
async function generate(data: string, topic: string, count: number, bytes: number): Promise<void> {
  const platform = denoPlatform();
  const files = new FileCache(platform.disk, 100);
  const directory = `${data}/${topic}-0`;
  platform.disk.makeDirectory(directory);
  writeBytes(platform.disk, `${directory}/${PARTITION_METADATA_FILE}`, new TextEncoder().encode(encodePartitionMetadata(TOPIC_ID)));
  const whole = batchOf(bytes - batchOf(0).length - LENGTHS_BYTES);
  const epochs = new LeaderEpochs([{ epoch: 0, startOffset: 0 }]);
  const producers = new ProducerState(platform.clock, platform.compression);
  const view = new DataView(whole.buffer, whole.byteOffset);
  view.setInt32(12, 0);
  for (let base = 0; base < count; base += SEGMENT_BYTES / bytes) {
    const options = { created: 0, jitterMs: 0, damaged: () => {}, indexIntervalBytes: defaultLogConfig.indexIntervalBytes, epochs };
    const segment = Segment.create(files, directory, base, options);
    const end = Math.min(count, base + SEGMENT_BYTES / bytes);
    segment.file.truncate((end - base) * whole.length);
    for (let offset = base; offset < end; offset++) {
      view.setBigInt64(0, BigInt(offset));
      view.setBigInt64(35, BigInt(1_000 + offset));
      const position = segment.size;
      if (offset % stepOf(bytes) === 0) segment.file.overwrite(whole.subarray(0, 128), position);
      segment.note(new RecordBatch(whole), position, options.indexIntervalBytes);
    }
    segment.seal();
    segment.writeCheckpoint(checkpointOf(segment, end, epochs, producers));
    await segment.close();
  }
}

const openLog = (manager: LogManager, topic: string): Promise<Log> =>
  manager.openLog({ topic, topicId: TOPIC_ID, partition: 0 }, defaultLogConfig);

interface Opening {
  /** Milliseconds. */
  readonly open: number;
  /** A look-up in the middle of the log behind that, one by time, and listing the directory and asking for the sizes of `.log` files with the bare calls. */
  readonly lookUp: number;
  readonly byTime: number;
  readonly bare: number;
}

/** The quickest of some openings: what others do on the machine only adds. */
async function opening(data: string, topic: string, step: number): Promise<Opening> {
  const found: Opening[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    const manager = await LogManager.open(denoPlatform(), data);
    const times = [performance.now()];
    const log = await openLog(manager, topic);
    times.push(performance.now());
    log.read(Math.floor(log.logEndOffset / 2 / step) * step, MEBIBYTE, { minOneBatch: true, upTo: log.highWatermark });
    times.push(performance.now());
    log.offsetForTimestamp(Infinity);
    times.push(performance.now());
    for (const { name } of Deno.readDirSync(`${data}/${topic}-0`)) if (name.endsWith(".log")) Deno.lstatSync(`${data}/${topic}-0/${name}`);
    times.push(performance.now());
    const [open, lookUp, byTime, bare] = times.slice(1).map((time, step) => time - times[step]);
    found.push({ open, lookUp, byTime, bare });
    if (log.logEndOffset === 0) throw new Error(`${topic} is empty`);
    await manager.close();
  }
  const least = (part: keyof Opening): number => Math.min(...found.map((one) => one[part]));
  return { open: least("open"), lookUp: least("lookUp"), byTime: least("byTime"), bare: least("bare") };
}

const small = batchOf(200);
const target = new Uint8Array(64 * 1024);

const appendTo = (log: Log) => (): unknown => log.append(small.slice(), { leaderEpoch: 0, origin: "client" });
const readTail = (log: Log) => (): void =>
  log.read(log.logEndOffset - 1, target.length, { minOneBatch: true, upTo: log.highWatermark }).copyInto(target);
/** Only looks up: what the page cache does not have would come from the disk. */
const lookUp = (log: Log, mebibytes: number) => (turn: number): unknown =>
  log.read(((turn * 7919) % mebibytes) & -stepOf(MEBIBYTE), MEBIBYTE, { minOneBatch: true, upTo: log.highWatermark });

function openingRows(name: string, { open, lookUp, byTime, bare }: Opening, first: Opening | null): Row[] {
  const ms = (value: number): string => `${value.toFixed(2)} ms`;
  const least = `of that at least ${ms(bare)}: its files by name and size, with the bare calls`;
  const row = beside(`opening a partition of ${name}`, `${ms(open)}, ${least}`);
  const goal = `at most ${LONGER_MS} ms longer than ${NAMES[0]}`;
  return [
    first === null ? row : { ...row, goal, reached: open <= first.open + LONGER_MS },
    atMost(`the first look-up behind that, ${name}`, LOOK_UP_MS, lookUp, "ms", 2),
    atMost(`the first by time, of a time that no record has, ${name}`, LOOK_UP_MS, byTime, "ms", 2),
  ];
}

function workRows(name: string, figures: readonly number[], first: readonly number[]): Row[] {
  return ["appending to it", "reading its newest batch", "looking up any batch of it"].map((what, kind) => {
    const row = beside(`${what}, ${name}`, `${figures[kind].toFixed(1)} µs, ${(figures[kind] / first[kind]).toFixed(2)} times`);
    const isFlat = figures === first || kind === 2;
    return isFlat ? row : { ...row, goal: `within ${FLAT} of ${NAMES[0]}`, reached: figures[kind] <= FLAT * first[kind] };
  });
}

/** Partitions of 1 MiB to 50 GiB, and one whose indexes are large: opening them, appending, reading the newest batch, looking up any. */
export async function size(dir: string): Promise<Row[]> {
  const data = `${dir}/data`;
  await (await LogManager.open(denoPlatform(), data)).close();
  for (const [i, mebibytes] of SIZES.entries()) await generate(data, `t${i}`, mebibytes, MEBIBYTE);
  await generate(data, "dense", SEGMENT_BYTES / DENSE_BYTES, DENSE_BYTES);
  const opened: Opening[] = [];
  for (const i of SIZES.keys()) opened.push(await opening(data, `t${i}`, stepOf(MEBIBYTE)));
  const dense = await opening(data, "dense", stepOf(DENSE_BYTES));
  const manager = await LogManager.open(denoPlatform(), data);
  const works: ((turn: number) => unknown)[] = [];
  for (const [i, mebibytes] of SIZES.entries()) {
    const log = await openLog(manager, `t${i}`);
    works.push(appendTo(log), readTail(log), lookUp(log, mebibytes));
  }
  const measured = costs(works);
  await manager.abandon();
  const of = (i: number): number[] => measured.slice(i * 3, i * 3 + 3);
  const first = of(0);
  return [
    ...NAMES.flatMap((name, i) => openingRows(name, opened[i], i === 0 ? null : opened[0])),
    ...openingRows(`1 GiB of batches of ${DENSE_BYTES / 1024} KiB`, dense, opened[0]),
    ...NAMES.flatMap((name, i) => workRows(name, i === 0 ? first : of(i), first)),
  ];
}
