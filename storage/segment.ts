import { DiskError } from "../platform/mod.ts";
import { crc32c, NO_TIMESTAMP, type RecordBatch } from "../protocol/records/mod.ts";
import { BatchCursor, type Order } from "./batch_cursor.ts";
import { decodeCheckpoint, encodeCheckpoint, type IndexExtent, type LogCheckpoint, type SegmentSummary } from "./checkpoint.ts";
import { corrupt, type Damage } from "./damage.ts";
import type { CachedFile, FileCache } from "./file_cache.ts";
import { DELETED_SUFFIX, type SegmentFile, segmentFileName } from "./file_names.ts";
import { GroupSync } from "./group_sync.ts";
import type { LeaderEpochs } from "./leader_epochs.ts";
import type { LogConfig } from "./log_config.ts";
import { type IndexedPosition, OffsetIndex, TimeIndex } from "./sparse_index.ts";
import { TransactionIndex } from "./transaction_index.ts";
import type { AbortedTransaction } from "./transactions.ts";
import { StorageError } from "./storage_error.ts";
import { findValidBatch } from "./torn_tail.ts";
import { readBytes, writeBytes } from "./text_files.ts";

/** Offsets and positions of a segment are int32, relative to its start. */
const MAX_RELATIVE = 0x7fffffff;
/** A look-up reads headers in steps of this: one step spans the default index interval. */
const LOOKUP_WINDOW_BYTES = 4096 + 256;
/** What stands in front of a batch's checksum, which does not cover it. */
const UNCHECKED_BYTES = 17;
const REBUILD_WINDOW_BYTES = 1 << 16;
/** Shared by all segments: a look-up ends before another begins. */
const lookupWindow = new Uint8Array(LOOKUP_WINDOW_BYTES);

/** Where a batch stands in a segment's file. */
export interface BatchPosition {
  readonly position: number;
  readonly size: number;
  readonly baseOffset: number;
}

/** What a segment is told by whoever has it. */
export interface SegmentOptions {
  /** The time at which it was made or found. */
  readonly created: number;
  /** How much sooner than `segment.ms` it is full. */
  readonly jitterMs: number;
  /** Of the log. */
  readonly epochs: LeaderEpochs;
  /** Is told of damage that somebody came across. */
  readonly damaged: (path: string, damage: Damage) => void;
  /** `index.interval.bytes`, as far as the index has to be made anew. */
  readonly indexIntervalBytes: number;
}

/** What {@link Segment} knows of its batches; without any, what these would have to exceed. */
interface Facts {
  /** In the order of the file. */
  damage: Damage[];
  /** The last offset, -1 without batches. */
  lastOffset: number;
  /** Where the log goes on behind a segment that is full; compaction may have taken the last offsets away. */
  nextOffset: number;
  firstTimestamp: number;
  maxTimestamp: number;
  /** The last offset of the first batch that has `maxTimestamp`. */
  maxTimestampOffset: number;
  /** See {@link SegmentSummary}. */
  headersCrc: number;
}

/**
 * One `.log` file with its three indexes (Kafka's `LogSegment`). Nothing of an old one is read before somebody looks into it: its checkpoint tells what there is
 * to know, and whether the index files are right; where there is any doubt, all of it is read again.
 * Methods throw `DiskError`, and look-ups `RecordsError` with CORRUPT_MESSAGE for offsets that are damaged.
 */
export class Segment {
  /** Bytes of good batches. */
  size: number;
  readonly #offsetIndex: OffsetIndex;
  readonly #timeIndex: TimeIndex;
  readonly #transactionIndex: TransactionIndex;
  /** Whether the index of aborted transactions is right: the batches of this segment alone do not tell. */
  #knowsAborted = true;
  #facts: Facts;
  /** Whether facts and indexes tell of the first {@link size} bytes. */
  #isRead: boolean;
  #indexedPosition = 0;
  /** The newest batch, which consumers at the end of the log ask for: no look-up needed. */
  #lastBatchOffset = Infinity;
  #lastBatchPosition = 0;
  #checkpointedSize = 0;
  readonly #sync: GroupSync;

  private constructor(
    private readonly files: FileCache,
    private readonly directory: string,
    readonly baseOffset: number,
    readonly file: CachedFile,
    private readonly options: SegmentOptions,
    state: { readonly size: number; readonly isRead: boolean; readonly durable: number },
  ) {
    this.size = state.size;
    this.#isRead = state.isRead;
    this.#facts = noFacts(baseOffset);
    this.#offsetIndex = new OffsetIndex(files, pathOf(directory, baseOffset, "index"), baseOffset);
    this.#timeIndex = new TimeIndex(files, pathOf(directory, baseOffset, "timeindex"), baseOffset);
    this.#transactionIndex = new TransactionIndex(files, pathOf(directory, baseOffset, "txnindex"), baseOffset);
    this.#sync = new GroupSync(file, state.durable);
  }

  /** Makes the files of a segment that begins with `baseOffset`. */
  static create(files: FileCache, directory: string, baseOffset: number, options: SegmentOptions): Segment {
    const file = files.open(pathOf(directory, baseOffset, "log"));
    try {
      if (file.size > 0) throw new StorageError(`${directory} has a segment ${baseOffset} already.`);
      const segment = new Segment(files, directory, baseOffset, file, options, { size: 0, isRead: true, durable: 0 });
      segment.writeIndexes();
      return segment;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** A segment whose file is there and holds `size` bytes, all of them good batches as far as anybody knows. */
  static existing(files: FileCache, directory: string, baseOffset: number, size: number, options: SegmentOptions): Segment {
    const file = files.known(pathOf(directory, baseOffset, "log"), size);
    return new Segment(files, directory, baseOffset, file, options, { size, isRead: false, durable: size });
  }

  get path(): string {
    return pathOf(this.directory, this.baseOffset, "log");
  }

  /** The largest timestamp of the batches, or -1. */
  get maxTimestamp(): number {
    return this.#read().maxTimestamp;
  }

  /** The last offset of the first batch that has {@link maxTimestamp}. */
  get maxTimestampOffset(): number {
    return this.#read().maxTimestampOffset;
  }

  /** Where the log goes on behind the batches. */
  get nextOffset(): number {
    return this.#read().nextOffset;
  }

  /** Whether it has damage that somebody has come across since it was opened. */
  get isDamaged(): boolean {
    return this.#facts.damage.length > 0;
  }

  /** Whether the offsets before {@link nextOffset} cannot be read: what comes next must not stand right behind those that can. */
  get lacksEnd(): boolean {
    const last = this.#read().damage.at(-1);
    return last !== undefined && last.nextOffset === this.#facts.nextOffset && last.end === this.size;
  }

  /** Whether a batch of `bytes` with these numbers belongs into the next segment (`LogSegment.shouldRoll`). */
  shouldRoll(config: LogConfig, bytes: number, lastOffset: number, maxTimestamp: number, now: number): boolean {
    const { firstTimestamp } = this.#read();
    const waited = firstTimestamp >= 0 ? maxTimestamp - firstTimestamp : now - this.options.created;
    return this.size > config.segmentBytes - bytes || this.lacksEnd ||
      (this.size > 0 && waited > config.segmentMs - this.options.jitterMs) ||
      this.#offsetIndex.count >= Math.floor(config.segmentIndexBytes / OffsetIndex.ENTRY_BYTES) ||
      this.#timeIndex.count >= Math.floor(config.segmentIndexBytes / TimeIndex.ENTRY_BYTES) - 1 ||
      lastOffset - this.baseOffset > MAX_RELATIVE;
  }

  /** Writes a batch at the end. After a failure the file is cut back, or if that fails too, `fatal` tells that it cannot be written any more. */
  append(batch: RecordBatch, indexIntervalBytes: number, fatal: () => void): void {
    this.#read();
    const position = this.size;
    try {
      this.file.append(batch.bytes);
    } catch (error) {
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
    const facts = this.#read();
    const { maxTimestamp, lastOffset } = batch;
    if (position === 0) facts.firstTimestamp = maxTimestamp;
    if (maxTimestamp > facts.maxTimestamp) {
      facts.maxTimestamp = maxTimestamp;
      facts.maxTimestampOffset = lastOffset;
    }
    if (position - this.#indexedPosition > indexIntervalBytes) {
      this.#offsetIndex.append(lastOffset, position);
      this.#timeIndex.maybeAppend(facts.maxTimestamp, facts.maxTimestampOffset);
      this.#indexedPosition = position;
    }
    this.#lastBatchOffset = batch.baseOffset;
    this.#lastBatchPosition = position;
    facts.headersCrc = crc32c(batch.bytes, batch.start, batch.start + UNCHECKED_BYTES, facts.headersCrc);
    facts.lastOffset = lastOffset;
    facts.nextOffset = lastOffset + 1;
    this.size = position + batch.sizeInBytes;
  }

  /** Takes account of a transaction whose abort marker stands here; they come in the order of the markers. */
  noteAborted(transaction: AbortedTransaction): void {
    this.#transactionIndex.append(transaction);
  }

  /** The transactions whose abort markers stand here; null if that has to be found out by {@link setAborted}. */
  aborted(): Iterable<AbortedTransaction> | null {
    this.#read();
    return this.#knowsAborted ? this.#transactionIndex.entries() : null;
  }

  setAborted(transactions: readonly AbortedTransaction[]): void {
    this.#transactionIndex.clear();
    for (const transaction of transactions) this.#transactionIndex.append(transaction);
    this.#knowsAborted = true;
    this.#tryToWriteIndexes();
  }

  /** An offset that batches from `position` on do not fall below. */
  offsetFrom(position: number): number {
    this.#read();
    return this.#offsetIndex.offsetFrom(position) ?? this.#facts.nextOffset;
  }

  /** The first batch that reaches up to `offset` or beyond, or null if none does. */
  find(offset: number): BatchPosition | null {
    if (offset >= this.#lastBatchOffset && offset <= this.#facts.lastOffset) {
      return { position: this.#lastBatchPosition, size: this.size - this.#lastBatchPosition, baseOffset: this.#lastBatchOffset };
    }
    if (offset >= this.#read().nextOffset) return null;
    for (let from = this.#offsetIndex.lookup(offset);;) {
      this.#refuse(offset);
      const behind = this.#facts.damage.findLast(({ nextOffset }) => nextOffset <= offset)?.end ?? 0;
      const cursor = this.#cursorFrom(behind > from.position ? { position: behind, lastOffset: null } : from, lookupWindow);
      while (cursor.next()) {
        const { baseOffset, lastOffset, sizeInBytes: size } = cursor.batch;
        if (lastOffset < offset) continue;
        // Whether there is nothing between two batches, the first one tells.
        if (baseOffset > offset && !cursor.checkBefore()) break;
        return { position: cursor.position, size, baseOffset };
      }
      if (cursor.damage === null) return null;
      // Which offsets are damaged only those in front of them tell.
      if (cursor.minOffset === null) from = this.#offsetIndex.before(cursor.position);
      else this.#isolate(cursor);
    }
  }

  /** Notes bytes behind the batches noted so far that are none, though batches follow, here or in a later segment. */
  quarantine(damage: Damage): void {
    this.#read().damage.push(damage);
    this.#facts.nextOffset = damage.nextOffset;
    this.size = damage.end;
    this.options.damaged(this.path, damage);
  }

  /** The log goes on at `offset`, behind the batches: what was between has been compacted away. */
  endAt(offset: number): void {
    this.#read().nextOffset = offset;
  }

  /** Where the bytes end that can be read from `position` on without coming across known damage. */
  goodEnd(position: number): number {
    return this.#read().damage.find((damage) => damage.position >= position)?.position ?? this.size;
  }

  /** Where the bytes begin that can be read from `position` on, or null. */
  goodStart(position: number): number | null {
    const damage = this.#read().damage.find((damage) => damage.position <= position && position < damage.end);
    const start = damage?.end ?? position;
    return start >= this.size ? null : start;
  }

  /** Where to begin to look for a record, from `startOffset` on, that has at least `timestamp`; null where none has. */
  positionForTimestamp(timestamp: number, startOffset: number): IndexedPosition | null {
    if (this.#read().maxTimestamp < timestamp) return null;
    return this.#offsetIndex.lookup(Math.max(this.#timeIndex.lookup(timestamp), startOffset));
  }

  /** A cursor over the batches from one on, up to known damage. */
  batchesFrom({ position, baseOffset }: BatchPosition, window: Uint8Array): BatchCursor {
    return new BatchCursor(this.file, position, this.goodEnd(position), window, this.#order(baseOffset));
  }

  /** Steps over the batches from some place on, or from before that, and over damage between them. The cursor stands on each. */
  *allBatchesFrom(place: IndexedPosition, window: Uint8Array): Generator<BatchCursor, void, void> {
    for (let from: IndexedPosition | null = place; from !== null;) {
      const cursor: BatchCursor = this.#cursorFrom(from, window);
      for (; cursor.next(); yield cursor);
      if (cursor.damage !== null && cursor.minOffset === null) {
        from = this.#offsetIndex.before(cursor.position);
        continue;
      }
      if (cursor.damage !== null) this.#isolate(cursor);
      const start = cursor.position >= this.size ? null : this.goodStart(cursor.position);
      from = start === null ? null : { position: start, lastOffset: null };
    }
  }

  /** The bytes of the file from `position` on, to be read when they are wanted. */
  slice(first: BatchPosition, byteLength: number): FileRecords {
    return new FileRecords(this, first, byteLength);
  }

  /** Reads bytes from a batch on into `target`. Throws {@link StorageError} where the batches are not in order: the next read knows which. */
  copy({ position, baseOffset }: BatchPosition, target: Uint8Array): void {
    // The first step reads all of it; headers are then looked at where they are.
    const cursor = new BatchCursor(this.file, position, position + target.length, target, this.#order(baseOffset));
    while (cursor.next());
    if (cursor.damage === null || cursor.isCut) return;
    this.#isolate(cursor);
    throw new StorageError(`${this.path} is damaged at ${cursor.position}: ${cursor.damage}.`);
  }

  get dirty(): boolean {
    return this.#sync.dirty;
  }

  /** Settles once everything written so far is durable. */
  sync(): Promise<void> {
    return this.#sync.sync();
  }

  /** Cuts the file behind the good batches. */
  truncateToSize(): void {
    this.#sync.truncate(this.size);
  }

  /** No more will be written: the time index ends with the largest timestamp, as Kafka's does. */
  seal(): void {
    const { maxTimestamp, maxTimestampOffset } = this.#read();
    this.#timeIndex.maybeAppend(maxTimestamp, maxTimestampOffset);
    this.writeIndexes();
  }

  /** Has the index files hold what the indexes hold. */
  writeIndexes(): void {
    this.#offsetIndex.write();
    this.#timeIndex.write();
    this.#transactionIndex.write();
  }

  /** What a checkpoint says of the batches so far. The index files are written up to there. */
  summary(): SegmentSummary {
    const { damage, lastOffset, firstTimestamp, maxTimestamp, maxTimestampOffset, headersCrc } = this.#read();
    this.writeIndexes();
    return {
      size: this.size,
      damage: [...damage],
      lastOffset,
      firstTimestamp,
      maxTimestamp,
      maxTimestampOffset,
      headersCrc,
      offsetIndex: this.#offsetIndex.stored,
      timeIndex: this.#timeIndex.stored,
      transactionIndex: this.#knowsAborted ? this.#transactionIndex.stored : null,
    };
  }

  /** The checkpoint beside the segment, or null if there is none, or one that cannot be right. */
  readCheckpoint(): LogCheckpoint | null {
    const checkpoint = this.#anyCheckpoint();
    return checkpoint === null || checkpoint.segment.size > this.file.size ? null : checkpoint;
  }

  #anyCheckpoint(): LogCheckpoint | null {
    const bytes = readBytes(this.files.disk, this.#checkpointPath);
    return bytes === null ? null : decodeCheckpoint(bytes);
  }

  /** What it says must be durable: a checkpoint is believed whatever happens. One that says less than the last is not written. */
  writeCheckpoint(checkpoint: LogCheckpoint): void {
    if (checkpoint.segment.size < this.#checkpointedSize) return;
    this.#checkpointedSize = checkpoint.segment.size;
    writeBytes(this.files.disk, this.#checkpointPath, encodeCheckpoint(checkpoint));
  }

  /** Settles once the checkpoint, which tells of what is not there any more, is gone. */
  removeCheckpoint(): Promise<void> {
    return this.files.disk.remove(this.#checkpointPath);
  }

  /** Begins anew: the segment has the batches that `summary` tells of, or none, and whoever reads on from there notes the rest. */
  resume(summary: SegmentSummary | null): void {
    this.size = summary?.size ?? 0;
    this.#sync.resume(this.size);
    this.#lastBatchOffset = Infinity;
    if (summary !== null) return;
    this.#clear();
    this.#isRead = true;
  }

  /** The largest timestamp, or where no batch has one the time at which the segment was made or found (`LogSegment.largestTimestamp`). */
  get largestTimestamp(): number {
    const { maxTimestamp } = this;
    return maxTimestamp >= 0 ? maxTimestamp : this.options.created;
  }

  /** Takes the files out of the log, one after the other: what begins to read finds none of them, what reads already goes on. */
  markDeleted(): void {
    for (const index of [this.#offsetIndex, this.#timeIndex, this.#transactionIndex]) index.close();
    this.file.rename(`${this.path}${DELETED_SUFFIX}`);
    for (const kind of ["index", "timeindex", "txnindex", "snapshot", "ottla"] as const) {
      const path = pathOf(this.directory, this.baseOffset, kind);
      if (this.files.disk.stat(path) !== null) this.files.disk.rename(path, `${path}${DELETED_SUFFIX}`);
    }
  }

  /** Removes the files that {@link markDeleted} has renamed. */
  async removeDeleted(): Promise<void> {
    await this.close();
    for (const kind of ["log", "index", "timeindex", "txnindex", "snapshot", "ottla"] as const) {
      await this.files.disk.remove(`${pathOf(this.directory, this.baseOffset, kind)}${DELETED_SUFFIX}`);
    }
  }

  /** Gives the descriptors back; later reads throw. */
  async close(): Promise<void> {
    await this.#sync.idle();
    this.file.close();
    for (const index of [this.#offsetIndex, this.#timeIndex, this.#transactionIndex]) index.close();
  }

  get #checkpointPath(): string {
    return pathOf(this.directory, this.baseOffset, "ottla");
  }

  /** The facts; reads them if nobody has. */
  #read(): Facts {
    if (this.#isRead) return this.#facts;
    const checkpoint = this.#anyCheckpoint();
    const summary = checkpoint?.segment;
    const isRight = summary !== undefined && summary.size === this.size && this.#offsetIndex.restore(summary.offsetIndex) &&
      this.#timeIndex.restore(summary.timeIndex);
    this.#knowsAborted = isRight && summary.transactionIndex !== null && this.#transactionIndex.restore(summary.transactionIndex);
    this.#isRead = true;
    if (!isRight) return this.#rebuild(summary?.transactionIndex ?? null);
    const { damage, lastOffset, firstTimestamp, maxTimestamp, maxTimestampOffset, headersCrc } = summary;
    const { nextOffset } = checkpoint!;
    this.#facts = { damage: [...damage], lastOffset, nextOffset, firstTimestamp, maxTimestamp, maxTimestampOffset, headersCrc };
    this.#indexedPosition = this.#offsetIndex.lastPosition;
    return this.#facts;
  }

  /** Reads all headers again. */
  #rebuild(aborted: IndexExtent | null): Facts {
    const { size } = this;
    this.#clear();
    // Of markers that are gone too the index tells.
    this.#knowsAborted = aborted !== null && this.#transactionIndex.restore(aborted);
    const window = new Uint8Array(Math.min(REBUILD_WINDOW_BYTES, size));
    for (let position = 0; position < size;) {
      const order = { minOffset: this.#facts.nextOffset, endOffset: Infinity, epochAt: () => -1 };
      const cursor = new BatchCursor(this.file, position, size, window, order);
      while (cursor.next()) this.note(cursor.batch, cursor.position, this.options.indexIntervalBytes);
      if (cursor.damage !== null) this.quarantine(this.#damageAt(cursor, this.#facts.nextOffset, size));
      position = Math.max(cursor.position, this.size);
    }
    this.size = size;
    const { maxTimestamp, maxTimestampOffset } = this.#facts;
    this.#timeIndex.maybeAppend(maxTimestamp, maxTimestampOffset);
    this.#tryToWriteIndexes();
    return this.#facts;
  }

  #tryToWriteIndexes(): void {
    try {
      this.writeIndexes();
    } catch (error) {
      // They stay in memory then.
      if (!(error instanceof DiskError)) throw error;
    }
  }

  #clear(): void {
    this.#facts = noFacts(this.baseOffset);
    this.#offsetIndex.clear();
    this.#timeIndex.clear();
    this.#transactionIndex.clear();
    this.#indexedPosition = 0;
  }

  /** Throws where `offset` is one of those that cannot be read. */
  #refuse(offset: number): void {
    const damage = this.#facts.damage.find(({ firstOffset, nextOffset }) => offset >= firstOffset && offset < nextOffset);
    if (damage !== undefined) throw corrupt(this.path, damage);
  }

  /** What batches from one that begins with `minOffset` on, if that is known, have to agree with. */
  #order(minOffset: number | null, firstLastOffset: number | null = null): Order {
    const epochAt = (offset: number): number => this.options.epochs.epochAt(offset);
    return { minOffset, firstLastOffset, endOffset: this.#read().nextOffset, epochAt };
  }

  /** A cursor over the batches from some place on up to known damage; damage that is known there is passed over. */
  #cursorFrom({ position, lastOffset }: IndexedPosition, window: Uint8Array): BatchCursor {
    const behind = this.#read().damage.findLast((damage) => damage.position <= position && damage.end >= position);
    const start = behind?.end ?? position;
    const minOffset = behind?.nextOffset ?? (position === 0 ? this.baseOffset : null);
    return new BatchCursor(this.file, start, this.goodEnd(start), window, this.#order(minOffset, start === position ? lastOffset : null));
  }

  /** Somebody came across bytes that are no batch, or none that can stand there. */
  #isolate(cursor: BatchCursor): void {
    if (cursor.isCut) cursor.checkBefore();
    const damage = this.#damageAt(cursor, cursor.minOffset ?? this.baseOffset, this.size);
    this.#facts.damage.push(damage);
    this.#facts.damage.sort((a, b) => a.position - b.position);
    this.options.damaged(this.path, damage);
  }

  #damageAt({ position, resumeAt, damage }: BatchCursor, firstOffset: number, size: number): Damage {
    const reason = damage ?? "";
    const next = findValidBatch(this.file, resumeAt, firstOffset);
    if (next === null || next.position >= size) {
      return { position, end: size, firstOffset, nextOffset: Math.max(this.#facts.nextOffset, firstOffset + 1), reason };
    }
    return { position, end: next.position, firstOffset, nextOffset: next.baseOffset, reason };
  }
}

/** Batches as they stand in a segment's file (Kafka's `FileRecords`), read when they are copied. The last one may be cut off. */
class FileRecords {
  constructor(private readonly segment: Segment, private readonly first: BatchPosition, readonly byteLength: number) {}

  /** An offset that the batches behind these do not fall below. */
  get upperOffset(): number {
    return this.segment.offsetFrom(this.first.position + this.byteLength);
  }

  /** Reads into the start of `target`. Throws {@link StorageError} when the bytes cannot be read any more, or are not what they were. */
  copyInto(target: Uint8Array): void {
    try {
      this.segment.copy(this.first, target.subarray(0, this.byteLength));
    } catch (cause) {
      if (cause instanceof StorageError) throw cause;
      throw new StorageError(`${this.segment.path} cannot be read.`, { cause });
    }
  }
}

function noFacts(baseOffset: number): Facts {
  return {
    damage: [],
    lastOffset: -1,
    nextOffset: baseOffset,
    firstTimestamp: NO_TIMESTAMP,
    maxTimestamp: NO_TIMESTAMP,
    maxTimestampOffset: baseOffset,
    headersCrc: 0,
  };
}

function pathOf(directory: string, baseOffset: number, kind: SegmentFile): string {
  return `${directory}/${segmentFileName(baseOffset, kind)}`;
}
