import { BatchCursor, type Order } from "./batch_cursor.ts";
import { type BatchPosition, FileRecords } from "./file_records.ts";
import type { LeaderEpochs } from "./leader_epochs.ts";
import type { SegmentContents } from "./segment_contents.ts";
import type { IndexedPosition } from "./sparse_index.ts";
import { StorageError } from "./storage_error.ts";

/** A look-up reads headers in steps of this: one step spans the default index interval. */
const LOOKUP_WINDOW_BYTES = 4096 + 256;
/** Shared by all segments: a look-up ends before another begins. */
const lookupWindow = new Uint8Array(LOOKUP_WINDOW_BYTES);

/**
 * The batches of a segment, looked for and read; what turns out to be none is noted as damage. Methods throw `DiskError`, and look-ups `RecordsError` with
 * CORRUPT_MESSAGE for offsets that are damaged.
 */
export class SegmentBatches {
  /** @param epochs of the log */
  constructor(private readonly contents: SegmentContents, private readonly epochs: LeaderEpochs) {}

  /** Where they stand. */
  get path(): string {
    return this.contents.path;
  }

  /** Where the log goes on behind them. */
  get nextOffset(): number {
    return this.contents.read().nextOffset;
  }

  /** Whether any are damaged, as far as somebody has come across that. */
  get isDamaged(): boolean {
    return this.contents.isDamaged;
  }

  /** An offset that batches from `position` on do not fall below. */
  offsetFrom(position: number): number {
    return this.contents.indexed(({ offset }) => offset.offsetFrom(position)) ?? this.nextOffset;
  }

  /** The first batch that reaches up to `offset` or beyond, or null if none does. */
  find(offset: number): BatchPosition | null {
    const newest = this.contents.newestBatchAt(offset);
    if (newest !== null) return newest;
    const facts = this.contents.read();
    if (offset >= facts.nextOffset) return null;
    for (let from = this.contents.indexed((indexes) => indexes.offset.lookup(offset));;) {
      facts.damage.refuse(offset, this);
      const behind = facts.damage.before(offset)?.end ?? 0;
      const cursor = this.#cursorAt(behind > from.position ? { position: behind, lastOffset: null } : from, lookupWindow);
      // Batches may have been moved: where the index points into damage, what is looked for may stand in front of it.
      if (cursor.minOffset !== null && cursor.minOffset > offset && from.position > 0) {
        from = this.#indexedBefore(from.position);
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
      if (cursor.minOffset === null) from = this.#indexedBefore(cursor.position);
      else this.contents.isolate(cursor);
    }
  }

  /** Where the bytes end that can be read from `position` on without coming across known damage. */
  goodEnd(position: number): number {
    return this.contents.read().damage.goodEnd(position, this.contents.size);
  }

  /** Where to begin to look for a record, from `startOffset` on, that has at least `timestamp`; null where none has. */
  positionForTimestamp(timestamp: number, startOffset: number): IndexedPosition | null {
    if (this.contents.read().maxTimestamp < timestamp) return null;
    return this.contents.indexed(({ offset, time }) => offset.lookup(Math.max(time.lookup(timestamp), startOffset)));
  }

  /** A cursor over the batches from one on, whose offset may be unknown, up to known damage. */
  cursorFrom(
    { position, baseOffset }: { readonly position: number; readonly baseOffset: number | null },
    window: Uint8Array,
  ): BatchCursor {
    return new BatchCursor(this.contents.file, position, this.goodEnd(position), window, this.#order(baseOffset));
  }

  /** Steps over the batches from some place on, or from before that, and over damage between them. The cursor stands on each. */
  *allFrom(place: IndexedPosition, window: Uint8Array): Generator<BatchCursor, void, void> {
    for (let from: IndexedPosition | null = this.#inFrontOfDamage(place); from !== null;) {
      const cursor: BatchCursor = this.#cursorAt(from, window);
      for (; cursor.next(); yield cursor);
      if (cursor.damage !== null && cursor.minOffset === null) {
        from = this.#indexedBefore(cursor.position);
        continue;
      }
      if (cursor.damage !== null) this.contents.isolate(cursor);
      const start = cursor.position >= this.contents.size ? null : this.#goodStart(cursor.position);
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
    const cursor = new BatchCursor(this.contents.file, position, position + target.length, target, order);
    while (cursor.next());
    if (cursor.damage === null || cursor.isCut) return;
    this.contents.isolate(cursor);
    throw new StorageError(`${this.path} is damaged at ${cursor.position}: ${cursor.damage}.`);
  }

  /** What batches from one that begins with `minOffset` on, if that is known, have to agree with. */
  #order(minOffset: number | null, firstLastOffset: number | null = null): Order {
    const epochAt = (offset: number): number => this.epochs.epochAt(offset);
    return { minOffset, firstLastOffset, endOffset: this.contents.read().nextOffset, epochAt };
  }

  /** The last batch before `position` that the index tells of. */
  #indexedBefore(position: number): IndexedPosition {
    return this.contents.indexed(({ offset }) => offset.before(position));
  }

  /** The place, or where the index points into damage, one in front of that. */
  #inFrontOfDamage(place: IndexedPosition): IndexedPosition {
    const damage = this.contents.read().damage.at(place.position);
    if (damage === null || place.position === 0 || place.position === damage.end) return place;
    return this.#inFrontOfDamage(this.#indexedBefore(place.position));
  }

  /** A cursor over the batches from some place on up to known damage; damage that is known there is passed over. */
  #cursorAt({ position, lastOffset }: IndexedPosition, window: Uint8Array): BatchCursor {
    const behind = this.contents.read().damage.at(position);
    const start = behind?.end ?? position;
    const minOffset = behind?.nextOffset ?? (position === 0 ? this.contents.baseOffset : null);
    return new BatchCursor(
      this.contents.file,
      start,
      this.goodEnd(start),
      window,
      this.#order(minOffset, start === position ? lastOffset : null),
    );
  }

  /** Where the bytes begin that can be read from `position` on, or null. */
  #goodStart(position: number): number | null {
    return this.contents.read().damage.goodStart(position, this.contents.size);
  }
}
