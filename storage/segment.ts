import type { RecordBatch } from "../protocol/records/mod.ts";
import type { LogCheckpoint, SegmentSummary } from "./checkpoint.ts";
import type { Damage } from "./damage.ts";
import type { CachedFile, FileCache } from "./file_cache.ts";
import { GroupSync, hasNotBegun } from "./group_sync.ts";
import { type LogConfig, maxSegmentMs } from "./log_config.ts";
import { SegmentBatches } from "./segment_batches.ts";
import { SegmentContents, type SegmentOptions } from "./segment_contents.ts";
import { SegmentFiles } from "./segment_files.ts";
import type { SegmentIndexes } from "./segment_indexes.ts";
import { OffsetIndex, TimeIndex } from "./sparse_index.ts";
import { StorageError } from "./storage_error.ts";
import type { AbortedTransaction } from "./transactions.ts";

/** Offsets and positions of a segment are int32, relative to its start. */
const MAX_RELATIVE = 0x7fffffff;
const REWRITE_BYTES = 1 << 20;

/**
 * One `.log` file with its three indexes (Kafka's `LogSegment`): how it is written, made durable, and goes. {@link SegmentContents} knows what is in it,
 * {@link SegmentBatches} finds it. Methods throw `DiskError`.
 */
export class Segment {
  readonly batches: SegmentBatches;
  readonly #contents: SegmentContents;
  readonly #sync: GroupSync;

  private constructor(
    files: FileCache,
    private readonly names: SegmentFiles,
    readonly baseOffset: number,
    readonly file: CachedFile,
    private readonly options: SegmentOptions,
    state: { readonly size: number; readonly isRead: boolean; readonly durable: number },
  ) {
    this.#contents = new SegmentContents(files, names, baseOffset, file, options, state.size, state.isRead);
    this.batches = new SegmentBatches(this.#contents, options.epochs);
    this.#sync = new GroupSync(file, state.durable);
  }

  /** Makes the files of a segment that begins with `baseOffset`. `suffix` stands behind their names. */
  static create(files: FileCache, directory: string, baseOffset: number, options: SegmentOptions, suffix = ""): Segment {
    const names = new SegmentFiles(files.disk, directory, baseOffset, suffix);
    const file = files.open(names.pathOf("log"));
    try {
      if (file.size > 0) throw new StorageError(`${directory} has a segment ${baseOffset} already.`);
      const segment = new Segment(files, names, baseOffset, file, options, { size: 0, isRead: true, durable: 0 });
      segment.writeIndexes();
      return segment;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** A segment whose file is there and holds `size` bytes, all of them good batches as far as anybody knows. */
  static existing(files: FileCache, directory: string, baseOffset: number, size: number, options: SegmentOptions): Segment {
    const names = new SegmentFiles(files.disk, directory, baseOffset);
    const file = files.known(names.pathOf("log"), size);
    return new Segment(files, names, baseOffset, file, options, { size, isRead: false, durable: size });
  }

  get path(): string {
    return this.names.pathOf("log");
  }

  /** Bytes of good batches. */
  get size(): number {
    return this.#contents.size;
  }

  /** The time at which it was made or found. */
  get created(): number {
    return this.options.created;
  }

  /** Bytes of the indexes. */
  get indexSizes(): { readonly offsetIndex: number; readonly timeIndex: number } {
    this.#contents.read();
    const { offset, time } = this.#indexes;
    return { offsetIndex: offset.count * OffsetIndex.ENTRY_BYTES, timeIndex: time.count * TimeIndex.ENTRY_BYTES };
  }

  /** The largest timestamp of the first batch, or -1. */
  get firstTimestamp(): number {
    return this.#contents.read().firstTimestamp;
  }

  /** The largest timestamp of the batches, or -1. */
  get maxTimestamp(): number {
    return this.#contents.read().maxTimestamp;
  }

  /** The last offset of the first batch that has {@link maxTimestamp}. */
  get maxTimestampOffset(): number {
    return this.#contents.read().maxTimestampOffset;
  }

  /** Where the log goes on behind the batches. */
  get nextOffset(): number {
    return this.#contents.read().nextOffset;
  }

  /** Whether it has damage that somebody has come across since it was opened. */
  get isDamaged(): boolean {
    return this.#contents.isDamaged;
  }

  /** Whether the offsets before {@link nextOffset} cannot be read: what comes next must not stand right behind those that can. */
  get lacksEnd(): boolean {
    const { damage, nextOffset } = this.#contents.read();
    const last = damage.all.at(-1);
    return last !== undefined && last.nextOffset === nextOffset && last.end === this.size;
  }

  /** Whether a batch of `bytes` with these numbers belongs into the next segment (`LogSegment.shouldRoll`). */
  shouldRoll(config: LogConfig, bytes: number, lastOffset: number, maxTimestamp: number, now: number): boolean {
    const { firstTimestamp } = this.#contents.read();
    const waited = firstTimestamp >= 0 ? maxTimestamp - firstTimestamp : now - this.options.created;
    return this.size > config.segmentBytes - bytes || this.lacksEnd ||
      (this.size > 0 && waited > maxSegmentMs(config) - this.options.jitterMs) ||
      this.#indexes.offset.count >= Math.floor(config.segmentIndexBytes / OffsetIndex.ENTRY_BYTES) ||
      this.#indexes.time.count >= Math.floor(config.segmentIndexBytes / TimeIndex.ENTRY_BYTES) - 1 ||
      lastOffset - this.baseOffset > MAX_RELATIVE;
  }

  /** Writes a batch at the end. After a failure the file is cut back, or if that fails too, `fatal` tells that it cannot be written any more. */
  append(batch: RecordBatch, indexIntervalBytes: number, fatal: () => void): void {
    // What noting the batch will need of a file must not be missing when the batch stands there.
    this.#contents.lastIndexed();
    const position = this.size;
    try {
      this.file.append(batch.bytes);
    } catch (error) {
      if (hasNotBegun(error)) throw error;
      try {
        this.#sync.truncate(position);
      } catch (truncateError) {
        fatal();
        throw new AggregateError([error, truncateError], "a failed append could not be undone");
      }
      throw error;
    }
    this.note(batch, position, indexIntervalBytes);
  }

  /** Takes account of the batch that stands at `position`, the end of those noted before (`LogSegment.append` and `recover`). */
  note(batch: RecordBatch, position: number, indexIntervalBytes: number): void {
    this.#contents.note(batch, position, indexIntervalBytes);
  }

  /** Notes bytes behind the batches noted so far that are none, though batches follow, here or in a later segment. */
  quarantine(damage: Damage): void {
    this.#contents.quarantine(damage);
  }

  /** Takes account of a transaction whose abort marker stands here; they come in the order of the markers. */
  noteAborted(transaction: AbortedTransaction): void {
    this.#indexes.transactions.append(transaction);
  }

  /** The transactions whose abort markers stand here; null if that has to be found out by {@link setAborted}. */
  aborted(): Iterable<AbortedTransaction> | null {
    this.#contents.read();
    return this.#indexes.knowsAborted ? this.#indexes.transactions.entries() : null;
  }

  setAborted(transactions: readonly AbortedTransaction[]): void {
    this.#indexes.transactions.clear();
    for (const transaction of transactions) this.#indexes.transactions.append(transaction);
    this.#indexes.knowsAborted = true;
    this.#indexes.tryToWrite();
  }

  /** The log goes on at `nextOffset`, though the last batch ends before: there was something between, which compaction has taken away. */
  endAt(nextOffset: number): void {
    this.#contents.read().nextOffset = nextOffset;
  }

  get dirty(): boolean {
    return this.#sync.dirty;
  }

  /** Settles once everything written so far is durable. */
  sync(): Promise<void> {
    return this.#sync.sync();
  }

  /** Writes what stands from `position` on again, as it is, and syncs it. */
  async writeAgain(position: number): Promise<void> {
    const buffer = new Uint8Array(Math.min(REWRITE_BYTES, Math.max(0, this.size - position)));
    for (let at = position; at < this.size;) {
      const length = this.file.read(buffer.subarray(0, this.size - at), at);
      if (length === 0) throw new StorageError(`${this.path} shrank while it was read.`);
      this.file.overwrite(buffer.subarray(0, length), at);
      at += length;
    }
    await this.sync();
  }

  /** Cuts the file behind the good batches. */
  truncateToSize(): void {
    this.#sync.truncate(this.size);
  }

  /** No more will be written: the time index ends with the largest timestamp, as Kafka's does. */
  seal(): void {
    const { maxTimestamp, maxTimestampOffset } = this.#contents.read();
    this.#contents.indexed(({ time }) => time.maybeAppend(maxTimestamp, maxTimestampOffset));
    this.writeIndexes();
  }

  /** Has the index files hold what the indexes hold. */
  writeIndexes(): void {
    this.#contents.indexed((indexes) => indexes.write());
  }

  /** What a checkpoint says of the batches so far. The index files are written up to there. */
  summary(): SegmentSummary {
    return this.#contents.summary();
  }

  /** The checkpoint beside the segment, or null if there is none, or one that cannot be right. */
  readCheckpoint(): LogCheckpoint | null {
    return this.names.readCheckpoint(this.file.size);
  }

  /** Where its checkpoint stands. */
  get checkpointPath(): string {
    return this.names.pathOf("ottla");
  }

  /** What it says must be durable: a checkpoint is believed whatever happens. One that says less than the last is not written. */
  writeCheckpoint(checkpoint: LogCheckpoint): void {
    this.names.writeCheckpoint(checkpoint);
  }

  /** Settles once the checkpoint, which tells of what is not there any more, is gone. */
  removeCheckpoint(): Promise<void> {
    return this.names.removeCheckpoint();
  }

  /** Begins anew: the segment has the batches that its `checkpoint` tells of, or none, and whoever reads on from there notes the rest. */
  resume(checkpoint: LogCheckpoint | null): void {
    this.#contents.resume(checkpoint);
    this.#sync.resume(this.size);
  }

  /** The largest timestamp, or where no batch has one the time at which the segment was made or found (`LogSegment.largestTimestamp`). */
  get largestTimestamp(): number {
    const { maxTimestamp } = this;
    return maxTimestamp >= 0 ? maxTimestamp : this.options.created;
  }

  /** Takes the files out of the log, one after the other. Whoever has the segment reads on, also where that fails half-way. */
  markDeleted(options: { readonly keepSnapshot: boolean } = { keepSnapshot: false }): void {
    const suffix = this.names.chooseDeletedSuffix();
    this.file.rename(this.path + suffix);
    this.#indexes.rename(suffix);
    this.names.markDeleted(options);
  }

  /** Removes the files that {@link markDeleted} has renamed. */
  async removeDeleted(): Promise<void> {
    await this.close();
    await this.names.removeDeleted();
  }

  /** Gives the descriptors back until they are needed. No sync may be under way. */
  rest(): void {
    this.file.giveUp();
    this.#indexes.close();
  }

  /** Gives the descriptors back; later reads throw. */
  async close(): Promise<void> {
    await this.#sync.idle();
    this.file.close();
    this.#indexes.close();
  }

  get #indexes(): SegmentIndexes {
    return this.#contents.indexes;
  }
}
