import type { FieldSpec, FieldSpecs } from "../schema/spec.ts";

/**
 * A slow interpreter of the definitions, written without a look at the generator, its Reader or its Writer: the oracle of the codecs.
 * It believes what it reads; only valid bytes are given to it.
 */

/** A message as the generated interfaces have it. */
export type Message = Record<string, unknown>;

/** Whether a range such as `3`, `2-4`, `5+` or `none` has a version. */
export function hasVersion(range: string | undefined, version: number): boolean {
  if (range === undefined || range === "none") return false;
  const [from, to = from] = range.split(/[-+]/);
  return version >= Number(from) && (range.endsWith("+") || version <= Number(to));
}

/** The value of an absent field. */
export function defaultValue(spec: FieldSpec): unknown {
  if (spec.default !== undefined) return spec.default;
  if (spec.type.startsWith("[]")) return [];
  switch (spec.type) {
    case "bool":
      return false;
    case "string":
      return "";
    case "uuid":
      return "A".repeat(22);
    case "bytes":
      return new Uint8Array(0);
    case "records":
      return spec.nullable === undefined ? new Uint8Array(0) : null;
    case "float64":
      return 0;
    case "struct":
      return Object.fromEntries(Object.entries(spec.fields!).map(([name, field]) => [name, defaultValue(field)]));
    default:
      return spec.int64 === "bigint" ? 0n : 0;
  }
}

/** A tagged field that no definition has: what a newer program might send. */
const stranger = [...varint(1_000_000), ...varint(3), 1, 2, 3];

/** The bytes of a struct. With `strangers` every struct has a tagged field that nobody knows. */
export function encode(fields: FieldSpecs, flexible: string, version: number, message: Message, strangers = false): number[] {
  const present = Object.entries(fields).filter(([, spec]) => hasVersion(spec.versions, version));
  const compact = hasVersion(flexible, version);
  const value = (name: string, spec: FieldSpec): number[] => encodeField(spec, flexible, version, message[name], strangers);
  const bytes = present.filter(([, spec]) => spec.tag === undefined).flatMap(([name, spec]) => value(name, spec));
  if (!compact) return bytes;
  const tagged = present
    .filter(([name, spec]) => spec.tag !== undefined && message[name] !== undefined)
    .filter(([name, spec]) => value(name, spec).join() !== encodeField(spec, flexible, version, defaultValue(spec), strangers).join())
    .sort(([, a], [, b]) => a.tag! - b.tag!)
    .map(([name, spec]) => [...varint(spec.tag!), ...varint(value(name, spec).length), ...value(name, spec)]);
  if (strangers) tagged.push(stranger);
  return [...bytes, ...varint(tagged.length), ...tagged.flat()];
}

/** The bytes of a field that a version has. */
export function encodeField(spec: FieldSpec, flexible: string, version: number, value: unknown, strangers: boolean): number[] {
  const compact = hasVersion(flexible, version);
  const element = spec.type.replace("[]", "");
  const one = (item: unknown): number[] =>
    element === "struct" ? encode(spec.fields!, flexible, version, item as Message, strangers) : encodeScalar(element, compact, item);
  if (!spec.type.startsWith("[]")) return [...presence(spec, value), ...(element === "struct" && value === null ? [] : one(value))];
  return [...encodeLength(4, compact, value as unknown[] | null), ...((value ?? []) as unknown[]).flatMap(one)];
}

/** The byte before a struct that may be null. */
function presence(spec: FieldSpec, value: unknown): number[] {
  if (spec.type !== "struct" || spec.nullable === undefined) return [];
  return value !== null ? [1] : [spec.tag === undefined ? 255 : 0];
}

function encodeScalar(type: string, compact: boolean, value: unknown): number[] {
  if (type === "bool") return [value ? 1 : 0];
  if (type === "uuid") return [...atob((value as string).replaceAll("-", "+").replaceAll("_", "/"))].map((byte) => byte.charCodeAt(0));
  if (type === "float64") return [...new Uint8Array(new Float64Array([value as number]).buffer)].reverse();
  const bits = /^u?int(\d+)$/.exec(type);
  if (bits !== null) {
    const hex = BigInt.asUintN(Number(bits[1]), BigInt(value as number)).toString(16).padStart(Number(bits[1]) / 4, "0");
    return hex.match(/../g)!.map((byte) => parseInt(byte, 16));
  }
  const bytes = type === "string" && value !== null ? new TextEncoder().encode(value as string) : value as Uint8Array | null;
  return [...encodeLength(type === "string" ? 2 : 4, compact, bytes), ...(bytes ?? [])];
}

function encodeLength(size: 2 | 4, compact: boolean, value: { length: number } | null): number[] {
  const length = value === null ? -1 : value.length;
  return compact ? varint(length + 1) : encodeScalar(`int${size * 8}`, false, length);
}

/** An unsigned varint. */
export function varint(value: number): number[] {
  return value < 128 ? [value] : [value % 128 + 128, ...varint(Math.floor(value / 128))];
}

/** Bytes not yet read. */
export interface Input {
  bytes: Uint8Array;
}

/** The struct at the front of the input; the input is moved behind it. */
export function decode(fields: FieldSpecs, flexible: string, version: number, input: Input): Message {
  const message: Message = {};
  for (const [name, spec] of Object.entries(fields)) message[name] = defaultValue(spec);
  const present = Object.entries(fields).filter(([, spec]) => hasVersion(spec.versions, version));
  for (const [name, spec] of present.filter(([, spec]) => spec.tag === undefined)) {
    message[name] = decodeField(spec, flexible, version, input);
  }
  if (!hasVersion(flexible, version)) return message;
  for (let count = decodeVarint(input); count > 0; count--) {
    const tag = decodeVarint(input);
    const content = { bytes: take(input, decodeVarint(input)) };
    for (const [name, spec] of present.filter(([, spec]) => spec.tag === tag)) {
      message[name] = decodeField(spec, flexible, version, content);
    }
  }
  return message;
}

function decodeField(spec: FieldSpec, flexible: string, version: number, input: Input): unknown {
  const compact = hasVersion(flexible, version);
  const element = spec.type.replace("[]", "");
  const one = (): unknown =>
    element === "struct" ? decode(spec.fields!, flexible, version, input) : decodeScalar(spec, element, compact, input);
  const absent = spec.type === "struct" && spec.nullable !== undefined && take(input, 1)[0] !== 1;
  if (!spec.type.startsWith("[]")) return absent ? null : one();
  const length = decodeLength(4, compact, input);
  return length < 0 ? null : Array.from({ length }, one);
}

function decodeScalar(spec: FieldSpec, type: string, compact: boolean, input: Input): unknown {
  if (type === "bool") return take(input, 1)[0] !== 0;
  if (type === "uuid") return btoa(String.fromCharCode(...take(input, 16))).replaceAll("+", "-").replaceAll("/", "_").replace("==", "");
  if (type === "float64") return new Float64Array(take(input, 8).slice().reverse().buffer)[0];
  const bits = /^(u?)int(\d+)$/.exec(type);
  if (bits !== null) {
    const value = [...take(input, Number(bits[2]) / 8)].reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    const signed = bits[1] === "u" ? value : BigInt.asIntN(Number(bits[2]), value);
    return spec.int64 === "bigint" ? signed : Number(signed);
  }
  const length = decodeLength(type === "string" ? 2 : 4, compact, input);
  if (length < 0) return null;
  return type === "string" ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(take(input, length)) : take(input, length);
}

function decodeLength(size: 2 | 4, compact: boolean, input: Input): number {
  const view = new DataView(input.bytes.buffer, input.bytes.byteOffset);
  if (compact) return decodeVarint(input) - 1;
  take(input, size);
  return size === 2 ? view.getInt16(0) : view.getInt32(0);
}

function decodeVarint(input: Input): number {
  const byte = take(input, 1)[0];
  return byte < 128 ? byte : byte % 128 + 128 * decodeVarint(input);
}

function take(input: Input, size: number): Uint8Array {
  const bytes = input.bytes.subarray(0, size);
  input.bytes = input.bytes.subarray(size);
  return bytes;
}
