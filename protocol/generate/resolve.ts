import type { ApiSpec, FieldSpec, FieldSpecs, RecordSpec, ScalarType } from "../schema/spec.ts";

/** Versions from `from` to `to`, both included; `to` may be Infinity. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A field of a struct, its versions narrowed to those of the struct. */
export interface Field {
  readonly name: string;
  readonly spec: FieldSpec;
  /** `struct` for a struct and for the elements of an array of structs. */
  readonly base: ScalarType | "struct";
  readonly array: boolean;
  readonly struct: Struct | null;
  readonly versions: Range;
  /** Versions in which it may be null, or null when there are none. */
  readonly nullable: Range | null;
}

/** A struct with the versions in which it occurs. */
export interface Struct {
  readonly name: string;
  readonly doc: string;
  readonly versions: Range;
  readonly flexible: Range | null;
  /** All fields, in the order of the definition. */
  readonly fields: readonly Field[];
  /** Structs below this one, in the order of the definition. */
  readonly nested: readonly Struct[];
  /** The fewest bytes it takes in any version. */
  readonly minimalSize: number;
}

/** An API or a record, ready to be written as code. */
export interface Message {
  readonly spec: ApiSpec | RecordSpec;
  readonly versions: Range;
  readonly flexible: Range | null;
  /** Request and response of an API, or the record. */
  readonly structs: readonly Struct[];
}

/** Names that the emitted functions use themselves. */
const reserved = new Set(["reader", "writer", "version", "message", "flexible", "count", "tagged", "tag", "end", "start"]);

/** Checks a definition and works out what holds in which version. @throws {Error} for a definition that contradicts itself. */
export function resolve(spec: ApiSpec | RecordSpec): Message {
  const versions = parseRange(spec.versions);
  if (versions.to === Infinity) throw new Error(`${spec.name}: versions must end`);
  const flexible = spec.flexible === "none" ? null : intersect(parseRange(spec.flexible), versions);
  const names = new Set<string>();
  const scope = { versions, flexible, names };
  const structs = "request" in spec
    ? [
      resolveStruct(`${spec.name}Request`, `A request of {@link ${spec.name}}.`, spec.request, scope),
      resolveStruct(`${spec.name}Response`, `A response of {@link ${spec.name}}.`, spec.response, scope),
    ]
    : [resolveStruct(spec.name, spec.doc, spec.fields, scope)];
  return { spec, versions, flexible, structs };
}

/** Parses `3`, `2-4` or `5+`. */
export function parseRange(text: string): Range {
  const match = /^(\d+)(?:-(\d+)|(\+))?$/.exec(text);
  if (match === null) throw new Error(`"${text}" is not a range of versions`);
  const from = Number(match[1]);
  const to = match[3] === "+" ? Infinity : Number(match[2] ?? from);
  if (to < from) throw new Error(`"${text}" ends before it starts`);
  return { from, to };
}

/** The versions in both ranges, or null when there are none. */
export function intersect(a: Range, b: Range): Range | null {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from <= to ? { from, to } : null;
}

/** What the structs of one file share: the versions around, and the names taken so far. */
interface Scope {
  readonly versions: Range;
  readonly flexible: Range | null;
  readonly names: Set<string>;
}

function resolveStruct(name: string, doc: string, specs: FieldSpecs, scope: Scope): Struct {
  if (scope.names.has(name)) throw new Error(`two structs are called ${name}`);
  scope.names.add(name);
  const flexible = scope.flexible && intersect(scope.flexible, scope.versions);
  const fields = Object.entries(specs).map(([field, spec]) => resolveField(name, field, spec, { ...scope, flexible }));
  const tags = fields.filter((field) => field.spec.tag !== undefined).map((field) => field.spec.tag);
  if (new Set(tags).size !== tags.length) throw new Error(`${name}: a tag is used twice`);
  const nested = fields.flatMap((field) => field.struct === null ? [] : [field.struct, ...field.struct.nested]);
  return { name, doc, versions: scope.versions, flexible, fields, nested, minimalSize: minimalSize(fields, flexible, scope.versions) };
}

function resolveField(struct: string, name: string, spec: FieldSpec, scope: Scope): Field {
  const path = `${struct}.${name}`;
  if (reserved.has(name)) throw new Error(`${path}: the name is needed by the generated code`);
  const versions = intersect(parseRange(spec.versions), scope.versions);
  if (versions === null) throw new Error(`${path}: no version has it`);
  const nullable = spec.nullable === undefined ? null : intersect(parseRange(spec.nullable), versions);
  if (spec.nullable !== undefined && nullable === null) throw new Error(`${path}: nullable only where it does not exist`);
  if (spec.default === null && nullable === null) throw new Error(`${path}: null by default but never nullable`);
  const array = spec.type.startsWith("[]");
  const base = spec.type.replace("[]", "") as ScalarType | "struct";
  if (nullable !== null && !array && !["string", "bytes", "records"].includes(base)) throw new Error(`${path}: ${base} cannot be null`);
  if (base === "records" && !(nullable !== null && covers(nullable, versions))) throw new Error(`${path}: records are nullable`);
  if (spec.tag !== undefined) checkTagged(path, spec, versions, nullable, scope.flexible);
  if ((spec.type.endsWith("struct")) !== (spec.struct !== undefined && spec.fields !== undefined)) {
    throw new Error(`${path}: struct and fields belong to struct types`);
  }
  if (spec.type === "struct" && spec.tag === undefined) throw new Error(`${path}: a struct that is not tagged is not supported`);
  const doc = `${array ? "An element" : "The value"} of {@link ${path}}.`;
  const inner = spec.fields === undefined ? null : resolveStruct(spec.struct!, doc, spec.fields, { ...scope, versions });
  if (inner?.minimalSize === 0) throw new Error(`${path}: elements without bytes cannot be checked against the bytes that are left`);
  return { name, spec, base, array, struct: inner, versions, nullable };
}

function checkTagged(path: string, spec: FieldSpec, versions: Range, nullable: Range | null, flexible: Range | null): void {
  if (flexible === null || !covers(flexible, versions)) throw new Error(`${path}: tagged in a version that is not flexible`);
  if (nullable !== null && (spec.default !== null || !covers(nullable, versions))) {
    throw new Error(`${path}: a tagged field that may be null must be so always and by default`);
  }
}

/** Whether `outer` has all versions of `inner`. */
function covers(outer: Range, inner: Range): boolean {
  return outer.from <= inner.from && outer.to >= inner.to;
}

function minimalSize(fields: readonly Field[], flexible: Range | null, versions: Range): number {
  let smallest = Infinity;
  for (let version = versions.from; version <= versions.to; version++) {
    const compact = flexible !== null && version >= flexible.from && version <= flexible.to;
    const present = fields.filter(({ spec, versions }) => spec.tag === undefined && version >= versions.from && version <= versions.to);
    const size = present.reduce((sum, field) => sum + fieldSize(field, compact), compact ? 1 : 0);
    smallest = Math.min(smallest, size);
  }
  return smallest;
}

function fieldSize({ base, array }: Field, compact: boolean): number {
  if (compact && (array || ["string", "bytes", "records"].includes(base))) return 1;
  if (array) return 4;
  const sizes = { bool: 1, int8: 1, int16: 2, uint16: 2, int32: 4, int64: 8, uuid: 16, string: 2, bytes: 4, records: 4, struct: 0 };
  return sizes[base];
}
