/**
 * Entries of one size in the bytes of Kafka's index files, ordered and searched by halving. They are held in memory, about one byte for 200
 * of the log, and written out when the segment is closed: an index is a cache that the segment can always fill again.
 */
abstract class SparseIndex {
  protected view = new DataView(new ArrayBuffer(0));
  #count = 0;

  constructor(readonly baseOffset: number, private readonly entryBytes: number) {}

  get count(): number {
    return this.#count;
  }

  /** The file's contents, a view. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.view.buffer, 0, this.#count * this.entryBytes);
  }

  /** Makes room for one more entry; answers where it goes in the view. */
  protected add(): number {
    const position = this.#count++ * this.entryBytes;
    if (position + this.entryBytes > this.view.byteLength) {
      const grown = new Uint8Array(Math.max(this.entryBytes * 16, this.view.byteLength * 2));
      grown.set(new Uint8Array(this.view.buffer));
      this.view = new DataView(grown.buffer);
    }
    return position;
  }

  /** Where the last entry begins whose key, as `keyAt` reads it, is at most `key`; -1 without one. */
  protected floor(key: number, keyAt: (position: number) => number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keyAt(middle * this.entryBytes) <= key) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : (low - 1) * this.entryBytes;
  }
}

/** Kafka's `OffsetIndex`: entries of the last offset of a batch, relative to the segment's base (int32), and the batch's position (int32). */
export class OffsetIndex extends SparseIndex {
  static readonly ENTRY_BYTES = 8;
  readonly #offsetAt = (position: number): number => this.view.getInt32(position);

  constructor(baseOffset: number) {
    super(baseOffset, OffsetIndex.ENTRY_BYTES);
  }

  append(lastOffset: number, position: number): void {
    const at = this.add();
    this.view.setInt32(at, lastOffset - this.baseOffset);
    this.view.setInt32(at + 4, position);
  }

  /** A position in the log at or before the batch that holds `offset`. */
  lookup(offset: number): number {
    const at = this.floor(offset - this.baseOffset, this.#offsetAt);
    return at < 0 ? 0 : this.view.getInt32(at + 4);
  }
}

/**
 * Kafka's `TimeIndex`: entries of a timestamp (int64) and an offset relative to the segment's base (int32). An entry (t, o) says that nothing
 * up to offset o has a timestamp above t, and that the batch ending with o has t. Both grow from entry to entry.
 */
export class TimeIndex extends SparseIndex {
  static readonly ENTRY_BYTES = 12;
  #lastTimestamp = -1;
  readonly #timestampAt = (position: number): number => timestampAt(this.view, position);

  constructor(baseOffset: number) {
    super(baseOffset, TimeIndex.ENTRY_BYTES);
  }

  /** Adds an entry unless its timestamp is no larger than the last one's. */
  maybeAppend(timestamp: number, offset: number): void {
    if (timestamp <= this.#lastTimestamp) return;
    this.#write(this.add(), timestamp, offset);
    this.#lastTimestamp = timestamp;
  }

  /** The offset behind which a record of at least `timestamp` is to be looked for. */
  lookup(timestamp: number): number {
    const at = this.floor(timestamp, this.#timestampAt);
    return at < 0 ? this.baseOffset : this.baseOffset + this.view.getInt32(at + 8);
  }

  /** The file of a closed segment: it ends with the segment's largest timestamp, which Kafka's retention reads there. */
  bytesWithLast(timestamp: number, offset: number): Uint8Array {
    if (timestamp <= this.#lastTimestamp) return this.bytes;
    const closed = new TimeIndex(this.baseOffset);
    closed.view = new DataView(new ArrayBuffer((this.count + 1) * TimeIndex.ENTRY_BYTES));
    const bytes = new Uint8Array(closed.view.buffer);
    bytes.set(this.bytes);
    closed.#write(this.count * TimeIndex.ENTRY_BYTES, timestamp, offset);
    return bytes;
  }

  #write(at: number, timestamp: number, offset: number): void {
    this.view.setInt32(at, Math.floor(timestamp / 2 ** 32));
    this.view.setUint32(at + 4, timestamp >>> 0);
    this.view.setInt32(at + 8, offset - this.baseOffset);
  }
}

function timestampAt(view: DataView, position: number): number {
  return view.getInt32(position) * 2 ** 32 + view.getUint32(position + 4);
}
