import type { FieldSpec, FieldSpecs } from "../schema/spec.ts";
import { hasVersion } from "./walker.ts";

/**
 * A strict walk over bytes that nobody vouches for, along a definition: it says where every part of a message stands, or why the bytes are none.
 * Written without a look at the Reader, whose judge it is. As in Kafka, tagged fields may come in any order and more than once.
 */

/** What a part is: a count of elements or tags, a length or size of what follows, the tag of a tagged field, or content. */
export type PartKind =
  | "count"
  | "tags"
  | "length"
  | "size"
  | "tag"
  | "number"
  | "uuid"
  | "text"
  | "bytes"
  | "records"
  | "array"
  | "element";

/** Told of each part when it is over: in order, but `array` and `element` after what is inside them. `name` is the field's. */
export type Visit = (kind: PartKind, name: string, start: number, end: number) => void;

/** Why bytes are no such message. */
export class LayoutError extends Error {}

/** Walks over the message at `start` and answers where it ends. Throws {@link LayoutError}. */
export function layout(fields: FieldSpecs, flexible: string, version: number, bytes: Uint8Array, start: number, visit: Visit): number {
  const walk = new Walk(bytes, start, version, hasVersion(flexible, version), visit);
  walk.struct(fields);
  return walk.position;
}

/** The fields that a version has. */
interface Present {
  readonly inOrder: readonly (readonly [name: string, spec: FieldSpec])[];
  readonly tagged: ReadonlyMap<number, readonly [name: string, spec: FieldSpec]>;
}

const known = new WeakMap<FieldSpecs, Present[]>();

function presentIn(fields: FieldSpecs, version: number): Present {
  let versions = known.get(fields);
  if (versions === undefined) known.set(fields, versions = []);
  return versions[version] ??= {
    inOrder: Object.entries(fields).filter(([, spec]) => hasVersion(spec.versions, version) && spec.tag === undefined),
    tagged: new Map(
      Object.entries(fields).filter(([, spec]) => hasVersion(spec.versions, version) && spec.tag !== undefined)
        .map(([name, spec]) => [spec.tag!, [name, spec]]),
    ),
  };
}

class Walk {
  readonly #view: DataView;
  #contentStart = 0;

  constructor(
    readonly bytes: Uint8Array,
    public position: number,
    readonly version: number,
    readonly compact: boolean,
    readonly visit: Visit,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  struct(fields: FieldSpecs): void {
    const { inOrder, tagged } = presentIn(fields, this.version);
    for (const [name, spec] of inOrder) this.#field(name, spec);
    if (this.compact) this.#tags(tagged);
  }

  #tags(tagged: Present["tagged"]): void {
    const count = this.#varint("tags", "");
    for (let i = 0; i < count; i++) {
      const start = this.position;
      const field = tagged.get(this.#varint("tag", ""));
      const size = this.#varint("size", "");
      const end = this.position + size;
      if (field === undefined) this.#content("bytes", "", size);
      else this.#field(...field);
      if (this.position !== end) throw new LayoutError(`tagged field ends at ${this.position}, not ${end}`);
      this.visit("element", "", start, end);
    }
  }

  #field(name: string, spec: FieldSpec): void {
    const nullable = hasVersion(spec.nullable, this.version);
    const start = this.position;
    if (!spec.type.startsWith("[]")) return this.#one(name, spec, spec.type, nullable);
    const element = spec.type.slice(2);
    const count = this.#length("count", name, 4, nullable);
    for (let i = 0; i < count; i++) {
      const elementStart = this.position;
      this.#one(name, spec, element, false);
      this.visit("element", name, elementStart, this.position);
    }
    this.visit("array", name, start, this.position);
  }

  #one(name: string, spec: FieldSpec, type: string, nullable: boolean): void {
    switch (type) {
      case "struct":
        if (spec.type === type && spec.nullable !== undefined && this.#isAbsent(name, spec)) return;
        return this.struct(spec.fields!);
      case "string":
        this.#content("text", name, this.#length("length", name, 2, nullable));
        return this.#short(name);
      case "bytes":
      case "records":
        return this.#content(type, name, this.#length("length", name, 4, nullable));
      case "uuid":
        return this.#content("uuid", name, 16);
      case "bool":
        return this.#content("number", name, 1);
      default: {
        const size = Number(/^(?:u?int|float)(8|16|32|64)$/.exec(type)![1]) / 8;
        this.#content("number", name, size);
        if (type === "int64" && spec.int64 !== "bigint") this.#exact(this.position - 8);
      }
    }
  }

  /** What stands before a struct that may be null: a byte, or an unsigned varint where it is tagged. */
  #isAbsent(name: string, { tag }: FieldSpec): boolean {
    if (tag !== undefined) return (this.#varint("number", name) | 0) <= 0;
    this.#content("number", name, 1);
    return this.bytes[this.position - 1] >= 128;
  }

  /** What is read as a number must be one of those that stay exact. */
  #exact(start: number): void {
    const value = this.#view.getBigInt64(start);
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) throw new LayoutError(`${value} at ${start}`);
  }

  /** A length or count in one of its encodings; 0 for null. */
  #length(kind: "length" | "count", name: string, size: 2 | 4, nullable: boolean): number {
    const start = this.position;
    let length: number;
    if (this.compact) {
      length = this.#varint(kind, name) - 1;
    } else {
      this.#content(kind, name, size);
      length = size === 2 ? this.#view.getInt16(start) : this.#view.getInt32(start);
    }
    if (length < 0 && !nullable) throw new LayoutError(`${name} is null at ${start}`);
    return Math.max(0, length);
  }

  #varint(kind: PartKind, name: string): number {
    const start = this.position;
    let value = 0;
    for (let i = 0; i < 5; i++) {
      if (this.position >= this.bytes.length) throw new LayoutError(`a varint at ${start} has no end`);
      const byte = this.bytes[this.position++];
      value += (byte % 128) * 128 ** i;
      if (byte < 128) {
        this.visit(kind, name, start, this.position);
        // Kafka keeps 32 bits of the 35.
        return value % 2 ** 32;
      }
    }
    throw new LayoutError(`a varint at ${start} has more than five bytes`);
  }

  #content(kind: PartKind, name: string, size: number): void {
    const start = this.position;
    if (size > this.bytes.length - start) throw new LayoutError(`${name}: ${size} bytes at ${start} of ${this.bytes.length}`);
    this.position += size;
    this.visit(kind, name, start, this.position);
    this.#contentStart = start;
  }

  /** What is a string must fit into one again, malformed bytes counted as the three that they become. */
  #short(name: string): void {
    const bytes = this.bytes.subarray(this.#contentStart, this.position);
    if (bytes.length <= 0x7fff / 3) return;
    const size = new TextEncoder().encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)).length;
    if (Math.max(size, bytes.length) > 0x7fff) throw new LayoutError(`${name}: a string of ${size} bytes`);
  }
}
