import { DiskError, unhurried } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import {
  assignOffsets,
  ControlRecordType,
  endTransactionBatch,
  NO_TIMESTAMP,
  RecordBatch,
  RecordsError,
  validateBatches,
} from "../protocol/records/mod.ts";
import type { PartitionId, StorageEnvironment } from "./environment.ts";
import type { LeaderEpochs } from "./leader_epochs.ts";
import { reportDamage } from "./damage.ts";
import { DeletedSegments } from "./deleted_segments.ts";
import type { FileCache } from "./file_cache.ts";
import { LogCompaction } from "./log_compaction.ts";
import type { LoadedLog } from "./loader.ts";
import { type LogConfig, randomSegmentJitter } from "./log_config.ts";
import { LogDurability } from "./log_durability.ts";
import { type LogRecords, LogSegments, noRecords, type ReadOptions } from "./log_segments.ts";
import type { PartitionDirectory } from "./partition_directory.ts";
import type { BatchMetadata, ProducerEntry } from "./producer_entry.ts";
import type { ProducerState } from "./producer_state.ts";
import { expiredSegments } from "./retention.ts";
import { Segment } from "./segment.ts";
import { StorageError } from "./storage_error.ts";
import type { TimestampAndOffset } from "./timestamp_lookup.ts";
import type { AbortedTransaction, EndMarker } from "./transactions.ts";
import type { ProducerBatch, VerificationGuard } from "./verifications.ts";

/** What all logs of a broker have in common. */
export interface LogOptions {
  /** The high watermark is the durable end of the log, else its end. */
  readonly visibleWhenDurable: boolean;
  /** `producer.id.expiration.ms`: how many milliseconds a producer that writes nothing is remembered. */
  readonly producerIdExpirationMs: number;
}

export interface AppendOptions {
  /** The partition's leader epoch, stamped on the batch. It never goes back. */
  readonly leaderEpoch: number;
  /** Who wrote the records: clients are held to more rules than the broker's own coordinators. */
  readonly origin: "client" | "coordinator";
  /** What {@link Log.startVerification} gave, once the transaction coordinator has said that the batch's transaction goes on. */
  readonly verification?: VerificationGuard | null;
}

export interface AppendResult {
  readonly baseOffset: number;
  readonly lastOffset: number;
  /** The time of the append for LogAppendTime, -1 for CreateTime; for a duplicate the timestamp of the batch it repeats, as in Kafka. */
  readonly logAppendTime: number;
  readonly logStartOffset: number;
  /** The log had the batch already (KIP-98): nothing was written, the offsets are those of the first time. */
  readonly duplicate: boolean;
}

/**
 * The log of one partition (Kafka's `UnifiedLog`): segments, the newest of which grows. Its files appear with its first append. What fails on
 * the disk is a {@link StorageError}, what is wrong with a request a {@link RecordsError} with the protocol's code.
 */
export class Log {
  config: LogConfig;
  readonly #segments: LogSegments;
  readonly #epochs: LeaderEpochs;
  readonly #producers: ProducerState;
  readonly #durability: LogDurability;
  #heldAt: number | null = null;
  #logEndOffset: number;
  /** Everything below was deleted, though the first segment may still have some of it. */
  #startOffset: number;
  readonly #deleted: DeletedSegments;
  readonly compaction: LogCompaction;
  /** For retention. */
  readonly #now: () => number;

  /** `LogManager.openLog` makes logs. */
  constructor(
    private readonly env: StorageEnvironment,
    private readonly files: FileCache,
    readonly id: PartitionId,
    private readonly directory: PartitionDirectory,
    config: LogConfig,
    loaded: LoadedLog,
    private readonly options: LogOptions,
  ) {
    this.config = config;
    this.#segments = new LogSegments(loaded.segments, loaded.epochs, env);
    this.#epochs = loaded.epochs;
    this.#producers = loaded.producers;
    this.#durability = new LogDurability(env, directory, this.#segments, loaded, this);
    this.#deleted = new DeletedSegments(env);
    this.compaction = new LogCompaction(env, files, directory.path, this.#segments, this.#deleted, this);
    this.#logEndOffset = loaded.logEndOffset;
    this.#startOffset = loaded.startOffset;
    this.#now = unhurried(env.clock);
    this.removeExpiredProducers();
  }

  /** The first offset that can be read. */
  get logStartOffset(): number {
    return Math.max(this.#startOffset, this.#segments.list.at(0)?.baseOffset ?? this.#logEndOffset);
  }

  /** Where it starts, if its first segment has some of what was deleted, else null. */
  get startWithinSegment(): number | null {
    const first = this.#segments.list.at(0);
    return first !== undefined && first.baseOffset < this.#startOffset ? this.#startOffset : null;
  }

  /** The offset of the next record. */
  get logEndOffset(): number {
    return this.#logEndOffset;
  }

  /**
   * The offset that consumers may read up to. In the modes `memory` and `process` a record counts once it is written, in `power` once it is durable; in none
   * while the log {@link isHeld}.
   */
  get highWatermark(): number {
    const end = this.options.visibleWhenDurable ? this.recoveryPoint : this.#logEndOffset;
    return this.#heldAt === null ? end : Math.min(end, this.#heldAt);
  }

  /** Whether the high watermark stays where it is, whatever is appended. Nothing of that is remembered when the log is opened again. */
  get isHeld(): boolean {
    return this.#heldAt !== null;
  }

  set isHeld(isHeld: boolean) {
    if (isHeld !== this.isHeld) this.#heldAt = isHeld ? this.highWatermark : null;
  }

  /** Everything below is known to be durable. */
  get recoveryPoint(): number {
    return this.#durability.recoveryPoint;
  }

  /** The offset that `read_committed` consumers may read up to: behind it there may be records of transactions that have not ended. */
  get lastStableOffset(): number {
    const { highWatermark } = this;
    const firstUnstable = this.#producers.firstUnstableOffset(highWatermark);
    return firstUnstable === null ? highWatermark : Math.min(highWatermark, Math.max(firstUnstable, this.logStartOffset));
  }

  /** The newest leader epoch that wrote or was announced here, or -1. */
  get latestEpoch(): number {
    return this.#epochs.latest;
  }

  /** Bytes of all segments. */
  get sizeInBytes(): number {
    return this.#segments.sizeInBytes;
  }

  /** The largest timestamp of all batches, or -1. */
  get maxTimestamp(): number {
    return this.#segments.maxTimestamp;
  }

  /** Whether a failed disk has ended all writing. */
  get isFenced(): boolean {
    return this.#durability.isFenced;
  }

  /** Whether some of it cannot be read, as far as somebody has come across that since it was opened. */
  get isDamaged(): boolean {
    return this.#segments.areDamaged;
  }

  get segmentCount(): number {
    return this.#segments.list.length;
  }

  /**
   * Validates one batch, gives it the next offsets and writes it: when this returns, the operating system has it. `records` is changed in place.
   * Throws {@link RecordsError} or {@link StorageError}; nothing has been written then, and the log can be used as before unless it is fenced.
   */
  append(records: Uint8Array, { leaderEpoch, origin, verification = null }: AppendOptions): AppendResult {
    this.#durability.checkWritable();
    const { config } = this;
    const now = this.env.clock.now();
    const validated = validateBatches(records, {
      origin,
      maxMessageBytes: config.maxMessageBytes,
      compressionType: config.compressionType,
      compressionLevel: config.compressionLevel,
      compact: config.compact,
      timestampType: config.messageTimestampType,
      timestampBeforeMaxMs: config.messageTimestampBeforeMaxMs,
      timestampAfterMaxMs: config.messageTimestampAfterMaxMs,
      now,
      codecs: this.env.compression,
    });
    const { batch } = validated;
    const fromProducer = origin === "client" && batch.hasProducerId;
    const duplicate = fromProducer ? this.#producers.duplicateOf(batch) : undefined;
    if (duplicate !== undefined) return this.#duplicateResult(duplicate);
    if (!batch.isControl) this.#producers.check(batch, origin, verification);
    if (batch.sizeInBytes > config.segmentBytes) {
      const message = `A batch of ${batch.sizeInBytes} bytes does not fit into a segment of ${config.segmentBytes}.`;
      throw new RecordsError(ErrorCode.RECORD_LIST_TOO_LARGE, message);
    }
    assignOffsets(validated, this.#logEndOffset, leaderEpoch, now);
    this.#write(batch, now);
    return this.#result(batch, now);
  }

  /**
   * To be called before the transaction coordinator is asked whether the batch is of a transaction that goes on. The answer is for the append; it is null where
   * the log knows that already. Throws {@link RecordsError} with INVALID_PRODUCER_EPOCH. `supportsEpochBump`: the producer goes by transaction version 2. Kafka: `UnifiedLog.maybeStartTransactionVerification`.
   */
  startVerification(batch: ProducerBatch, supportsEpochBump: boolean): VerificationGuard | null {
    return this.#producers.startVerification(batch, supportsEpochBump);
  }

  /**
   * Ends a producer's transaction: writes its marker, whatever the limits of the topic. A producer that wrote nothing here gets one too, which raises its epoch. Throws {@link RecordsError}
   * with INVALID_PRODUCER_EPOCH or TRANSACTION_COORDINATOR_FENCED, or {@link StorageError}; nothing has been written then.
   */
  appendEndMarker(marker: EndMarker, leaderEpoch: number): AppendResult {
    this.#durability.checkWritable();
    this.#producers.checkEndMarker(marker);
    const now = this.env.clock.now();
    const type = marker.committed ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
    const batch = new RecordBatch(endTransactionBatch({ ...marker, type }, now));
    const timestampType = this.config.messageTimestampType;
    assignOffsets({ batch, recordCount: 1, maxTimestamp: now, timestampType }, this.#logEndOffset, leaderEpoch, now);
    this.#write(batch, now);
    return this.#result(batch, now);
  }

  /**
   * The batches from the one that holds `offset` on, up to `maxBytes`. At the end of the log, and where the first batch does not fit, there are
   * none. Throws {@link RecordsError} with OFFSET_OUT_OF_RANGE.
   */
  read(offset: number, maxBytes: number, { minOneBatch, upTo }: ReadOptions): LogRecords {
    if (offset < this.logStartOffset || offset > this.#logEndOffset) {
      const message = `Offset ${offset} is not within ${this.logStartOffset} to ${this.#logEndOffset}.`;
      throw new RecordsError(ErrorCode.OFFSET_OUT_OF_RANGE, message);
    }
    if (offset >= upTo || offset === this.#logEndOffset) return noRecords;
    return this.#onDisk("read", () => this.#segments.read(offset, maxBytes, { minOneBatch, upTo }));
  }

  /** The batches from the one that holds `offset` on, for replay. Each is a view that the next step overwrites. */
  *batchesFrom(offset: number): Generator<RecordBatch, void, void> {
    const found = this.#segments.batchesFrom(offset);
    const next = (): IteratorResult<RecordBatch, void> => this.#onDisk("read", () => found.next());
    for (let step = next(); !step.done; step = next()) yield step.value;
  }

  /** The first record whose timestamp is at least `timestamp`, or null. */
  offsetForTimestamp(timestamp: number): TimestampAndOffset | null {
    return this.#onDisk("read", () => this.#segments.findByTimestamp(timestamp, this.logStartOffset));
  }

  /** The first record with the largest timestamp (KIP-734), or null in an empty log. */
  maxTimestampOffset(): TimestampAndOffset | null {
    return this.#onDisk("read", () => this.#segments.findMaxTimestamp());
  }

  /** The aborted transactions of which `records`, read from `offset` on, may have a part. Whoever reads committed records leaves theirs out. */
  abortedTransactions(offset: number, records: LogRecords): AbortedTransaction[] {
    if (records.byteLength === 0) return [];
    return this.#onDisk("read", () => this.#segments.abortedTransactions(offset, records.upperOffset));
  }

  /** The largest known epoch up to `epoch`, and where it ends (KIP-320); null for an epoch that the log has not seen. */
  endOffsetForEpoch(epoch: number): { epoch: number; endOffset: number } | null {
    return this.#epochs.endOffsetFor(epoch, this.#logEndOffset);
  }

  /** The leader epoch that wrote `offset`, or will write it; -1 if none is known. */
  epochAt(offset: number): number {
    return this.#epochs.epochAt(offset);
  }

  /** Announces the leader epoch that writes from now on (Kafka does when a replica becomes leader). It never goes back. */
  assignEpoch(epoch: number): void {
    if (!this.#epochs.assign(epoch, this.#logEndOffset)) return;
    this.#durability.noteGrowth();
    this.directory.checkpointEpochs(this.#epochs.entries);
  }

  /** Writes down in the background which epoch wrote which offsets. */
  checkpointEpochs(): void {
    this.directory.checkpointEpochs(this.#epochs.entries);
  }

  /**
   * Deletes the records before `offset`, for good once it has settled; answers where the log starts now. Throws {@link RecordsError} with
   * OFFSET_OUT_OF_RANGE for an offset above the high watermark, or {@link StorageError}. Kafka: `Partition.deleteRecordsOnLeader`.
   */
  async deleteRecordsBefore(offset: number): Promise<number> {
    if (offset < 0 || offset > this.highWatermark) {
      throw new RecordsError(
        ErrorCode.OFFSET_OUT_OF_RANGE,
        `Records up to ${offset} cannot be deleted, the high watermark is ${this.highWatermark}.`,
      );
    }
    if (offset > this.logStartOffset) await this.#advanceStart(offset, "records were deleted");
    return this.logStartOffset;
  }

  /** Deletes the segments that need not be kept any longer; for good once it has settled. Throws {@link StorageError}. */
  async deleteExpiredSegments(): Promise<void> {
    if (this.#durability.isClosed || this.isFenced) return;
    const { logStartOffset, logEndOffset, highWatermark, config } = this;
    const now = this.#now();
    const count = this.#onDisk(
      "read",
      () => expiredSegments(this.#segments.list, config, { logStartOffset, logEndOffset, highWatermark, now }),
    );
    if (count === 0) return;
    if (count === this.#segments.list.length) this.#onDisk("roll", () => this.#roll(this.env.clock.now()));
    try {
      await this.#advanceStart(this.#segments.list[count].baseOffset, "retention");
    } catch (cause) {
      // A log whose files are taken away meanwhile needs none.
      if (!this.#durability.isClosed) throw cause;
    }
  }

  /**
   * Settles once everything written so far would survive a power cut. Appends go on meanwhile, and callers share syncs. After a failed sync
   * the log is fenced: what it holds is still read, nothing more is written until it is opened again.
   */
  flush(): Promise<void> {
    return this.#durability.flush();
  }

  /** Makes all that was appended durable, as {@link flush}, and notes that whoever opens the log after a crash need not read it again. */
  checkpoint(): Promise<void> {
    return this.#durability.checkpoint();
  }

  /** The producers that are remembered, by id. */
  get producers(): ReadonlyMap<number, ProducerEntry> {
    return this.#producers.entries;
  }

  /** Forgets the producers that have written nothing for `producer.id.expiration.ms`. */
  removeExpiredProducers(): void {
    this.#producers.removeExpired(this.options.producerIdExpirationMs);
  }

  /** Makes all durable and gives the files back. Without `flush` for a log whose files are to go. */
  async close(options: { flush: boolean }): Promise<void> {
    if (this.#durability.isClosed) return;
    const stopped = this.compaction.stop();
    await this.#durability.close(options, async () => {
      await stopped;
      for (const segment of this.#segments.list) await segment.close();
      await this.#deleted.close({ remove: options.flush });
    });
  }

  #write(batch: RecordBatch, now: number): void {
    const { baseOffset, lastOffset, partitionLeaderEpoch } = batch;
    if (partitionLeaderEpoch < this.#epochs.latest) {
      throw new Error(`assertion: leader epoch ${partitionLeaderEpoch} after ${this.#epochs.latest} in ${this.directory.path}`);
    }
    const isFirst = !this.directory.exists;
    this.#onDisk("append", () => {
      const segment = this.#segmentFor(batch, now);
      segment.append(batch, this.config.indexIntervalBytes, () => this.#durability.fence("truncate", null));
    });
    this.#durability.noteGrowth();
    this.#logEndOffset = lastOffset + 1;
    const aborted = batch.hasProducerId ? this.#producers.note(batch, this.highWatermark) : null;
    if (aborted !== null) this.#segments.active!.noteAborted(aborted);
    if (this.#epochs.assign(partitionLeaderEpoch, baseOffset) || isFirst) this.directory.checkpointEpochs(this.#epochs.entries);
  }

  /** The segment that takes the batch: the newest, or a new one behind it. */
  #segmentFor(batch: RecordBatch, now: number): Segment {
    const active = this.#segments.active;
    if (active !== undefined && !active.shouldRoll(this.config, batch.sizeInBytes, batch.lastOffset, batch.maxTimestamp, now)) {
      return active;
    }
    return this.#roll(now);
  }

  /** Begins a new segment at the end of the log. */
  #roll(now: number): Segment {
    const active = this.#segments.active;
    this.directory.prepare();
    const jitterMs = randomSegmentJitter(this.config, this.env.random);
    const { indexIntervalBytes } = this.config;
    const options = { created: now, jitterMs, indexIntervalBytes, epochs: this.#epochs, damaged: reportDamage(this.env.logger) };
    const segment = Segment.create(this.files, this.directory.path, this.#logEndOffset, options);
    this.#segments.list.push(segment);
    if (active === undefined) return segment;
    this.env.logger.debug("segment rolled", { log: this.directory.path, offset: this.#logEndOffset, bytes: active.size });
    this.#durability.seal(active);
    return segment;
  }

  /**
   * Records below `offset` are gone for good, once no crash can bring them back, and so are the segments that have no others, as far as a snapshot tells of their
   * producers; where an exchange of segments failed, not before the next start.
   */
  async #advanceStart(offset: number, reason: string): Promise<void> {
    await this.flush();
    // The directory of a log that was closed meanwhile may be another's by now.
    this.#durability.checkWritable();
    try {
      if (offset > this.#startOffset) await this.env.pending.track(this.directory.writeStartOffset(offset));
    } catch (cause) {
      throw new StorageError(`${this.directory.path}: its new start, ${offset}, cannot be written.`, { cause });
    }
    const first = await this.#firstKept(offset);
    while (this.compaction.exchange !== null) await this.compaction.exchange;
    if (this.#durability.isClosed) return;
    if (offset > this.logStartOffset) {
      this.#startOffset = offset;
      this.env.logger.info("log start offset moved", { log: this.directory.path, offset, reason });
    }
    if (this.#epochs.truncateFromStart(offset)) this.directory.checkpointEpochs(this.#epochs.entries);
    if (this.compaction.isHalfDone) return;
    const { list } = this.#segments;
    const count = list.findIndex(({ baseOffset }) => baseOffset === first);
    for (const segment of list.splice(0, Math.max(0, count))) {
      this.#durability.forgetSnapshot(segment.baseOffset);
      this.#deleted.add(segment, this.config.fileDeleteDelayMs);
    }
  }

  /** Where the first segment begins that a log needs that starts at `offset`, or null for the one it has. */
  async #firstKept(offset: number): Promise<number | null> {
    const candidates = this.#segments.list.slice(1).map(({ baseOffset }) => baseOffset).filter((baseOffset) => baseOffset <= offset);
    for (const baseOffset of candidates.reverse()) {
      if (await this.#durability.hasSnapshot(baseOffset)) return baseOffset;
    }
    return null;
  }

  #result({ baseOffset, lastOffset }: RecordBatch, now: number): AppendResult {
    const logAppendTime = this.config.messageTimestampType === "LogAppendTime" ? now : NO_TIMESTAMP;
    return { baseOffset, lastOffset, logAppendTime, logStartOffset: this.logStartOffset, duplicate: false };
  }

  #duplicateResult({ firstOffset, lastOffset, timestamp }: BatchMetadata): AppendResult {
    return { baseOffset: firstOffset, lastOffset, logAppendTime: timestamp, logStartOffset: this.logStartOffset, duplicate: true };
  }

  #onDisk<T>(what: string, run: () => T): T {
    try {
      return run();
    } catch (cause) {
      if (cause instanceof DiskError || cause instanceof AggregateError) {
        this.env.logger.error("a disk operation failed", { log: this.directory.path, error: String(cause) });
        throw new StorageError(`${this.directory.path}: ${what} failed: ${cause.message}`, { cause });
      }
      throw cause;
    }
  }
}
