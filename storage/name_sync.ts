import type { Disk } from "../platform/mod.ts";

/** Makes the names in a directory durable for many who ask: one sync is under way, and one more serves all who have asked since it began. */
export class NameSync {
  #running: Promise<void> | null = null;
  #waiting: Promise<void> | null = null;

  constructor(private readonly disk: Disk, private readonly path: string) {}

  /** Settles once every name that is in the directory now is durable. Throws `DiskError`. */
  sync(): Promise<void> {
    if (this.#running === null) return this.#running = this.disk.syncDirectory(this.path).finally(() => this.#running = null);
    const next = (): Promise<void> => {
      this.#waiting = null;
      return this.sync();
    };
    return this.#waiting ??= this.#running.then(next, next);
  }
}
