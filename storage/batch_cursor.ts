import type { DiskFile } from "../platform/mod.ts";
import { HEADER_BYTES, RecordBatch } from "../protocol/records/mod.ts";

const MAGIC = 2;

/** What offsets and epochs of batches have to agree with: no checksum covers them, so that only what stands around them tells whether they are right. */
export interface Order {
  /** The offset behind the batches in front of the first; null where that is not known. */
  readonly minOffset: number | null;
  /** The last offset of the first batch, where the index tells. */
  readonly firstLastOffset?: number | null;
  /** All offsets are below. */
  readonly endOffset: number;
  /** The leader epoch that wrote an offset, or -1 where nobody knows. */
  readonly epochAt: (offset: number) => number;
  /** Up to where there are batches, if that is behind those that are looked at. */
  readonly fileEnd?: number;
  /** For whoever finds the epochs out: the one in front of the first batch, and whether there has been one. */
  readonly epochs?: { readonly latest: number; readonly isKnown: (epoch: number) => boolean };
}

/**
 * Steps through the batches of a log file, reading it in windows. The batch it stands on is a view into the window: it has its header, and
 * the rest too after {@link whole}; the next step overwrites it.
 */
export class BatchCursor {
  /** The batch at {@link position}, once `next` has answered true. */
  batch!: RecordBatch;
  /** Why the bytes at {@link position} are no batch, or none that can stand there, once `next` has answered false before the end. */
  damage: string | null = null;
  /** Whether there are too few bytes for the batch at {@link position}, which is {@link damage} where a file ends. */
  isCut = false;
  /** Where good batches may be behind the damage. */
  resumeAt = 0;
  #position: number;
  #next: number;
  #windowStart = 0;
  #windowEnd = 0;
  #minOffset: number | null;
  #isFirst = true;
  #epoch: number;
  /** The batch in front of the current one. */
  #before: { readonly position: number; readonly size: number; readonly minOffset: number | null } | null = null;

  /**
   * Looks at the bytes of `file` from `start` up to `end`. `window` is scratch, its length the size of a read. Without an `order`, whoever steps through the
   * batches knows what to make of their offsets.
   */
  constructor(
    private readonly file: DiskFile,
    start: number,
    private readonly end: number,
    private window: Uint8Array,
    private readonly order: Order | null = null,
  ) {
    this.#position = start;
    this.#next = start;
    this.#minOffset = order?.minOffset ?? null;
    this.#epoch = order?.epochs?.latest ?? -1;
  }

  /** Where the current batch begins in the file; behind the last one, where that ended. */
  get position(): number {
    return this.#position;
  }

  /** The offset that what stands at {@link position} does not fall below; null where that is not known. */
  get minOffset(): number | null {
    return this.#minOffset;
  }

  /** Steps to the next batch; false at the end, or at bytes that are none. */
  next(): boolean {
    if (!this.#isFirst && this.order !== null) {
      this.#before = { position: this.#position, size: this.#next - this.#position, minOffset: this.#minOffset };
      this.#minOffset = this.batch.lastOffset + 1;
      this.#epoch = this.batch.partitionLeaderEpoch;
    }
    this.#position = this.#next;
    const left = this.end - this.#position;
    if (left === 0) return false;
    if (left < HEADER_BYTES) return this.#cut(`${left} bytes, too few for a batch's header`);
    if (!this.#load(HEADER_BYTES)) return this.#damaged("the file is shorter than it was");
    const batch = new RecordBatch(this.window, this.#position - this.#windowStart);
    if (batch.magic !== MAGIC) return this.#damaged(`record format (magic) ${batch.magic}`);
    const size = batch.sizeInBytes;
    if (size < HEADER_BYTES) return this.#damaged(`a batch of ${size} bytes`);
    if (size > left) return this.#cut(`a batch of ${size} bytes, of which ${left} are there`);
    this.#next = this.#position + size;
    const problem = this.order === null ? null : this.#outOfOrder(batch, this.order);
    if (problem !== null) return this.#damaged(problem);
    this.batch = batch;
    this.#isFirst = false;
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

  /** Whether the batch in front of the current one is as it was written, as far as that is known. Steps back onto it if not, as onto damage. */
  checkBefore(): boolean {
    if (this.#before === null) return true;
    const { position, size, minOffset } = this.#before;
    const bytes = new Uint8Array(size);
    if (this.file.read(bytes, position) === size && new RecordBatch(bytes).isValid()) return true;
    this.#position = position;
    this.#minOffset = minOffset;
    this.#before = null;
    return this.#damaged("a wrong checksum");
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

  /** Why the batch cannot stand where it stands, or null. */
  #outOfOrder(batch: RecordBatch, order: Order): string | null {
    const { baseOffset, lastOffset, partitionLeaderEpoch } = batch;
    const least = this.#minOffset ?? 0;
    const expected = this.#isFirst ? order.firstLastOffset ?? null : null;
    const fits = baseOffset >= least && lastOffset >= baseOffset && lastOffset < order.endOffset;
    if (!fits || (expected !== null && expected !== lastOffset)) return `offsets ${baseOffset} to ${lastOffset}`;
    const epoch = order.epochAt(lastOffset);
    if (epoch !== -1 && epoch !== partitionLeaderEpoch) return `leader epoch ${partitionLeaderEpoch}`;
    const jumps = order.epochs !== undefined && partitionLeaderEpoch !== this.#epoch && !order.epochs.isKnown(partitionLeaderEpoch);
    if (order.epochs !== undefined && partitionLeaderEpoch < this.#epoch) return `leader epoch ${partitionLeaderEpoch}`;
    const hasGap = this.#minOffset !== null && baseOffset !== least;
    return jumps || hasGap ? this.#contradiction(batch, jumps, least) : null;
  }

  /** Why the batch behind says that this one cannot stand here, with its new epoch or behind a gap, as compaction leaves them; or null. */
  #contradiction(
    { baseOffset, lastOffset, lastOffsetDelta, partitionLeaderEpoch }: RecordBatch,
    jumps: boolean,
    least: number,
  ): string | null {
    const behind = this.#headerAt(this.#next);
    if (behind === null) return null;
    if (jumps && behind.partitionLeaderEpoch < partitionLeaderEpoch) return `leader epoch ${partitionLeaderEpoch}`;
    if (behind.baseOffset < least || behind.baseOffset > lastOffset) return null;
    // Nobody knows which of the two is wrong, unless this one would fit without a gap.
    if (behind.baseOffset !== least + lastOffsetDelta + 1) this.resumeAt = this.#next + 1;
    return `offsets ${baseOffset} to ${lastOffset}, and ${behind.baseOffset} behind them`;
  }

  /** The header of the batch that begins at `position`, or null where none does. */
  #headerAt(position: number): RecordBatch | null {
    if (position + HEADER_BYTES > (this.order?.fileEnd ?? this.end)) return null;
    const bytes = new Uint8Array(HEADER_BYTES);
    const isThere = this.file.read(bytes, position) === HEADER_BYTES;
    const header = new RecordBatch(bytes);
    return isThere && header.magic === MAGIC ? header : null;
  }

  #cut(reason: string): false {
    this.isCut = true;
    return this.#damaged(reason);
  }

  /** What cannot be read, or not here, may be so because the batch in front is not what it was. */
  #damaged(reason: string): false {
    if (this.#before !== null && !this.isCut && !this.checkBefore()) return false;
    this.damage = reason;
    this.resumeAt = Math.max(this.resumeAt, this.#position + 1);
    return false;
  }
}
