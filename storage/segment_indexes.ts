import { DiskError } from "../platform/mod.ts";
import type { IndexExtent, SegmentSummary } from "./checkpoint.ts";
import type { FileCache } from "./file_cache.ts";
import type { SegmentFiles } from "./segment_files.ts";
import { OffsetIndex, TimeIndex, WrongIndexError } from "./sparse_index.ts";
import { TransactionIndex } from "./transaction_index.ts";

type IndexExtents = Pick<SegmentSummary, "offsetIndex" | "timeIndex" | "transactionIndex">;

/** The three indexes of a segment. Methods throw `DiskError`. */
export class SegmentIndexes {
  readonly offset: OffsetIndex;
  readonly time: TimeIndex;
  readonly transactions: TransactionIndex;
  /** Whether the index of aborted transactions is right: the batches of the segment alone do not tell. */
  knowsAborted = true;

  constructor(files: FileCache, names: SegmentFiles, baseOffset: number) {
    this.offset = new OffsetIndex(files, names, baseOffset);
    this.time = new TimeIndex(files, names, baseOffset);
    this.transactions = new TransactionIndex(files, names, baseOffset);
  }

  /** What of them stands in the files. */
  get stored(): IndexExtents {
    const transactionIndex: IndexExtent | null = this.knowsAborted ? this.transactions.stored : null;
    return { offsetIndex: this.offset.stored, timeIndex: this.time.stored, transactionIndex };
  }

  /** Takes what the files should hold. */
  restore({ offsetIndex, timeIndex, transactionIndex }: IndexExtents): void {
    this.offset.restore(offsetIndex);
    this.time.restore(timeIndex);
    this.restoreAborted(transactionIndex);
  }

  /** Takes what the file of aborted transactions should hold. Those are few, and other files cannot tell them: all are looked at. */
  restoreAborted(extent: IndexExtent | null): void {
    this.knowsAborted = false;
    if (extent === null) return;
    this.transactions.restore(extent);
    try {
      this.transactions.check();
      this.knowsAborted = true;
    } catch (error) {
      if (!(error instanceof WrongIndexError)) throw error;
      this.transactions.clear();
    }
  }

  clear(): void {
    for (const index of this.#all) index.clear();
  }

  /** Has the files hold what the indexes hold. */
  write(): void {
    for (const index of this.#all) index.write();
  }

  /** The same; where the disk does not let that be, they stay in memory. */
  tryToWrite(): void {
    try {
      this.write();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
    }
  }

  /** Has the files carry a longer name. */
  rename(suffix: string): void {
    for (const index of this.#all) index.rename(suffix);
  }

  /** Gives the descriptors back. */
  close(): void {
    for (const index of this.#all) index.close();
  }

  get #all(): readonly [OffsetIndex, TimeIndex, TransactionIndex] {
    return [this.offset, this.time, this.transactions];
  }
}
