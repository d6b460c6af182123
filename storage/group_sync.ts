import { DiskError, type DiskFile } from "../platform/mod.ts";

/** Whether an operation on a file did not even begin, because the file could not be opened: it has harmed nothing, and may be tried again. */
export function hasNotBegun(error: unknown): boolean {
  return error instanceof DiskError && error.operation === "open";
}

/** What a file's first sync comes behind. */
const nothing = Promise.resolve();

/**
 * Group commit: at most one `sync` of a file is under way, and one more serves everybody who asked meanwhile. It begins behind all that the event loop has in hand:
 * of many connections that have sent something, each has appended it by then. A failed one is final, because the pages it was to save may be gone (the
 * fsync lesson of PostgreSQL): whoever asks afterwards gets the same error. Only one whose file could not be opened has harmed nothing.
 */
export class GroupSync {
  /** Bytes of the file that are known to be durable. */
  #durable: number;
  /** Whether the file was cut since the last sync began: until the next one, a power cut may bring the bytes back. */
  #cut = false;
  #running = nothing;
  /** The one that has not begun. */
  #next: Promise<void> | null = null;
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
    const begin = (): Promise<void> => {
      this.#next = null;
      return this.#running = this.#run();
    };
    return this.#next ??= this.#running.then(begin, begin);
  }

  /** The first `durable` bytes are known to be durable, and no others. For a file that was found. */
  resume(durable: number): void {
    this.#durable = durable;
  }

  /** Settles once no sync uses the file, so that it may be closed. */
  async idle(): Promise<void> {
    for (let last = null; last !== this.#running;) {
      await this.#next?.catch(ignoreReported);
      last = this.#running;
      await last.catch(ignoreReported);
    }
  }

  /** Cuts the file to `size` bytes. */
  truncate(size: number): void {
    this.file.truncate(size);
    this.#cut = true;
    this.#durable = Math.min(this.#durable, size);
  }

  async #run(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (!this.dirty) return;
    const covered = this.file.size;
    const cut = this.#cut;
    this.#cut = false;
    try {
      await this.file.sync();
      this.#durable = Math.min(covered, this.file.size);
    } catch (error) {
      this.#cut ||= cut;
      if (!hasNotBegun(error)) this.#failure = error;
      throw error;
    }
  }
}

/** The failure went to those who asked for the sync. */
function ignoreReported(_error: unknown): void {}
