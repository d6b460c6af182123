import fs from "node:fs";
import { promisify } from "node:util";
import type { Disk, DiskFile, DiskLock } from "../disk.ts";
import { DiskError } from "../disk.ts";
import type { Pending } from "../pending.ts";
import { diskError } from "./errors.ts";

const fdatasync = promisify(fs.fdatasync);
const { O_CREAT, O_RDONLY, O_RDWR } = fs.constants;

/** The file system, through `node:fs` descriptors: a synchronous append costs 1.5 µs, one that goes through the thread pool 33. */
export function denoDisk(pending: Pending): Disk {
  return {
    open(path, { create = false, readOnly = false } = {}) {
      return guard("open", path, () => {
        const fd = fs.openSync(path, readOnly ? O_RDONLY : create ? O_RDWR | O_CREAT : O_RDWR, 0o644);
        const stat = fs.fstatSync(fd);
        if (stat.isFile()) return new DenoFile(path, fd, stat.size, pending);
        fs.closeSync(fd);
        throw new DiskError("EOTHER", "open", path);
      });
    },

    stat: (path) => guard("stat", path, () => statOf(path)),

    list: (path) => guard("list", path, () => fs.readdirSync(path).sort()),

    makeDirectory(path) {
      guard("makeDirectory", path, () => fs.mkdirSync(path, { recursive: true }));
    },

    rename: (from, to) => guard("rename", from, () => fs.renameSync(from, to)),

    remove: (path) => pending.track(remove(path)),
    syncDirectory,
    lock,
    freeSpace,
  };
}

class DenoFile implements DiskFile {
  #fd: number;

  constructor(private readonly path: string, fd: number, public size: number, private readonly pending: Pending) {
    this.#fd = fd;
  }

  read(into: Uint8Array, position: number): number {
    return guard("read", this.path, () => {
      let done = 0;
      while (done < into.length) {
        const length = fs.readSync(this.#fd, into, done, into.length - done, position + done);
        if (length === 0) break;
        done += length;
      }
      return done;
    });
  }

  append(bytes: Uint8Array): void {
    guard("append", this.path, () => {
      for (let done = 0; done < bytes.length;) {
        const length = fs.writeSync(this.#fd, bytes, done, bytes.length - done, this.size);
        done += length;
        this.size += length;
      }
    });
  }

  overwrite(bytes: Uint8Array, position: number): void {
    if (position + bytes.length > this.size) throw new Error(`assertion: overwrite beyond the end of ${this.path}`);
    guard("overwrite", this.path, () => {
      for (let done = 0; done < bytes.length;) done += fs.writeSync(this.#fd, bytes, done, bytes.length - done, position + done);
    });
  }

  truncate(size: number): void {
    guard("truncate", this.path, () => fs.ftruncateSync(this.#fd, size));
    this.size = size;
  }

  sync(): Promise<void> {
    return this.pending.track(this.#sync());
  }

  close(): void {
    if (this.#fd < 0) return;
    const fd = this.#fd;
    this.#fd = -1;
    guard("close", this.path, () => fs.closeSync(fd));
  }

  async #sync(): Promise<void> {
    try {
      await fdatasync(this.#fd);
    } catch (error) {
      throw diskError(error, "sync", this.path);
    }
  }
}

function statOf(path: string): ReturnType<Disk["stat"]> {
  try {
    const stat = fs.lstatSync(path);
    const kind = stat.isFile() ? "file" : stat.isDirectory() ? "directory" : "other";
    return { kind, size: kind === "file" ? stat.size : 0 };
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await fs.promises.rm(path, { recursive: true, force: true });
  } catch (error) {
    throw diskError(error, "remove", path);
  }
}

function syncDirectory(path: string): void {
  // Windows cannot open a directory, and NTFS journals names by itself.
  if (Deno.build.os === "windows") return;
  guard("syncDirectory", path, () => {
    const fd = fs.openSync(path, O_RDONLY | fs.constants.O_DIRECTORY);
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  });
}

/** `flock`: the kernel gives the lock back when the process ends, however it ends. */
function lock(path: string): DiskLock | null {
  return guard("lock", path, () => {
    const file = Deno.openSync(path, { create: true, read: true, write: true });
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

function freeSpace(path: string): number | null {
  try {
    const stat = fs.statfsSync(path);
    return stat.bavail * stat.bsize;
  } catch (error) {
    // Deno asks for a permission (`--allow-sys=statfs`) that the broker is not started with.
    if (error instanceof Deno.errors.NotCapable) return null;
    throw diskError(error, "freeSpace", path);
  }
}

function guard<T>(operation: string, path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof DiskError ? error : diskError(error, operation, path);
  }
}
