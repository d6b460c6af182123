import { type Disk, DiskError, type DiskFile, type DiskLock, type DiskSpace } from "../disk.ts";
import type { Random } from "../random.ts";
import type { Digest } from "./digest.ts";
import { cutPower, StoredFile, undecided, type Write } from "./power_cut.ts";
import { type EntryChange, Tree, type TreeDirectory } from "./tree.ts";

/** The operations of {@link Disk} and {@link DiskFile} that can be made to fail. */
export type DiskOperation =
  | "open"
  | "stat"
  | "list"
  | "makeDirectory"
  | "rename"
  | "remove"
  | "syncDirectory"
  | "lock"
  | "read"
  | "append"
  | "overwrite"
  | "truncate"
  | "sync";

/** The power never goes before these: they change nothing. */
const looking: ReadonlySet<DiskOperation> = new Set(["stat", "list", "read", "lock"]);

/** A state of the disk in which some operations fail. */
export interface DiskFault {
  /** The first operation that it concerns, by its number, and the first that it does not. */
  readonly from: number;
  readonly until: number;
  readonly operations: ReadonlySet<DiskOperation>;
  readonly code: DiskError["code"];
  /** Bytes that an append writes all the same. */
  readonly written: number;
}

interface Failure {
  readonly operation: DiskOperation;
  readonly code: DiskError["code"];
  readonly written: number;
}

/**
 * A disk that keeps what was written apart from what was synced, as POSIX allows and no more: the content of a file is durable after `sync`,
 * its name after `syncDirectory` of the directory that holds it. A power cut keeps, drops or tears each write since, as the seed will have it.
 */
export class SimulatedDisk implements Disk {
  /** What {@link space} answers. */
  size: DiskSpace | null = null;
  /** Descriptors that the system has for files: to open one more fails with EMFILE. */
  descriptors = Infinity;
  /** How many files are open. */
  openFiles = 0;
  /** How many operations that change, sync or open something were asked for, failed ones among them. */
  operations = 0;

  #tree: Tree<StoredFile>;
  #unsyncedNames: (readonly EntryChange<StoredFile>[])[] = [];
  readonly #locked = new Set<StoredFile>();
  readonly #failures: Failure[] = [];
  #endsAt = Infinity;
  #fault: DiskFault | null = null;
  readonly #failed: DiskOperation[] = [];

  /** `random` decides what a power cut leaves; every operation goes into `digest`, if there is one. */
  constructor(private readonly random: Random, private readonly digest: Digest | null = null) {
    this.#tree = this.#treeOf();
  }

  /** Lets the next `operation` fail with `code`; a failing append puts `written` bytes into the file first. May be called several times. */
  failNext(operation: DiskOperation, code: DiskError["code"], written = 0): void {
    this.#failures.push({ operation, code, written });
  }

  /** The disk is to fail so, later or now; another fault replaces this one. */
  fail(fault: DiskFault): void {
    this.#fault = fault;
  }

  /** Whether the next operations may fail because of {@link fail}. */
  get isFailing(): boolean {
    return this.#fault !== null && this.operations + 1 < this.#fault.until;
  }

  /** What has failed because of {@link fail}. */
  get failed(): readonly DiskOperation[] {
    return this.#failed;
  }

  /** The power goes before the operation with this number (the first is 1): it and all later ones fail with EIO. */
  endAt(operation: number): void {
    this.#endsAt = operation;
  }

  /** Whether an operation has come that {@link endAt} forbids. */
  get hasEnded(): boolean {
    return this.operations >= this.#endsAt;
  }

  /** Cuts the power: this disk answers nothing any more; the one returned holds what is left. */
  crash(): SimulatedDisk {
    this.#endsAt = 0;
    cutPower(this.#tree.root, this.#unsyncedNames, this.random);
    return this.#successor();
  }

  /** Ends the process that uses the disk, not the machine: the one returned holds everything written, and nobody holds its locks. */
  kill(): SimulatedDisk {
    this.#endsAt = 0;
    const next = this.#successor();
    next.#unsyncedNames = this.#unsyncedNames;
    return next;
  }

  open(path: string, options: { create?: boolean; readOnly?: boolean } = {}): DiskFile {
    this.begin("open", path);
    if (this.openFiles >= this.descriptors) throw new DiskError("EMFILE", "open", path);
    const file = this.#tree.file(path, options.create ? newFile : null);
    this.openFiles++;
    return new SimulatedFile(this, path, file, options.readOnly ?? false);
  }

  stat(path: string): { kind: "file" | "directory"; size: number } | null {
    this.begin("stat", path);
    const node = this.#tree.find(path);
    if (node === null) return null;
    return { kind: node.kind, size: node.kind === "file" ? node.file.written.size : 0 };
  }

  list(path: string): string[] {
    this.begin("list", path);
    return [...this.#tree.directory(path, "list").entries.keys()].sort();
  }

  makeDirectory(path: string): void {
    this.begin("makeDirectory", path);
    this.#tree.makeDirectory(path);
  }

  rename(from: string, to: string): void {
    this.begin("rename", `${from} ${to}`);
    this.#tree.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    this.begin("remove", path);
    await Promise.resolve();
    this.#tree.remove(path);
  }

  async syncDirectory(path: string): Promise<void> {
    this.begin("syncDirectory", path);
    const directory = this.#tree.directory(path, "syncDirectory");
    const covered = new Set(this.#unsyncedNames);
    await Promise.resolve();
    this.checkPower("syncDirectory", path);
    const left = new Set(undecided(this.#unsyncedNames.filter((changes) => covered.has(changes)), directory));
    this.#unsyncedNames = this.#unsyncedNames.filter((changes) => !covered.has(changes) || left.has(changes));
  }

  lock(path: string, { readOnly = false }: { readOnly?: boolean } = {}): DiskLock | null {
    if (readOnly && this.stat(path) === null) return { release() {} };
    this.begin("lock", path);
    const file = this.#tree.file(path, newFile);
    if (this.#locked.has(file)) return null;
    this.#locked.add(file);
    return { release: () => this.#locked.delete(file) };
  }

  space(_path: string): DiskSpace | null {
    return this.size;
  }

  descriptorLimit(): null {
    return null;
  }

  /** Counts and records an operation; throws when it is to fail. `beforeFailing` does the part of it that is done all the same. */
  begin(operation: DiskOperation, path: string, beforeFailing: (written: number) => void = () => {}): void {
    if (!looking.has(operation)) this.operations++;
    this.digest?.addText(`${operation} ${path}`);
    this.checkPower(operation, path);
    const fault = this.#fault;
    if (fault !== null && this.operations >= fault.from && this.operations < fault.until && fault.operations.has(operation)) {
      this.#failed.push(operation);
      beforeFailing(fault.written);
      throw new DiskError(fault.code, operation, path);
    }
    const index = this.#failures.findIndex((failure) => failure.operation === operation);
    if (index < 0) return;
    const [{ code, written }] = this.#failures.splice(index, 1);
    beforeFailing(written);
    throw new DiskError(code, operation, path);
  }

  checkPower(operation: DiskOperation, path: string): void {
    if (this.hasEnded) throw new DiskError("EIO", operation, path);
  }

  /** Records what an operation wrote or read. */
  trace(bytes: Uint8Array, position: number): void {
    if (this.digest === null) return;
    this.digest.addText(String(position));
    this.digest.addBytes(bytes);
  }

  #treeOf(root?: TreeDirectory<StoredFile>): Tree<StoredFile> {
    return new Tree(root, (changes) => this.#unsyncedNames.push(changes));
  }

  #successor(): SimulatedDisk {
    const next = new SimulatedDisk(this.random, this.digest);
    next.#tree = next.#treeOf(this.#tree.root);
    next.size = this.size;
    return next;
  }
}

function newFile(): StoredFile {
  return new StoredFile();
}

class SimulatedFile implements DiskFile {
  #open = true;

  constructor(
    private readonly disk: SimulatedDisk,
    private readonly path: string,
    private readonly file: StoredFile,
    private readonly readOnly: boolean,
  ) {}

  get size(): number {
    return this.file.written.size;
  }

  read(into: Uint8Array, position: number): number {
    this.#begin("read", false);
    const length = this.file.written.read(into, position);
    this.disk.trace(into.subarray(0, length), position);
    return length;
  }

  append(bytes: Uint8Array): void {
    const write = (length: number): void => this.#write({ kind: "bytes", bytes: bytes.slice(0, length), position: this.size });
    this.#begin("append", true, write);
    write(bytes.length);
  }

  overwrite(bytes: Uint8Array, position: number): void {
    this.#begin("overwrite", true);
    if (position + bytes.length > this.size) throw new Error(`assertion: overwrite beyond the end of ${this.path}`);
    this.#write({ kind: "bytes", bytes: bytes.slice(), position });
  }

  truncate(size: number): void {
    this.#begin("truncate", true);
    this.#write({ kind: "size", size });
  }

  /** A sync that fails takes the unsynced writes with it: they stay readable, and a later sync does not save them (as Linux has it). */
  async sync(): Promise<void> {
    const covered = this.file.writes;
    this.#begin("sync", false, () => this.file.forget(covered));
    await Promise.resolve();
    this.disk.checkPower("sync", this.path);
    this.file.settle(covered);
  }

  close(): void {
    if (this.#open) this.disk.openFiles--;
    this.#open = false;
  }

  #write(write: Write): void {
    if (write.kind === "bytes") this.disk.trace(write.bytes, write.position);
    else this.disk.trace(new Uint8Array(), write.size);
    this.file.write(write);
  }

  #begin(operation: DiskOperation, writes: boolean, beforeFailing?: (written: number) => void): void {
    if (!this.#open || (writes && this.readOnly)) throw new DiskError("EOTHER", operation, this.path);
    this.disk.begin(operation, this.path, beforeFailing);
  }
}
