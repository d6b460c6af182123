import type { DiskFile } from "../platform/mod.ts";
import { HEADER_BYTES, RecordBatch } from "../protocol/records/mod.ts";

const MAGIC = 2;

/**
 * Steps through the batches of a log file, reading it in windows. The batch it stands on is a view into the window: it has its header, and
 * the rest too after {@link whole}; the next step overwrites it.
 */
export class BatchCursor {
  /** The batch at {@link position}, once `next` has answered true. */
  batch!: RecordBatch;
  /** Why the bytes at {@link position} are no batch, once `next` has answered false before the end. */
  damage: string | null = null;
  #position: number;
  #next: number;
  #windowStart = 0;
  #windowEnd = 0;

  /** Looks at the bytes of `file` from `start` up to `end`. `window` is scratch, its length the size of a read. */
  constructor(private readonly file: DiskFile, start: number, private readonly end: number, private window: Uint8Array) {
    this.#position = start;
    this.#next = start;
  }

  /** Where the current batch begins in the file; behind the last one, where that ended. */
  get position(): number {
    return this.#position;
  }

  /** Steps to the next batch; false at the end, or at bytes that are none. */
  next(): boolean {
    this.#position = this.#next;
    const left = this.end - this.#position;
    if (left === 0) return false;
    if (left < HEADER_BYTES) return this.#damaged(`${left} bytes, too few for a batch's header`);
    if (!this.#load(HEADER_BYTES)) return this.#damaged("the file is shorter than it was");
    const batch = new RecordBatch(this.window, this.#position - this.#windowStart);
    if (batch.magic !== MAGIC) return this.#damaged(`record format (magic) ${batch.magic}`);
    const size = batch.sizeInBytes;
    if (size < HEADER_BYTES || size > left) return this.#damaged(`a batch of ${size} bytes, of which ${left} are there`);
    this.batch = batch;
    this.#next = this.#position + size;
    return true;
  }

  /** The current batch with its records. */
  whole(): RecordBatch {
    const size = this.batch.sizeInBytes;
    if (!this.#load(size)) throw new Error("assertion: a log file shrank while it was read");
    const start = this.#position - this.#windowStart;
    this.batch = new RecordBatch(this.window.subarray(start, start + size));
    return this.batch;
  }

  /** Has `length` bytes from the position on in the window. */
  #load(length: number): boolean {
    if (this.#position >= this.#windowStart && this.#position + length <= this.#windowEnd) return true;
    if (length > this.window.length) this.window = new Uint8Array(length);
    const into = this.window.subarray(0, Math.min(this.window.length, this.end - this.#position));
    this.#windowStart = this.#position;
    this.#windowEnd = this.#position + this.file.read(into, this.#position);
    return this.#position + length <= this.#windowEnd;
  }

  #damaged(reason: string): false {
    this.damage = reason;
    return false;
  }
}
