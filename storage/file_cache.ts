import { type Disk, DiskError, type DiskFile } from "../platform/mod.ts";
import { sparing } from "./sparing_disk.ts";
import { Turns } from "./turns.ts";

/** Of the files that were used least lately, so many are looked at for one that is better closed than the first. */
const CANDIDATES = 8;
/** At least so many descriptors are left to connections, where there are that many. */
const LEFT_FOR_OTHERS = 600;
const FEWEST_FILES = 16;
/** More syncs at a time than this are no faster. */
const MOST_SYNCS = 256;

/** How many files of logs may be open at a time where the process may have `descriptors`: three quarters, as long as connections have enough. */
export function filesWithin(descriptors: number): number {
  return Math.max(FEWEST_FILES, Math.min(Math.floor(descriptors * 3 / 4), descriptors - LEFT_FOR_OTHERS));
}

/**
 * Files of which only some are open at a time: one that was not used lately gives its descriptor to the next. Ten thousand partitions so do with a few
 * hundred descriptors.
 */
export class FileCache {
  /** Those that are open, the longest open first. */
  readonly #open = new Set<CachedFile>();

  /** Whatever needs a descriptor for as long as a sync takes goes through these. */
  readonly turns: Turns;
  /** For all that needs a descriptor: where none is left, files of the cache are closed. */
  readonly disk: Disk;
  /** Most files that are open. It falls where the system does not have so many descriptors. */
  limit: number;

  /** @param limit most descriptors at a time, those of syncs among them */
  constructor(disk: Disk, limit: number) {
    const turns = Math.min(MOST_SYNCS, Math.max(1, limit >> 3));
    this.turns = new Turns(turns);
    this.limit = Math.max(1, limit - turns);
    this.disk = sparing(disk, () => this.#shrink());
  }

  /** A file that is there and holds `size` bytes. It is opened when it is first used. */
  known(path: string, size: number): CachedFile {
    return new CachedFile(this, path, size, null);
  }

  /** Opens a file, making it if need be. Throws `DiskError`. */
  open(path: string): CachedFile {
    this.#makeRoom();
    const file = this.disk.open(path, { create: true });
    const cached = new CachedFile(this, path, file.size, file);
    this.#open.add(cached);
    return cached;
  }

  /** How many files are open. */
  get openCount(): number {
    return this.#open.size;
  }

  /** For {@link CachedFile}. */
  reopen(cached: CachedFile): DiskFile {
    this.#makeRoom();
    const file = this.disk.open(cached.path);
    this.#open.add(cached);
    return file;
  }

  /** For {@link CachedFile}. */
  forget(cached: CachedFile): void {
    this.#open.delete(cached);
  }

  /** Half of what is open has to do from now on. Answers whether a file could be closed. */
  #shrink(): boolean {
    const before = this.#open.size;
    this.limit = Math.max(1, before >> 1);
    this.#makeRoom();
    return this.#open.size < before;
  }

  #makeRoom(): void {
    while (this.#open.size >= this.limit) {
      const victim = this.#victim();
      if (victim === null) return;
      victim.giveUp();
    }
  }

  /**
   * The next to be closed: one that was not used since the last look, without unsynced bytes if there is such near. (What a sync of a file that was opened anew
   * would not hear of, an error in writing bytes of the old descriptor, Linux keeps for it.)
   */
  #victim(): CachedFile | null {
    let unsynced: CachedFile | null = null;
    let looked = 0;
    for (const cached of this.#open) {
      if (cached.isSyncing) continue;
      if (cached.wasUsed) {
        cached.wasUsed = false;
        this.#open.delete(cached);
        this.#open.add(cached);
      } else if (cached.isUnsynced) {
        unsynced ??= cached;
        if (++looked === CANDIDATES) return unsynced;
      } else {
        return cached;
      }
    }
    return unsynced;
  }
}

/** A file of a {@link FileCache}. */
export class CachedFile implements DiskFile {
  /** Since the cache last looked for one to close. */
  wasUsed = true;
  /** Something was written that no sync has covered. */
  isUnsynced = false;
  #syncs = 0;
  #closed = false;

  /** The cache makes them. */
  constructor(private readonly cache: FileCache, public path: string, private known: number, private file: DiskFile | null) {}

  get size(): number {
    return this.file?.size ?? this.known;
  }

  get isSyncing(): boolean {
    return this.#syncs > 0;
  }

  read(into: Uint8Array, position: number): number {
    return this.#use().read(into, position);
  }

  append(bytes: Uint8Array): void {
    this.isUnsynced = true;
    this.#use().append(bytes);
  }

  overwrite(bytes: Uint8Array, position: number): void {
    this.isUnsynced = true;
    this.#use().overwrite(bytes, position);
  }

  truncate(size: number): void {
    this.isUnsynced = true;
    this.#use().truncate(size);
  }

  sync(): Promise<void> {
    return this.cache.turns.take(async () => {
      const file = this.#use();
      this.#syncs++;
      this.isUnsynced = false;
      try {
        await file.sync();
      } finally {
        this.#syncs--;
      }
    });
  }

  /** No sync may be under way. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.giveUp();
  }

  /** Has the file carry another name. Who reads it goes on. */
  rename(to: string): void {
    this.cache.disk.rename(this.path, to);
    this.path = to;
  }

  /** Gives the descriptor back until the file is used again. No sync may be under way. */
  giveUp(): void {
    if (this.file === null) return;
    this.known = this.file.size;
    this.file.close();
    this.file = null;
    this.cache.forget(this);
  }

  #use(): DiskFile {
    if (this.#closed) throw new Error(`assertion: ${this.path} is closed`);
    this.wasUsed = true;
    return this.file ??= this.#reopen();
  }

  #reopen(): DiskFile {
    const file = this.cache.reopen(this);
    if (file.size === this.known) return file;
    file.close();
    this.cache.forget(this);
    throw new DiskError("EIO", "open", this.path, { cause: `it holds ${file.size} bytes, not the ${this.known} that it had` });
  }
}
