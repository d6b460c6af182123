import type { DiskFile } from "../platform/mod.ts";
import { StorageError } from "./storage_error.ts";

/** What {@link FileRecords} needs of a segment. */
interface RecordsFile {
  readonly path: string;
  readonly file: DiskFile;
  offsetFrom(position: number): number;
}

/** Batches as they stand in a segment's file (Kafka's `FileRecords`), read when they are copied. The last one may be cut off. */
export class FileRecords {
  constructor(private readonly segment: RecordsFile, private readonly position: number, readonly byteLength: number) {}

  /** An offset that the batches behind these do not fall below. */
  get upperOffset(): number {
    return this.segment.offsetFrom(this.position + this.byteLength);
  }

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
