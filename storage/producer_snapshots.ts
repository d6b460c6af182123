import { type Disk, DiskError } from "../platform/mod.ts";
import { offsetOfFile, segmentFileName } from "./file_names.ts";
import { decodeProducerSnapshot, encodeProducerSnapshot, type ProducerSnapshotEntry } from "./producer_snapshot.ts";
import { readBytes, syncFile, writeBytes } from "./text_files.ts";
import type { Turns } from "./turns.ts";

/**
 * The `.snapshot` files of a log: who its producers were at an offset (Kafka's `ProducerStateManager`). One is written when a segment is rolled
 * and when the log is closed. They are a cache of what the batches below say, and all that is left of it once those are deleted: so they are durable before
 * anything is believed to be that stands behind them.
 */
export class ProducerSnapshots {
  /** Offsets for which there is a file, rising. */
  readonly #offsets: number[];
  /** Those of them whose files a power cut may still take away. */
  #unsynced: number[] = [];
  /** Those that were there, and of which nobody knows whether a power cut takes them away. */
  #doubtful: number[];

  /** @param names what there is in `directory` @param unclean the process that wrote it did not come to its end */
  constructor(private readonly disk: Disk, private readonly directory: string, names: readonly string[], unclean = false) {
    this.#offsets = names.map((name) => offsetOfFile(name, "snapshot")).filter((offset) => offset !== null).sort((a, b) => a - b);
    this.#doubtful = unclean ? [...this.#offsets] : [];
  }

  /** The producers at the newest offset up to `offset` for which there is a sound file; none if there is none. */
  latest(offset: number): readonly ProducerSnapshotEntry[] {
    for (const candidate of this.#offsets.filter((known) => known <= offset).reverse()) {
      const entries = this.#read(candidate);
      if (entries !== null) return entries;
    }
    return [];
  }

  /** Whether there is a sound file for `offset` that a power cut leaves, as far as it can be read and synced; those written since are with {@link sync}. */
  async has(offset: number, turns: Turns): Promise<boolean> {
    try {
      if (!this.#offsets.includes(offset) || this.#read(offset) === null) return false;
      if (this.#doubtful.includes(offset)) await turns.take(() => syncFile(this.disk, this.#path(offset)));
      this.#doubtful = without(this.#doubtful, offset);
      return true;
    } catch (error) {
      if (error instanceof DiskError) return false;
      throw error;
    }
  }

  /** Writes the producers at `offset`, unless that is known. Throws `DiskError`. */
  take(offset: number, entries: readonly ProducerSnapshotEntry[]): void {
    if (offset > (this.#offsets.at(-1) ?? 0)) this.write(offset, entries);
  }

  /** Writes the producers at `offset`, whatever there is. Throws `DiskError`. */
  write(offset: number, entries: readonly ProducerSnapshotEntry[]): void {
    // Also where the disk says that it failed all may stand there, and who opens the log next believes it.
    this.#unsynced = [...without(this.#unsynced, offset), offset];
    writeBytes(this.disk, this.#path(offset), encodeProducerSnapshot(entries));
    this.#doubtful = without(this.#doubtful, offset);
    if (this.#offsets.includes(offset)) return;
    this.#offsets.push(offset);
    this.#offsets.sort((a, b) => a - b);
  }

  /** Settles once the content of each is durable; their names are the directory's. Throws `DiskError`. */
  async sync(turns: Turns): Promise<void> {
    for (let offset = this.#unsynced.at(0); offset !== undefined; offset = this.#unsynced.at(0)) {
      const path = this.#path(offset);
      try {
        await turns.take(() => syncFile(this.disk, path));
      } catch (error) {
        // Compaction has taken it away, with its segment.
        if (!(error instanceof DiskError && error.code === "ENOENT")) throw error;
      }
      this.#unsynced = without(this.#unsynced, offset);
    }
  }

  /** Writes all files again, as they are: what a failed sync has left nobody can know (`loader.ts`). Throws `DiskError`. */
  async writeAgain(turns: Turns): Promise<void> {
    for (const offset of this.#offsets) {
      const entries = this.#read(offset);
      if (entries !== null) this.write(offset, entries);
    }
    await this.sync(turns);
  }

  /** The file of `offset` is gone, with its segment. */
  forget(offset: number): void {
    this.#unsynced = without(this.#unsynced, offset);
  }

  /** Removes the files that are not sound: a crash has left them, or a hand. Throws `DiskError`. */
  async removeDamaged(): Promise<void> {
    for (const offset of [...this.#offsets]) {
      if (this.#read(offset) !== null) continue;
      await this.disk.remove(this.#path(offset));
      this.forget(offset);
      this.#offsets.splice(this.#offsets.indexOf(offset), 1);
    }
  }

  /**
   * Removes what was taken of a log that has been cut since, and what no segment begins with but the newest, which a clean stop has left
   * (Kafka: `removeStraySnapshots`). Throws `DiskError`.
   */
  async removeStrays(segmentOffsets: readonly number[], logEndOffset: number): Promise<void> {
    const newest = this.#offsets.findLast((offset) => offset <= logEndOffset);
    const kept = this.#offsets.filter((offset) => offset === newest || (offset <= logEndOffset && segmentOffsets.includes(offset)));
    for (const offset of this.#offsets) {
      if (kept.includes(offset)) continue;
      await this.disk.remove(this.#path(offset));
      this.forget(offset);
    }
    this.#offsets.splice(0, Infinity, ...kept);
  }

  #read(offset: number): readonly ProducerSnapshotEntry[] | null {
    const bytes = readBytes(this.disk, this.#path(offset));
    return bytes === null ? null : decodeProducerSnapshot(bytes);
  }

  #path(offset: number): string {
    return `${this.directory}/${segmentFileName(offset, "snapshot")}`;
  }
}

function without(offsets: readonly number[], offset: number): number[] {
  return offsets.filter((other) => other !== offset);
}
