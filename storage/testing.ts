import { type Disk, MemoryDisk, settle, type SimulatedPlatform, simulatedPlatform } from "../platform/mod.ts";
import { batches, type BatchOptions, buildBatch, parseEndTransactionMarker, type RecordBatch } from "../protocol/records/mod.ts";
import { parsePartitionDirectory } from "./file_names.ts";
import { decodeOffsets, LOG_START_FILE } from "./offset_checkpoint.ts";
import { decodePartitionMetadata, PARTITION_METADATA_FILE } from "./partition_metadata.ts";
import { readText } from "./text_files.ts";
import { type AppendResult, defaultLogConfig, type Log, type LogConfig, LogManager, type PartitionId } from "./mod.ts";

/** What the tests of this folder share. */

const DIRECTORY = "/data";
export const partition: PartitionId = { topic: "orders", topicId: "AAAAAAAAAAAAAAAAAAAAAQ", partition: 0 };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export { appendVerified, markerBatch } from "./testing/markers.ts";

export type TestPlatform = Omit<SimulatedPlatform, "disk"> & { readonly disk: Disk };

/** A simulated platform on `disk`. */
export function platformOn(disk: Disk = new MemoryDisk(), seed = 1): TestPlatform {
  return { ...simulatedPlatform(seed), disk };
}

/** A manager on the platform, and its log of {@link partition}. */
export async function openLog(
  env: TestPlatform,
  config: Partial<LogConfig> = {},
  options: Parameters<typeof LogManager.open>[2] = {},
): Promise<{ manager: LogManager; log: Log }> {
  const manager = await LogManager.open(env, DIRECTORY, options);
  return { manager, log: await manager.openLog(partition, { ...defaultLogConfig, ...config }) };
}

/** A log as Apache Kafka would find it. */
interface LogForKafka {
  readonly topicId: string | null;
  /** Where its first segment begins. */
  readonly first: number;
  /** It starts there at the earliest: what is below would be removed, and all of it where it ends below. */
  readonly start: number;
}

/** The logs that have files, by their directories' names, were Apache Kafka to take the directory over now (`LogManager.loadLogs`, `LogLoader.load`). */
export function logsForKafka(disk: Disk): Map<string, LogForKafka> {
  const offsets = decodeOffsets(readText(disk, `${DIRECTORY}/${LOG_START_FILE}`) ?? "") ?? new Map<string, number>();
  const found = new Map<string, LogForKafka>();
  for (const name of disk.stat(DIRECTORY) === null ? [] : disk.list(DIRECTORY).filter((name) => parsePartitionDirectory(name) !== null)) {
    const first = disk.list(`${DIRECTORY}/${name}`).find((file) => file.endsWith(".log"));
    if (first === undefined) continue;
    const topicId = decodePartitionMetadata(readText(disk, `${DIRECTORY}/${name}/${PARTITION_METADATA_FILE}`) ?? "");
    found.set(name, { topicId, first: Number.parseInt(first, 10), start: offsets.get(name) ?? 0 });
  }
  return found;
}

/** A batch of records with these values and `timestamp`. */
export function batchOf(values: readonly string[], timestamp = 1_000, options: BatchOptions = {}): Uint8Array {
  return buildBatch(values.map((value) => ({ timestamp, key: null, value: encoder.encode(value) })), options);
}

export function append(log: Log, values: readonly string[], timestamp = 1_000, options: BatchOptions = {}, leaderEpoch = 0): AppendResult {
  return log.append(batchOf(values, timestamp, options), { leaderEpoch, origin: "client" });
}

/** Everything in the log up to `end`, as `offset:value`, read as a consumer would. */
export function contents(log: Log, maxBytes = 1 << 20, end = log.logEndOffset): string[] {
  const found: string[] = [];
  for (let offset = log.logStartOffset; offset < end;) {
    const before = offset;
    const source = log.read(offset, maxBytes, { minOneBatch: true, upTo: log.highWatermark });
    const bytes = new Uint8Array(source.byteLength);
    source.copyInto(bytes);
    for (const batch of batches(bytes)) {
      for (const record of batch.records()) {
        if (record.offset >= offset) found.push(`${record.offset}:${decoder.decode(record.value!)}`);
      }
      offset = batch.lastOffset + 1;
    }
    if (offset === before) throw new Error(`nothing at offset ${offset}`);
  }
  return found;
}

/**
 * The batches of data that a consumer of `read_committed` uses: what stands below the last stable offset, without those of transactions that the list of
 * a fetch calls aborted. Kafka: `CompletedFetch.nextFetchedRecord`.
 */
export function* committedBatches(log: Log, from: number, maxBytes: number): Generator<RecordBatch> {
  const upTo = log.lastStableOffset;
  for (let offset = from; offset < upTo;) {
    const source = log.read(offset, maxBytes, { minOneBatch: true, upTo });
    const bytes = new Uint8Array(source.byteLength);
    source.copyInto(bytes);
    if (bytes.length === 0) return;
    const aborted = log.abortedTransactions(offset, source).toSorted((a, b) => a.firstOffset - b.firstOffset);
    const ids = new Set<number>();
    for (const batch of batches(bytes)) {
      while (aborted.length > 0 && aborted[0].firstOffset <= batch.lastOffset) ids.add(aborted.shift()!.producerId);
      if (batch.isControl) {
        for (const { key, value } of batch.records()) if (parseEndTransactionMarker(key, value)?.type === 0) ids.delete(batch.producerId);
      } else if (!(batch.isTransactional && ids.has(batch.producerId))) yield batch;
      offset = batch.lastOffset + 1;
    }
  }
}

/** The names and contents of a partition's files. */
export function filesOf(disk: Disk, directory = `${DIRECTORY}/orders-0`): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of disk.stat(directory) === null ? [] : disk.list(directory)) {
    const file = disk.open(`${directory}/${name}`, { readOnly: true });
    const bytes = new Uint8Array(file.size);
    file.read(bytes, 0);
    file.close();
    files.set(name, bytes);
  }
  return files;
}

/** Lets slices of work follow each other until `work` settles. */
async function untilSettled<T>({ clock }: Pick<TestPlatform, "clock">, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = (): boolean => isDone = true;
  work.then(done, done);
  while (!isDone) {
    await settle();
    clock.advance(0);
  }
  return await work;
}

/** One round of compaction over all that may be compacted, of which `dirtyFrom` and what is behind is dirty. Answers what is clean now. */
export async function compact(
  env: TestPlatform,
  { compaction }: Log,
  dirtyFrom?: number,
  limits = { bytes: 1 << 20, loadFactor: 0.9 },
): Promise<number | undefined> {
  const cleanable = compaction.cleanable(dirtyFrom);
  if (cleanable === null || cleanable.bytes === 0) return dirtyFrom;
  return await untilSettled(env, compaction.clean(cleanable, limits));
}

/** A batch of records `[key, value]`; null is a tombstone. */
export function keyedBatch(
  records: readonly (readonly [string, string | null])[],
  timestamp = 1_000,
  options: BatchOptions = {},
): Uint8Array {
  const bytes = records.map(([key, value]) => ({
    timestamp,
    key: encoder.encode(key),
    value: value === null ? null : encoder.encode(value),
  }));
  return buildBatch(bytes, options);
}

/** Everything in the log but what control batches say, as `offset:key=value`. */
export function keyedContents(log: Log): string[] {
  const found: string[] = [];
  for (const batch of log.batchesFrom(log.logStartOffset)) {
    if (batch.isControl) continue;
    for (const { offset, key, value } of batch.records()) {
      found.push(`${offset}:${key === null ? "" : decoder.decode(key)}=${value === null ? "null" : decoder.decode(value)}`);
    }
  }
  return found;
}
