import assert from "node:assert/strict";
import { SeededRandom, SimulatedDisk } from "../../platform/mod.ts";
import { batches } from "../../protocol/records/mod.ts";
import type { Log } from "../mod.ts";
import { appendVerified, compact, filesOf, keyedBatch, keyedContents, markerBatch, openLog, platformOn } from "../testing.ts";

const config = {
  compact: true,
  delete: false,
  segmentBytes: 400,
  indexIntervalBytes: 100,
  deleteRetentionMs: 1_000,
  fileDeleteDelayMs: 10,
};
const ROUNDS = 2;
const options = { cleanerEnabled: false };

interface Written {
  readonly key: string;
  readonly text: string;
  readonly isTombstone: boolean;
  readonly isAborted: boolean;
}

/** What was written and what was done about it, up to the moment when the disk ended. */
class Story {
  readonly records = new Map<number, Written>();
  /** Rounds that have begun, and where the log ended then. */
  readonly rounds: number[] = [];
  flushed = 0;
  #attempts = 0;

  async play(disk: SimulatedDisk): Promise<void> {
    const env = platformOn(disk);
    const { log, manager } = await openLog(env, config, options);
    let cleanedTo: number | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < 4; i++) {
        this.#write(log, ["a", "b", `${round}`, `${i}`]);
        this.#write(log, [`${i + 2}`, "c"], i % 2 === 0);
        appendVerified(log, markerBatch(7, 0, i % 2 === 0 ? "ABORT" : "COMMIT"));
        await env.pending.idle();
      }
      await log.flush();
      this.flushed = log.logEndOffset;
      this.rounds.push(log.logEndOffset);
      cleanedTo = await compact(env, log, cleanedTo);
      env.clock.advance(2_000);
      await env.pending.idle();
    }
    await manager.close();
  }

  #write(log: Log, keys: readonly string[], isAborted?: boolean): void {
    const isTransactional = isAborted !== undefined;
    const producer = isTransactional ? { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional } : {};
    const values = keys.map((key): [string, string | null] => [key, this.#attempts++ % 5 === 0 ? null : `${this.#attempts}`]);
    const baseOffset = log.logEndOffset;
    for (const [index, [key, value]] of values.entries()) {
      const offset = baseOffset + index;
      this.records.set(offset, { key, text: `${offset}:${key}=${value}`, isTombstone: value === null, isAborted: isAborted ?? false });
    }
    appendVerified(log, keyedBatch(values, 1_000, producer));
  }

  /** Nothing is there that was not written, and nothing is gone but by the rules. */
  check(log: Log): void {
    assert.ok(log.logEndOffset >= this.flushed, `${log.logEndOffset}, flushed ${this.flushed}`);
    const found = new Map(keyedContents(log).map((text) => [Number(text.split(":")[0]), text]));
    for (const [offset, text] of found) assert.equal(text, this.records.get(offset)?.text);
    const end = this.rounds.at(-1) ?? 0;
    for (const [offset, { key, text, isTombstone, isAborted }] of this.records) {
      if (offset >= log.logEndOffset || found.has(offset)) continue;
      const isReplaced = [...this.records].some(([later, record]) =>
        later > offset && later < end && record.key === key && !record.isAborted
      );
      // A tombstone may go with the second round after it.
      const mayGo = isAborted || isReplaced || (isTombstone && this.rounds.filter((roundEnd) => roundEnd > offset).length > 1);
      assert.ok(mayGo && offset < end, `${text} is gone`);
    }
  }
}

/** Each segment ends where the next begins, and nothing else stands beside them but what is to be deleted. */
function checkFiles(disk: SimulatedDisk): void {
  const files = [...filesOf(disk)];
  const logs = files.filter(([name]) => name.endsWith(".log"));
  for (const [index, [name, bytes]] of logs.slice(0, -1).entries()) {
    assert.equal([...batches(bytes)].at(-1)!.lastOffset + 1, Number(logs[index + 1][0].slice(0, 20)), name);
  }
  assert.deepEqual(files.map(([name]) => name).filter((name) => /\.(cleaned|swap)$/.test(name)), []);
}

async function tell(disk: SimulatedDisk): Promise<Story> {
  const story = new Story();
  await story.play(disk).catch((error) => assert.match(String(error), /EIO|cannot be used|no more writes|failed/));
  return story;
}

/** How many disk operations there are to crash at. */
export async function compactionOperations(): Promise<number> {
  const disk = new SimulatedDisk(new SeededRandom(1));
  const { rounds } = await tell(disk);
  assert.equal(rounds.length, ROUNDS);
  return disk.operations;
}

/**
 * Has the disk of a log that is compacted end before operation `at`, and again while the log is opened, and checks what is left, before and after one more
 * round. `seed` decides what a power cut leaves.
 */
export async function crashCompaction(at: number, how: "kill" | "crash", seed: number): Promise<void> {
  const disk = new SimulatedDisk(new SeededRandom(seed));
  disk.endAt(at);
  const story = await tell(disk);
  const left = disk[how]();
  left.endAt(1 + seed % 40);
  await openLog(platformOn(left), config, options).catch((error) => assert.match(String(error), /EIO|cannot be (used|opened)/));
  const again = left[how]();
  const env = platformOn(again);
  const { log, manager } = await openLog(env, config, options);
  try {
    story.check(log);
    checkFiles(again);
    await log.flush();
    await compact(env, log);
    story.rounds.push(log.logEndOffset);
    story.check(log);
    await manager.close();
    checkFiles(again);
  } catch (cause) {
    throw new Error(`operation ${at}, ${how}, seed ${seed}`, { cause });
  }
}

let counted: Promise<number> | null = null;

/** Each operation in turn, first by a kill, then by a power cut; further seeds are further rounds with other remains. */
export async function runCompactionCrash(seed: number): Promise<void> {
  const operations = await (counted ??= compactionOperations());
  await crashCompaction(1 + Math.floor(seed / 2) % operations, seed % 2 === 0 ? "kill" : "crash", seed);
}
