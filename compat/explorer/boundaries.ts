/** What the definitions say can be asked at the edges: each field of a sound request in turn at the ends of its range. */
import type { FieldSpec, FieldSpecs } from "../../protocol/schema/spec.ts";
import { hasVersion } from "../../protocol/testing/walker.ts";
import { specOf } from "./codec.ts";
import type { Order } from "./plain.ts";
import type { Await, Fields, History, Step, Value } from "./history.ts";

/** A sound request of an API, and what has to be there before it and is looked at after it. */
export interface Base extends Order {
  readonly api: string;
  readonly request: Fields;
  readonly before?: readonly (Step | Await)[];
  readonly after?: readonly (Step | Await)[];
  /** As in {@link Step}. */
  readonly bind?: Step["bind"];
  /** Values that are not tried, by path, and why. */
  readonly not?: Readonly<Record<string, { readonly values: (value: Value) => boolean; readonly why: string }>>;
}

const UNKNOWN_ID = "dGhlcmUgaXMgbm8gdG9waQ";

/** The base itself, and one history for each field and each value at an edge. */
export function boundaries(base: Base): History[] {
  const found = [history(base, "as it should be", base.request, undefined)];
  for (const { path, spec, versions } of fieldsOf(specOf(base.api).request, base.request)) {
    for (const value of edges(spec, get(base.request, path))) {
      if (base.not?.[path.join(".")]?.values(value)) continue;
      const request = set(base.request, path, value) as Fields;
      found.push({ ...history(base, `${path.join(".")} = ${told(value)}`, request, versions), sampled: true });
    }
  }
  return found;
}

function history(base: Base, name: string, request: Fields, versions: string | undefined): History {
  const { api, before = [], after = [], bind, own, keyed, unordered } = base;
  return { name: `${api}: ${name}`, api, versions, steps: [...before, { api, request, bind, own, keyed, unordered }, ...after] };
}

interface Place {
  readonly path: readonly (string | number)[];
  readonly spec: FieldSpec;
  readonly versions: string;
}

/** All fields, in the first element of each list that the base has. */
function fieldsOf(fields: FieldSpecs, value: Fields, path: readonly (string | number)[] = []): Place[] {
  return Object.entries(fields).flatMap(([name, spec]) => {
    const here = { path: [...path, name], spec, versions: spec.versions };
    const given = value[name];
    if (!spec.type.endsWith("struct") || given === undefined || given === null) return [here];
    if (!Array.isArray(given)) return [here, ...fieldsOf(spec.fields!, given as Fields, here.path)];
    return given.length === 0 ? [here] : [here, ...fieldsOf(spec.fields!, given[0] as Fields, [...here.path, 0])];
  });
}

function edges(spec: FieldSpec, given: Value): Value[] {
  const all = [...(spec.nullable === undefined ? [] : [null]), ...edgesOfType(spec, given)];
  return all.filter((value) => value !== given);
}

function edgesOfType(spec: FieldSpec, given: Value): Value[] {
  if (spec.type.startsWith("[]")) {
    if (!Array.isArray(given) || given.length === 0) return [[]];
    return [[], [given[0], given[0]]];
  }
  switch (spec.type) {
    case "bool":
      return [true, false];
    case "string":
      return ["", "no-such-{run}", "not a name {run}", "é😀{run}", `${"x".repeat(250)}{run}`];
    case "uuid":
      return ["A".repeat(22), UNKNOWN_ID];
    case "bytes":
    case "records":
      return [new Uint8Array(0), Uint8Array.of(0), new Uint8Array(80).fill(0xff)];
    case "int64":
      return [0n, -1n, -2n, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n];
    case "struct":
      return [];
    default:
      return integerEdges(Number(/\d+/.exec(spec.type)![0]));
  }
}

function integerEdges(bits: number): number[] {
  return [0, 1, -1, -2, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

function get(value: Value, [name, ...rest]: readonly (string | number)[]): Value {
  if (name === undefined) return value;
  return value === undefined ? undefined as unknown as Value : get((value as Fields)[name], rest);
}

function set(value: Value, [name, ...rest]: readonly (string | number)[], to: Value): Value {
  if (name === undefined) return to;
  if (Array.isArray(value)) return value.map((one, i) => i === name ? set(one, rest, to) : one);
  return { ...(value as Fields), [name]: set((value as Fields)[name], rest, to) };
}

function told(value: Value): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "the same twice";
  if (typeof value === "string" && value.length > 40) return `${value.length} characters`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Whether a history is played in a version. */
export function playedIn({ versions }: History, version: number): boolean {
  return versions === undefined || hasVersion(versions, version);
}
