import { type Disk, DiskError, type DiskFile, type DiskLock, type DiskSpace } from "./disk.ts";

/**
 * A disk that looks like another one and can be changed, though the other one is not touched: what is written here is kept in memory. Files are opened below
 * for reading alone.
 */
export class OverlayDisk implements Disk {
  /** What is not as it is below, by path; null: gone. */
  readonly #changed = new Map<string, OverlayBytes | null>();

  constructor(private readonly below: Pick<Disk, "open" | "stat" | "list" | "space">) {}

  open(path: string, { create = false, readOnly = false }: { create?: boolean; readOnly?: boolean } = {}): DiskFile {
    const known = this.#changed.get(path);
    if (known === undefined && readOnly) return this.below.open(path, { readOnly: true });
    const bytes = known ?? (known === undefined ? this.#bytesBelow(path) : null) ?? (create ? new OverlayBytes(null, 0) : null);
    if (bytes === null) throw new DiskError("ENOENT", "open", path);
    if (!readOnly) this.#changed.set(path, bytes);
    return new OverlayFile(bytes, bytes.below === null ? null : this.below.open(bytes.below, { readOnly: true }));
  }

  stat(path: string): ReturnType<Disk["stat"]> {
    const known = this.#changed.get(path);
    if (known === undefined) return this.below.stat(path);
    return known === null ? null : { kind: "file", size: known.size };
  }

  list(path: string): string[] {
    const names = new Set(this.below.stat(path) === null ? [] : this.below.list(path));
    for (const [changed, bytes] of this.#changed) {
      if (!changed.startsWith(`${path}/`)) continue;
      const name = changed.slice(path.length + 1);
      if (bytes === null) names.delete(name);
      else if (!name.includes("/")) names.add(name);
    }
    return [...names].sort();
  }

  makeDirectory(): void {}

  rename(from: string, to: string): void {
    const bytes = this.#changed.get(from) ?? this.#bytesBelow(from);
    if (bytes === null) throw new DiskError("EOTHER", "rename", from);
    this.#changed.set(to, bytes);
    this.#changed.set(from, null);
  }

  remove(path: string): Promise<void> {
    this.#changed.set(path, null);
    return Promise.resolve();
  }

  syncDirectory(): Promise<void> {
    return Promise.resolve();
  }

  lock(): DiskLock {
    return { release() {} };
  }

  descriptorLimit(): number | null {
    return null;
  }

  space(path: string): DiskSpace | null {
    return this.below.space(path);
  }

  #bytesBelow(path: string): OverlayBytes | null {
    const stat = this.below.stat(path);
    return stat?.kind === "file" ? new OverlayBytes(path, stat.size) : null;
  }
}

/** The first bytes of a file below, and what was appended to them. */
class OverlayBytes {
  #added = new Uint8Array();
  #addedSize = 0;

  constructor(readonly below: string | null, private kept: number) {}

  get size(): number {
    return this.kept + this.#addedSize;
  }

  read(file: DiskFile | null, into: Uint8Array, position: number): number {
    const wanted = into.subarray(0, Math.max(0, Math.min(into.length, this.size - position)));
    const below = Math.max(0, Math.min(wanted.length, this.kept - position));
    if (below > 0) file!.read(wanted.subarray(0, below), position);
    wanted.set(this.#added.subarray(position + below - this.kept, position + wanted.length - this.kept), below);
    return wanted.length;
  }

  append(bytes: Uint8Array): void {
    const size = this.#addedSize + bytes.length;
    if (size > this.#added.length) {
      const grown = new Uint8Array(Math.max(size, this.#added.length * 2));
      grown.set(this.#added);
      this.#added = grown;
    }
    this.#added.set(bytes, this.#addedSize);
    this.#addedSize = size;
  }

  truncate(size: number): void {
    this.kept = Math.min(this.kept, size);
    this.#addedSize = Math.min(this.#addedSize, size - this.kept);
  }
}

class OverlayFile implements DiskFile {
  constructor(private readonly bytes: OverlayBytes, private readonly below: DiskFile | null) {}

  get size(): number {
    return this.bytes.size;
  }

  read(into: Uint8Array, position: number): number {
    return this.bytes.read(this.below, into, position);
  }

  append(bytes: Uint8Array): void {
    this.bytes.append(bytes);
  }

  overwrite(bytes: Uint8Array, position: number): void {
    const behind = new Uint8Array(this.size - position - bytes.length);
    this.read(behind, position + bytes.length);
    this.truncate(position);
    this.append(bytes);
    this.append(behind);
  }

  truncate(size: number): void {
    this.bytes.truncate(size);
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.below?.close();
  }
}
