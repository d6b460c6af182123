/** Requests out of partial values, answers as plain ones: by the definitions, with every int64 whole, whatever our own codecs make of it. */
import { apiSpecs } from "../../protocol/schema/mod.ts";
import type { ApiSpec, FieldSpec, FieldSpecs } from "../../protocol/schema/spec.ts";
import { decode, defaultValue, encode, hasVersion, type Message } from "../../protocol/testing/walker.ts";
import type { Bound, Fields, Value } from "./history.ts";

const CLIENT_ID = "compat";
const API_VERSIONS = 18;
const specs = new Map(apiSpecs.map((spec) => [spec.name, { ...spec, request: wide(spec.request), response: wide(spec.response) }]));

export function specOf(api: string): ApiSpec {
  const spec = specs.get(api);
  if (spec === undefined) throw new Error(`there is no API ${api}`);
  return spec;
}

/** The same fields with int64 as bigint throughout. */
function wide(fields: FieldSpecs): FieldSpecs {
  const one = (spec: FieldSpec): FieldSpec => ({
    ...spec,
    ...(spec.type === "int64" ? { int64: "bigint" as const } : {}),
    ...(spec.type === "int64" && typeof spec.default === "number" ? { default: BigInt(spec.default) } : {}),
    ...(spec.fields === undefined ? {} : { fields: wide(spec.fields) }),
  });
  return Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, one(spec)]));
}

/** The frame of a request, its length in front; null when the version cannot carry the values. */
export function requestFrame(spec: ApiSpec, version: number, correlationId: number, request: Fields, bound: Bound): Uint8Array | null {
  const message = complete(spec.request, version, request, bound);
  if (message === null) return null;
  const flexible = hasVersion(spec.flexible, version);
  const header = [...int(spec.key, 2), ...int(version, 2), ...int(correlationId, 4), ...int(CLIENT_ID.length, 2)];
  const body = encode(spec.request, spec.flexible, version, message);
  const content = [...header, ...new TextEncoder().encode(CLIENT_ID), ...(flexible ? [0] : []), ...body];
  return Uint8Array.from([...int(content.length, 4), ...content]);
}

function int(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) & 255);
}

/** Null where a value is null and may not be. */
function complete(fields: FieldSpecs, version: number, given: Fields, bound: Bound): Message | null {
  for (const name of Object.keys(given)) if (!(name in fields)) throw new Error(`there is no field ${name}`);
  const message: Message = {};
  for (const [name, spec] of Object.entries(fields)) {
    message[name] = defaultValue(spec);
    if (!(name in given) || !hasVersion(spec.versions, version)) continue;
    const value = resolve(given[name], bound);
    const filled = fill(spec, version, value, bound);
    if (filled === null && !hasVersion(spec.nullable, version)) return null;
    message[name] = filled;
  }
  return message;
}

function fill(spec: FieldSpec, version: number, value: unknown, bound: Bound): unknown {
  if (value === null) return null;
  if (!spec.type.endsWith("struct")) return Array.isArray(value) ? value.map((one) => resolve(one, bound)) : value;
  if (!Array.isArray(value)) return complete(spec.fields!, version, value as Fields, bound);
  const elements = value.map((one) => complete(spec.fields!, version, resolve(one, bound) as Fields, bound));
  return elements.includes(null) ? null : elements;
}

/** The value itself: of a name, what is bound to it; of a function, what it makes of what is bound. */
function resolve(value: Value, bound: Bound): unknown {
  if (typeof value === "function") return resolve(value(bound), bound);
  if (typeof value !== "string") return value;
  const name = /^\$(\w+)$/.exec(value)?.[1];
  if (name !== undefined && name in bound) return bound[name];
  if (name !== undefined) throw new Error(`nothing is bound to $${name}`);
  return value.replaceAll("{run}", String(bound.run)).replaceAll("{version}", String(bound.version));
}

/** What an answer (without its length) says; a sentence when it is no such message. */
export function answerOf(spec: ApiSpec, version: number, frame: Uint8Array): Message | string {
  const tagged = hasVersion(spec.flexible, version) && spec.key !== API_VERSIONS;
  if (tagged && frame[4] !== 0) return "tagged fields in the header";
  const input = { bytes: frame.subarray(tagged ? 5 : 4) };
  try {
    const message = decode(spec.response, spec.flexible, version, input);
    return input.bytes.length === 0 ? message : `${input.bytes.length} bytes behind the message`;
  } catch (error) {
    return `no such message: ${error instanceof Error ? error.message : error}`;
  }
}
