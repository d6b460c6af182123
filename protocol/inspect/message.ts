import { errorName } from "../errors.ts";
import type { Field, Range, Struct } from "../generate/resolve.ts";
import type { Reader } from "../wire/mod.ts";
import { apiByKey } from "./definitions.ts";
import type { Node, Scribe, Value } from "./node.ts";

/** The fields of a struct read so far, and of those around it. */
export class Scope {
  readonly #values = new Map<string, Value>();
  constructor(readonly around: Scope | null) {}

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** The value of the nearest field of that name, or undefined. */
  find(name: string): Value | undefined {
    return this.#values.has(name) ? this.#values.get(name) : this.around?.find(name);
  }
}

/** Looks into a field of bytes, which begin at `offset`, and gives `node` children if it knows what they are. */
export type ContentInspector = (node: Node, field: Field, bytes: Uint8Array, offset: number, scope: Scope) => void;

/** `ConfigResource.Type.TOPIC` */
const TOPIC_RESOURCE = 2;

/** Bytes of an element on the wire, at least: what {@link Reader.array} compares a length with. */
const elementSizes = { bool: 1, int8: 1, int16: 2, uint16: 2, int32: 4, int64: 8, float64: 8, uuid: 16 } as const;

/**
 * Reads a struct by its definition, as strictly as the generated code: through the same {@link Reader}, with the same checks in the same order.
 * Throws `Stopped` at bytes that are none.
 */
export class MessageInspector {
  constructor(
    private readonly scribe: Scribe,
    private readonly reader: Reader,
    private readonly version: number,
    private readonly inspectContent: ContentInspector,
  ) {}

  struct(parent: Node, struct: Struct, around: Scope | null): void {
    const scope = new Scope(around);
    const flexible = has(struct.flexible, this.version);
    for (const field of struct.plain) if (has(field.versions, this.version)) this.#field(parent, field, flexible, scope);
    if (flexible) this.taggedFields(parent, struct.tagged, scope);
  }

  /** Tagged fields, of which those in `known` are. */
  taggedFields(parent: Node, known: readonly Field[], scope: Scope): void {
    const { scribe, reader } = this;
    // That there are none takes a byte, which is not worth a line.
    if (scribe.bytes[reader.position] === 0) return reader.skipTo(reader.position + 1);
    scribe.node(parent, "taggedFields", "tagged fields", (node) => {
      for (let count = reader.unsignedVarint(); count > 0; count--) {
        const tag = reader.unsignedVarint();
        const end = reader.taggedFieldEnd();
        const field = known.find((one) => one.spec.tag === tag && has(one.versions, this.version));
        if (field !== undefined) this.#field(node, field, true, scope);
        else this.#unknownTag(node, tag, end);
        reader.expectPosition(end);
      }
    });
  }

  /** Passes over a tagged field that is not known, up to `end`. */
  #unknownTag(parent: Node, tag: number, end: number): void {
    const { scribe, reader } = this;
    scribe.node(parent, `tag ${tag}`, "unknown tagged field", (node) => {
      if (scribe.confidential) node.secret = true;
      else node.value = scribe.bytes.subarray(reader.position, end);
      reader.skipTo(end);
    });
  }

  #field(parent: Node, field: Field, flexible: boolean, scope: Scope): void {
    const { name, base, array, struct } = field;
    const type = (array ? "[]" : "") + (struct?.name ?? base);
    this.scribe.node(parent, name, type, (node) => {
      if (struct !== null) return array ? this.#structs(node, field, struct, flexible, scope) : this.#inner(node, field, struct, scope);
      const value = array ? this.#scalars(field, flexible) : this.#scalar(field, flexible);
      scope.set(name, value);
      if (value !== null && isSecret(field, scope)) {
        node.secret = true;
        return;
      }
      node.value = value;
      const note = noteOf(name, base, value);
      if (note !== undefined) node.note = note;
      if (value instanceof Uint8Array) {
        this.inspectContent(node, field, value, this.scribe.base + this.reader.position - value.length, scope);
      }
    });
  }

  #inner(node: Node, field: Field, struct: Struct, scope: Scope): void {
    const read = (): true => (this.struct(node, struct, scope), true);
    if (field.nullable === null) return void read();
    const method = field.spec.tag === undefined ? "nullableStruct" : "nullableTaggedStruct";
    if (this.reader[method](read, this.version) === null) node.value = null;
  }

  #structs(node: Node, field: Field, struct: Struct, flexible: boolean, scope: Scope): void {
    let index = 0;
    const element = (): void => this.scribe.node(node, `[${index++}]`, struct.name, (child) => this.struct(child, struct, scope));
    const nullable = has(field.nullable, this.version);
    const elements = this.reader[nullable ? "nullableArray" : "array"](flexible, struct.minimalSize, element, this.version);
    if (elements === null) node.value = null;
    else if (elements.length === 0) node.value = [];
  }

  #scalars(field: Field, flexible: boolean): Value {
    const { base } = field;
    const size = base in elementSizes ? elementSizes[base as keyof typeof elementSizes] : flexible ? 1 : 2;
    const element = (): Value => this.#value(field, flexible, false);
    return this.reader[has(field.nullable, this.version) ? "nullableArray" : "array"](flexible, size, element, this.version);
  }

  #scalar(field: Field, flexible: boolean): Value {
    return this.#value(field, flexible, has(field.nullable, this.version));
  }

  #value({ base, spec }: Field, flexible: boolean, nullable: boolean): Value {
    const { reader } = this;
    switch (base) {
      case "string":
        return nullable ? reader.nullableString(flexible) : reader.string(flexible);
      case "bytes":
      case "records":
        return nullable ? reader.nullableBytes(flexible) : reader.bytes(flexible);
      case "int64":
        return spec.int64 === "bigint" ? reader.bigInt64() : reader.int64();
      case "struct":
        throw new Error("assertion: a struct is no value");
      default:
        return reader[base]();
    }
  }
}

/** Whether a struct or one below it has a field that is not to be shown. */
export function holdsSecrets(struct: Struct): boolean {
  return [struct, ...struct.nested].some(({ fields }) => fields.some(({ spec }) => spec.secret));
}

/** The value of a topic's setting is no secret, see {@link FieldSpec.secret}. */
function isSecret(field: Field, scope: Scope): boolean {
  return field.spec.secret === true && scope.find("resourceType") !== TOPIC_RESOURCE;
}

/** Whether a range, or null for none, has a version. */
function has(range: Range | null, version: number): boolean {
  return range !== null && version >= range.from && version <= range.to;
}

/** What a number means, where its name tells. */
function noteOf(name: string, type: string, value: Value): string | undefined {
  if (type === "int16" && name === "apiKey") return apiByKey(Number(value))?.spec.name;
  if (type === "int16" && name.toLowerCase().endsWith("errorcode")) return errorName(Number(value));
  return type === "int64" && /timestamp(ms)?$/i.test(name) ? timeOf(Number(value)) : undefined;
}

/** A number where one is exact. */
export function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The time of a number of milliseconds since 1970; undefined for one that is no time, such as -1. */
export function timeOf(time: number | bigint): string | undefined {
  const ms = Number(time);
  return ms > 0 && ms <= 8.64e15 ? new Date(ms).toISOString() : undefined;
}
