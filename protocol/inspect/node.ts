import { DecodeError } from "../wire/mod.ts";
import type { Codecs } from "../records/mod.ts";
import { VarintError } from "../records/varint.ts";
import { excerpt } from "./hex.ts";

/** What a field holds. Bytes are views. */
export type Value = boolean | number | bigint | string | Uint8Array | null | readonly Value[];

/** A run of bytes and what it means. */
export interface Node {
  /** The field's name; `[2]` for the third element of an array. */
  readonly name: string;
  /** Kafka's name of the type: `int32`, `[]FetchTopic`, `varint`; of a frame its API and version. */
  type: string;
  /** Where it begins, from the start of what is inspected, its own length field included. Inside compressed records: from their start. */
  readonly offset: number;
  /** Bytes, its own length field included; those that were read where reading failed. */
  length: number;
  /** Absent for structs and their arrays, for secrets, and for what could not be read. */
  value?: Value;
  /** What the value means: an error's name, a time. */
  note?: string;
  /** It has a value that is not shown. */
  secret?: true;
  children?: Node[];
  /** Children that were left out for their number. */
  omitted?: number;
  /** What is wrong here; inside {@link children} there may be more. */
  problem?: Problem;
}

/** Bytes that are not what they should be. */
export interface Problem {
  /** The byte it is about, counted as {@link Node.offset}. */
  readonly offset: number;
  readonly message: string;
  /** The bytes around it in hexadecimal, with a mark; none where they may be secret. */
  readonly excerpt: readonly string[];
}

export interface InspectOptions {
  /** Decompresses batches; without them compressed records stay bytes. */
  readonly codecs?: Codecs;
  /** The name of the topic with an id, which tells what its records are; undefined for one that is not known. */
  readonly topicName?: (topicId: string) => string | undefined;
  /** Nodes to keep, all others are counted; without it, all. */
  readonly maxNodes?: number;
}

/** What is known of the records of a topic. */
export interface RecordContent {
  /** Whether some may hold secrets. */
  readonly confidential: boolean;
  /** Looks into a record. */
  inspect(record: { readonly key: Node; readonly value: Node; readonly control: boolean }): void;
}

/** What all parts of one inspection share. */
export class Inspection {
  #nodesLeft: number;

  constructor(readonly options: InspectOptions) {
    this.#nodesLeft = options.maxNodes ?? Infinity;
  }

  /** Whether there is room for one more node, which then counts. */
  takeNode(): boolean {
    return this.#nodesLeft-- > 0;
  }
}

/** Thrown when bytes cannot be read on and the tree says why. */
class Stopped extends Error {
  override readonly name = "Stopped";
}

/** One for all: nobody looks at where it was made. */
const stopped = new Stopped();

/** A problem that some part of an inspection found by itself. */
export class Damage extends Error {
  override readonly name = "Damage";
  constructor(readonly position: number, message: string) {
    super(message);
  }
}

/** Writes down what a reader of `bytes` comes by. */
export class Scribe {
  /**
   * @param base Where `bytes` begin in what is inspected.
   * @param cursor Where the reader stands in `bytes`.
   * @param confidential Whether the bytes may hold secrets, so that no problem may quote them.
   */
  constructor(
    readonly inspection: Inspection,
    readonly bytes: Uint8Array,
    readonly base: number,
    readonly cursor: { readonly position: number },
    readonly confidential = false,
  ) {}

  /** A child of `parent` that is as long as what `read` moves over. Throws {@link Stopped} when that fails; the tree then ends with the problem. */
  node<T>(parent: Node, name: string, type: string, read: (node: Node) => T): T {
    const node: Node = { name, type, offset: this.base + this.cursor.position, length: 0 };
    const kept = this.inspection.takeNode();
    if (kept) add(parent, node);
    else parent.omitted = (parent.omitted ?? 0) + 1;
    try {
      return read(node);
    } catch (error) {
      // The way to a problem is always shown.
      if (!kept) add(parent, node);
      this.#blame(node, error);
    } finally {
      node.length = this.base + this.cursor.position - node.offset;
    }
  }

  /** A child without children. */
  leaf<T extends Value>(parent: Node, name: string, type: string, read: () => T, note?: (value: T) => string | undefined): T {
    return this.node(parent, name, type, (node) => {
      const value = read();
      node.value = value;
      const words = note?.(value);
      if (words !== undefined) node.note = words;
      return value;
    });
  }

  /** Runs `read`; what it fails at is a problem of `node`. */
  inside(node: Node, read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#blame(node, error);
    }
  }

  /** Says what is wrong with `node`, of which reading goes on. */
  complain(node: Node, position: number, message: string): void {
    node.problem = { offset: this.base + position, message, excerpt: this.confidential ? [] : excerpt(this.bytes, position, this.base) };
  }

  #blame(node: Node, error: unknown): never {
    if (error instanceof Stopped) throw error;
    if (error instanceof DecodeError) this.complain(node, error.position, error.problem);
    else if (error instanceof VarintError) this.complain(node, this.cursor.position, error.message);
    else if (error instanceof Damage) this.complain(node, error.position, error.message);
    else throw error;
    throw stopped;
  }
}

/** Runs `read`, and is content with what the tree has when it stops at a problem. */
export function asFarAsPossible(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}

function add(parent: Node, child: Node): void {
  (parent.children ??= []).push(child);
}

/** The problems below a node, each with the names that lead to it: `body.topics[0].name`. */
export function* problemsOf(node: Node, path = ""): Generator<{ readonly path: string; readonly problem: Problem }> {
  if (node.problem !== undefined) yield { path, problem: node.problem };
  for (const child of node.children ?? []) {
    const dot = path === "" || child.name.startsWith("[") ? "" : ".";
    yield* problemsOf(child, path + dot + child.name);
  }
}
