import type { FileCache } from "./file_cache.ts";
import { type SegmentPaths, SparseIndex } from "./sparse_index.ts";
import type { AbortedTransaction } from "./transactions.ts";

const VERSION = 0;

/**
 * Kafka's `TransactionIndex`: the transactions whose abort markers stand in a segment, in the order of the markers. An entry is int16 version, and int64
 * producer id, first offset, last offset (the marker's), last stable offset. There is no file until there is an entry.
 */
export class TransactionIndex extends SparseIndex {
  static readonly ENTRY_BYTES = 34;

  constructor(files: FileCache, paths: SegmentPaths, baseOffset: number) {
    super(files, paths, "txnindex", baseOffset, TransactionIndex.ENTRY_BYTES);
  }

  append({ producerId, firstOffset, lastOffset, lastStableOffset }: AbortedTransaction): void {
    this.add((view, at) => {
      view.setInt16(at, VERSION);
      for (const [index, value] of [producerId, firstOffset, lastOffset, lastStableOffset].entries()) {
        view.setBigInt64(at + 2 + index * 8, BigInt(value));
      }
    });
  }

  *entries(): Generator<AbortedTransaction, void, void> {
    for (let index = 0; index < this.count; index++) yield this.at(index, readEntry);
  }

  /** Has all entries in the file, if there are any or were. */
  override write(): void {
    if (this.count > 0 || this.isOpen) super.write();
  }
}

function readEntry(view: DataView, at: number): AbortedTransaction {
  const int64 = (offset: number): number => Number(view.getBigInt64(at + offset));
  return { producerId: int64(2), firstOffset: int64(10), lastOffset: int64(18), lastStableOffset: int64(26) };
}
