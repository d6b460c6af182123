import type { Random } from "../random.ts";
import { FileBytes } from "./file_bytes.ts";
import { applyChange, type EntryChange, type TreeDirectory, undoChange } from "./tree.ts";

/** A change of a file's content that was not synced when it was made. */
export type Write = { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly position: number } | {
  readonly kind: "size";
  readonly size: number;
};

/** A file as its readers see it, and as the platter has it. */
export class StoredFile {
  readonly written = new FileBytes();
  readonly #synced = new FileBytes();
  #unsynced: Write[] = [];
  #settled = 0;

  /** How many writes were made so far. */
  get writes(): number {
    return this.#settled + this.#unsynced.length;
  }

  write(write: Write): void {
    apply(this.written, write);
    this.#unsynced.push(write);
  }

  /** Makes the first `writes` writes durable. */
  settle(writes: number): void {
    for (const write of this.#take(writes)) apply(this.#synced, write);
  }

  /** Gives the first `writes` writes up: they are read until the power goes, and no sync saves them. */
  forget(writes: number): void {
    this.#take(writes);
  }

  /** Becomes what a power cut leaves: of the writes since the last sync all, none, the first few with the last one torn, or any mix. */
  cutPower(random: Random): void {
    const outcome = random.below(4);
    const first = random.below(this.#unsynced.length + 1);
    for (const [index, write] of this.#unsynced.entries()) {
      if (outcome === 0 || (outcome === 1 && index < first)) apply(this.#synced, write);
      else if ((outcome === 1 && index === first) || (outcome === 2 && random.below(2) === 0)) apply(this.#synced, torn(write, random));
    }
    this.#unsynced = [];
    const kept = new Uint8Array(this.#synced.size);
    this.#synced.read(kept, 0);
    this.written.truncate(0);
    this.written.write(kept, 0);
  }

  #take(writes: number): Write[] {
    const taken = this.#unsynced.splice(0, Math.max(0, writes - this.#settled));
    this.#settled += taken.length;
    return taken;
  }
}

/** The changes of names that stay undecided when `directory` is synced: those that neither touch it nor came before one that does, in its directories. */
export function undecided<F>(changes: readonly (readonly EntryChange<F>[])[], directory: TreeDirectory<F>): (readonly EntryChange<F>[])[] {
  const durable = new Set([directory]);
  const rest: (readonly EntryChange<F>[])[] = [];
  for (const together of changes.toReversed()) {
    if (together.some((change) => durable.has(change.directory))) together.forEach((change) => durable.add(change.directory));
    else rest.unshift(together);
  }
  return rest;
}

/**
 * Turns the tree below `root` into what a power cut leaves. A change of names that was not synced is kept or lost as a whole; within one
 * directory what came after a lost one is lost too, as journals have it.
 */
export function cutPower(root: TreeDirectory<StoredFile>, unsynced: readonly (readonly EntryChange<StoredFile>[])[], random: Random): void {
  for (const together of unsynced.toReversed()) together.toReversed().forEach(undoChange);
  const stopped = new Set<TreeDirectory<StoredFile>>();
  for (const together of unsynced) {
    const lost = together.some((change) => stopped.has(change.directory)) || random.below(3) === 0;
    if (lost) together.forEach((change) => stopped.add(change.directory));
    else together.forEach(applyChange);
  }
  cutPowerOfFiles(root, random);
}

function cutPowerOfFiles(directory: TreeDirectory<StoredFile>, random: Random): void {
  for (const [, node] of [...directory.entries].sort(([a], [b]) => a < b ? -1 : 1)) {
    if (node.kind === "directory") cutPowerOfFiles(node, random);
    else node.file.cutPower(random);
  }
}

function apply(bytes: FileBytes, write: Write): void {
  if (write.kind === "size") bytes.truncate(write.size);
  else bytes.write(write.bytes, write.position);
}

function torn(write: Write, random: Random): Write {
  if (write.kind === "size") return write;
  return { ...write, bytes: write.bytes.subarray(0, random.below(write.bytes.length + 1)) };
}
