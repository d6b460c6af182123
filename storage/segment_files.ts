import type { Disk } from "../platform/mod.ts";
import { decodeCheckpoint, encodeCheckpoint, type LogCheckpoint } from "./checkpoint.ts";
import { DELETED_SUFFIX, type SegmentFile, segmentFileName } from "./file_names.ts";
import { readBytes, writeBytes } from "./text_files.ts";

/** What stands beside the `.log` of a segment. */
const BESIDE = ["index", "timeindex", "txnindex", "snapshot", "ottla"] as const;

/** The files of a segment by their names, and its checkpoint. Methods throw `DiskError`. */
export class SegmentFiles {
  #checkpointedSize = 0;

  constructor(private readonly disk: Disk, private readonly directory: string, private readonly baseOffset: number) {}

  pathOf(kind: SegmentFile): string {
    return `${this.directory}/${segmentFileName(this.baseOffset, kind)}`;
  }

  /** The checkpoint of a segment of `size` bytes, or null if there is none, or one that cannot be right. */
  readCheckpoint(size: number): LogCheckpoint | null {
    const bytes = readBytes(this.disk, this.pathOf("ottla"));
    const checkpoint = bytes === null ? null : decodeCheckpoint(bytes);
    return checkpoint === null || checkpoint.segment.size > size ? null : checkpoint;
  }

  /** What it says must be durable: a checkpoint is believed whatever happens. One that says less than the last is not written. */
  writeCheckpoint(checkpoint: LogCheckpoint): void {
    if (checkpoint.segment.size < this.#checkpointedSize) return;
    this.#checkpointedSize = checkpoint.segment.size;
    writeBytes(this.disk, this.pathOf("ottla"), encodeCheckpoint(checkpoint));
  }

  /** Settles once the checkpoint, which tells of what is not there any more, is gone. */
  removeCheckpoint(): Promise<void> {
    return this.disk.remove(this.pathOf("ottla"));
  }

  /** Has what stands beside the `.log` carry the mark of deleted files. */
  markDeleted(): void {
    for (const kind of BESIDE) {
      const path = this.pathOf(kind);
      if (this.disk.stat(path) !== null) this.disk.rename(path, path + DELETED_SUFFIX);
    }
  }

  /** Removes all files that carry it. */
  async removeDeleted(): Promise<void> {
    for (const kind of ["log", ...BESIDE] as const) await this.disk.remove(this.pathOf(kind) + DELETED_SUFFIX);
  }
}
