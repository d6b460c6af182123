import type { PartitionId, StorageEnvironment } from "./environment.ts";
import { deletedDirectoryName, parsePartitionDirectory, partitionDirectoryName, strayDirectoryName } from "./file_names.ts";
import type { LoadedLog } from "./loader.ts";
import { NameSync } from "./name_sync.ts";
import { decodePartitionMetadata, encodePartitionMetadata, mayBeUnsynced, PARTITION_METADATA_FILE } from "./partition_metadata.ts";
import { StorageError } from "./storage_error.ts";
import { readText, replaceText } from "./text_files.ts";

/** Whether somebody knows a partition of a topic with this id, or with one that cannot be read. */
export type KnowsPartition = (topic: string, partition: number, topicId: string | null) => boolean;

/** The directories of partitions in a data directory: whose they are, and how they go. Methods throw `DiskError`. */
export class PartitionDirectories {
  /** Their names. */
  readonly names: NameSync;
  /** What {@link setStraysAside} has read, until the partition is opened. */
  readonly #topicIds = new Map<string, string>();

  /** @param forget is called when a name is about to be free: what is noted elsewhere is no news of the next that has it */
  constructor(private readonly env: StorageEnvironment, private readonly root: string, private readonly forget: (name: string) => void) {
    this.names = new NameSync(env.disk, root);
  }

  pathOf(name: string): string {
    return `${this.root}/${name}`;
  }

  /** Renames those that are not `known`, and not open, to `….-stray`, durably. */
  async setStraysAside(known: KnowsPartition, isOpen: (name: string) => boolean): Promise<void> {
    for (const name of this.env.disk.list(this.root)) {
      const parsed = parsePartitionDirectory(name);
      if (parsed === null || isOpen(name)) continue;
      const topicId = this.#readTopicId(name);
      if (known(parsed.topic, parsed.partition, topicId)) {
        if (topicId !== null) this.#topicIds.set(name, topicId);
        continue;
      }
      this.#putAside(name, "put aside a partition that no topic has", topicId);
    }
    await this.names.sync();
  }

  /**
   * Whether the log that was found in the directory of a partition belongs to it. If not, it is closed, and the directory has been put aside, or has nothing in
   * it but at most an empty `partition.metadata`. Throws {@link StorageError} where it is another topic's.
   */
  async belongsTo(id: PartitionId, found: LoadedLog): Promise<boolean> {
    const name = partitionDirectoryName(id.topic, id.partition);
    const topicId = this.#topicIds.get(name) ?? this.#readTopicId(name);
    this.#topicIds.delete(name);
    if (topicId === id.topicId) return true;
    if (topicId === null && this.#isSurelyNamed(name, found)) {
      this.env.logger.warn("a partition had no readable metadata file", { directory: this.pathOf(name), topicId: id.topicId });
      await replaceText(this.env.disk, this.pathOf(name), PARTITION_METADATA_FILE, encodePartitionMetadata(id.topicId));
      return true;
    }
    for (const segment of found.segments) await segment.close();
    if (topicId !== null) throw new StorageError(`${this.pathOf(name)} belongs to topic id ${topicId}, not ${id.topicId}.`);
    if (this.env.disk.list(this.pathOf(name)).every((file) => file.startsWith(PARTITION_METADATA_FILE))) return false;
    this.#putAside(name, "put aside a partition of which nothing was synced, not even whose it is", null);
    await this.names.sync();
    return false;
  }

  /**
   * Whether a directory whose topic id cannot be read has had its present owner's. It is synced with the first of a log, so that only damage takes it away from
   * what was synced. Where nothing was, a power cut may have left the records of a deleted topic of the same name, but not its id.
   */
  #isSurelyNamed(name: string, found: LoadedLog): boolean {
    return found.recoveryPoint > 0 || !mayBeUnsynced(readText(this.env.disk, `${this.pathOf(name)}/${PARTITION_METADATA_FILE}`));
  }

  /** The rename makes room for a namesake at once and durably; the files may take their time, and the next start if need be. Throws {@link StorageError}. */
  async remove(name: string): Promise<void> {
    const { disk, pending, logger } = this.env;
    this.#topicIds.delete(name);
    if (disk.stat(this.pathOf(name)) === null) return;
    const doomed = this.pathOf(deletedDirectoryName(name, this.#unique()));
    try {
      disk.rename(this.pathOf(name), doomed);
      await this.names.sync();
    } catch (cause) {
      throw new StorageError(`${this.pathOf(name)} cannot be removed.`, { cause });
    }
    const removal = disk.remove(doomed).catch((error) => logger.warn("cannot remove a deleted log", { log: doomed, error: String(error) }));
    void pending.track(removal);
  }

  #putAside(name: string, why: string, topicId: string | null): void {
    const aside = strayDirectoryName(name, this.#unique());
    this.env.logger.warn(why, { directory: name, topicId, as: aside });
    this.env.disk.rename(this.pathOf(name), this.pathOf(aside));
    this.forget(name);
  }

  #readTopicId(name: string): string | null {
    const text = readText(this.env.disk, `${this.pathOf(name)}/${PARTITION_METADATA_FILE}`);
    return text === null ? null : decodePartitionMetadata(text);
  }

  #unique(): string {
    return Array.from(this.env.random.bytes(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
