import { RecordBatch, type RecordReader } from "../protocol/records/mod.ts";
import type { LogCheckpoint } from "./checkpoint.ts";
import { CleanedTransactions } from "./cleaned_transactions.ts";
import { type Cleanable, groupsOf } from "./cleaning.ts";
import type { StorageEnvironment } from "./environment.ts";
import type { FileCache } from "./file_cache.ts";
import { CLEANED_SUFFIX } from "./file_names.ts";
import type { LogConfig } from "./log_config.ts";
import type { LogSegments } from "./log_segments.ts";
import type { OffsetMap } from "./offset_map.ts";
import type { ProducerEntry } from "./producer_entry.ts";
import { type BatchFate, filterBatch } from "./record_filter.ts";
import { reportDamage } from "./damage.ts";
import { Segment } from "./segment.ts";
import { discardCleaned } from "./segment_swap.ts";
import type { Slices } from "./slices.ts";
import { StorageError } from "./storage_error.ts";
import { syncFile } from "./text_files.ts";

const WINDOW_BYTES = 1 << 17;
const RECORDS_A_STEP = 256;
/** Positions in a segment are int32. */
const MAX_SEGMENT_BYTES = 0x7fffffff;

/** What a {@link Cleaner} may know and do of a log. */
export interface CleanedLog {
  readonly directory: string;
  readonly config: LogConfig;
  readonly segments: LogSegments;
  readonly producers: ReadonlyMap<number, ProducerEntry>;
  /** Puts what stands in the files that end in `.cleaned`, durably, in the place of these segments. */
  replace(group: readonly Segment[], checkpoint: LogCheckpoint): Promise<void>;
}

/**
 * Compacts one log once (Kafka's `Cleaner`): reads the keys of the part that is dirty into a map, then writes all segments up to there anew without the records
 * that have a newer one of the same key, several as one where they have become small. A map that is full ends the round early: what is behind is dirty still.
 * Nothing here changes the log but `replace`.
 */
export class Cleaner {
  readonly #transactions: CleanedTransactions;
  readonly #window = new Uint8Array(WINDOW_BYTES);
  readonly #now: number;

  constructor(
    private readonly env: StorageEnvironment,
    private readonly files: FileCache,
    private readonly log: CleanedLog,
    private readonly map: OffsetMap,
    private readonly slices: Slices,
  ) {
    this.#transactions = new CleanedTransactions(env.compression);
    this.#now = env.clock.now();
  }

  /**
   * Answers the offset below which all is clean now. Throws {@link StorageError} for damage, `DiskError`, and what the slices throw; the segments that have not been
   * replaced by then are as they were.
   */
  async clean({ firstDirtyOffset, firstUncleanableOffset }: Cleanable): Promise<number> {
    const { segments, config, directory } = this.log;
    await this.#fillMap(firstDirtyOffset, firstUncleanableOffset);
    const endOffset = this.map.latestOffset + 1;
    const all = segments.between(0, endOffset);
    for (const group of groupsOf(all, config, firstUncleanableOffset)) {
      try {
        await this.log.replace(group, await this.#cleanGroup(group));
      } catch (error) {
        await discardCleaned(this.env.disk, directory);
        throw error;
      }
    }
    return endOffset;
  }

  /** Kafka: `Cleaner.buildOffsetMap`. */
  async #fillMap(from: number, to: number): Promise<void> {
    const { segments } = this.log;
    const transactions = new CleanedTransactions(this.env.compression);
    const dirty = segments.between(from, to);
    this.map.latestOffset = from - 1;
    for (const [index, segment] of dirty.entries()) {
      const end = dirty[index + 1]?.baseOffset ?? to;
      transactions.expect(segments.abortedTransactions(Math.max(from, segment.baseOffset), end));
      const start = segment.batches.find(from);
      if (start !== null) {
        for (const batch of this.#batches(segment, start.position)) {
          if (this.slices.isOver(batch.sizeInBytes)) await this.slices.next();
          if (batch.isControl) transactions.onControl(batch);
          else if (!transactions.isAborted(batch) && !await this.#mapKeys(batch, from)) return;
          this.map.latestOffset = Math.max(this.map.latestOffset, batch.lastOffset);
        }
      }
      this.map.latestOffset = end - 1;
    }
  }

  /** False if the map is full. */
  async #mapKeys(batch: RecordBatch, from: number): Promise<boolean> {
    const reader = batch.reader(this.env.compression);
    for (let count = 1; reader.next(); count++) {
      const offset = batch.baseOffset + reader.offsetDelta;
      if (count % RECORDS_A_STEP === 0 && this.slices.isOver(0)) await this.slices.next();
      if (reader.keyLength < 0 || offset < from) continue;
      if (!this.map.put(reader.bytes, reader.keyStart, reader.keyStart + reader.keyLength, offset)) return false;
    }
    return true;
  }

  /** Writes a group as one segment, durably. Kafka: `Cleaner.cleanSegments`. */
  async #cleanGroup(group: readonly Segment[]): Promise<LogCheckpoint> {
    const { disk, clock, logger, pending } = this.env;
    const { directory, config, segments } = this.log;
    await discardCleaned(disk, directory);
    const { indexIntervalBytes } = config;
    const last = group.at(-1)!;
    const { epochs, producers } = segments.checkpointOf(last);
    const nextOffset = segments.list[segments.list.indexOf(last) + 1].baseOffset;
    const options = { created: clock.now(), jitterMs: 0, indexIntervalBytes, epochs: segments.epochs, damaged: reportDamage(logger) };
    const cleaned = Segment.create(this.files, directory, group[0].baseOffset, options, CLEANED_SUFFIX);
    try {
      for (const segment of group) {
        const end = segment === last ? nextOffset : segment.nextOffset;
        this.#transactions.expect(segments.abortedTransactions(segment.baseOffset, end));
        await this.#cleanInto(cleaned, segment, nextOffset);
      }
      cleaned.seal();
      await pending.track(cleaned.sync());
      const checkpoint = { nextOffset, segment: cleaned.summary(), epochs, producers };
      cleaned.writeCheckpoint(checkpoint);
      await pending.track(syncFile(disk, cleaned.checkpointPath));
      await disk.syncDirectory(directory);
      if (this.slices.isOver(0)) await this.slices.next();
      return checkpoint;
    } finally {
      await cleaned.close();
    }
  }

  /** Kafka: `Cleaner.cleanInto`. */
  async #cleanInto(cleaned: Segment, segment: Segment, groupEnd: number): Promise<void> {
    const { indexIntervalBytes } = this.log.config;
    for (const batch of this.#batches(segment, 0)) {
      if (this.slices.isOver(batch.sizeInBytes)) await this.slices.next();
      const fate = this.#fateOf(batch, groupEnd, cleaned);
      const bytes = fate === null ? null : await filterBatch(batch, fate, this.env.compression, this.slices);
      if (bytes === null) continue;
      if (cleaned.size > MAX_SEGMENT_BYTES - bytes.length) throw new StorageError(`${cleaned.path} would be too large.`);
      cleaned.append(new RecordBatch(bytes), indexIntervalBytes, () => {});
    }
  }

  /** What becomes of a batch; null if nothing at all is left. */
  #fateOf(batch: RecordBatch, groupEnd: number, cleaned: Segment): BatchFate | null {
    const { isControl, deleteHorizonMs, baseOffset } = batch;
    let dropsAll: boolean;
    let isMarkerOfNothing = false;
    if (isControl) {
      const { mayGo, aborted } = this.#transactions.onControl(batch);
      if (aborted !== null) cleaned.noteAborted(aborted);
      isMarkerOfNothing = mayGo;
      dropsAll = mayGo && deleteHorizonMs !== undefined && deleteHorizonMs <= this.#now;
    } else {
      dropsAll = this.#transactions.isAborted(batch);
    }
    // The end of a segment is told by its last batch, though it may be empty: so a gap that nobody meant is known for one. (Kafka keeps the last of a round.)
    const keepsHeader = this.#isLastOfProducer(batch) || batch.lastOffset + 1 === groupEnd;
    if (dropsAll && !keepsHeader) return null;
    const dropsTombstones = deleteHorizonMs !== undefined && this.#now >= deleteHorizonMs;
    const keeps = (reader: RecordReader): boolean =>
      !dropsAll && (isControl || this.#keepsRecord(reader, baseOffset + reader.offsetDelta, dropsTombstones));
    return { keeps, keepsHeader, isMarkerOfNothing, deleteHorizonMs: this.#now + this.log.config.deleteRetentionMs };
  }

  /** Kafka: `Cleaner.shouldRetainRecord`. */
  #keepsRecord(reader: RecordReader, offset: number, dropsTombstones: boolean): boolean {
    if (offset > this.map.latestOffset) return true;
    if (reader.keyLength < 0) return false;
    const isLatest = offset >= this.map.get(reader.bytes, reader.keyStart, reader.keyStart + reader.keyLength);
    return isLatest && (reader.valueLength >= 0 || !dropsTombstones);
  }

  /** Whether the log needs the batch to know its producer's last sequence or, where there is none, its epoch. Kafka: `isBatchLastRecordOfProducer`. */
  #isLastOfProducer(batch: RecordBatch): boolean {
    const producer = batch.hasProducerId ? this.log.producers.get(batch.producerId) : undefined;
    if (producer === undefined) return false;
    const last = producer.batches.at(-1);
    if (last !== undefined) return batch.lastOffset === last.lastOffset;
    return batch.isControl && batch.producerEpoch === producer.epoch;
  }

  /** The batches from `position` on, whole. A damaged one must not become a sound one by being written anew. */
  *#batches(segment: Segment, position: number): Generator<RecordBatch, void, void> {
    const cursor = segment.batches.cursorFrom({ position, baseOffset: position === 0 ? segment.baseOffset : null }, this.#window);
    while (cursor.next()) {
      const batch = cursor.whole();
      if (!batch.isValid()) throw new StorageError(`${segment.path} is damaged at ${cursor.position}: a wrong checksum.`);
      yield batch;
    }
    if (cursor.position < segment.size) throw new StorageError(`${segment.path} is damaged at ${cursor.position}.`);
  }
}
