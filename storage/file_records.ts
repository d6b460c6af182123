import { StorageError } from "./storage_error.ts";

/** Where a batch stands in a segment's file. */
export interface BatchPosition {
  readonly position: number;
  readonly size: number;
  readonly baseOffset: number;
}

/** What {@link FileRecords} needs of a segment. */
interface RecordsFile {
  readonly path: string;
  readonly nextOffset: number;
  readonly isDamaged: boolean;
  offsetFrom(position: number): number;
  copy(first: BatchPosition, target: Uint8Array): void;
}

/** Batches as they stand in a segment's file (Kafka's `FileRecords`), read when they are copied. The last one may be cut off. */
export class FileRecords {
  constructor(private readonly segment: RecordsFile, private readonly first: BatchPosition, readonly byteLength: number) {}

  /** An offset that the batches behind these do not fall below. Throws {@link StorageError}. */
  get upperOffset(): number {
    const upper = this.#read(() => this.segment.offsetFrom(this.first.position + this.byteLength));
    // Where batches are not where the index has them, it tells nothing.
    return upper > this.first.baseOffset && !this.segment.isDamaged ? upper : this.segment.nextOffset;
  }

  /** Reads into the start of `target`. Throws {@link StorageError} when the bytes cannot be read any more, or are not what they were. */
  copyInto(target: Uint8Array): void {
    this.#read(() => this.segment.copy(this.first, target.subarray(0, this.byteLength)));
  }

  #read<T>(run: () => T): T {
    try {
      return run();
    } catch (cause) {
      if (cause instanceof StorageError) throw cause;
      throw new StorageError(`${this.segment.path} cannot be read.`, { cause });
    }
  }
}
