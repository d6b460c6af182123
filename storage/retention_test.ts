import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Disk, MemoryDisk, SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import type { Log, LogConfig } from "./mod.ts";
import { decodeStartOffset, encodeStartOffset } from "./start_offset.ts";
import { StorageError } from "./storage_error.ts";
import { append, batchOf, contents, filesOf, openLog, platformOn, type TestPlatform } from "./testing.ts";
import { writeBytes } from "./text_files.ts";

const one = batchOf(["x"]).length;
const START = "/data/orders-0/log-start-offset";
/** When the simulated clock begins. */
const BEGINNING = platformOn().clock.now();

/** A log of segments with two batches each, whose timestamps are 0, 1, … `stepMs` after the beginning. */
async function segments(
  count: number,
  config: Partial<LogConfig>,
  { disk = new MemoryDisk() as Disk, stepMs = 1000 } = {},
): Promise<{ env: TestPlatform; log: Log }> {
  const env = platformOn(disk);
  const { log } = await openLog(env, { segmentBytes: 2 * one, ...config });
  for (let i = 0; i < 2 * count; i++) append(log, [`${i % 10}`], BEGINNING + i * stepMs);
  await env.pending.idle();
  return { env, log };
}

function namesIn(disk: Disk, ending: string): string[] {
  return [...filesOf(disk).keys()].filter((name) => name.endsWith(ending)).map((name) => name.replace(/^0{17}/, ""));
}

describe("retention", () => {
  it("by time gives up the segments whose newest record is too old, and in the end all of them", async () => {
    const { env, log } = await segments(3, { retentionMs: 10_000 });
    env.clock.advance(10_000 + 3_000);
    await log.deleteExpiredSegments();
    assert.equal(log.logStartOffset, 2);
    env.clock.advance(1);
    await log.deleteExpiredSegments();
    assert.deepEqual([log.logStartOffset, log.segmentCount], [4, 1]);
    env.clock.advance(100_000);
    await log.deleteExpiredSegments();
    assert.deepEqual([log.logStartOffset, log.logEndOffset, log.segmentCount, log.sizeInBytes], [6, 6, 1, 0]);
    await log.deleteExpiredSegments();
    assert.equal(log.logStartOffset, 6);
    append(log, ["new"]);
    assert.deepEqual(contents(log), ["6:new"]);
  });

  it("by time goes by the time that passes, whatever the clock is set to", async () => {
    const { env, log } = await segments(3, { retentionMs: 10_000 });
    const year = 365 * 86_400_000;
    for (const set of [year, -2 * year]) {
      env.clock.set(set);
      await log.deleteExpiredSegments();
      assert.equal(log.logStartOffset, 0);
    }
    env.clock.set(year);
    env.clock.advance(10_000 + 3_001);
    await log.deleteExpiredSegments();
    assert.equal(log.logStartOffset, 4);
  });

  it("by size gives up whole segments beyond it, and not the one that reaches over", async () => {
    for (const [retentionBytes, start] of [[-1, 0], [6 * one, 0], [4 * one + 1, 0], [4 * one, 2], [one, 4], [0, 6]]) {
      const { log } = await segments(3, { retentionBytes, retentionMs: -1 });
      await log.deleteExpiredSegments();
      assert.equal(log.logStartOffset, start, `${retentionBytes} bytes`);
    }
  });

  it("gives up the segment that was the newest when all records were deleted, once it is full", async () => {
    const { log } = await segments(1, { retentionMs: -1 });
    await log.deleteRecordsBefore(2);
    append(log, ["x"], BEGINNING);
    assert.deepEqual([log.logStartOffset, log.segmentCount], [2, 2]);
    await log.deleteExpiredSegments();
    assert.deepEqual([log.logStartOffset, log.segmentCount, contents(log)], [2, 1, ["2:x"]]);
  });

  it("by neither where cleanup.policy does not have delete, but below the start", async () => {
    const { env, log } = await segments(3, { retentionBytes: 0, retentionMs: 0, delete: false, compact: false });
    env.clock.advance(1 << 30);
    await log.deleteExpiredSegments();
    assert.equal(log.logStartOffset, 0);
    await log.deleteRecordsBefore(5);
    assert.deepEqual([log.logStartOffset, log.segmentCount], [5, 1]);
  });

  it("is done by itself, every five minutes, and the files go a minute later", async () => {
    const disk = new MemoryDisk();
    const { env, log } = await segments(3, { retentionMs: 1_000 }, { disk });
    env.clock.advance(300_000);
    await env.pending.idle();
    assert.equal(log.logStartOffset, 6);
    assert.deepEqual(namesIn(disk, ".log"), ["006.log"]);
    assert.ok(namesIn(disk, ".log.deleted").length === 3 && namesIn(disk, ".index.deleted").length === 3);
    env.clock.advance(60_000);
    await env.pending.idle();
    assert.deepEqual(namesIn(disk, ".deleted"), []);
  });

  it("leaves no files behind when the log is closed", async () => {
    const disk = new MemoryDisk();
    const { log } = await segments(3, { retentionBytes: 0 }, { disk });
    await log.deleteExpiredSegments();
    assert.equal(namesIn(disk, ".log.deleted").length, 3);
    await log.close({ flush: true });
    assert.deepEqual(namesIn(disk, ".deleted"), []);
  });

  it("leaves what is read meanwhile to its reader", async () => {
    const { env, log } = await segments(3, { retentionMs: 1_000 });
    const records = log.read(0, 1 << 20, { minOneBatch: true, upTo: 6 });
    env.clock.advance(300_000);
    await env.pending.idle();
    assert.throws(() => log.read(0, 1, { minOneBatch: true, upTo: 6 }), /not within 6 to 6/);
    records.copyInto(new Uint8Array(records.byteLength));
  });

  it("keeps what is not durable yet in a log that shows only what is", async () => {
    const { log } = await openLog(platformOn(), { segmentBytes: one, retentionBytes: 0 }, { visibleWhenDurable: true });
    for (const value of ["a", "b"]) append(log, [value], BEGINNING);
    await log.deleteExpiredSegments();
    assert.equal(log.logStartOffset, 0);
    await log.flush();
    await log.deleteExpiredSegments();
    assert.equal(log.logStartOffset, 2);
  });

  it("keeps what cannot be made durable", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const { log } = await segments(2, { retentionBytes: 0 }, { disk });
    disk.failNext("sync", "EIO");
    append(log, ["x"], BEGINNING);
    await assert.rejects(log.deleteRecordsBefore(5), StorageError);
    assert.equal(log.logStartOffset, 0);
  });

  it("forgets the leader epochs that wrote nothing of what is left", async () => {
    const { log } = await openLog(platformOn(), { segmentBytes: one });
    for (const epoch of [1, 2, 5]) append(log, ["x"], BEGINNING, {}, epoch);
    await log.deleteRecordsBefore(1);
    assert.deepEqual(log.endOffsetForEpoch(1), { epoch: 1, endOffset: 1 });
    assert.deepEqual(log.endOffsetForEpoch(2), { epoch: 2, endOffset: 2 });
    assert.equal(log.epochAt(0), -1);
  });
});

describe("the start of a log", () => {
  it("is not written lower where segments below it had to stay", async () => {
    const disk = new MemoryDisk();
    const { log, manager } = await openLog(platformOn(disk), { segmentBytes: 2 * one });
    for (let i = 0; i < 4; i++) append(log, [`${i}`], BEGINNING);
    writeBytes(disk, "/data/orders-0/00000000000000000002.snapshot", new Uint8Array(3));
    await log.deleteRecordsBefore(3);
    assert.equal(log.segmentCount, 2);
    await manager.close();
    const second = await openLog(platformOn(disk), { segmentBytes: 2 * one });
    await second.log.deleteExpiredSegments();
    await second.manager.close();
    const third = await openLog(platformOn(disk));
    assert.deepEqual(contents(third.log), ["3:3"]);
  });

  it("is durable once a log was opened that shows it, whatever its writing came to", async () => {
    for (const how of ["close", "kill"] as const) {
      for (let seed = 0; seed < 20; seed++) {
        const disk = new SimulatedDisk(new SeededRandom(seed));
        const env = platformOn(disk);
        const first = await openLog(env, { segmentBytes: 2 * one });
        for (let i = 0; i < 4; i++) append(first.log, [`${i}`], BEGINNING);
        await first.log.flush();
        await env.pending.idle();
        disk.failNext("syncDirectory", "EIO");
        await assert.rejects(first.log.deleteRecordsBefore(3), StorageError);
        if (how === "close") await first.manager.close();
        const left = how === "close" ? disk : disk.kill();
        const { log: { logStartOffset } } = await openLog(platformOn(left));
        assert.equal((await openLog(platformOn(left.crash()))).log.logStartOffset, logStartOffset, `${how}, seed ${seed}`);
      }
    }
  });

  it("is written with a checksum", () => {
    const text = encodeStartOffset(1234567);
    assert.equal(decodeStartOffset(text), 1234567);
    for (let i = 0; i < text.length; i++) {
      assert.equal(decodeStartOffset(text.slice(0, i)), null);
      assert.equal(decodeStartOffset(text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ 1) + text.slice(i + 1)), null);
    }
  });

  it("never goes back, in whatever order it is asked to move", async () => {
    const disk = new MemoryDisk();
    const { log } = await segments(3, {}, { disk });
    assert.deepEqual(await Promise.all([5, 3].map((before) => log.deleteRecordsBefore(before))), [5, 5]);
    await disk.remove("/data/.lock");
    assert.equal((await openLog(platformOn(disk))).log.logStartOffset, 5);
  });

  it("that cannot be read keeps the log closed: what was deleted must not come back", async () => {
    const disk = new MemoryDisk();
    const { log } = await segments(1, {}, { disk });
    await log.deleteRecordsBefore(1);
    await disk.remove("/data/.lock");
    writeBytes(disk, START, new TextEncoder().encode("0 00000000\n"));
    await assert.rejects(openLog(platformOn(disk)), /damaged: nobody knows which records were deleted/);
  });

  it("survives a crash at any operation, and no record above it is lost nor one below it seen", async () => {
    const script = async (disk: SimulatedDisk): Promise<number> => {
      const { log, env } = await segments(3, {}, { disk });
      let started = 0;
      for (const before of [1, 4, 6]) {
        await log.deleteRecordsBefore(before);
        started = before;
        await env.pending.idle();
      }
      env.clock.advance(60_000);
      await env.pending.idle();
      return started;
    };
    const whole = new SimulatedDisk(new SeededRandom(1));
    await script(whole);
    for (let end = 1; end <= whole.operations; end++) {
      for (const power of [false, true]) {
        const disk = new SimulatedDisk(new SeededRandom(end));
        disk.endAt(end);
        let answered = 0;
        const opened = await segments(3, {}, { disk }).catch(() => null);
        for (const before of opened === null ? [] : [1, 4, 6]) {
          await opened!.log.deleteRecordsBefore(before).then(() => answered = before, (error) => assert.ok(error instanceof StorageError));
        }
        const again = await openLog(platformOn(power ? disk.crash() : disk.kill()), { segmentBytes: 2 * one });
        assert.ok(again.log.logStartOffset >= answered, `operation ${end}: ${again.log.logStartOffset}, answered ${answered}`);
        const expected = Array.from({ length: again.log.logEndOffset }, (_, i) => `${i}:${i}`).slice(again.log.logStartOffset);
        assert.deepEqual(contents(again.log), expected, `operation ${end}`);
        if (answered > 0) assert.equal(again.log.logEndOffset, 6);
      }
    }
  });
});
