import type { Disk } from "../platform/mod.ts";
import { decodeCheckpoint, encodeCheckpoint, type LogCheckpoint } from "./checkpoint.ts";
import { DELETED_SUFFIX, type SegmentFile, segmentFileName } from "./file_names.ts";
import { overwriteBytes, readBytes } from "./text_files.ts";

const KINDS = ["log", "index", "timeindex", "txnindex", "snapshot", "ottla"] as const;

/** The files of a segment by their names, and its checkpoint. Methods throw `DiskError`. */
export class SegmentFiles {
  #checkpointedSize = 0;
  /** What stands behind the names of files that are to go, once that is so. */
  #deletedSuffix: string | null = null;

  /** @param suffix stands behind all names */
  constructor(
    private readonly disk: Disk,
    private readonly directory: string,
    private readonly baseOffset: number,
    private readonly suffix = "",
  ) {}

  pathOf(kind: SegmentFile): string {
    return `${this.directory}/${segmentFileName(this.baseOffset, kind)}${this.suffix}`;
  }

  /** The checkpoint of a segment of `size` bytes, or null if there is none, or one that cannot be right. */
  readCheckpoint(size: number): LogCheckpoint | null {
    const bytes = readBytes(this.disk, this.pathOf("ottla"));
    const checkpoint = bytes === null ? null : decodeCheckpoint(bytes);
    return checkpoint === null || checkpoint.segment.size > size ? null : checkpoint;
  }

  /** What it says must be durable: a checkpoint is believed whatever happens. One that says less than the last is not written. */
  writeCheckpoint(checkpoint: LogCheckpoint): void {
    if (checkpoint.segment.size < this.#checkpointedSize || this.#deletedSuffix !== null) return;
    this.#checkpointedSize = checkpoint.segment.size;
    overwriteBytes(this.disk, this.pathOf("ottla"), encodeCheckpoint(checkpoint));
  }

  /** Settles once the checkpoint, which tells of what is not there any more, is gone. */
  removeCheckpoint(): Promise<void> {
    return this.disk.remove(this.pathOf("ottla"));
  }

  /** What is to stand behind the names from now on, since the files are to go. Segments that had the same name and went before may still have files. */
  chooseDeletedSuffix(): string {
    let suffix: string = DELETED_SUFFIX;
    for (let count = 1; this.disk.stat(this.pathOf("log") + suffix) !== null; count++) suffix = `.${count}${DELETED_SUFFIX}`;
    return this.#deletedSuffix = suffix;
  }

  /** Has those that no reader needs be called so too. The snapshot tells of what was before the segment, and may be kept. */
  markDeleted({ keepSnapshot }: { keepSnapshot: boolean }): void {
    for (const kind of keepSnapshot ? ["ottla"] as const : ["snapshot", "ottla"] as const) {
      const path = this.pathOf(kind);
      if (this.disk.stat(path) !== null) this.disk.rename(path, path + this.#deletedSuffix);
    }
  }

  /** Removes all files that are to go. */
  async removeDeleted(): Promise<void> {
    for (const kind of KINDS) await this.disk.remove(this.pathOf(kind) + this.#deletedSuffix);
  }
}
