import type { FieldSpec, FieldSpecs } from "../schema/spec.ts";
import { listFiles, readText } from "./files.ts";
import { defaultValue, hasVersion, type Message } from "./walker.ts";

/** Test data of `protocol/testdata/`: bytes written down by hand or made by Kafka's classes, with the values they stand for. */

/** One message: what it says, in the JSON of Kafka's converters, and its bytes. */
export interface Example {
  /** Where it comes from, for failures. */
  readonly source: string;
  readonly type: "request" | "response" | "record";
  readonly version: number;
  readonly message: Record<string, unknown>;
  readonly bytes: Uint8Array;
}

/** The annotated fixtures of an API or record: `v4_request.hex` and the values beside it, in `folder` below `protocol/testdata/`. */
export function fixtures(folder: string): Example[] {
  return listFiles(`testdata/${folder}`).filter((file) => file.endsWith(".hex")).map((file) => {
    const [, version, type] = /^v(\d+)_(request|response|record)\.hex$/.exec(file)!;
    return {
      source: `${folder}/${file}`,
      type: type as Example["type"],
      version: Number(version),
      message: JSON.parse(readText(`testdata/${folder}/${file.replace(".hex", ".json")}`)),
      bytes: parseHex(readText(`testdata/${folder}/${file}`)),
    };
  });
}

/** The folders of {@link fixtures}. */
export function fixtureFolders(): string[] {
  return listFiles("testdata").filter((name) => /^\d\d_/.test(name));
}

/** What Kafka's classes made of random messages (`compat/exchange/vectors.ts`). */
export function vectors(name: string): Example[] {
  const [head, ...lines] = readText(`testdata/vectors/${name}.jsonl`).trimEnd().split("\n");
  const { kafka, seed } = JSON.parse(head);
  return lines.map((line, index) => {
    const { type, version, message, bytes } = JSON.parse(line);
    return { source: `${name} vector ${index + 1} (Kafka ${kafka}, seed ${seed})`, type, version, message, bytes: parseHex(bytes) };
  });
}

/** Bytes from hexadecimal digits; blanks and what follows a `#` are left out. */
export function parseHex(text: string): Uint8Array {
  const digits = text.replace(/#.*$/gm, "").replace(/\s+/g, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error("not pairs of hexadecimal digits");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The message that a JSON of Kafka's converters stands for: bytes are base64, absent fields have their default. */
export function fromJson(fields: FieldSpecs, version: number, json: Record<string, unknown>): Message {
  const strangers = Object.keys(json).filter((name) => !hasVersion(fields[name]?.versions, version));
  if (strangers.length > 0) throw new Error(`version ${version} has no ${strangers.join(", ")}`);
  return Object.fromEntries(
    Object.entries(fields).map(([name, spec]) => {
      if (!hasVersion(spec.versions, version)) return [name, defaultValue(spec)];
      if (!(name in json) && spec.tag === undefined) throw new Error(`${name} is missing`);
      return [name, name in json ? fromJsonValue(spec, version, json[name]) : defaultValue(spec)];
    }),
  );
}

function fromJsonValue(spec: FieldSpec, version: number, value: unknown): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item) => fromJsonValue(spec, version, item));
  if (spec.fields !== undefined) return fromJson(spec.fields, version, value as Record<string, unknown>);
  if (spec.type === "bytes" || spec.type === "records") return Uint8Array.from(atob(value as string), (byte) => byte.charCodeAt(0));
  // NaN, the infinities and -0 are strings in JSON.
  if (spec.type === "float64") return Number(value);
  return spec.int64 === "bigint" ? BigInt(value as number | string) : value;
}
