import type { StorageEnvironment } from "./environment.ts";
import { encodeLeaderEpochs, type EpochEntry, LEADER_EPOCH_FILE } from "./leader_epochs.ts";
import { encodePartitionMetadata, PARTITION_METADATA_FILE } from "./partition_metadata.ts";
import { encodeStartOffset, START_OFFSET_FILE } from "./start_offset.ts";
import type { FileCache } from "./file_cache.ts";
import type { Turns } from "./turns.ts";
import type { NameSync } from "./name_sync.ts";
import { replaceText, syncFile, writeBytes } from "./text_files.ts";

const encoder = new TextEncoder();
/** What the first work comes behind; thousands of partitions share it. */
const nothing = Promise.resolve();

/**
 * The file that a log leaves when a sync has failed. The system may go on to show what was written, and say of later syncs that all is well, though it is on
 * no disk: whoever opens the log next writes all of it again that was not durable before.
 */
export const SYNC_FAILED_FILE = "sync-failed";

/** What is known of a partition's directory and its `partition.metadata`: not there, there, or there and sure to survive a power cut. */
export type DirectoryState = "absent" | "written" | "durable";

/** The directory of a partition: its names and what stands in it beside the segments. Methods throw `DiskError`. */
export class PartitionDirectory {
  #background = nothing;
  #startOffsets = nothing;
  /** The largest that was written. */
  #startOffset = 0;
  /** How often something has come that is not durable. */
  #prepared = 0;

  /** @param root of the directory that holds this one */
  constructor(
    private readonly env: StorageEnvironment,
    private readonly files: FileCache,
    private readonly root: NameSync,
    readonly path: string,
    private readonly topicId: string,
    private state: DirectoryState,
  ) {}

  get exists(): boolean {
    return this.state !== "absent";
  }

  /** For whatever needs a descriptor of its own for as long as a sync takes. */
  get turns(): Turns {
    return this.files.turns;
  }

  /** Has the directory ready for a new file. */
  prepare(): void {
    if (this.state === "absent") {
      this.env.disk.makeDirectory(this.path);
      writeBytes(this.env.disk, `${this.path}/${PARTITION_METADATA_FILE}`, encoder.encode(encodePartitionMetadata(this.topicId)));
    }
    this.state = "written";
    this.#prepared++;
  }

  /** Settles once a power cut takes no file away, nor the knowledge whose they are. */
  async sync(): Promise<void> {
    if (this.state !== "written") return;
    const { disk } = this.env;
    const prepared = this.#prepared;
    await this.turns.take(async () => {
      await syncFile(disk, `${this.path}/${PARTITION_METADATA_FILE}`);
      await disk.syncDirectory(this.path);
    });
    await this.root.sync();
    // A file that has come since begins anew.
    if (prepared === this.#prepared) this.state = "durable";
  }

  /** Writes the leader epochs in the background: all but the newest stand in the batches too. */
  checkpointEpochs(entries: readonly EpochEntry[]): void {
    if (!this.exists) return;
    const text = encodeLeaderEpochs(entries);
    this.inBackground(async () => {
      try {
        await this.turns.take(() => replaceText(this.env.disk, this.path, LEADER_EPOCH_FILE, text));
      } catch (error) {
        this.env.logger.warn("cannot write leader epochs", { log: this.path, error: String(error) });
      }
    });
  }

  /** Settles once whoever opens the log knows for sure that it starts at `offset`, or behind it: it never goes back. */
  writeStartOffset(offset: number): Promise<void> {
    const write = async (): Promise<void> => {
      if (offset <= this.#startOffset) return;
      try {
        await this.turns.take(() => replaceText(this.env.disk, this.path, START_OFFSET_FILE, encodeStartOffset(offset)));
      } catch (error) {
        // The file may have its name, though not durably: whoever opens the log next must not take it for what it is not.
        this.state = "written";
        this.#prepared++;
        throw error;
      }
      this.#startOffset = offset;
    };
    return this.#startOffsets = this.#startOffsets.then(write, write);
  }

  /** Leaves {@link SYNC_FAILED_FILE}, as well as it can on such a disk. */
  noteFailedSync(): void {
    writeBytes(this.env.disk, `${this.path}/${SYNC_FAILED_FILE}`, new Uint8Array());
  }

  /** Runs `work`, which does not throw, behind what runs already. */
  inBackground(work: () => Promise<void>): void {
    this.#background = this.env.pending.track(this.#background.then(work));
  }

  /** Settles once nothing runs in the background, and no start is being written. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#background, this.#startOffsets]);
  }
}
