import { DiskError } from "../platform/mod.ts";
import { crc32c } from "../protocol/records/mod.ts";
import type { IndexExtent } from "./checkpoint.ts";
import type { CachedFile, FileCache } from "./file_cache.ts";
import type { SegmentFile } from "./file_names.ts";

/** Entries that have a checksum together: who looks one up checks the blocks that halving comes to, and no others. */
export const BLOCK_ENTRIES = 2048;
/** An entry of a file; shared by all indexes, since whoever reads one is done with it before the next is read. */
const entry = new DataView(new ArrayBuffer(64));
const noEntries = new DataView(new ArrayBuffer(0));
const noBlocks = new Uint8Array();

/** Where the files of a segment are. */
export interface SegmentPaths {
  pathOf(kind: SegmentFile): string;
}

/** What an index file holds is not what was written there: the index has to be made again. */
export class WrongIndexError extends DiskError {
  constructor(path: string) {
    super("EIO", "read", path, { cause: "it does not hold what was written" });
  }
}

/**
 * Entries of one size in Kafka's index files, ordered and searched by halving. The newest are held in memory until they are written; the others are read from
 * the file one by one, so that an index takes no memory however large its segment. It is a cache, which the segment can always fill again: methods that read or
 * write entries throw {@link WrongIndexError} where it has to be.
 */
export abstract class SparseIndex {
  #file: CachedFile | null = null;
  /** Entries in the file. What stands behind them there is left of a crash. */
  #stored = 0;
  /** CRC-32C of each block of them. */
  #crcs: number[] = [];
  /** 1 for a block that was found in the file and that nobody has looked at. */
  #unchecked = noBlocks;
  /** The entries behind those. */
  #tail = noEntries;
  #tailCount = 0;
  /** Stands behind the file's name. */
  #suffix = "";

  constructor(
    private readonly files: FileCache,
    private readonly paths: SegmentPaths,
    private readonly kind: SegmentFile,
    readonly baseOffset: number,
    private readonly entryBytes: number,
  ) {}

  /** Whether the file has been touched. */
  protected get isOpen(): boolean {
    return this.#file !== null;
  }

  get count(): number {
    return this.#stored + this.#tailCount;
  }

  /** What of the index stands in the file. */
  get stored(): IndexExtent {
    return { entries: this.#stored, crcs: [...this.#crcs] };
  }

  /** Takes the entries that the file should hold: whether it does is found out when somebody looks at them. */
  restore({ entries, crcs }: IndexExtent): void {
    this.clear();
    this.#stored = entries;
    this.#crcs = [...crcs];
    this.#unchecked = crcs.length === 0 ? noBlocks : new Uint8Array(crcs.length).fill(1);
  }

  /** Looks at all entries in the file that nobody has looked at. */
  check(): void {
    for (const block of this.#unchecked.keys()) this.#checkBlock(block);
  }

  /** Forgets all entries; the file follows with the next {@link write}. */
  clear(): void {
    this.#stored = 0;
    this.#crcs = [];
    this.#unchecked = noBlocks;
    this.#tailCount = 0;
  }

  /** Has all entries in the file, and nothing else. Not durable: they can be made again. */
  write(): void {
    const file = this.#opened();
    const size = this.#stored * this.entryBytes;
    if (file.size < size) throw new WrongIndexError(this.#path);
    if (file.size > size) file.truncate(size);
    const bytes = new Uint8Array(this.#tail.buffer, 0, this.#tailCount * this.entryBytes);
    if (bytes.length === 0) return;
    file.append(bytes);
    for (let from = 0; from < this.#tailCount;) {
      const [block, within] = [Math.floor(this.#stored / BLOCK_ENTRIES), this.#stored % BLOCK_ENTRIES];
      const to = Math.min(this.#tailCount, from + BLOCK_ENTRIES - within);
      this.#crcs[block] = crc32c(bytes, from * this.entryBytes, to * this.entryBytes, within === 0 ? 0 : this.#crcs[block]);
      this.#stored += to - from;
      from = to;
    }
    this.#tail = noEntries;
    this.#tailCount = 0;
  }

  /** Has the file, if there is one, carry a longer name. Who reads it goes on. */
  rename(suffix: string): void {
    const from = this.#path;
    const to = from + suffix;
    const { disk } = this.files;
    if (this.#file !== null) this.#file.rename(to);
    else if (disk.stat(from) !== null) disk.rename(from, to);
    this.#suffix += suffix;
  }

  /** Gives the descriptor back. */
  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  /** Makes room for one more entry and has `put` write it. */
  protected add(put: (view: DataView, at: number) => void): void {
    const at = this.#tailCount * this.entryBytes;
    if (at + this.entryBytes > this.#tail.byteLength) {
      const grown = new Uint8Array(Math.max(this.entryBytes * 16, this.#tail.byteLength * 2));
      grown.set(new Uint8Array(this.#tail.buffer));
      this.#tail = new DataView(grown.buffer);
    }
    put(this.#tail, at);
    this.#tailCount++;
  }

  /** What `read` makes of an entry. */
  protected at<T>(index: number, read: (view: DataView, at: number) => T): T {
    if (index >= this.#stored) return read(this.#tail, (index - this.#stored) * this.entryBytes);
    this.#checkBlock(Math.floor(index / BLOCK_ENTRIES));
    this.#opened().read(new Uint8Array(entry.buffer, 0, this.entryBytes), index * this.entryBytes);
    return read(entry, 0);
  }

  /** The last entry whose key, as `keyAt` reads it, is at most `key`; -1 without one. */
  protected floor(key: number, keyAt: (view: DataView, at: number) => number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle, keyAt) <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #checkBlock(block: number): void {
    if (this.#unchecked[block] !== 1) return;
    const first = block * BLOCK_ENTRIES;
    const bytes = new Uint8Array(Math.min(BLOCK_ENTRIES, this.#stored - first) * this.entryBytes);
    const length = this.#opened().read(bytes, first * this.entryBytes);
    if (length < bytes.length || crc32c(bytes) !== this.#crcs[block]) throw new WrongIndexError(this.#path);
    this.#unchecked[block] = 0;
  }

  #opened(): CachedFile {
    return this.#file ??= this.files.open(this.#path);
  }

  get #path(): string {
    return this.paths.pathOf(this.kind) + this.#suffix;
  }
}

/** What an offset index tells of a place where a batch begins: its last offset, which is not known of the first batch. */
export interface IndexedPosition {
  readonly position: number;
  readonly lastOffset: number | null;
}

/** Where every segment begins. */
export const FIRST_BATCH: IndexedPosition = { position: 0, lastOffset: null };

/** Kafka's `OffsetIndex`: entries of the last offset of a batch, relative to the segment's base (int32), and the batch's position (int32). */
export class OffsetIndex extends SparseIndex {
  static readonly ENTRY_BYTES = 8;

  constructor(files: FileCache, paths: SegmentPaths, baseOffset: number) {
    super(files, paths, "index", baseOffset, OffsetIndex.ENTRY_BYTES);
  }

  append(lastOffset: number, position: number): void {
    this.add((view, at) => {
      view.setInt32(at, lastOffset - this.baseOffset);
      view.setInt32(at + 4, position);
    });
  }

  /** A position in the log at or before the batch that holds `offset`. */
  lookup(offset: number): IndexedPosition {
    return this.#entry(this.floor(offset - this.baseOffset, int32At));
  }

  /** The entry before `position`, or the first batch. */
  before(position: number): IndexedPosition {
    return this.#entry(this.floor(position - 1, positionAt));
  }

  /** A last offset of a batch at `position` or behind it, or null where none is known. Kafka: `OffsetIndex.fetchUpperBoundOffset`. */
  offsetFrom(position: number): number | null {
    const index = this.floor(position - 1, positionAt) + 1;
    return index >= this.count ? null : this.baseOffset + this.at(index, int32At);
  }

  /** The position of the last batch that has an entry, or 0. */
  get lastPosition(): number {
    return this.count === 0 ? 0 : this.at(this.count - 1, positionAt);
  }

  #entry(index: number): IndexedPosition {
    return index < 0 ? FIRST_BATCH : { position: this.at(index, positionAt), lastOffset: this.baseOffset + this.at(index, int32At) };
  }
}

/**
 * Kafka's `TimeIndex`: entries of a timestamp (int64) and an offset relative to the segment's base (int32). An entry (t, o) says that nothing
 * up to offset o has a timestamp above t, and that the batch ending with o has t. Both grow from entry to entry.
 */
export class TimeIndex extends SparseIndex {
  static readonly ENTRY_BYTES = 12;
  /** Null while nobody has asked. */
  #lastTimestamp: number | null = null;

  constructor(files: FileCache, paths: SegmentPaths, baseOffset: number) {
    super(files, paths, "timeindex", baseOffset, TimeIndex.ENTRY_BYTES);
  }

  /** The largest timestamp, or -1; it is read from the file once. */
  get lastTimestamp(): number {
    return this.#lastTimestamp ??= this.count === 0 ? -1 : this.at(this.count - 1, timestampAt);
  }

  override clear(): void {
    super.clear();
    this.#lastTimestamp = null;
  }

  /** Adds an entry unless its timestamp is no larger than the last one's. Does not fail once {@link lastTimestamp} has been asked for. */
  maybeAppend(timestamp: number, offset: number): void {
    if (timestamp <= this.lastTimestamp) return;
    this.#lastTimestamp = timestamp;
    this.add((view, at) => {
      view.setInt32(at, Math.floor(timestamp / 2 ** 32));
      view.setUint32(at + 4, timestamp >>> 0);
      view.setInt32(at + 8, offset - this.baseOffset);
    });
  }

  /** The offset behind which a record of at least `timestamp` is to be looked for. */
  lookup(timestamp: number): number {
    const index = this.floor(timestamp, timestampAt);
    return index < 0 ? this.baseOffset : this.baseOffset + this.at(index, (view, at) => view.getInt32(at + 8));
  }
}

function int32At(view: DataView, at: number): number {
  return view.getInt32(at);
}

function positionAt(view: DataView, at: number): number {
  return view.getInt32(at + 4);
}

function timestampAt(view: DataView, at: number): number {
  return view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
}
