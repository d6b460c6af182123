import { type Disk, DiskError, type DiskLock } from "../platform/mod.ts";
import { StorageStartError } from "./storage_error.ts";
import { parentOf, readText, replaceText } from "./text_files.ts";

export const FORMAT_FILE = "format.json";
export const LOCK_FILE = ".lock";
export const DIRTY_FILE = "dirty";
/** Apache Kafka makes it before anything is appended, and leaves it (`FileQuorumStateStore`). */
const KAFKA_FILE = "__cluster_metadata-0/quorum-state";
/** The layout that this code writes, and the newest it reads. */
const FORMAT_VERSION = 1;
const WRITER = "ottla";
const DIRTY_TEXT = "Logs here may have grown since they were last checked. A clean stop removes this file.\n";

/**
 * A directory that holds logs, claimed by this process. `format.json` says which layout it has; the lock keeps others out; the dirty marker is
 * there, durably, before the first append and until a clean stop, so that it cannot be missing after a crash.
 */
export class DataDirectory {
  private constructor(
    private readonly disk: Disk,
    readonly path: string,
    private readonly lock: DiskLock,
    /** Whether whoever used it last did not stop cleanly. */
    readonly wasDirty: boolean,
  ) {}

  /** Claims `path`, making it if need be. Throws {@link StorageStartError}; an existing directory is then as it was. */
  static async claim(disk: Disk, path: string): Promise<DataDirectory> {
    try {
      return await claim(disk, path);
    } catch (cause) {
      if (!(cause instanceof DiskError)) throw cause;
      throw new StorageStartError(`The data directory ${path} cannot be used: ${cause.operation} failed with ${cause.code}.`, { cause });
    }
  }

  /** For `claim` alone. */
  static make(disk: Disk, path: string, lock: DiskLock, wasDirty: boolean): DataDirectory {
    return new DataDirectory(disk, path, lock, wasDirty);
  }

  /** Gives the directory back. `clean`: everything in it is durable and right. */
  async release(clean: boolean): Promise<void> {
    try {
      if (!clean) return;
      await this.disk.remove(`${this.path}/${DIRTY_FILE}`);
      await this.disk.syncDirectory(this.path);
    } finally {
      this.lock.release();
    }
  }
}

async function claim(disk: Disk, path: string): Promise<DataDirectory> {
  const known = checkFormat(disk, path);
  if (!known) await makeDirectory(disk, path);
  const lock = disk.lock(`${path}/${LOCK_FILE}`);
  if (lock === null) throw new StorageStartError(`The data directory ${path} is in use by another process.`);
  try {
    if (!known) {
      await replaceText(disk, path, FORMAT_FILE, formatText());
    }
    const wasDirty = disk.stat(`${path}/${DIRTY_FILE}`) !== null;
    if (!wasDirty) await replaceText(disk, path, DIRTY_FILE, DIRTY_TEXT);
    return DataDirectory.make(disk, path, lock, wasDirty);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function makeDirectory(disk: Disk, path: string): Promise<void> {
  disk.makeDirectory(path);
  try {
    await disk.syncDirectory(parentOf(path));
  } catch (error) {
    // A process that may touch nothing but its data directory cannot sync the parent; whoever grants that little makes the directory first.
    if (!(error instanceof DiskError && error.code === "EACCES")) throw error;
  }
}

/** Whether `path` is a data directory that this code may use; false if it is absent or empty. Throws {@link StorageStartError}. */
export function checkFormat(disk: Disk, path: string): boolean {
  const stat = disk.stat(path);
  if (stat === null) return false;
  if (stat.kind !== "directory") throw new StorageStartError(`The data directory ${path} is no directory.`);
  // What Kafka's controller and cleaner have written since is not what Ottla's checkpoints tell.
  if (disk.stat(`${path}/${KAFKA_FILE}`) !== null) {
    throw new StorageStartError(
      `Apache Kafka has written to ${path}: \`deno task import ${path}\` takes its topics into another data directory.`,
    );
  }
  const text = readText(disk, `${path}/${FORMAT_FILE}`);
  if (text === null) {
    const stranger = disk.list(path).find((name) => !name.startsWith(".") && name !== `${FORMAT_FILE}.tmp` && name !== "lost+found");
    if (stranger === undefined) return false;
    throw new StorageStartError(`The directory ${path} holds other things (${stranger}) and is no data directory of Ottla.`);
  }
  const minReader = parseMinReader(text);
  if (minReader === null) throw new StorageStartError(`The file ${path}/${FORMAT_FILE} is damaged.`);
  if (minReader > FORMAT_VERSION) {
    throw new StorageStartError(
      `The data directory ${path} needs a newer Ottla: its format is ${minReader}, this one reads up to ${FORMAT_VERSION}.`,
    );
  }
  return true;
}

/** What this code writes into {@link FORMAT_FILE}. */
export function formatText(): string {
  return `${JSON.stringify({ writer: WRITER, version: FORMAT_VERSION, minReader: FORMAT_VERSION })}\n`;
}

function parseMinReader(text: string): number | null {
  try {
    const format: unknown = JSON.parse(text);
    if (typeof format !== "object" || format === null || !("minReader" in format)) return null;
    return Number.isSafeInteger(format.minReader) ? Number(format.minReader) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
