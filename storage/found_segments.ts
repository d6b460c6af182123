import type { Disk } from "../platform/mod.ts";
import type { LogCheckpoint } from "./checkpoint.ts";
import { reportDamage } from "./damage.ts";
import type { StorageEnvironment } from "./environment.ts";
import type { FileCache } from "./file_cache.ts";
import { DELETED_SUFFIX, offsetOfFile, segmentFileName } from "./file_names.ts";
import type { LeaderEpochs } from "./leader_epochs.ts";
import { type LogConfig, randomSegmentJitter } from "./log_config.ts";
import { Segment } from "./segment.ts";

/** The segments that a log's directory has, the oldest first, and what deletions have left beside them. Methods throw `DiskError`. */
export class FoundSegments {
  readonly list: Segment[] = [];
  /** The newest segment if it is empty, and not in {@link list}. A roll that failed leaves such a file too, though the log may have gone on in the segment before. */
  empty: Segment | null = null;

  /** @param names in the directory */
  constructor(
    private readonly disk: Disk,
    readonly directory: string,
    readonly names: readonly string[],
  ) {}

  find({ clock, random, logger }: StorageEnvironment, files: FileCache, config: LogConfig, epochs: LeaderEpochs): void {
    const { indexIntervalBytes } = config;
    for (const name of this.names) {
      const baseOffset = offsetOfFile(name, "log");
      if (baseOffset === null) continue;
      const jitterMs = randomSegmentJitter(config, random);
      const options = { created: clock.now(), jitterMs, indexIntervalBytes, epochs, damaged: reportDamage(logger) };
      const size = this.disk.stat(`${this.directory}/${name}`)?.size ?? 0;
      this.list.push(Segment.existing(files, this.directory, baseOffset, size, options));
    }
    const newest = this.list.at(-1);
    // A checkpoint is written once the log has come to the segment.
    if (this.list.length > 1 && newest?.size === 0 && newest.readCheckpoint() === null) this.empty = this.list.pop()!;
    const filled = this.list.filter((segment, index) => segment.size > 0 || index === 0 || segment === newest);
    this.list.splice(0, Infinity, ...filled);
  }

  /**
   * Removes what deletions have left: segments below the start of the log, files that carry the mark, and those whose segment is gone. A segment that was the
   * newest when the start moved stays until its producers are told of elsewhere, as `hasSnapshot` knows.
   */
  async finishDeletions(startOffset: number, hasSnapshot: (baseOffset: number) => Promise<boolean>): Promise<void> {
    // Of a log that was deleted up to its end nothing is left but the newest, and perhaps what a roll that failed had left before.
    const { empty } = this;
    const isOver = empty !== null && empty.baseOffset <= startOffset && this.list.every(({ size }) => size === 0);
    if (isOver && await hasSnapshot(empty.baseOffset)) {
      this.list.push(empty);
      this.empty = null;
    }
    let first = this.list.findLastIndex(({ baseOffset }) => baseOffset <= startOffset);
    if (first > 0 && !await hasSnapshot(this.list[first].baseOffset)) first--;
    for (const segment of this.list.splice(0, Math.max(0, first))) await segment.close();
    const segments = this.empty === null ? this.list : [...this.list, this.empty];
    const kept = new Set(segments.map(({ baseOffset }) => baseOffset));
    for (const name of this.names) {
      const [, base] = /^(\d{20})\.(?:log|index|timeindex|txnindex|ottla)$/.exec(name) ?? [];
      const isOrphan = base !== undefined && !kept.has(Number(base));
      if (isOrphan || name.endsWith(DELETED_SUFFIX)) await this.disk.remove(`${this.directory}/${name}`);
    }
  }

  /** The newest checkpoint that can be believed, and the index of its segment; without one, of the first segment. */
  newestCheckpoint(): [index: number, LogCheckpoint | null] {
    for (let index = this.list.length - 1; index >= 0; index--) {
      const checkpoint = this.list[index].readCheckpoint();
      if (checkpoint !== null) return [index, checkpoint];
    }
    return [0, null];
  }

  /** Closes a segment that is not in {@link list} any more and removes its files. */
  async discard(segment: Segment): Promise<void> {
    await segment.close();
    for (const kind of ["ottla", "index", "timeindex", "txnindex", "log"] as const) {
      await this.disk.remove(`${this.directory}/${segmentFileName(segment.baseOffset, kind)}`);
    }
  }
}
