import type { Disk, DiskFile, DiskLock, DiskSpace } from "../disk.ts";
import { DiskError } from "../disk.ts";
import type { Pending } from "../pending.ts";
import { diskError } from "./errors.ts";
import { descriptorLimit } from "./limits.ts";

/**
 * The file system, through Deno's synchronous files: an append costs 1.5 µs, one that goes through the thread pool 33. `node:fs` would read
 * a little faster at a position, but loading it costs every start 35 ms.
 */
export function denoDisk(pending: Pending): Disk {
  return {
    open(path, { create = false, readOnly = false } = {}) {
      return guard("open", path, () => {
        const file = Deno.openSync(path, { read: true, write: !readOnly, create: create && !readOnly, mode: 0o644 });
        const stat = file.statSync();
        if (stat.isFile) return new DenoFile(path, file, stat.size, pending);
        file.close();
        throw new DiskError("EOTHER", "open", path);
      });
    },

    stat: (path) => guard("stat", path, () => statOf(path)),

    list: (path) => guard("list", path, () => Array.from(Deno.readDirSync(path), ({ name }) => name).sort()),

    makeDirectory(path) {
      guard("makeDirectory", path, () => Deno.mkdirSync(path, { recursive: true }));
    },

    rename: (from, to) => guard("rename", from, () => Deno.renameSync(from, to)),

    remove: (path) => pending.track(remove(path)),
    syncDirectory: (path) => pending.track(syncDirectory(path)),
    lock,
    space,
    descriptorLimit,
  };
}

class DenoFile implements DiskFile {
  #file: Deno.FsFile | null;
  /** Where the descriptor stands: appends behind appends need no seek. */
  #at = 0;

  constructor(private readonly path: string, file: Deno.FsFile, public size: number, private readonly pending: Pending) {
    this.#file = file;
  }

  read(into: Uint8Array, position: number): number {
    return guard("read", this.path, () => {
      const file = this.#seek(position);
      let done = 0;
      while (done < into.length) {
        const length = file.readSync(done === 0 ? into : into.subarray(done));
        if (length === null || length === 0) break;
        done += length;
        this.#at += length;
      }
      return done;
    });
  }

  append(bytes: Uint8Array): void {
    guard("append", this.path, () => {
      const file = this.#seek(this.size);
      for (let done = 0; done < bytes.length;) {
        const length = file.writeSync(done === 0 ? bytes : bytes.subarray(done));
        done += length;
        this.#at += length;
        this.size += length;
      }
    });
  }

  overwrite(bytes: Uint8Array, position: number): void {
    if (position + bytes.length > this.size) throw new Error(`assertion: overwrite beyond the end of ${this.path}`);
    guard("overwrite", this.path, () => {
      const file = this.#seek(position);
      for (let done = 0; done < bytes.length;) {
        const length = file.writeSync(bytes.subarray(done));
        done += length;
        this.#at += length;
      }
    });
  }

  truncate(size: number): void {
    guard("truncate", this.path, () => this.#open().truncateSync(size));
    this.size = size;
  }

  sync(): Promise<void> {
    return this.pending.track(this.#sync());
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  #seek(position: number): Deno.FsFile {
    const file = this.#open();
    if (this.#at !== position) {
      file.seekSync(position, Deno.SeekMode.Start);
      this.#at = position;
    }
    return file;
  }

  #open(): Deno.FsFile {
    if (this.#file === null) throw new Error(`assertion: ${this.path} is closed`);
    return this.#file;
  }

  async #sync(): Promise<void> {
    try {
      await this.#open().syncData();
    } catch (error) {
      throw diskError(error, "sync", this.path);
    }
  }
}

/** Of what a link leads to: people put data directories elsewhere. */
function statOf(path: string): ReturnType<Disk["stat"]> {
  try {
    const stat = Deno.statSync(path);
    const kind = stat.isFile ? "file" : stat.isDirectory ? "directory" : "other";
    return { kind, size: kind === "file" ? stat.size : 0 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw diskError(error, "remove", path);
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory, and NTFS journals names by itself.
  if (Deno.build.os === "windows") return;
  const directory = guard("open", path, () => Deno.openSync(path, { read: true }));
  try {
    await directory.sync();
  } catch (error) {
    throw diskError(error, "syncDirectory", path);
  } finally {
    directory.close();
  }
}

/** `flock`: the kernel gives the lock back when the process ends, however it ends. */
function lock(path: string, { readOnly = false }: { readOnly?: boolean } = {}): DiskLock | null {
  return guard("lock", path, () => {
    if (readOnly && statOf(path) === null) return { release() {} };
    const file = Deno.openSync(path, { create: !readOnly, read: true, write: !readOnly });
    if (!file.tryLockSync(true)) {
      file.close();
      return null;
    }
    let held = true;
    return {
      release() {
        if (held) file.close();
        held = false;
      },
    };
  });
}

function space(path: string): DiskSpace | null {
  try {
    // Deno itself has no such call. This one loads more of Node than the rest of the broker needs, so it is loaded by whoever asks.
    const stat = process.getBuiltinModule("node:fs").statfsSync(path);
    return { total: stat.blocks * stat.bsize, usable: stat.bavail * stat.bsize };
  } catch (error) {
    // Deno asks for a permission (`--allow-sys=statfs`) that a program with a broker in it may not have.
    if (error instanceof Deno.errors.NotCapable) return null;
    throw diskError(error, "space", path);
  }
}

function guard<T>(operation: string, path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof DiskError ? error : diskError(error, operation, path);
  }
}
