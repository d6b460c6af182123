import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import { append, contents, openLog, platformOn } from "./testing.ts";

const config = { segmentBytes: 500, indexIntervalBytes: 100 };

interface Outcome {
  /** What was appended, and answered. */
  readonly written: string[];
  /** How many records were flushed, and answered. */
  flushed: number;
  /** What was being appended when the power went. */
  attempt: string[];
}

/** Opens, appends, flushes and closes twice, until the disk ends. */
async function script(disk: SimulatedDisk, outcome: Outcome): Promise<void> {
  for (let run = 0; run < 2; run++) {
    const env = platformOn(disk);
    const { log, manager } = await openLog(env, config);
    for (let i = 0; i < 9; i++) {
      outcome.attempt = [`${log.logEndOffset}:${run}.${i}`, `${log.logEndOffset + 1}:${run}.${i}`];
      append(log, [`${run}.${i}`, `${run}.${i}`], 1_000 + i, {}, run);
      outcome.written.push(...outcome.attempt);
      outcome.attempt = [];
      await env.pending.idle();
      if (i % 4 === 3) {
        await log.flush();
        outcome.flushed = outcome.written.length;
      }
    }
    await manager.close();
    outcome.flushed = outcome.written.length;
  }
}

/** Runs the script to its end or to the disk's; a disk that ends is the only thing that may go wrong. */
async function run(disk: SimulatedDisk): Promise<Outcome> {
  const outcome: Outcome = { written: [], flushed: 0, attempt: [] };
  await script(disk, outcome).catch((error) => assert.match(String(error), /EIO|cannot be used|no more writes|failed/));
  return outcome;
}

async function operationsOf(work: (disk: SimulatedDisk) => Promise<unknown>, disk: SimulatedDisk): Promise<number> {
  const before = disk.operations;
  await work(disk);
  return disk.operations - before;
}

/** The log's content is what was written, or that and the whole batch that was being written. */
function isWhatWasWritten(found: string[], { written, attempt }: Outcome): void {
  assert.deepEqual(found, found.length > written.length ? [...written, ...attempt] : written);
}

describe("a crash at any disk operation", () => {
  it("of the process loses nothing that was written, also when recovery crashes too", async () => {
    const total = await operationsOf(run, new SimulatedDisk(new SeededRandom(1)));
    assert.ok(total > 100, `${total} operations`);
    for (let end = 1; end <= total; end++) {
      const disk = new SimulatedDisk(new SeededRandom(end));
      disk.endAt(end);
      const outcome = await run(disk);
      const killed = disk.kill();
      killed.endAt(1 + end % 40);
      await openLog(platformOn(killed), config).catch((error) => assert.match(String(error), /EIO|cannot be used|cannot be opened/));
      const { log, manager } = await openLog(platformOn(killed.kill()), config);
      isWhatWasWritten(contents(log), outcome);
      append(log, ["next"], 1_000, {}, 2);
      await manager.close();
    }
  });

  it("of the machine loses nothing that was flushed, invents nothing and loses no record but the last ones", async () => {
    const total = await operationsOf(run, new SimulatedDisk(new SeededRandom(1)));
    for (let end = 1; end <= total; end++) {
      for (let seed = 0; seed < 4; seed++) {
        const disk = new SimulatedDisk(new SeededRandom(end * 4 + seed));
        disk.endAt(end);
        const outcome = await run(disk);
        const after = disk.crash();
        const { log, manager } = await openLog(platformOn(after), config);
        const found = contents(log);
        assert.ok(found.length >= outcome.flushed, `${found.length} of ${outcome.flushed} flushed`);
        assert.deepEqual(found, [...outcome.written, ...outcome.attempt].slice(0, found.length));
        append(log, ["next"], 1_000, {}, 2);
        await manager.close();
      }
    }
  });
});
