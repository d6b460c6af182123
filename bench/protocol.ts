/**
 * Ottla's codec beside those inside kafkajs and @platformatic/kafka, in one process; prints the table that stands in RESULTS.md.
 *
 *     deno run --v8-flags=--single-threaded-gc --check -A --config bench/deno.json bench/protocol.ts [part of a message's name]
 *
 * The flag keeps the garbage collector from waiting, in processor time that is counted, for a second core that is not free.
 *
 * Before anything is timed, what is encoded must be the same bytes, and of what is decoded each value must be there on both sides.
 */
import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import { type Line, makeLines } from "./protocol_lines.ts";
import { checksums, type Work } from "./protocol_codecs.ts";

const ROUNDS = 15;
const SAMPLE_MS = 40;
const WARM_UP_MS = 400;

type Client = "kafkajs" | "platformatic";
const clients: Record<Client, string> = { kafkajs: "kafkajs", platformatic: "@platformatic/kafka" };

/** Keeps results alive, so that no work is optimized away. */
let sink: unknown;

/** Nanoseconds of processor time for one of `count` runs: others may use the machine too. */
async function time(work: Work, count: number): Promise<number> {
  const start = cpuUsage();
  const first = work();
  if (first instanceof Promise) {
    sink = await first;
    for (let i = 1; i < count; i++) sink = await work();
  } else {
    for (let i = 1; i < count; i++) sink = work();
  }
  const { user, system } = cpuUsage(start);
  return (user + system) * 1e3 / count;
}

/** Runs `work` until it is as fast as it gets, and answers how often it fits into a sample. */
async function warmUp(work: Work): Promise<number> {
  const end = performance.now() + WARM_UP_MS;
  let nanoseconds = 1e6;
  while (performance.now() < end) nanoseconds = Math.max(1, await time(work, 1 + Math.floor(1e7 / nanoseconds)));
  return 1 + Math.floor(SAMPLE_MS * 1e6 / nanoseconds);
}

async function compare(message: string, ours: Work, theirs: Work): Promise<void> {
  const own = ours();
  // Encoders use their buffers again.
  const kept = own instanceof Uint8Array ? own.slice() : own;
  const other = await theirs();
  if (kept instanceof Uint8Array) return assert.deepEqual(kept.toHex(), (other as Uint8Array).toHex(), message);
  const there = leaves(other, new Map());
  for (const [value, count] of leaves(kept, new Map())) {
    assert.ok((there.get(value) ?? 0) >= count, `${message}: ${value} is there ${there.get(value) ?? 0} times, not ${count}`);
  }
}

/** What a message holds, whatever the fields are called, and how often: texts, bytes, and numbers above zero, below which are the defaults. */
function leaves(value: unknown, counts: Map<string, number>): Map<string, number> {
  if (value instanceof Uint8Array) return count(counts, value.toHex());
  if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      // Of records @platformatic/kafka answers differences from those of the batch.
      const ofRecord = "headers" in value && (name === "offset" || name === "timestamp");
      if (!ofRecord) leaves(inner, counts);
    }
    return counts;
  }
  const isDefault = !value || (typeof value !== "string" && !(Number(value) > 0)) || value === "AAAAAAAAAAAAAAAAAAAAAA";
  return isDefault ? counts : count(counts, asOurId(String(value)));
}

function count(counts: Map<string, number>, value: string): Map<string, number> {
  return value === "" ? counts : counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** @platformatic/kafka writes ids in hexadecimal digits. */
function asOurId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  return Uint8Array.fromHex(text.replaceAll("-", "")).toBase64({ alphabet: "base64url", omitPadding: true });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function duration(nanoseconds: number): string {
  return nanoseconds < 10_000 ? `${nanoseconds.toFixed(0)} ns` : `${(nanoseconds / 1e3).toFixed(1)} µs`;
}

async function measure(line: Line, counts: Map<Work, number>): Promise<string> {
  const cells: string[] = [];
  for (const client of ["kafkajs", "platformatic"] as const) {
    const { version, ours, theirs } = line[client];
    const samples: [ours: number, theirs: number][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      samples.push([await time(ours, counts.get(ours)!), await time(theirs, counts.get(theirs)!)]);
    }
    const [own, other] = [median(samples.map(([ours]) => ours)), median(samples.map(([, theirs]) => theirs))];
    // Of each pair, since the machine's speed drifts.
    const times = median(samples.map(([ours, theirs]) => theirs / ours));
    cells.push(`${version}`, duration(own), duration(other), times.toFixed(1));
  }
  return `| ${line.message} | ${cells.join(" | ")} |`;
}

/** Gigabytes a second of CRC-32C over so many bytes. */
async function measureChecksums(size: number): Promise<string> {
  const works = await checksums(crypto.getRandomValues(new Uint8Array(size)));
  const cells: string[] = [];
  for (const work of Object.values(works)) {
    assert.equal(work(), works.Ottla());
    const count = await warmUp(work);
    const samples: number[] = [];
    for (let round = 0; round < ROUNDS; round++) samples.push(await time(work, count));
    cells.push((size / median(samples)).toFixed(2));
  }
  return `| ${size} | ${cells.join(" | ")} |`;
}

const lines = (await makeLines()).filter(({ message }) => message.includes(Deno.args[0] ?? ""));
const works = lines.flatMap((line) =>
  (["kafkajs", "platformatic"] as const).map((client) => ({ ...line[client], name: line.message, client }))
);
for (const { name, client, version, ours, theirs } of works) await compare(`${name} v${version} of ${clients[client]}`, ours, theirs);

// All are warm before one is timed, so that each meets the types of all messages, as in a program.
const counts = new Map<Work, number>();
for (const { ours, theirs } of works) for (const work of [ours, theirs]) counts.set(work, await warmUp(work));

console.log(
  "| message | version | Ottla | kafkajs | times | version | Ottla | @platformatic/kafka | times |\n|---|---|---|---|---|---|---|---|---|",
);
for (const line of lines) console.log(await measure(line, counts));
console.log("\n| CRC-32C of so many bytes, GB/s | Ottla | kafkajs | @platformatic/kafka |\n|---:|---:|---:|---:|");
for (const size of [100, 1_000, 1_200, 4_096, 16_384, 65_536]) console.log(await measureChecksums(size));
if (sink === null) throw new Error("assertion: nothing was done");
