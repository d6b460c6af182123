import { apiSpecs } from "../schema/mod.ts";
import type { ApiSpec, FieldSpec, FieldSpecs } from "../schema/spec.ts";
import { fixtureFolders } from "./fixtures.ts";
import { defaultValue, encodeField, hasVersion, type Message, varint } from "./walker.ts";

/**
 * Messages with every field once, byte by byte, for people: `protocol/testdata/examples/`, a file an API. APIs whose messages have been written down
 * by hand have none. They are made of the definitions by the walker's functions, and `compat` shows them to Kafka's classes.
 */

/** One message of an API, and the lines that show its bytes. */
export interface Shown {
  readonly type: "request" | "response";
  readonly version: number;
  readonly message: Message;
  readonly lines: readonly string[];
}

/** The files of the APIs of which nothing has been written down by hand: their names and texts. */
export function exampleFiles(): Map<string, string> {
  return new Map(
    specsWithExamples().map((spec) => {
      const snake = spec.name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
      const head =
        "# Written by `deno task compat --target kafka --update messages`: every field once, in the first and the last version.\n";
      const parts = examplesOf(spec).map(({ type, version, lines }) =>
        `\n# ${spec.name} ${type} v${version}, body only\n${lines.join("\n")}\n`
      );
      return [`${String(spec.key).padStart(2, "0")}_${snake}.hex`, [head, ...parts].join("")];
    }),
  );
}

/** The first and the last stable version of request and response. */
export function examplesOf(spec: ApiSpec): Shown[] {
  const [first, last = first] = spec.versions.split("-").map(Number);
  return (["request", "response"] as const).flatMap((type) =>
    [...new Set([first, last])].map((version) => {
      const message = exampleMessage(spec[type], version, { number: 0 });
      return { type, version, message, lines: aligned(annotated(spec[type], spec.flexible, version, message, "")) };
    })
  );
}

/** The APIs of which nothing has been written down by hand. */
export function specsWithExamples(): ApiSpec[] {
  const byHand = fixtureFolders().map((folder) => parseInt(folder));
  return apiSpecs.filter(({ key }) => !byHand.includes(key));
}

function exampleMessage(fields: FieldSpecs, version: number, counter: { number: number }): Message {
  return Object.fromEntries(
    Object.entries(fields).map(([name, spec]) => [
      name,
      hasVersion(spec.versions, version) ? exampleValue(spec, version, counter) : defaultValue(spec),
    ]),
  );
}

/** Numbers count up, arrays have one element, nothing is null. */
function exampleValue(spec: FieldSpec, version: number, counter: { number: number }): unknown {
  const element = spec.type.replace("[]", "");
  const value = ((): unknown => {
    switch (element) {
      case "struct":
        return exampleMessage(spec.fields!, version, counter);
      case "bool":
        return spec.default !== true;
      case "string":
        return "foo";
      case "uuid":
        return "dGVzdC10b3BpYy1pZC0wMQ";
      case "bytes":
      case "records":
        return Uint8Array.of(1, 2, 3);
      case "float64":
        return ++counter.number + 0.5;
      default:
        return spec.int64 === "bigint" ? BigInt(++counter.number) : ++counter.number;
    }
  })();
  return spec.type === element ? value : [value];
}

type Line = readonly [bytes: readonly number[], text: string];

function annotated(fields: FieldSpecs, flexible: string, version: number, message: Message, indent: string): Line[] {
  const present = Object.entries(fields).filter(([, spec]) => hasVersion(spec.versions, version));
  const field = ([name, spec]: [string, FieldSpec], before: string): Line[] =>
    annotatedField(name, spec, flexible, version, message[name], before);
  const plain = present.filter(([, spec]) => spec.tag === undefined).flatMap((entry) => field(entry, indent));
  if (!hasVersion(flexible, version)) return plain;
  const tagged = present.filter(([, spec]) => spec.tag !== undefined).sort(([, a], [, b]) => a.tag! - b.tag!);
  const count: Line = [
    varint(tagged.length),
    `${indent}${["no", "1"][tagged.length] ?? tagged.length} tagged field${tagged.length === 1 ? "" : "s"}`,
  ];
  const shown = tagged.flatMap(([name, spec]): Line[] => {
    const size = encodeField(spec, flexible, version, message[name], false).length;
    return [[[...varint(spec.tag!), ...varint(size)], `${indent}tag ${spec.tag}, ${size} bytes`], ...field([name, spec], `${indent}  `)];
  });
  return [...plain, count, ...shown];
}

function annotatedField(name: string, spec: FieldSpec, flexible: string, version: number, value: unknown, indent: string): Line[] {
  const bytes = encodeField(spec, flexible, version, value, false);
  if (spec.fields === undefined) return [[bytes, `${indent}${name} ${shownValue(value)}`]];
  const elements = [value].flat() as Message[];
  const inner = elements.map((element) => annotated(spec.fields!, flexible, version, element, `${indent}  `));
  const size = inner.flat().reduce((sum, [below]) => sum + below.length, 0);
  const text = spec.type === "struct" ? `${indent}${name}` : `${indent}${name} [${elements.length}]`;
  return [[bytes.slice(0, bytes.length - size), text], ...inner.flat()];
}

function shownValue(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return JSON.stringify(value, (_, inner) => typeof inner === "bigint" ? Number(inner) : inner);
}

/** The lines with their texts one below the other, where the bytes leave room. */
function aligned(lines: readonly Line[]): string[] {
  const hex = lines.map(([bytes]) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" "));
  const width = Math.min(52, Math.max(...hex.map((text) => text.length)));
  return lines.map(([, text], index) => `${hex[index].padEnd(width)}  # ${text}`);
}
