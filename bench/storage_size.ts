import { processorSeconds } from "../compat/procfs.ts";
import { denoPlatform } from "../platform/deno/mod.ts";
import { buildBatch, RecordBatch } from "../protocol/records/mod.ts";
import { FileCache } from "../storage/file_cache.ts";
import { LeaderEpochs } from "../storage/leader_epochs.ts";
import { checkpointOf } from "../storage/log_scan.ts";
import { defaultLogConfig, type Log, LogManager } from "../storage/mod.ts";
import { ProducerState } from "../storage/producer_state.ts";
import { Segment } from "../storage/segment.ts";
import { writeBytes } from "../storage/text_files.ts";
import { encodePartitionMetadata, PARTITION_METADATA_FILE } from "../storage/partition_metadata.ts";
import { median, type Row } from "./storage_row.ts";

const MEBIBYTE = 1 << 20;
const SIZES = [1, 64, 1024, 50 * 1024];
const NAMES = ["1 MiB", "64 MiB", "1 GiB", "50 GiB"];
const SEGMENT_MEBIBYTES = 1024;
const TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ";
const OPENINGS = 15;
const ROUNDS = 5;
const OPERATIONS = 20_000;
const FLAT = 1.5;
/** Fifty segments are fifty files to look at. */
const LONGER_MS = 1;

/** Lays out a log of `mebibytes` batches of 1 MiB as a clean stop leaves it. All zeros of the records are holes: the file system keeps 4 KiB of each. */
async function generate(data: string, topic: string, mebibytes: number): Promise<void> {
  const platform = denoPlatform();
  const files = new FileCache(platform.disk, 100);
  const directory = `${data}/${topic}-0`;
  platform.disk.makeDirectory(directory);
  writeBytes(platform.disk, `${directory}/${PARTITION_METADATA_FILE}`, new TextEncoder().encode(encodePartitionMetadata(TOPIC_ID)));
  const empty = buildBatch([{ timestamp: 1_000, key: null, value: new Uint8Array(0) }]).length;
  const whole = buildBatch([{ timestamp: 1_000, key: null, value: new Uint8Array(MEBIBYTE - empty - 6) }]);
  const epochs = new LeaderEpochs([{ epoch: 0, startOffset: 0 }]);
  const producers = new ProducerState(platform.clock, platform.compression);
  const view = new DataView(whole.buffer, whole.byteOffset);
  view.setInt32(12, 0);
  for (let base = 0; base < mebibytes; base += SEGMENT_MEBIBYTES) {
    const options = { created: 0, jitterMs: 0, damaged: () => {}, indexIntervalBytes: defaultLogConfig.indexIntervalBytes, epochs };
    const segment = Segment.create(files, directory, base, options);
    const end = Math.min(mebibytes, base + SEGMENT_MEBIBYTES);
    for (let offset = base; offset < end; offset++) {
      view.setBigInt64(0, BigInt(offset));
      const position = segment.size;
      segment.file.append(whole.subarray(0, 128));
      segment.file.truncate(position + whole.length);
      segment.note(new RecordBatch(whole), position, options.indexIntervalBytes);
    }
    segment.seal();
    segment.writeCheckpoint(checkpointOf(segment, end, epochs, producers));
    await segment.close();
  }
}

/** The quickest of some openings, in milliseconds: what others do on the machine only adds. */
async function openMs(data: string, topic: string): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < OPENINGS; i++) {
    const manager = await LogManager.open(denoPlatform(), data);
    const started = performance.now();
    const log = await manager.openLog({ topic, topicId: TOPIC_ID, partition: 0 }, defaultLogConfig);
    least = Math.min(least, performance.now() - started);
    if (log.logEndOffset === 0) throw new Error(`${topic} is empty`);
    await manager.close();
  }
  return least;
}

/** Microseconds of processor time of each kind of work, in turn; medians. */
function costs(works: readonly ((turn: number) => unknown)[]): number[] {
  const found: number[][] = works.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, work] of works.entries()) {
      const before = processorSeconds(Deno.pid);
      let turns = 0;
      do for (let i = 0; i < OPERATIONS; i++) work(turns++); while (processorSeconds(Deno.pid) - before < 0.2);
      found[index].push((processorSeconds(Deno.pid) - before) / turns * 1e6);
    }
  }
  return found.map(median);
}

const small = buildBatch([{ timestamp: 1_000, key: null, value: new Uint8Array(200) }]);
const target = new Uint8Array(64 * 1024);

const appendTo = (log: Log) => (): unknown => log.append(small.slice(), { leaderEpoch: 0, origin: "client" });
const readTail = (log: Log) => (): void =>
  log.read(log.logEndOffset - 1, target.length, { minOneBatch: true, upTo: log.highWatermark }).copyInto(target);
/** Only looks up: what the page cache does not have would come from the disk. */
const lookUp = (log: Log, mebibytes: number) => (turn: number): unknown =>
  log.read((turn * 7919) % mebibytes, MEBIBYTE, { minOneBatch: true, upTo: log.highWatermark });

/** Partitions of 1 MiB to 50 GiB: opening them, appending, reading the newest batch, looking up any. */
export async function size(dir: string): Promise<Row[]> {
  const data = `${dir}/data`;
  await (await LogManager.open(denoPlatform(), data)).close();
  for (const [i, mebibytes] of SIZES.entries()) await generate(data, `t${i}`, mebibytes);
  const opened: number[] = [];
  for (const i of SIZES.keys()) opened.push(await openMs(data, `t${i}`));
  const manager = await LogManager.open(denoPlatform(), data);
  const works: ((turn: number) => unknown)[] = [];
  for (const [i, mebibytes] of SIZES.entries()) {
    const log = await manager.openLog({ topic: `t${i}`, topicId: TOPIC_ID, partition: 0 }, defaultLogConfig);
    works.push(appendTo(log), readTail(log), lookUp(log, mebibytes));
  }
  const measured = costs(works);
  await manager.abandon();
  const rows: Row[] = [];
  for (const [i, name] of NAMES.entries()) {
    const isFirst = i === 0;
    rows.push({
      what: `opening a partition of ${name}`,
      goal: isFirst ? "" : `at most ${LONGER_MS} ms longer than one of ${NAMES[0]}`,
      figure: `${opened[i].toFixed(2)} ms`,
      reached: isFirst ? null : opened[i] <= opened[0] + LONGER_MS,
    });
    for (const [kind, what] of ["appending to it", "reading its newest batch", "looking up any batch of it"].entries()) {
      const [figure, first] = [measured[i * 3 + kind], measured[kind]];
      const isFlat = isFirst || kind === 2;
      rows.push({
        what: `${what}, ${name}`,
        goal: isFlat ? "" : `within ${FLAT} of ${NAMES[0]}`,
        figure: `${figure.toFixed(1)} µs, ${(figure / first).toFixed(2)} times`,
        reached: isFlat ? null : figure <= FLAT * first,
      });
    }
  }
  return rows;
}
