import type { ApiSpec, FieldSpec, FieldSpecs, RecordSpec, ScalarType } from "../schema/spec.ts";

/** Versions from `from` to `to`, both included; `to` may be Infinity. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A field of a struct, its versions narrowed to those of the struct. */
export interface Field {
  readonly name: string;
  /** What the emitted functions call its value. */
  readonly local: string;
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
  /** Those that are not tagged, in wire order. */
  readonly plain: readonly Field[];
  /** Those that are, by tag. */
  readonly tagged: readonly Field[];
  /** Structs below this one, in the order of the definition. */
  readonly nested: readonly Struct[];
  /** The fewest bytes it takes in any version. */
  readonly minimalSize: number;
}

/** An API or a record, ready to be written as code. */
export interface Message {
  readonly spec: ApiSpec | RecordSpec;
  /** The stable versions. */
  readonly versions: Range;
  /** The version after them that is not stable, if there is one. */
  readonly unstable: number | null;
  readonly flexible: Range | null;
  /** Request and response of an API, or the record. */
  readonly structs: readonly Struct[];
}

/** Names that the emitted functions use themselves. */
const reserved = new Set(["reader", "writer", "version", "message", "flexible", "left", "tagged", "tag", "end", "start"]);

/** Checks a definition and works out what holds in which version. @throws {Error} for a definition that contradicts itself. */
export function resolve(spec: ApiSpec | RecordSpec): Message {
  const versions = parseRange(spec.versions);
  if (versions.to === Infinity) throw new Error(`${spec.name}: versions must end`);
  const unstable = "unstable" in spec ? parseRange(spec.unstable!).to : null;
  if (unstable !== null && unstable !== versions.to + 1) throw new Error(`${spec.name}: the unstable version must follow the stable ones`);
  const all = { from: versions.from, to: unstable ?? versions.to };
  const flexible = spec.flexible === "none" ? null : intersect(parseRange(spec.flexible), all);
  const scope = { versions: all, flexible, message: { versions: all, flexible, shared: sharedFields(spec), structs: new Map() } };
  const structs = "request" in spec
    ? [
      resolveStruct(`${spec.name}Request`, `A request of {@link ${spec.name}}.`, spec.request, scope),
      resolveStruct(`${spec.name}Response`, `A response of {@link ${spec.name}}.`, spec.response, scope),
    ]
    : [resolveStruct(spec.name, spec.doc, spec.fields, scope)];
  return { spec, versions, unstable, flexible, structs };
}

/** Parses `3`, `2-4` or `5+`. */
function parseRange(text: string): Range {
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

/** The fields that several structs or fields of a message have in common. */
function sharedFields(spec: ApiSpec | RecordSpec): Set<FieldSpecs> {
  const seen = new Set<FieldSpecs>();
  const shared = new Set<FieldSpecs>();
  const visit = (specs: FieldSpecs): void => {
    if (seen.has(specs)) shared.add(specs);
    seen.add(specs);
    for (const { fields } of Object.values(specs)) if (fields !== undefined) visit(fields);
  };
  for (const specs of "request" in spec ? [spec.request, spec.response] : [spec.fields]) visit(specs);
  return shared;
}

/** Where a struct stands: the versions around it, and what all structs of the file share. */
interface Scope {
  readonly versions: Range;
  readonly flexible: Range | null;
  readonly message: {
    readonly versions: Range;
    readonly flexible: Range | null;
    readonly shared: ReadonlySet<FieldSpecs>;
    /** By name, those resolved so far. */
    readonly structs: Map<string, { readonly specs: FieldSpecs; readonly struct: Struct }>;
  };
}

/** A struct that occurs in several places is made once, for every version of the message. */
function resolveStruct(name: string, doc: string, specs: FieldSpecs, { message, ...around }: Scope): Struct {
  const known = message.structs.get(name);
  if (known !== undefined && known.specs !== specs) throw new Error(`two structs are called ${name}`);
  if (known !== undefined) return known.struct;
  const { versions, flexible } = message.shared.has(specs) ? message : around;
  const scope = { versions, flexible: flexible && intersect(flexible, versions), message };
  const struct = structOf(name, doc, Object.entries(specs).map(([field, spec]) => resolveField(name, field, spec, scope)), scope);
  message.structs.set(name, { specs, struct });
  return struct;
}

function structOf(name: string, doc: string, fields: readonly Field[], { versions, flexible }: Scope): Struct {
  const plain = fields.filter((field) => field.spec.tag === undefined);
  const tagged = fields.filter((field) => field.spec.tag !== undefined).sort((a, b) => a.spec.tag! - b.spec.tag!);
  if (new Set(tagged.map((field) => field.spec.tag)).size < tagged.length) throw new Error(`${name}: a tag is used twice`);
  const nested = fields.flatMap((field) => field.struct === null ? [] : [field.struct, ...field.struct.nested]);
  return { name, doc, versions, flexible, fields, plain, tagged, nested, minimalSize: minimalSize(plain, flexible, versions) };
}

function resolveField(struct: string, name: string, spec: FieldSpec, scope: Scope): Field {
  const path = `${struct}.${name}`;
  const refuseIf = (wrong: boolean, why: string): void => {
    if (wrong) throw new Error(`${path}: ${why}`);
  };
  const versions = intersect(parseRange(spec.versions), scope.versions);
  if (versions === null) throw new Error(`${path}: no version has it`);
  const nullable = spec.nullable === undefined ? null : intersect(parseRange(spec.nullable), versions);
  const array = spec.type.startsWith("[]");
  const base = spec.type.replace("[]", "") as ScalarType | "struct";
  const always = nullable !== null && covers(nullable, versions);
  const tagged = spec.tag !== undefined;
  refuseIf(spec.nullable !== undefined && nullable === null, "nullable only where it does not exist");
  refuseIf(spec.default === null && nullable === null, "null by default but never nullable");
  refuseIf(nullable !== null && !array && !["string", "bytes", "records", "struct"].includes(base), `${base} cannot be null`);
  const atOnce = base === "records" || base === "struct" && !array;
  refuseIf(atOnce && nullable !== null && !always, `${base} may be null in all versions or none`);
  refuseIf(tagged && (scope.flexible === null || !covers(scope.flexible, versions)), "tagged in a version that is not flexible");
  refuseIf(tagged && nullable !== null && !always, "tagged, it may be null in all versions or none");
  refuseIf((base === "struct") !== (spec.struct !== undefined && spec.fields !== undefined), "only structs have a struct and fields");
  const doc = `${array ? "An element" : "The value"} of {@link ${path}}.`;
  const inner = spec.fields === undefined ? null : resolveStruct(spec.struct!, doc, spec.fields, { ...scope, versions });
  refuseIf(array && inner?.minimalSize === 0, "elements without bytes cannot be compared with the bytes that are left");
  return { name, local: reserved.has(name) ? `${name}Value` : name, spec, base, array, struct: inner, versions, nullable };
}

/** Whether `outer` has all versions of `inner`. */
function covers(outer: Range, inner: Range): boolean {
  return outer.from <= inner.from && outer.to >= inner.to;
}

function minimalSize(fields: readonly Field[], flexible: Range | null, { from, to }: Range): number {
  const sizes = Array.from({ length: to - from + 1 }, (_, index) => {
    const version = { from: from + index, to: from + index };
    const compact = flexible !== null && covers(flexible, version);
    const present = fields.filter((field) => covers(field.versions, version));
    return present.reduce((sum, field) => sum + fieldSize(field, compact), compact ? 1 : 0);
  });
  return Math.min(...sizes);
}

function fieldSize({ base, array, struct, nullable }: Field, compact: boolean): number {
  if (compact && (array || ["string", "bytes", "records"].includes(base))) return 1;
  if (array) return 4;
  if (base === "struct") return nullable === null ? struct!.minimalSize : 1;
  return { bool: 1, int8: 1, int16: 2, uint16: 2, int32: 4, int64: 8, float64: 8, uuid: 16, string: 2, bytes: 4, records: 4 }[base];
}
