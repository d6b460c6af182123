import type { Disk, DiskFile } from "../platform/mod.ts";
import { NO_TIMESTAMP, type RecordBatch } from "../protocol/records/mod.ts";
import { BatchCursor } from "./batch_cursor.ts";
import { segmentFileName } from "./file_names.ts";
import { GroupSync } from "./group_sync.ts";
import type { LogConfig } from "./log_config.ts";
import { OffsetIndex, TimeIndex } from "./sparse_index.ts";
import { StorageError } from "./storage_error.ts";
import { readBytes, writeBytes } from "./text_files.ts";

/** Offsets and positions of a segment are int32, relative to its start. */
const MAX_RELATIVE = 0x7fffffff;
/** A look-up reads headers in steps of this: one step spans the default index interval. */
const LOOKUP_WINDOW_BYTES = 4096 + 256;
/** Shared by all segments: a look-up ends before another begins. */
const lookupWindow = new Uint8Array(LOOKUP_WINDOW_BYTES);

/** Where a batch stands in a segment's file. */
export interface BatchPosition {
  readonly position: number;
  readonly size: number;
}

/**
 * One `.log` file with its two indexes (Kafka's `LogSegment`). The file is open as long as the segment is; the indexes live in memory and are
 * written when the segment is sealed or closed. Methods throw `DiskError`.
 */
export class Segment {
  readonly offsetIndex: OffsetIndex;
  readonly timeIndex: TimeIndex;
  /** The largest timestamp of the batches, or -1. */
  maxTimestamp = NO_TIMESTAMP;
  /** The last offset of the first batch that has {@link maxTimestamp}. */
  maxTimestampOffset: number;
  /** Bytes of good batches. */
  size = 0;
  #firstTimestamp = NO_TIMESTAMP;
  #indexedPosition = 0;
  /** The newest batch, which consumers at the end of the log ask for: no look-up needed. */
  #lastBatchOffset = 0;
  #lastBatchPosition = 0;
  #lastOffset = -1;
  readonly #sync: GroupSync;

  private constructor(
    private readonly disk: Disk,
    private readonly directory: string,
    readonly baseOffset: number,
    readonly file: DiskFile,
    private readonly created: number,
    private readonly jitterMs: number,
    durable: number,
  ) {
    this.offsetIndex = new OffsetIndex(baseOffset);
    this.timeIndex = new TimeIndex(baseOffset);
    this.maxTimestampOffset = baseOffset;
    this.#sync = new GroupSync(file, durable);
  }

  /** Makes the files of a segment that begins with `baseOffset`. `created` is the time now. */
  static create(disk: Disk, directory: string, baseOffset: number, created: number, jitterMs: number): Segment {
    const file = disk.open(`${directory}/${segmentFileName(baseOffset, "log")}`, { create: true });
    try {
      if (file.size > 0) throw new StorageError(`${directory} has a segment ${baseOffset} already.`);
      const segment = new Segment(disk, directory, baseOffset, file, created, jitterMs, 0);
      segment.writeIndexes();
      return segment;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Opens a segment's file. It counts as empty until its batches have been noted. `durable`: whether all its bytes are known to be. */
  static open(disk: Disk, directory: string, baseOffset: number, created: number, jitterMs: number, durable: boolean): Segment {
    const file = disk.open(`${directory}/${segmentFileName(baseOffset, "log")}`);
    return new Segment(disk, directory, baseOffset, file, created, jitterMs, durable ? file.size : 0);
  }

  get path(): string {
    return `${this.directory}/${segmentFileName(this.baseOffset, "log")}`;
  }

  /** Whether a batch of `bytes` with these numbers belongs into the next segment (`LogSegment.shouldRoll`). */
  shouldRoll(config: LogConfig, bytes: number, lastOffset: number, maxTimestamp: number, now: number): boolean {
    const waited = this.#firstTimestamp >= 0 ? maxTimestamp - this.#firstTimestamp : now - this.created;
    return this.size > config.segmentBytes - bytes ||
      (this.size > 0 && waited > config.segmentMs - this.jitterMs) ||
      this.offsetIndex.count >= Math.floor(config.segmentIndexBytes / OffsetIndex.ENTRY_BYTES) ||
      this.timeIndex.count >= Math.floor(config.segmentIndexBytes / TimeIndex.ENTRY_BYTES) - 1 ||
      lastOffset - this.baseOffset > MAX_RELATIVE;
  }

  /** Writes a batch at the end. After a failure the file is cut back, or if that fails too, `fatal` tells that it cannot be written any more. */
  append(batch: RecordBatch, indexIntervalBytes: number, fatal: () => void): void {
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
    const { maxTimestamp, lastOffset } = batch;
    if (position === 0) this.#firstTimestamp = maxTimestamp;
    if (maxTimestamp > this.maxTimestamp) {
      this.maxTimestamp = maxTimestamp;
      this.maxTimestampOffset = lastOffset;
    }
    if (position - this.#indexedPosition > indexIntervalBytes) {
      this.offsetIndex.append(lastOffset, position);
      this.timeIndex.maybeAppend(this.maxTimestamp, this.maxTimestampOffset);
      this.#indexedPosition = position;
    }
    this.#lastBatchOffset = batch.baseOffset;
    this.#lastBatchPosition = position;
    this.#lastOffset = lastOffset;
    this.size = position + batch.sizeInBytes;
  }

  /** The first batch that reaches up to `offset` or beyond, or null if none does. */
  find(offset: number): BatchPosition | null {
    if (offset > this.#lastOffset) return null;
    if (offset >= this.#lastBatchOffset) return { position: this.#lastBatchPosition, size: this.size - this.#lastBatchPosition };
    const cursor = this.batchesFrom(this.offsetIndex.lookup(offset), lookupWindow);
    while (cursor.next()) {
      if (cursor.batch.lastOffset >= offset) return { position: cursor.position, size: cursor.batch.sizeInBytes };
    }
    this.#refuseDamage(cursor);
    return null;
  }

  /** A cursor over the good batches from `position` on, where one must begin. */
  batchesFrom(position: number, window: Uint8Array): BatchCursor {
    return new BatchCursor(this.file, position, this.size, window);
  }

  /** The bytes of the file from `position` on, to be read when they are wanted. */
  slice(position: number, byteLength: number): FileRecords {
    return new FileRecords(this, position, byteLength);
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

  /** Writes both index files anew, unless they hold the right bytes. */
  writeIndexes(): void {
    this.#writeIndex("index", this.offsetIndex.bytes);
    this.#writeIndex("timeindex", this.timeIndex.bytesWithLast(this.maxTimestamp, this.maxTimestampOffset));
  }

  /** Gives the descriptor back; later reads throw. */
  async close(): Promise<void> {
    await this.#sync.idle();
    this.file.close();
  }

  #writeIndex(kind: "index" | "timeindex", bytes: Uint8Array): void {
    const path = `${this.directory}/${segmentFileName(this.baseOffset, kind)}`;
    const present = readBytes(this.disk, path);
    if (present === null || !equal(present, bytes)) writeBytes(this.disk, path, bytes);
  }

  #refuseDamage(cursor: BatchCursor): void {
    if (cursor.damage !== null) throw new StorageError(`${this.path} is damaged at ${cursor.position}: ${cursor.damage}.`);
  }
}

/** Batches as they stand in a segment's file (Kafka's `FileRecords`), read when they are copied. The last one may be cut off. */
class FileRecords {
  constructor(private readonly segment: Segment, private readonly position: number, readonly byteLength: number) {}

  /** Reads into the start of `target`. Throws {@link StorageError} when the bytes cannot be read any more. */
  copyInto(target: Uint8Array): void {
    let length: number;
    try {
      length = this.segment.file.read(target.subarray(0, this.byteLength), this.position);
    } catch (cause) {
      throw new StorageError(`${this.segment.path} cannot be read.`, { cause });
    }
    if (length < this.byteLength) throw new StorageError(`${this.segment.path} is shorter than it was.`);
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
