import { DiskError } from "../disk.ts";

/** A file or directory of a file system in memory; `F` is what a file consists of. */
export type TreeNode<F> = { kind: "file"; file: F } | TreeDirectory<F>;

export interface TreeDirectory<F> {
  kind: "directory";
  readonly entries: Map<string, TreeNode<F>>;
}

/** One name that came, changed or went: what a directory's journal would hold. */
export interface EntryChange<F> {
  readonly directory: TreeDirectory<F>;
  readonly name: string;
  readonly node: TreeNode<F> | null;
  /** What the name stood for until then. */
  readonly before: TreeNode<F> | null;
}

/**
 * The names of a file system in memory, with POSIX's rules. Every change goes through `record`, one call for what happens at once, so that a
 * disk that knows of power cuts can keep its own account. Relative paths begin at the root.
 */
export class Tree<F> {
  constructor(
    readonly root: TreeDirectory<F> = { kind: "directory", entries: new Map() },
    private readonly record: (changes: readonly EntryChange<F>[]) => void = () => {},
  ) {}

  find(path: string): TreeNode<F> | null {
    let node: TreeNode<F> = this.root;
    for (const name of namesOf(path)) {
      const next: TreeNode<F> | undefined = node.kind === "directory" ? node.entries.get(name) : undefined;
      if (next === undefined) return null;
      node = next;
    }
    return node;
  }

  /** The file at `path`, made by `create` when it is absent and may be made. */
  file(path: string, create: (() => F) | null): F {
    const node = this.find(path);
    if (node?.kind === "file") return node.file;
    if (node !== null) throw new DiskError("EOTHER", "open", path);
    const { directory, name } = this.#parent(path, "open");
    if (create === null) throw new DiskError("ENOENT", "open", path);
    const file = create();
    this.#change([{ directory, name, node: { kind: "file", file } }]);
    return file;
  }

  directory(path: string, operation: string): TreeDirectory<F> {
    const node = this.find(path);
    if (node === null) throw new DiskError("ENOENT", operation, path);
    if (node.kind === "file") throw new DiskError("EOTHER", operation, path);
    return node;
  }

  makeDirectory(path: string): void {
    let directory = this.root;
    const names = namesOf(path);
    for (const [depth, name] of names.entries()) {
      let next = directory.entries.get(name);
      if (next === undefined) {
        next = { kind: "directory", entries: new Map() };
        this.#change([{ directory, name, node: next }]);
      }
      if (next.kind === "file") throw new DiskError(depth === names.length - 1 ? "EEXIST" : "EOTHER", "makeDirectory", path);
      directory = next;
    }
  }

  rename(from: string, to: string): void {
    const source = this.#parent(from, "rename");
    const target = this.#parent(to, "rename");
    const node = source.directory.entries.get(source.name);
    const present = target.directory.entries.get(target.name);
    if (node === undefined) throw new DiskError("ENOENT", "rename", from);
    if (node === present) return;
    if (present !== undefined && present.kind !== node.kind) throw new DiskError("EOTHER", "rename", to);
    if (present?.kind === "directory" && present.entries.size > 0) throw new DiskError("EEXIST", "rename", to);
    this.#change([{ ...source, node: null }, { ...target, node }]);
  }

  /** Removes what stands at `path`, children first: each is a change of its own. */
  remove(path: string): void {
    const node = this.find(path);
    if (node === null) return;
    if (node.kind === "directory") { for (const name of [...node.entries.keys()].sort()) this.remove(`${path}/${name}`); }
    this.#change([{ ...this.#parent(path, "remove"), node: null }]);
  }

  #parent(path: string, operation: string): { directory: TreeDirectory<F>; name: string } {
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) throw new DiskError("EOTHER", operation, path);
    const directory = this.find(names.join("/"));
    if (directory === null) throw new DiskError("ENOENT", operation, path);
    if (directory.kind === "file") throw new DiskError("EOTHER", operation, path);
    return { directory, name };
  }

  #change(entries: readonly Omit<EntryChange<F>, "before">[]): void {
    const changes = entries.map((entry) => ({ ...entry, before: entry.directory.entries.get(entry.name) ?? null }));
    changes.forEach(applyChange);
    this.record(changes);
  }
}

export function applyChange<F>({ directory, name, node }: EntryChange<F>): void {
  put(directory, name, node);
}

export function undoChange<F>({ directory, name, before }: EntryChange<F>): void {
  put(directory, name, before);
}

function put<F>(directory: TreeDirectory<F>, name: string, node: TreeNode<F> | null): void {
  if (node === null) directory.entries.delete(name);
  else directory.entries.set(name, node);
}

function namesOf(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names;
}
