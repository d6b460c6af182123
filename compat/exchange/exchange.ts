/** Random messages between our codecs and Kafka's Java classes, both ways, and compared as values and as bytes. */
import { arbitraryMessage, type Random, seededRandom } from "../../protocol/testing/arbitrary.ts";
import { BOUNDARY_MESSAGES, boundaryMessage, missingBoundaries } from "../../protocol/testing/boundaries.ts";
import { type Codec, codecs } from "../../protocol/testing/codecs.ts";
import { examplesOf, specsWithExamples } from "../../protocol/testing/examples.ts";
import { fromJson, parseHex } from "../../protocol/testing/fixtures.ts";
import type { Message } from "../../protocol/testing/walker.ts";
import type { FieldSpecs } from "../../protocol/schema/spec.ts";
import type { JavaMessage, JavaMessages } from "./java_messages.ts";

/** So many messages are asked for at a time, and so many times are on their way. */
const BATCH = 100;
const AHEAD = 4;

/** What was exchanged. */
export interface Tally {
  /** Requests, responses and records, each in each of its versions. */
  pairs: number;
  /** Of them, those of requests and responses. */
  apiPairs: number;
  /** Messages that we wrote, Java read and wrote again. */
  ours: number;
  /** Messages that Java wrote, we read and wrote again. */
  java: number;
  /** Messages of Java's with unknown tagged fields, which we read, and wrote without them. */
  extended: number;
  /** What was not the same. */
  readonly problems: string[];
}

/** Exchanges `runs` messages of each pair in each direction. */
export async function exchangeMessages(java: JavaMessages, runs: number, seed: number): Promise<Tally> {
  const tally: Tally = { pairs: 0, apiPairs: 0, ours: 0, java: 0, extended: 0, problems: [] };
  const underWay: Promise<void>[] = [];
  for (const codec of codecs) {
    for (const version of codec.versions) {
      tally.pairs++;
      if (codec.type !== "record") tally.apiPairs++;
      const random = seededRandom(seed + tally.pairs * 1_000_003);
      for (let first = 0; first < runs; first += BATCH) {
        const numbers = Array.from({ length: Math.min(BATCH, runs - first) }, (_, index) => first + index);
        const batch = ask(java, codec, version, { seed, random, numbers });
        underWay.push(
          batch.then((asked) => compare(codec, version, asked, tally)).catch((error) => void tally.problems.push(String(error))),
        );
        if (underWay.length > AHEAD) await underWay.shift();
      }
    }
  }
  await Promise.all(underWay);
  return tally;
}

interface Batch {
  readonly numbers: readonly number[];
  /** Lengths that take three bytes come once for each codec: in its last version, which has compact lengths if any has. */
  readonly longest: boolean;
  readonly ours: readonly { readonly message: Message; readonly bytes: Uint8Array }[];
  readonly read: readonly JavaMessage[];
  readonly made: readonly JavaMessage[];
}

interface Wanted {
  /** Of Java's messages. */
  readonly seed: number;
  /** For ours. */
  readonly random: Random;
  readonly numbers: readonly number[];
}

/** What Kafka's classes read in our examples that we do not, or write otherwise. */
export async function exampleProblems(java: JavaMessages): Promise<string[]> {
  const examples = specsWithExamples().flatMap((spec) =>
    examplesOf(spec).map((example) => ({
      ...example,
      codec: codecs.find(({ name, type }) => name === spec.name && type === example.type)!,
    }))
  );
  const problems = await Promise.all(examples.map(async ({ codec, version, message, lines }) => {
    const bytes = parseHex(lines.join("\n"));
    const [answer] = await java.read(codec, version, [bytes]);
    const problem = attempt(() => problemOfOurs(codec, version, { message, bytes }, answer));
    return problem === null ? [] : [`${codec.name} ${codec.type} v${version}, example: ${problem}`];
  }));
  return problems.flat();
}

async function ask(java: JavaMessages, codec: Codec, version: number, { seed, random, numbers }: Wanted): Promise<Batch> {
  const longest = version === codec.versions.at(-1);
  const ours = numbers.map((number) => {
    const message = number < BOUNDARY_MESSAGES
      ? boundaryMessage(codec.fields, version, number, random, longest)
      : arbitraryMessage(codec.fields, version, random);
    return { message, bytes: codec.write(message, version) };
  });
  const [read, made] = await Promise.all([
    java.read(codec, version, ours.map(({ bytes }) => bytes)),
    java.make(codec, version, seed, numbers, longest),
  ]);
  return { numbers, longest, ours, read, made };
}

function compare(codec: Codec, version: number, { numbers, longest, ours, read, made }: Batch, tally: Tally): void {
  const seen: Message[] = [];
  for (const [index, number] of numbers.entries()) {
    const where = `${codec.name} ${codec.type} v${version}, message ${number}`;
    const problem = attempt(() => problemOfOurs(codec, version, ours[index], read[index]));
    if (problem !== null) tally.problems.push(`${where} of ours: ${problem}`);
    tally.ours++;
    const javaProblem = attempt(() => problemOfJava(codec, version, made[index], seen));
    if (javaProblem !== null) tally.problems.push(`${where} of Java's: ${javaProblem}`);
    tally.java++;
    if (made[index].extended !== undefined) tally.extended++;
  }
  if (numbers[0] > 0 || numbers.length < BOUNDARY_MESSAGES) return;
  const boundaries = seen.slice(0, BOUNDARY_MESSAGES);
  const missing = missingBoundaries(codec.fields, version, boundaries, longest).map((end) => `Java's have no ${end}`);
  const oursMissing = missingBoundaries(codec.fields, version, ours.slice(0, BOUNDARY_MESSAGES).map(({ message }) => message), longest);
  for (const end of [...missing, ...oursMissing.map((end) => `ours have no ${end}`)]) {
    tally.problems.push(`${codec.name} ${codec.type} v${version}: ${end}`);
  }
}

function attempt(look: () => string | null): string | null {
  try {
    return look();
  } catch (error) {
    return String(error);
  }
}

function problemOfOurs(codec: Codec, version: number, ours: Batch["ours"][number], java: JavaMessage): string | null {
  if (java.error !== undefined) return `Java: ${java.error}`;
  if (java.bytes !== ours.bytes.toBase64()) return `written by Java as ${java.bytes}, by us as ${ours.bytes.toBase64()}`;
  // Kafka's converters leave record batches out. That the bytes are the same says that these are, too.
  return difference(ours.message, fromJson(codec.fields, version, withRecords(codec.fields, java.message, ours.message)));
}

function problemOfJava(codec: Codec, version: number, java: JavaMessage, seen: Message[]): string | null {
  if (java.error !== undefined) return `Java: ${java.error}`;
  const expected = fromJson(codec.fields, version, java.message);
  seen.push(expected);
  const bytes = Uint8Array.fromBase64(java.bytes);
  const problem = difference(expected, codec.read(bytes, version));
  if (problem !== null) return problem;
  const written = codec.write(expected, version).toBase64();
  if (written !== java.bytes) return `written by us as ${written}, by Java as ${java.bytes}`;
  if (java.extended === undefined) return null;
  const extended = difference(expected, codec.read(Uint8Array.fromBase64(java.extended), version));
  return extended && `with unknown tagged fields ${extended}`;
}

/** Java's JSON with our record batches in it. */
function withRecords(fields: FieldSpecs, json: Record<string, unknown>, ours: Message): Record<string, unknown> {
  const values = Object.entries(json).map(([name, value]): [string, unknown] => {
    const spec = fields[name];
    const own = ours[name];
    if (spec?.type === "records" && own instanceof Uint8Array) return [name, own.toBase64()];
    if (spec?.fields === undefined || value === null || own === null) return [name, value];
    const inner = (item: unknown, index: number): unknown =>
      withRecords(spec.fields!, item as Record<string, unknown>, (Array.isArray(own) ? own[index] ?? {} : own) as Message);
    return [name, Array.isArray(value) ? value.map(inner) : inner(value, 0)];
  });
  return Object.fromEntries(values);
}

/** Where two values differ, and how, as `path: one and the other`; null when they do not. */
export function difference(ours: unknown, theirs: unknown): string | null {
  if (Object.is(ours, theirs)) return null;
  if (typeof ours !== "object" || typeof theirs !== "object" || ours === null || theirs === null) return told(ours, theirs);
  if (ours instanceof Uint8Array && theirs instanceof Uint8Array && ours.toBase64() === theirs.toBase64()) return null;
  const keys: readonly PropertyKey[] = Array.isArray(ours) ? [...ours.keys()] : Object.keys(ours);
  if (keys.length !== (Array.isArray(theirs) ? theirs.length : Object.keys(theirs).length)) return told(ours, theirs);
  for (const key of keys) {
    const found = difference((ours as Record<PropertyKey, unknown>)[key], (theirs as Record<PropertyKey, unknown>)[key]);
    if (found !== null) return `${String(key)}${found.startsWith(":") ? "" : "."}${found}`;
  }
  return null;
}

function told(ours: unknown, theirs: unknown): string {
  const text = (value: unknown): string => Deno.inspect(value, { depth: 1 }).slice(0, 200);
  return `: ${text(ours)} and ${text(theirs)}`;
}
