import { DiskError, type DiskFile } from "../platform/mod.ts";

/** Whether an operation on a file did not even begin, because the file could not be opened: it has harmed nothing, and may be tried again. */
export function hasNotBegun(error: unknown): boolean {
  return error instanceof DiskError && error.operation === "open";
}

/**
 * Group commit: at most one `sync` of a file is under way, and one more serves everybody who asked meanwhile. A failed one is final, because
 * the pages it was to save may be gone (the fsync lesson of PostgreSQL): whoever asks afterwards gets the same error. Only one whose
 * file could not be opened has harmed nothing.
 */
export class GroupSync {
  /** Bytes of the file that are known to be durable. */
  #durable: number;
  /** Bytes that the running sync covers. */
  #covered = 0;
  /** Whether the file was cut since the last sync began: until the next one, a power cut may bring the bytes back. */
  #cut = false;
  #running: Promise<void> | null = null;
  #waiting: Promise<void> | null = null;
  #failure: unknown = null;

  constructor(private readonly file: DiskFile, durable: number) {
    this.#durable = durable;
  }

  /** Whether the file was changed in a way that no sync has covered. */
  get dirty(): boolean {
    return this.#cut || this.#durable < this.file.size;
  }

  /** Settles once everything that is in the file now is durable. */
  sync(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (this.#running === null) return this.dirty ? this.#start() : Promise.resolve();
    if (!this.#cut && this.#covered >= this.file.size) return this.#running;
    const next = (): Promise<void> => {
      this.#waiting = null;
      return this.sync();
    };
    return this.#waiting ??= this.#running.then(next, next);
  }

  /** The first `durable` bytes are known to be durable, and no others. For a file that was found. */
  resume(durable: number): void {
    this.#durable = durable;
  }

  /** Settles once no sync uses the file, so that it may be closed. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running.catch(ignoreReported);
  }

  /** Cuts the file to `size` bytes. */
  truncate(size: number): void {
    this.file.truncate(size);
    this.#cut = true;
    this.#durable = Math.min(this.#durable, size);
  }

  #start(): Promise<void> {
    this.#covered = this.file.size;
    this.#cut = false;
    this.#running = this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    const covered = this.#covered;
    try {
      await this.file.sync();
      this.#durable = Math.min(covered, this.file.size);
    } catch (error) {
      if (!hasNotBegun(error)) this.#failure = error;
      throw error;
    } finally {
      this.#running = null;
    }
  }
}

/** The failure went to those who asked for the sync. */
function ignoreReported(_error: unknown): void {}
