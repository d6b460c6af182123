/**
 * Files. Appends and positional reads are synchronous, because the page cache answers in microseconds and a thread-pool
 * round trip costs ten times that; what can block for long (sync, remove) is asynchronous.
 * Paths are absolute or relative to the process; `/` separates. Every failure is a {@link DiskError}.
 */
export interface Disk {
  /** Opens a file for reading and, unless `readOnly`, appending. `create` makes it when it is absent. */
  open(path: string, options?: { create?: boolean; readOnly?: boolean }): DiskFile;
  /** What stands at `path`, or null. Symbolic links are not followed. */
  stat(path: string): { kind: "file" | "directory" | "other"; size: number } | null;
  /** The names inside a directory, sorted. */
  list(path: string): string[];
  /** Makes a directory and its parents; one that exists is fine. */
  makeDirectory(path: string): void;
  /** Moves a file or directory over whatever file stands at `to`. Durable after `syncDirectory` of the parent. */
  rename(from: string, to: string): void;
  /** Removes a file, or a directory with all it holds. Absent is fine. */
  remove(path: string): Promise<void>;
  /** Makes the creations, renames and removals inside a directory that came before this call durable (`fsync` of the directory). */
  syncDirectory(path: string): Promise<void>;
  /** Takes an exclusive lock by way of the file at `path`, or answers null when another holder has it. `readOnly`: makes no file; without one nobody holds the lock, nor is it held then. */
  lock(path: string, options?: { readOnly?: boolean }): DiskLock | null;
  /** How large the file system is that holds `path`, or null where the system does not tell. */
  space(path: string): DiskSpace | null;
  /** How many files and sockets the process may have open, or null where the system does not tell. */
  descriptorLimit(): number | null;
}

/** The size of a file system, in bytes. */
export interface DiskSpace {
  readonly total: number;
  /** What may still be written to it by whoever is not root. */
  readonly usable: number;
}

/** An open file. */
export interface DiskFile {
  /** Bytes in the file, kept here so that asking costs no system call. */
  readonly size: number;
  /** Reads at `position` until `into` is full or the file ends; answers the bytes read. */
  read(into: Uint8Array, position: number): number;
  /** Writes all of `bytes` at the end. After an error some of them may stand there: the caller truncates. */
  append(bytes: Uint8Array): void;
  /** Overwrites bytes that the file already holds. */
  overwrite(bytes: Uint8Array, position: number): void;
  /** Cuts the file to `size` bytes. */
  truncate(size: number): void;
  /** Makes what was written before this call durable (`fdatasync`). Never repeat one that failed: the pages may be gone. */
  sync(): Promise<void>;
  close(): void;
}

export interface DiskLock {
  release(): void;
}

/** Why a disk operation failed, in the words of errno. */
export class DiskError extends Error {
  constructor(
    readonly code: "ENOENT" | "EEXIST" | "ENOSPC" | "EIO" | "EACCES" | "EMFILE" | "EROFS" | "EOTHER",
    readonly operation: string,
    readonly path: string,
    options?: { cause?: unknown },
  ) {
    super(`${operation} ${path}: ${code}`, options);
    this.name = "DiskError";
  }
}
