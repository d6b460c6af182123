import { type Disk, DiskError } from "../platform/mod.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The text of a small file, or null where there is none. */
export function readText(disk: Disk, path: string): string | null {
  const bytes = readBytes(disk, path);
  return bytes === null ? null : decoder.decode(bytes);
}

/** All of a small file, or null where there is none. */
export function readBytes(disk: Disk, path: string): Uint8Array | null {
  try {
    const file = disk.open(path, { readOnly: true });
    try {
      const bytes = new Uint8Array(file.size);
      return bytes.subarray(0, file.read(bytes, 0));
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof DiskError && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Writes a file anew, not durably: for what can be rebuilt, or is synced by other means. */
export function writeBytes(disk: Disk, path: string, bytes: Uint8Array): void {
  const file = disk.open(path, { create: true });
  try {
    if (file.size > 0) file.truncate(0);
    if (bytes.length > 0) file.append(bytes);
  } finally {
    file.close();
  }
}

/** The same over what is there, since ext4 takes its time to cut a file to nothing; a crash may leave some of both, which the reader must be able to tell. */
export function overwriteBytes(disk: Disk, path: string, bytes: Uint8Array): void {
  const file = disk.open(path, { create: true });
  try {
    const over = Math.min(file.size, bytes.length);
    if (over > 0) file.overwrite(bytes.subarray(0, over), 0);
    if (file.size > over) file.truncate(over);
    if (bytes.length > over) file.append(bytes.subarray(over));
  } finally {
    file.close();
  }
}

/** Replaces a file at one stroke: a crash leaves the old text or the new one, and once this has settled only the new one. */
export async function replaceText(disk: Disk, directory: string, name: string, text: string): Promise<void> {
  const temporary = `${directory}/${name}.tmp`;
  const file = disk.open(temporary, { create: true });
  try {
    if (file.size > 0) file.truncate(0);
    file.append(encoder.encode(text));
    await file.sync();
  } finally {
    file.close();
  }
  disk.rename(temporary, `${directory}/${name}`);
  await disk.syncDirectory(directory);
}

/** Makes a file that was written by {@link writeBytes} durable, though not its name. */
export async function syncFile(disk: Disk, path: string): Promise<void> {
  const file = disk.open(path);
  try {
    await file.sync();
  } finally {
    file.close();
  }
}

/** The directory that holds the file or directory at `path`. */
export function parentOf(path: string): string {
  const slash = path.replace(/\/+$/, "").lastIndexOf("/");
  return slash < 0 ? "." : slash === 0 ? "/" : path.slice(0, slash);
}
