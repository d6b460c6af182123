import { crc32c, NO_TIMESTAMP, type RecordBatch } from "../protocol/records/mod.ts";
import { BatchCursor } from "./batch_cursor.ts";
import type { LogCheckpoint, SegmentSummary } from "./checkpoint.ts";
import { type Damage, DamagedParts } from "./damage.ts";
import type { CachedFile, FileCache } from "./file_cache.ts";
import type { BatchPosition } from "./file_records.ts";
import type { LeaderEpochs } from "./leader_epochs.ts";
import type { SegmentFiles } from "./segment_files.ts";
import { SegmentIndexes } from "./segment_indexes.ts";
import { WrongIndexError } from "./sparse_index.ts";
import { findValidBatch } from "./torn_tail.ts";

/** What stands in front of a batch's checksum, which does not cover it. */
const UNCHECKED_BYTES = 17;
const REBUILD_WINDOW_BYTES = 1 << 16;

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

/** What is known of a segment's batches; without any, what these would have to exceed. */
export interface SegmentFacts {
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
 * What is known of the batches in a segment's file. Of an old one nothing is read before somebody asks: its checkpoint tells what there is to know;
 * where there is any doubt, all of it is read again, as it is where somebody comes to a part of an index that is not what the checkpoint tells. Methods throw `DiskError`.
 */
export class SegmentContents {
  readonly indexes: SegmentIndexes;
  #facts: SegmentFacts;
  /** Where the last batch begins that has an entry in the offset index; null while nobody has looked there. */
  #indexedPosition: number | null = null;
  #lastBatchOffset = Infinity;
  #lastBatchPosition = 0;
  /** The checkpoint, if somebody has read it already. */
  #resumed: LogCheckpoint | null = null;

  /**
   * @param size bytes of good batches
   * @param isRead whether nothing needs to be read to know of the first `size` bytes
   */
  constructor(
    files: FileCache,
    private readonly names: SegmentFiles,
    readonly baseOffset: number,
    readonly file: CachedFile,
    private readonly options: SegmentOptions,
    public size: number,
    private isRead: boolean,
  ) {
    this.indexes = new SegmentIndexes(files, names, baseOffset);
    this.#facts = noFacts(baseOffset);
  }

  /** Where the batches stand. */
  get path(): string {
    return this.names.pathOf("log");
  }

  /** Whether it has damage that somebody has come across since it was opened. */
  get isDamaged(): boolean {
    return this.#facts.damage.all.length > 0;
  }

  /** The newest batch, if `offset` is one of its: consumers at the end of the log ask for it, and no look-up is needed. */
  newestBatchAt(offset: number): BatchPosition | null {
    if (offset < this.#lastBatchOffset || offset > this.#facts.lastOffset) return null;
    return { position: this.#lastBatchPosition, size: this.size - this.#lastBatchPosition, baseOffset: this.#lastBatchOffset };
  }

  /** The facts; reads them if nobody has. */
  read(): SegmentFacts {
    if (this.isRead) return this.#facts;
    const checkpoint = this.#resumed ?? this.names.readCheckpoint(Infinity);
    this.#resumed = null;
    const summary = checkpoint?.segment;
    if (summary?.size !== this.size) return this.#rebuild(summary);
    this.indexes.restore(summary);
    this.isRead = true;
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
    return this.#facts;
  }

  /** What `look` finds in the indexes, or does with them; where a file turns out to be wrong, with those that are made anew then. */
  indexed<T>(look: (indexes: SegmentIndexes) => T): T {
    this.read();
    try {
      return look(this.indexes);
    } catch (error) {
      if (!(error instanceof WrongIndexError)) throw error;
      this.#reindex();
      return look(this.indexes);
    }
  }

  /** Where the last batch begins that has an entry; once that is known, indexes take further ones without a look into their files. */
  lastIndexed(): number {
    return this.#indexedPosition ??= this.indexed(({ offset, time }) => {
      void time.lastTimestamp;
      return offset.lastPosition;
    });
  }

  /** Takes account of the batch that stands at `position`, the end of those noted before (`LogSegment.append` and `recover`). */
  note(batch: RecordBatch, position: number, indexIntervalBytes: number): void {
    const facts = this.read();
    const { maxTimestamp, lastOffset } = batch;
    if (position === 0) facts.firstTimestamp = maxTimestamp;
    noteTimestamp(facts, batch);
    if (position - this.lastIndexed() > indexIntervalBytes) this.#index(lastOffset, position, facts);
    this.#lastBatchOffset = batch.baseOffset;
    this.#lastBatchPosition = position;
    facts.headersCrc = crc32c(batch.bytes, batch.start, batch.start + UNCHECKED_BYTES, facts.headersCrc);
    facts.lastOffset = lastOffset;
    facts.nextOffset = lastOffset + 1;
    this.size = position + batch.sizeInBytes;
  }

  /** Notes bytes behind the batches noted so far that are none, though batches follow, here or in a later segment. */
  quarantine(damage: Damage): void {
    this.read().damage.add(damage);
    this.#facts.nextOffset = damage.nextOffset;
    this.size = damage.end;
    this.options.damaged(this.path, damage);
  }

  /** Somebody came across bytes that are no batch, or none that can stand there. */
  isolate(cursor: BatchCursor): void {
    if (cursor.isCut) cursor.checkBefore();
    const damage = this.#damageAt(cursor, cursor.minOffset ?? this.baseOffset, this.size);
    this.#facts.damage.add(damage);
    this.options.damaged(this.path, damage);
  }

  /** What a checkpoint says of the batches so far. The index files are written up to there. */
  summary(): SegmentSummary {
    const { damage, lastOffset, firstTimestamp, maxTimestamp, maxTimestampOffset, headersCrc } = this.read();
    this.indexed((indexes) => indexes.write());
    return {
      size: this.size,
      damage: [...damage.all],
      lastOffset,
      firstTimestamp,
      maxTimestamp,
      maxTimestampOffset,
      headersCrc,
      ...this.indexes.stored,
    };
  }

  /** Begins anew with the batches that `checkpoint` tells of, or none; whoever reads on from there notes the rest. */
  resume(checkpoint: LogCheckpoint | null): void {
    this.size = checkpoint?.segment.size ?? 0;
    this.#resumed = checkpoint;
    this.#lastBatchOffset = Infinity;
    if (checkpoint !== null) return;
    this.#clear();
    this.isRead = true;
  }

  /** Reads all headers again; what cannot be read now is to be read by the next who asks. */
  #rebuild(known: SegmentSummary | undefined): SegmentFacts {
    const { size } = this;
    this.#clear();
    this.isRead = true;
    try {
      // Markers may have stood in an end that is gone: whoever wrote the checkpoint has seen them.
      this.indexes.restoreAborted(known !== undefined && known.size > size ? known.transactionIndex : null);
      this.#noteAll(size);
    } catch (error) {
      this.isRead = false;
      this.#lastBatchOffset = Infinity;
      throw error;
    } finally {
      this.size = size;
    }
    const { maxTimestamp, maxTimestampOffset } = this.#facts;
    this.indexes.time.maybeAppend(maxTimestamp, maxTimestampOffset);
    this.indexes.tryToWrite();
    return this.#facts;
  }

  #noteAll(size: number): void {
    const window = new Uint8Array(Math.min(REBUILD_WINDOW_BYTES, size));
    for (let position = 0; position < size;) {
      const order = { minOffset: this.#facts.nextOffset, endOffset: Infinity, epochAt: () => -1 };
      const cursor = new BatchCursor(this.file, position, size, window, order);
      while (cursor.next()) this.note(cursor.batch, cursor.position, this.options.indexIntervalBytes);
      if (cursor.damage !== null) this.quarantine(this.#damageAt(cursor, this.#facts.nextOffset, size));
      position = Math.max(cursor.position, this.size);
    }
  }

  /** Makes the indexes of offsets and times anew of the headers. What else is known stays true. */
  #reindex(): void {
    const { offset, time } = this.indexes;
    offset.clear();
    time.clear();
    this.#indexedPosition = 0;
    const { size, baseOffset } = this;
    const facts = { ...this.#facts, maxTimestamp: NO_TIMESTAMP };
    const { damage } = facts;
    const window = new Uint8Array(Math.min(REBUILD_WINDOW_BYTES, size));
    for (let start = damage.goodStart(0, size); start !== null;) {
      const order = { minOffset: damage.at(start)?.nextOffset ?? baseOffset, endOffset: facts.nextOffset, epochAt: () => -1 };
      const cursor = new BatchCursor(this.file, start, damage.goodEnd(start, size), window, order);
      while (cursor.next()) {
        noteTimestamp(facts, cursor.batch);
        if (cursor.position - this.lastIndexed() > this.options.indexIntervalBytes) {
          this.#index(cursor.batch.lastOffset, cursor.position, facts);
        }
      }
      if (cursor.damage !== null) this.isolate(cursor);
      start = cursor.position >= size ? null : damage.goodStart(cursor.position, size);
    }
    time.maybeAppend(facts.maxTimestamp, facts.maxTimestampOffset);
    this.indexes.tryToWrite();
  }

  #index(lastOffset: number, position: number, { maxTimestamp, maxTimestampOffset }: SegmentFacts): void {
    this.indexes.offset.append(lastOffset, position);
    this.indexes.time.maybeAppend(maxTimestamp, maxTimestampOffset);
    this.#indexedPosition = position;
  }

  #clear(): void {
    this.#facts = noFacts(this.baseOffset);
    this.indexes.clear();
    this.#indexedPosition = 0;
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

function noFacts(baseOffset: number): SegmentFacts {
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

function noteTimestamp(facts: SegmentFacts, { maxTimestamp, lastOffset, recordCount }: RecordBatch): void {
  // Where compaction has left but the header no record has its timestamp. (To Kafka one does, and DumpLogSegments complains of the index.)
  if (maxTimestamp <= facts.maxTimestamp || recordCount === 0) return;
  facts.maxTimestamp = maxTimestamp;
  facts.maxTimestampOffset = lastOffset;
}
