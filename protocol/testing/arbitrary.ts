import type { FieldSpec, FieldSpecs } from "../schema/spec.ts";
import { defaultValue, hasVersion, type Message } from "./walker.ts";

/** A pseudo-random whole number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/** The same seed gives the same numbers (xorshift32; good enough for test data). */
export function seededRandom(seed: number): Random {
  let state = seed * 2654435761 >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A value for a field, or undefined where chance shall decide. */
export type Suggest = (name: string, spec: FieldSpec, nullable: boolean) => unknown;

/**
 * A message that a version can carry, with many extremes: empty, null, the ends of ranges, lengths around the steps of varints. `suggest` is asked
 * first for every field that the version has.
 */
export function arbitraryMessage(
  fields: FieldSpecs,
  version: number,
  random: Random,
  suggest: Suggest = () => undefined,
): Message {
  return Object.fromEntries(
    Object.entries(fields).map(([name, spec]) => {
      if (!hasVersion(spec.versions, version)) return [name, defaultValue(spec)];
      const suggested = suggest(name, spec, hasVersion(spec.nullable, version));
      return [name, suggested === undefined ? arbitraryValue(spec, version, random, suggest) : suggested];
    }),
  );
}

function arbitraryValue(spec: FieldSpec, version: number, random: Random, suggest: Suggest): unknown {
  if (spec.tag !== undefined && random(2) === 0) return defaultValue(spec);
  if (hasVersion(spec.nullable, version) && random(4) === 0) return null;
  if (!spec.type.startsWith("[]")) return arbitraryScalar(spec, spec.type, version, random, suggest);
  const type = spec.type.slice(2);
  const length = type !== "struct" && random(16) === 0 ? 126 + random(4) : random(4);
  return Array.from({ length }, () => arbitraryScalar(spec, type, version, random, suggest));
}

function arbitraryScalar(spec: FieldSpec, type: string, version: number, random: Random, suggest: Suggest): unknown {
  switch (type) {
    case "bool":
      return random(2) === 1;
    case "uuid":
      return arbitraryUuid(random);
    case "string":
      return arbitraryString(random);
    case "bytes":
    case "records":
      return Uint8Array.from({ length: arbitraryLength(random) }, () => random(256));
    case "float64":
      return [0, -0, 1.5, -1e300, Infinity, NaN][random(6)];
    case "struct":
      return arbitraryMessage(spec.fields!, version, random, suggest);
    case "uint16":
      return [0, 1, 0xffff, random(0x10000)][random(4)];
    case "int64":
      return spec.int64 === "bigint" ? arbitraryBigint(random) : arbitraryInteger(54, random);
    default:
      return arbitraryInteger(Number(type.slice(3)), random);
  }
}

/** A signed whole number of `bits` bits; never the lowest of 54 bits, which is not a safe integer. */
function arbitraryInteger(bits: number, random: Random): number {
  const half = 2 ** (bits - 1);
  const lowest = bits === 54 ? 1 - half : -half;
  return [0, -1, lowest, half - 1, random(128), lowest + random(2 ** 16) * random(2 ** 16) % half][random(6)];
}

function arbitraryBigint(random: Random): bigint {
  const any = BigInt(random(2 ** 16)) << 48n | BigInt(random(2 ** 16)) << 24n | BigInt(random(2 ** 16));
  return [0n, -1n, -(2n ** 63n), 2n ** 63n - 1n, BigInt.asIntN(64, any)][random(5)];
}

function arbitraryUuid(random: Random): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return Array.from({ length: 21 }, () => alphabet[random(64)]).join("") + "AQgw"[random(4)];
}

function arbitraryString(random: Random): string {
  const alphabet = [..."abc-é€😀\u{feff}\u{0}"].slice(0, random(2) === 0 ? 4 : 9);
  return Array.from({ length: arbitraryLength(random) }, () => alphabet[random(alphabet.length)]).join("");
}

function arbitraryLength(random: Random): number {
  return [0, 1, random(24), random(64), 125 + random(6)][random(5)];
}
