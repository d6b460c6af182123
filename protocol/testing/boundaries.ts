import type { FieldSpec, FieldSpecs } from "../schema/spec.ts";
import { type Random } from "./arbitrary.ts";
import { defaultValue, hasVersion, type Message } from "./walker.ts";

/**
 * Messages that go, one after the other, through the values at the ends of every field: null and empty, absent and present, the lowest and the
 * highest number, lengths at the steps of compact lengths. `compat/java/RandomMessage.java` makes its messages by the same rule.
 */

/** With so many messages, every field of every struct has had all its ends. */
export const BOUNDARY_MESSAGES = 16;

/** Compact lengths, which count one more, take another byte from here on. */
const TWO_BYTES = 127;
const THREE_BYTES = 16383;

/** The elements of a long array behind so many are as small as they can be. */
const FULL_STRUCTS = 4;
const FULL_ELEMENTS = 16;

const ZERO_UUID = "A".repeat(22);

/** Where in which message a value stands. */
interface Place {
  readonly version: number;
  readonly number: number;
  /** Whether lengths that take three bytes are wanted too: not in elements behind the first, and not of elements that are no structs. */
  readonly longest: boolean;
  readonly random: Random;
  /** How many containers are around it. */
  readonly depth: number;
  /** Whether everything is to be as small as it can be: elements of long arrays. */
  readonly small: boolean;
}

/**
 * The message of that number, from 0 up to {@link BOUNDARY_MESSAGES}. A container as deep as n is null in message 2n, empty in the next, long in
 * the one after it, and full from then on; other fields take their ends in turn.
 */
export function boundaryMessage(fields: FieldSpecs, version: number, number: number, random: Random, longest = false): Message {
  return structAt(fields, { version, number, longest, random, depth: 0, small: false });
}

function structAt(fields: FieldSpecs, place: Place): Message {
  return Object.fromEntries(
    Object.entries(fields).map(([name, spec]) => {
      const turn = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
      return [name, hasVersion(spec.versions, place.version) ? valueAt(spec, turn, place) : defaultValue(spec)];
    }),
  );
}

function valueAt(spec: FieldSpec, turn: number, place: Place): unknown {
  const { small, number, depth, longest } = place;
  const nullable = hasVersion(spec.nullable, place.version);
  const first = small || number === 2 * depth;
  const second = !small && number === 2 * depth + 1;
  if (first && spec.tag !== undefined) return defaultValue(spec);
  // Some of those that may be null are not null where they are absent.
  const empty = nullable && (first || spec.tag !== undefined && spec.default !== null) ? null : [];
  const deeper = { ...place, depth: depth + 1 };
  if (spec.type === "struct") return nullable && (first || second) ? null : structAt(spec.fields!, deeper);
  if (spec.type === "[]struct") {
    if (first || second) return empty;
    const length = number === 2 * depth + 2 ? TWO_BYTES : 1 + (number + turn) % 2;
    return Array.from(
      { length },
      (_, index) => structAt(spec.fields!, { ...deeper, longest: longest && index === 0, small: small || index >= FULL_STRUCTS }),
    );
  }
  const choices = nullable ? [null] : [];
  if (!spec.type.startsWith("[]")) return scalarAt(spec, spec.type, choices, turn, place);
  const length = pick([...choices, ...lengths(place)], turn, place);
  const element = (index: number): unknown =>
    scalarAt(spec, spec.type.slice(2), [], turn + index, { ...place, longest: false, small: small || index >= FULL_ELEMENTS });
  return length === null ? null : Array.from({ length }, (_, index) => element(index));
}

function scalarAt(spec: FieldSpec, type: string, choices: readonly null[], turn: number, place: Place): unknown {
  if (type !== "string" && type !== "bytes" && type !== "records") {
    return pick([...choices, ...ends(spec, type, place.random)], turn, place);
  }
  const length = pick([...choices, ...lengths(place)], turn, place);
  if (length === null) return null;
  const letter = place.random(26);
  if (type !== "string") return Uint8Array.from({ length }, (_, index) => letter * 10 + index);
  return length === 2 ? "é😀" : "abcdefghijklmnopqrstuvwxyz"[letter].repeat(length);
}

/** The values at the ends of a type, and one or two others; the first is the smallest. */
function ends(spec: FieldSpec, type: string, random: Random): unknown[] {
  switch (type) {
    case "bool":
      return [false, true];
    case "uuid":
      return [ZERO_UUID, "_".repeat(21) + "w", `${"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[random(26)].repeat(21)}A`];
    case "float64":
      return [0, -0, NaN, Infinity, -Infinity, Number.MIN_VALUE, -Number.MAX_VALUE, random(1000) / 7];
    default: {
      const [lowest, highest] = range(spec, type);
      const others = [0, lowest < 0 ? -1 : 1, random(100)];
      return typeof lowest === "bigint" ? [...others.map(BigInt), lowest, highest] : [...others, lowest, highest];
    }
  }
}

/** The lowest and the highest value of a type of whole numbers. */
function range(spec: FieldSpec, type: string): [number, number] | [bigint, bigint] {
  if (type === "int64" && spec.int64 === "bigint") return [-(2n ** 63n), 2n ** 63n - 1n];
  if (type === "int64") return [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  if (type === "uint16") return [0, 0xffff];
  const half = 2 ** (Number(type.slice("int".length)) - 1);
  return [-half, half - 1];
}

/** None, a few, and those at the steps of compact lengths; the last one, which makes much work, only in the later messages. */
function lengths({ longest, number }: Place): number[] {
  const three = number < BOUNDARY_MESSAGES / 2 ? 3 : THREE_BYTES;
  return [0, 2, TWO_BYTES - 1, TWO_BYTES, ...longest ? [three] : []];
}

function pick<T>(choices: readonly T[], turn: number, { small, number }: Place): T {
  return choices[small ? 0 : (number + turn) % choices.length];
}

/** The ends of fields that no message of the list has, as `path: end`; empty when {@link boundaryMessage} or another did its work. */
export function missingBoundaries(fields: FieldSpecs, version: number, messages: readonly Message[], longest = false): string[] {
  return Object.entries(fields).filter(([, spec]) => hasVersion(spec.versions, version)).flatMap(([name, spec]) => {
    const values = messages.map((message) => message[name]);
    const inner = values.flatMap((value) => Array.isArray(value) ? value : value === null ? [] : [value]);
    if (spec.fields !== undefined) {
      const below = missingBoundaries(spec.fields, version, inner as Message[], longest).map((path) => `${name}.${path}`);
      return [...missingEnds(spec, version, values, longest).map((end) => `${name}: ${end}`), ...below];
    }
    const elements = spec.type.startsWith("[]") ? wantedEnds(spec, spec.type.slice(2), false).filter((end) => !inner.some(isEnd(end))) : [];
    return [...missingEnds(spec, version, values, longest), ...elements.map((end) => `element ${end}`)].map((end) => `${name}: ${end}`);
  });
}

function missingEnds(spec: FieldSpec, version: number, values: readonly unknown[], longest: boolean): string[] {
  const wanted = [...wantedEnds(spec, spec.type, longest), ...hasVersion(spec.nullable, version) ? ["null"] : []];
  const missing = wanted.filter((end) => !values.some(isEnd(end)));
  if (spec.tag === undefined) return missing;
  const absent = describe(defaultValue(spec));
  const known = values.map(describe);
  return [...missing, ...known.includes(absent) ? [] : ["absent"], ...known.every((value) => value === absent) ? ["present"] : []];
}

function wantedEnds(spec: FieldSpec, type: string, longest: boolean): string[] {
  const sized = ["0 long", `${TWO_BYTES - 1} long`, `${TWO_BYTES} long`, ...longest ? [`${THREE_BYTES} long`] : []];
  if (type === "struct") return [];
  if (type === "[]struct") return ["0 long", `${TWO_BYTES} long`];
  if (type.startsWith("[]") || ["string", "bytes", "records"].includes(type)) return sized;
  if (type === "bool") return ["false", "true"];
  if (type === "uuid") return [ZERO_UUID];
  if (type === "float64") return ["0", "-0", "NaN", "Infinity", "-Infinity"];
  return ["0", ...range(spec, type).map(String)];
}

function isEnd(end: string): (value: unknown) => boolean {
  return (value) => end.endsWith(" long") ? value !== null && (value as unknown[]).length === parseInt(end) : describe(value) === end;
}

function describe(value: unknown): string {
  if (typeof value !== "object") return Object.is(value, -0) ? "-0" : String(value);
  return JSON.stringify(value, (_, inner) => typeof inner === "bigint" ? String(inner) : inner);
}
