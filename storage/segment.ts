import { crc32c, NO_TIMESTAMP, type RecordBatch } from "../protocol/records/mod.ts";
import { BatchCursor, type Order } from "./batch_cursor.ts";
import type { IndexExtent, LogCheckpoint, SegmentSummary } from "./checkpoint.ts";
import { type Damage, DamagedParts } from "./damage.ts";
import type { CachedFile, FileCache } from "./file_cache.ts";
import { type BatchPosition, FileRecords } from "./file_records.ts";
import { GroupSync, hasNotBegun } from "./group_sync.ts";
import type { LeaderEpochs } from "./leader_epochs.ts";
import { type LogConfig, maxSegmentMs } from "./log_config.ts";
import { SegmentFiles } from "./segment_files.ts";
import { SegmentIndexes } from "./segment_indexes.ts";
import { type IndexedPosition, OffsetIndex, TimeIndex } from "./sparse_index.ts";
import type { AbortedTransaction } from "./transactions.ts";
import { StorageError } from "./storage_error.ts";
import { findValidBatch } from "./torn_tail.ts";

/** Offsets and positions of a segment are int32, relative to its start. */
const MAX_RELATIVE = 0x7fffffff;
/** A look-up reads headers in steps of this: one step spans the default index interval. */
const LOOKUP_WINDOW_BYTES = 4096 + 256;
/** What stands in front of a batch's checksum, which does not cover it. */
const UNCHECKED_BYTES = 17;
const REBUILD_WINDOW_BYTES = 1 << 16;
const REWRITE_BYTES = 1 << 20;
/** Shared by all segments: a look-up ends before another begins. */
const lookupWindow = new Uint8Array(LOOKUP_WINDOW_BYTES);

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
  damage: DamagedParts;
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
  readonly #indexes: SegmentIndexes;
  #facts: Facts;
  /** Whether facts and indexes tell of the first {@link size} bytes. */
  #isRead: boolean;
  #indexedPosition = 0;
  /** The newest batch, which consumers at the end of the log ask for: no look-up needed. */
  #lastBatchOffset = Infinity;
  #lastBatchPosition = 0;
  /** The checkpoint, if somebody has read it already. */
  #resumed: LogCheckpoint | null = null;
  readonly #sync: GroupSync;

  private constructor(
    files: FileCache,
    private readonly names: SegmentFiles,
    readonly baseOffset: number,
    readonly file: CachedFile,
    private readonly options: SegmentOptions,
    state: { readonly size: number; readonly isRead: boolean; readonly durable: number },
  ) {
    this.size = state.size;
    this.#isRead = state.isRead;
    this.#facts = noFacts(baseOffset);
    this.#indexes = new SegmentIndexes(files, names, baseOffset);
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

  /** The time at which it was made or found. */
  get created(): number {
    return this.options.created;
  }

  /** Bytes of the indexes. */
  get indexSizes(): { readonly offsetIndex: number; readonly timeIndex: number } {
    this.#read();
    const { offset, time } = this.#indexes;
    return { offsetIndex: offset.count * OffsetIndex.ENTRY_BYTES, timeIndex: time.count * TimeIndex.ENTRY_BYTES };
  }

  /** The largest timestamp of the first batch, or -1. */
  get firstTimestamp(): number {
    return this.#read().firstTimestamp;
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
    return this.#facts.damage.all.length > 0;
  }

  /** Whether the offsets before {@link nextOffset} cannot be read: what comes next must not stand right behind those that can. */
  get lacksEnd(): boolean {
    const last = this.#read().damage.all.at(-1);
    return last !== undefined && last.nextOffset === this.#facts.nextOffset && last.end === this.size;
  }

  /** Whether a batch of `bytes` with these numbers belongs into the next segment (`LogSegment.shouldRoll`). */
  shouldRoll(config: LogConfig, bytes: number, lastOffset: number, maxTimestamp: number, now: number): boolean {
    const { firstTimestamp } = this.#read();
    const waited = firstTimestamp >= 0 ? maxTimestamp - firstTimestamp : now - this.options.created;
    return this.size > config.segmentBytes - bytes || this.lacksEnd ||
      (this.size > 0 && waited > maxSegmentMs(config) - this.options.jitterMs) ||
      this.#indexes.offset.count >= Math.floor(config.segmentIndexBytes / OffsetIndex.ENTRY_BYTES) ||
      this.#indexes.time.count >= Math.floor(config.segmentIndexBytes / TimeIndex.ENTRY_BYTES) - 1 ||
      lastOffset - this.baseOffset > MAX_RELATIVE;
  }

  /** Writes a batch at the end. After a failure the file is cut back, or if that fails too, `fatal` tells that it cannot be written any more. */
  append(batch: RecordBatch, indexIntervalBytes: number, fatal: () => void): void {
    this.#read();
    // What noting the batch will need of a file must not be missing when the batch stands there.
    void this.#indexes.time.lastTimestamp;
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
    const facts = this.#read();
    const { maxTimestamp, lastOffset } = batch;
    if (position === 0) facts.firstTimestamp = maxTimestamp;
    // Where compaction has left but the header no record has its timestamp. (To Kafka one does, and DumpLogSegments complains of the index.)
    if (maxTimestamp > facts.maxTimestamp && batch.recordCount > 0) {
      facts.maxTimestamp = maxTimestamp;
      facts.maxTimestampOffset = lastOffset;
    }
    if (position - this.#indexedPosition > indexIntervalBytes) {
      this.#indexes.offset.append(lastOffset, position);
      this.#indexes.time.maybeAppend(facts.maxTimestamp, facts.maxTimestampOffset);
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
    this.#indexes.transactions.append(transaction);
  }

  /** The transactions whose abort markers stand here; null if that has to be found out by {@link setAborted}. */
  aborted(): Iterable<AbortedTransaction> | null {
    this.#read();
    return this.#indexes.knowsAborted ? this.#indexes.transactions.entries() : null;
  }

  setAborted(transactions: readonly AbortedTransaction[]): void {
    this.#indexes.transactions.clear();
    for (const transaction of transactions) this.#indexes.transactions.append(transaction);
    this.#indexes.knowsAborted = true;
    this.#indexes.tryToWrite();
  }

  /** An offset that batches from `position` on do not fall below. */
  offsetFrom(position: number): number {
    this.#read();
    return this.#indexes.offset.offsetFrom(position) ?? this.#facts.nextOffset;
  }

  /** The first batch that reaches up to `offset` or beyond, or null if none does. */
  find(offset: number): BatchPosition | null {
    if (offset >= this.#lastBatchOffset && offset <= this.#facts.lastOffset) {
      return { position: this.#lastBatchPosition, size: this.size - this.#lastBatchPosition, baseOffset: this.#lastBatchOffset };
    }
    if (offset >= this.#read().nextOffset) return null;
    for (let from = this.#indexes.offset.lookup(offset);;) {
      this.#facts.damage.refuse(offset, this.path);
      const behind = this.#facts.damage.before(offset)?.end ?? 0;
      const cursor = this.#cursorFrom(behind > from.position ? { position: behind, lastOffset: null } : from, lookupWindow);
      // Batches may have been moved: where the index points into damage, what is looked for may stand in front of it.
      if (cursor.minOffset !== null && cursor.minOffset > offset && from.position > 0) {
        from = this.#indexes.offset.before(from.position);
        continue;
      }
      while (cursor.next()) {
        const { baseOffset, lastOffset, sizeInBytes: size } = cursor.batch;
        if (lastOffset < offset) continue;
        // Whether there is nothing between two batches, the first one tells.
        if (baseOffset > offset && !cursor.checkBefore()) break;
        return { position: cursor.position, size, baseOffset };
      }
      if (cursor.damage === null) return null;
      // Which offsets are damaged only those in front of them tell.
      if (cursor.minOffset === null) from = this.#indexes.offset.before(cursor.position);
      else this.#isolate(cursor);
    }
  }

  /** Notes bytes behind the batches noted so far that are none, though batches follow, here or in a later segment. */
  quarantine(damage: Damage): void {
    this.#read().damage.add(damage);
    this.#facts.nextOffset = damage.nextOffset;
    this.size = damage.end;
    this.options.damaged(this.path, damage);
  }

  /** The log goes on at `nextOffset`, though the last batch ends before: there was something between, which compaction has taken away. */
  endAt(nextOffset: number): void {
    this.#read().nextOffset = nextOffset;
  }

  /** Where the bytes end that can be read from `position` on without coming across known damage. */
  goodEnd(position: number): number {
    return this.#read().damage.goodEnd(position, this.size);
  }

  /** Where the bytes begin that can be read from `position` on, or null. */
  goodStart(position: number): number | null {
    return this.#read().damage.goodStart(position, this.size);
  }

  /** Where to begin to look for a record, from `startOffset` on, that has at least `timestamp`; null where none has. */
  positionForTimestamp(timestamp: number, startOffset: number): IndexedPosition | null {
    if (this.#read().maxTimestamp < timestamp) return null;
    return this.#indexes.offset.lookup(Math.max(this.#indexes.time.lookup(timestamp), startOffset));
  }

  /** A cursor over the batches from one on, whose offset may be unknown, up to known damage. */
  batchesFrom(
    { position, baseOffset }: { readonly position: number; readonly baseOffset: number | null },
    window: Uint8Array,
  ): BatchCursor {
    return new BatchCursor(this.file, position, this.goodEnd(position), window, this.#order(baseOffset));
  }

  /** Steps over the batches from some place on, or from before that, and over damage between them. The cursor stands on each. */
  *allBatchesFrom(place: IndexedPosition, window: Uint8Array): Generator<BatchCursor, void, void> {
    for (let from: IndexedPosition | null = this.#inFrontOfDamage(place); from !== null;) {
      const cursor: BatchCursor = this.#cursorFrom(from, window);
      for (; cursor.next(); yield cursor);
      if (cursor.damage !== null && cursor.minOffset === null) {
        from = this.#indexes.offset.before(cursor.position);
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
    const order = { ...this.#order(baseOffset), fileEnd: this.goodEnd(position) };
    const cursor = new BatchCursor(this.file, position, position + target.length, target, order);
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
    const { maxTimestamp, maxTimestampOffset } = this.#read();
    this.#indexes.time.maybeAppend(maxTimestamp, maxTimestampOffset);
    this.writeIndexes();
  }

  /** Has the index files hold what the indexes hold. */
  writeIndexes(): void {
    this.#indexes.write();
  }

  /** What a checkpoint says of the batches so far. The index files are written up to there. */
  summary(): SegmentSummary {
    const { damage, lastOffset, firstTimestamp, maxTimestamp, maxTimestampOffset, headersCrc } = this.#read();
    this.writeIndexes();
    return {
      size: this.size,
      damage: [...damage.all],
      lastOffset,
      firstTimestamp,
      maxTimestamp,
      maxTimestampOffset,
      headersCrc,
      ...this.#indexes.stored,
    };
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
    this.size = checkpoint?.segment.size ?? 0;
    this.#resumed = checkpoint;
    this.#sync.resume(this.size);
    this.#lastBatchOffset = Infinity;
    if (checkpoint !== null) return;
    this.#clear();
    this.#isRead = true;
  }

  /** The largest timestamp, or where no batch has one the time at which the segment was made or found (`LogSegment.largestTimestamp`). */
  get largestTimestamp(): number {
    const { maxTimestamp } = this;
    return maxTimestamp >= 0 ? maxTimestamp : this.options.created;
  }

  /** Takes the files out of the log, one after the other: what begins to read finds none of them, what reads already goes on. */
  markDeleted(options: { readonly keepSnapshot: boolean } = { keepSnapshot: false }): void {
    this.#indexes.close();
    this.file.rename(this.names.chooseDeletedPath());
    this.names.markDeleted(options);
  }

  /** Removes the files that {@link markDeleted} has renamed. */
  async removeDeleted(): Promise<void> {
    await this.close();
    await this.names.removeDeleted();
  }

  /** Gives the descriptors back; later reads throw. */
  async close(): Promise<void> {
    await this.#sync.idle();
    this.file.close();
    this.#indexes.close();
  }

  /** The facts; reads them if nobody has. */
  #read(): Facts {
    if (this.#isRead) return this.#facts;
    const checkpoint = this.#resumed ?? this.names.readCheckpoint(Infinity);
    this.#resumed = null;
    const summary = checkpoint?.segment;
    const isRight = summary?.size === this.size && this.#indexes.restore(summary);
    if (!isRight) this.#indexes.knowsAborted = false;
    this.#isRead = true;
    if (!isRight) return this.#rebuild(summary?.size === this.size ? summary.transactionIndex : null);
    const { damage, lastOffset, firstTimestamp, maxTimestamp, maxTimestampOffset, headersCrc } = summary;
    this.#facts = {
      damage: new DamagedParts(damage),
      lastOffset,
      nextOffset: checkpoint!.nextOffset,
      firstTimestamp,
      maxTimestamp,
      maxTimestampOffset,
      headersCrc,
    };
    this.#indexedPosition = this.#indexes.offset.lastPosition;
    return this.#facts;
  }

  /** Reads all headers again. */
  #rebuild(aborted: IndexExtent | null): Facts {
    const { size } = this;
    this.#clear();
    // Of markers that are gone too the index tells.
    this.#indexes.knowsAborted = aborted !== null && this.#indexes.transactions.restore(aborted);
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
    this.#indexes.time.maybeAppend(maxTimestamp, maxTimestampOffset);
    this.#indexes.tryToWrite();
    return this.#facts;
  }

  #clear(): void {
    this.#facts = noFacts(this.baseOffset);
    this.#indexes.clear();
    this.#indexedPosition = 0;
  }

  /** What batches from one that begins with `minOffset` on, if that is known, have to agree with. */
  #order(minOffset: number | null, firstLastOffset: number | null = null): Order {
    const epochAt = (offset: number): number => this.options.epochs.epochAt(offset);
    return { minOffset, firstLastOffset, endOffset: this.#read().nextOffset, epochAt };
  }

  /** The place, or where the index points into damage, one in front of that. */
  #inFrontOfDamage(place: IndexedPosition): IndexedPosition {
    const damage = this.#read().damage.at(place.position);
    if (damage === null || place.position === 0 || place.position === damage.end) return place;
    return this.#inFrontOfDamage(this.#indexes.offset.before(place.position));
  }

  /** A cursor over the batches from some place on up to known damage; damage that is known there is passed over. */
  #cursorFrom({ position, lastOffset }: IndexedPosition, window: Uint8Array): BatchCursor {
    const behind = this.#read().damage.at(position);
    const start = behind?.end ?? position;
    const minOffset = behind?.nextOffset ?? (position === 0 ? this.baseOffset : null);
    return new BatchCursor(this.file, start, this.goodEnd(start), window, this.#order(minOffset, start === position ? lastOffset : null));
  }

  /** Somebody came across bytes that are no batch, or none that can stand there. */
  #isolate(cursor: BatchCursor): void {
    if (cursor.isCut) cursor.checkBefore();
    const damage = this.#damageAt(cursor, cursor.minOffset ?? this.baseOffset, this.size);
    this.#facts.damage.add(damage);
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

function noFacts(baseOffset: number): Facts {
  return {
    damage: new DamagedParts(),
    lastOffset: -1,
    nextOffset: baseOffset,
    firstTimestamp: NO_TIMESTAMP,
    maxTimestamp: NO_TIMESTAMP,
    maxTimestampOffset: baseOffset,
    headersCrc: 0,
  };
}
