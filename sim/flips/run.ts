import assert from "node:assert/strict";
import { SeededRandom } from "../../platform/mod.ts";
import { RecordBatch } from "../../protocol/records/mod.ts";
import { runFsck } from "../../broker/offline/fsck.ts";
import { BrokerWorld } from "../../broker/testing/world.ts";
import { StorageStartError } from "../../storage/mod.ts";
import { diskOf, type Image, makeImage, OPTIONS, readImage, ROOT, writeImage } from "./image.ts";
import { ERROR, readAll, type Reading } from "./reading.ts";

const SECTOR = 512;
/** What no checksum of Kafka's covers. */
const UNCHECKED_BITS = 17 * 8;
/** Files of which nothing but that they are there counts. */
const MEANINGLESS: readonly string[] = ["dirty"];
/** Of so many runs one repairs what was found, and looks again. */
const REPAIRED = 4;

interface Baseline {
  readonly image: Image;
  readonly reading: Reading;
}

const baselines = new Map<boolean, Promise<Baseline>>();

function baseline(clean: boolean): Promise<Baseline> {
  if (!baselines.has(clean)) baselines.set(clean, makeBaseline(clean));
  return baselines.get(clean)!;
}

async function makeBaseline(clean: boolean): Promise<Baseline> {
  const image = await makeImage(clean);
  const { world } = await start(image);
  const reading = await readAll(world!, null);
  assert.equal(reading.errors.size, 0, [...reading.errors].join());
  assert.ok(reading.facts.size > 300, `${reading.facts.size} facts`);
  return { image, reading };
}

/** How often each kind of file was changed. */
export type FlipTallies = Map<string, number>;

/** Changes one random file of a data directory, and holds what a broker and `fsck` say then against what was there. Throws where either is wrong. */
export async function runFlip(seed: number, tallies: FlipTallies): Promise<void> {
  const random = new SeededRandom(seed);
  const { image, reading } = await baseline(random.below(3) > 0);
  const { path, bytes, what } = change(random, image);
  const kind = kindOf(path);
  tallies.set(kind, (tallies.get(kind) ?? 0) + 1);
  const changed = new Map(image).set(path, bytes);
  const where = `seed ${seed}: ${what} in ${path}`;
  const found = await fsck(changed, []);
  if (!MEANINGLESS.includes(kind)) assert.notEqual(found.code, 0, `${where}: fsck found nothing`);
  // What a reader cannot tell, fsck can.
  if (fitsIntoGap(path, image.get(path)!, bytes)) return void tallies.set("gap", (tallies.get("gap") ?? 0) + 1);
  await judge(changed, path, reading, where);
  if (found.code !== 1 || random.below(REPAIRED) > 0) return;
  const repaired = await fsck(changed, ["--repair"]);
  await judge(repaired.image, path, reading, `${where}, repaired`);
}

/** What may have been lost is what stood in the file. */
async function judge(image: Image, path: string, expected: Reading, where: string): Promise<void> {
  const { world, refusal } = await start(image);
  if (world === null) {
    assert.ok(refusal instanceof StorageStartError && /\.$/.test(refusal.message), `${where}: ${refusal}`);
    return;
  }
  const ends = new Map(
    [...expected.facts].filter(([name]) => name.endsWith(" ends")).map(([name, ends]) => [name.slice(0, -5), Number.parseInt(ends)]),
  );
  const { facts, errors } = await readAll(world, ends);
  const partition = path.split("/").at(-2)!;
  const isConcerned = (name: string): boolean =>
    name.startsWith(`${partition} `) || (name.startsWith("committed") && partition.startsWith("__consumer"));
  for (const [name, fact] of expected.facts) {
    const got = facts.get(name);
    if (got === fact) continue;
    assert.ok(isConcerned(name), `${where}: ${name} is ${got}, not ${fact}`);
    const told = got === ERROR ||
      (got === undefined && (errors.has(name) || facts.get(`${partition} start`) === ERROR || isUntold(name, facts)));
    // Look-ups by timestamp answer for what can be read.
    const isOfTheRest = LOOK_UPS.test(name) && [...errors].some((error) => isConcerned(error));
    assert.ok(told || isOfTheRest, `${where}: ${name} is ${got}, not ${fact}`);
  }
  for (const error of errors) assert.ok(mayBeGone(image, path, error), `${where}: ${error} cannot be read`);
  for (const [name, fact] of facts) assert.ok(expected.facts.has(name), `${where}: ${name} is ${fact}, which was never there`);
}

const LOOK_UPS = / (newest|\d+)$/;

/** Whether the offset of which an error tells stood in the segment at `path`. */
function mayBeGone(image: Image, path: string, error: string): boolean {
  const [, directory, partition, base] = /^(.*\/(.+))\/(\d{20})\.log$/.exec(path) ?? [];
  const [, of, offset] = /^(\S+) . (\d+)$/.exec(error)!;
  if (partition !== of) return false;
  const bases = Array.from(
    image.keys(),
    (other) => Number(/^(.*)\/(\d{20})\.log$/.exec(other)?.[1] === directory ? other.slice(-24, -4) : -1),
  );
  const next = bases.filter((other) => other > Number(base)).reduce((a, b) => Math.min(a, b), Infinity);
  return Number(offset) >= Number(base) && Number(offset) < next;
}

/** Whether the fact could not be told since the first fetch of all was refused. */
function isUntold(name: string, facts: Reading["facts"]): boolean {
  return name.endsWith(" ends") && !facts.has(name);
}

async function start(image: Image): Promise<{ world: BrokerWorld | null; refusal: unknown }> {
  const world = BrokerWorld.stopped(1, OPTIONS);
  writeImage(world.platform.disk, image);
  try {
    await world.restart("kill");
    return { world, refusal: null };
  } catch (refusal) {
    return { world: null, refusal };
  }
}

async function fsck(image: Image, args: readonly string[]): Promise<{ code: number; image: Image }> {
  const world = BrokerWorld.stopped(1, OPTIONS);
  const disk = diskOf(image);
  const platform = { ...world.platform, disk };
  const code = await runFsck({ process: { args: [...args, ROOT], print: () => {} }, platform, giveUpWriting: () => {} });
  const after = readImage(disk);
  if (!args.includes("--repair")) assert.deepEqual(after, image, "fsck changes nothing");
  return { code, image: after };
}

/** One file with a bit flipped, a sector of zeros, two sectors exchanged, or its end cut off. */
function change(random: SeededRandom, image: Image): { path: string; bytes: Uint8Array; what: string } {
  const kinds = Map.groupBy([...image.keys()].filter((path) => image.get(path)!.length > 0), kindOf);
  // Most of what there is to get wrong stands in logs.
  const paths = random.below(3) === 0 ? kinds.get("log")! : [...kinds.values()][random.below(kinds.size)];
  const path = paths[random.below(paths.length)];
  const before = image.get(path)!;
  for (;;) {
    const { bytes, what } = path.endsWith(".log") && random.below(3) === 0 ? headerChanged(random, before) : changed(random, before);
    if (bytes.length !== before.length || bytes.some((byte, i) => byte !== before[i])) return { path, bytes, what };
  }
}

/** Whether nothing but a base offset is wrong, which could as well be right: compaction has left room for it. */
function fitsIntoGap(path: string, before: Uint8Array, after: Uint8Array): boolean {
  if (!path.endsWith(".log") || after.length !== before.length) return false;
  let nextOffset = Number(path.slice(-24, -4));
  for (let position = 0; position < before.length;) {
    const [was, is] = [new RecordBatch(before, position), new RecordBatch(after, position)];
    const isSame = was.sizeInBytes === is.sizeInBytes && was.partitionLeaderEpoch === is.partitionLeaderEpoch && is.magic === was.magic;
    if (!isSame || !is.isValid() || is.baseOffset < nextOffset) return false;
    nextOffset = is.lastOffset + 1;
    position += was.sizeInBytes;
  }
  return nextOffset <= lastOffsetOf(before) + 1;
}

function lastOffsetOf(log: Uint8Array): number {
  let last = -1;
  for (let position = 0; position < log.length; position += new RecordBatch(log, position).sizeInBytes) {
    last = new RecordBatch(log, position).lastOffset;
  }
  return last;
}

/** A bit flipped of what stands in front of a batch's checksum: base offset, length, leader epoch, format. */
function headerChanged(random: SeededRandom, before: Uint8Array): { bytes: Uint8Array; what: string } {
  const starts: number[] = [];
  for (let position = 0; position < before.length; position += new RecordBatch(before, position).sizeInBytes) starts.push(position);
  const bit = starts[random.below(starts.length)] * 8 + random.below(UNCHECKED_BITS);
  const bytes = before.slice();
  bytes[bit >> 3] ^= 1 << (bit & 7);
  return { bytes, what: `bit ${bit & 7} of byte ${bit >> 3} flipped` };
}

function changed(random: SeededRandom, before: Uint8Array): { bytes: Uint8Array; what: string } {
  const bytes = before.slice();
  const sectors = Math.ceil(bytes.length / SECTOR);
  const [a, b] = [random.below(sectors) * SECTOR, random.below(sectors) * SECTOR];
  switch (random.below(8)) {
    case 0: {
      const size = random.below(bytes.length);
      return { bytes: bytes.subarray(0, size), what: `cut at ${size}` };
    }
    case 1:
      return { bytes: bytes.fill(0, a, a + SECTOR), what: `zeros at ${a}` };
    case 2: {
      const length = Math.min(SECTOR, bytes.length - Math.max(a, b));
      bytes.set(before.subarray(a, a + length), b);
      bytes.set(before.subarray(b, b + length), a);
      return { bytes, what: `sectors ${a} and ${b} exchanged` };
    }
    default: {
      const bit = random.below(bytes.length * 8);
      bytes[bit >> 3] ^= 1 << (bit & 7);
      return { bytes, what: `bit ${bit & 7} of byte ${bit >> 3} flipped` };
    }
  }
}

/** `log`, `index`, …; files without such an ending by their names. Logs of the broker's own are kinds by themselves. */
function kindOf(path: string): string {
  const [, topic, base, ending] = /^data\/(.+?)(?:-\d+)?\/(\d{20})\.(\w+)$/.exec(path) ?? [];
  if (base === undefined) return path.slice(path.lastIndexOf("/") + 1);
  return topic.startsWith("__") && ending === "log" ? `${topic}.log` : ending;
}
