import { type Disk, DiskError, type DiskFile, type DiskLock } from "../disk.ts";
import { FileBytes } from "./file_bytes.ts";
import { Tree } from "./tree.ts";

/** A disk in memory, as fast as copying. What it holds ends with the process. */
export class MemoryDisk implements Disk {
  readonly #tree = new Tree<FileBytes>();
  readonly #locked = new Set<FileBytes>();

  open(path: string, options: { create?: boolean; readOnly?: boolean } = {}): DiskFile {
    const bytes = this.#tree.file(path, options.create ? () => new FileBytes() : null);
    return new MemoryFile(path, bytes, options.readOnly ?? false);
  }

  stat(path: string): { kind: "file" | "directory"; size: number } | null {
    const node = this.#tree.find(path);
    if (node === null) return null;
    return { kind: node.kind, size: node.kind === "file" ? node.file.size : 0 };
  }

  list(path: string): string[] {
    return [...this.#tree.directory(path, "list").entries.keys()].sort();
  }

  makeDirectory(path: string): void {
    this.#tree.makeDirectory(path);
  }

  rename(from: string, to: string): void {
    this.#tree.rename(from, to);
  }

  remove(path: string): Promise<void> {
    this.#tree.remove(path);
    return Promise.resolve();
  }

  async syncDirectory(path: string): Promise<void> {
    await Promise.resolve();
    this.#tree.directory(path, "syncDirectory");
  }

  lock(path: string, { readOnly = false }: { readOnly?: boolean } = {}): DiskLock | null {
    if (readOnly && this.stat(path) === null) return { release() {} };
    const file = this.#tree.file(path, () => new FileBytes());
    if (this.#locked.has(file)) return null;
    this.#locked.add(file);
    return { release: () => this.#locked.delete(file) };
  }

  space(_path: string): null {
    return null;
  }

  descriptorLimit(): null {
    return null;
  }
}

class MemoryFile implements DiskFile {
  #open = true;

  constructor(private readonly path: string, private readonly bytes: FileBytes, private readonly readOnly: boolean) {}

  get size(): number {
    return this.bytes.size;
  }

  read(into: Uint8Array, position: number): number {
    this.#check("read", false);
    return this.bytes.read(into, position);
  }

  append(bytes: Uint8Array): void {
    this.#check("append", true);
    this.bytes.write(bytes, this.bytes.size);
  }

  overwrite(bytes: Uint8Array, position: number): void {
    this.#check("overwrite", true);
    if (position + bytes.length > this.bytes.size) throw new Error(`assertion: overwrite beyond the end of ${this.path}`);
    this.bytes.write(bytes, position);
  }

  truncate(size: number): void {
    this.#check("truncate", true);
    this.bytes.truncate(size);
  }

  sync(): Promise<void> {
    this.#check("sync", false);
    return Promise.resolve();
  }

  close(): void {
    this.#open = false;
  }

  #check(operation: string, writes: boolean): void {
    if (!this.#open || (writes && this.readOnly)) throw new DiskError("EOTHER", operation, this.path);
  }
}
