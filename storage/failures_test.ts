import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import type { Log } from "./log.ts";
import { defaultLogConfig } from "./log_config.ts";
import { LogManager } from "./manager.ts";
import { StorageError } from "./storage_error.ts";
import { append, batchOf, contents, openLog, partition, platformOn, type TestPlatform } from "./testing.ts";

const one = batchOf(["x"]).length;

/** A log of two batches in one segment, and its disk. */
async function twoBatches(segmentBytes = 1 << 20): Promise<{ disk: SimulatedDisk; env: TestPlatform; log: Log }> {
  const disk = new SimulatedDisk(new SeededRandom(1));
  const env = platformOn(disk);
  const { log } = await openLog(env, { segmentBytes });
  append(log, ["a"]);
  append(log, ["b"]);
  await env.pending.idle();
  return { disk, env, log };
}

const storageError = (error: unknown): boolean => error instanceof StorageError && error.code === ErrorCode.KAFKA_STORAGE_ERROR;

describe("when the disk fails", () => {
  it("an append that was written in part is undone, whatever part, and the next one works", async () => {
    const { disk, log } = await twoBatches();
    for (let written = 0; written < one; written++) {
      disk.failNext("append", "ENOSPC", written);
      assert.throws(() => append(log, ["lost"]), storageError);
      assert.deepEqual(contents(log), ["0:a", "1:b"]);
    }
    assert.equal(append(log, ["c"]).baseOffset, 2);
    assert.deepEqual(contents((await openLog(platformOn(disk.kill()))).log), ["0:a", "1:b", "2:c"]);
  });

  it("a failed append does not count as one of its producer's", async () => {
    const { disk, log } = await twoBatches();
    const options = { producerId: 7, producerEpoch: 0, baseSequence: 0 };
    disk.failNext("append", "EIO");
    assert.throws(() => append(log, ["c"], 1_000, options), storageError);
    assert.deepEqual(append(log, ["c"], 1_000, options).duplicate, false);
  });

  it("an append that cannot be undone fences the log; reads go on", async () => {
    const { disk, log } = await twoBatches();
    disk.failNext("append", "EIO", 10);
    disk.failNext("truncate", "EIO");
    assert.throws(() => append(log, ["lost"]), storageError);
    assert.throws(() => append(log, ["refused"]), /no more writes/);
    await assert.rejects(log.flush(), storageError);
    assert.deepEqual(contents(log), ["0:a", "1:b"]);
    const again = await openLog(platformOn(disk.kill()));
    assert.deepEqual(contents(again.log), ["0:a", "1:b"]);
    assert.equal(append(again.log, ["c"]).baseOffset, 2);
  });

  it("every step of the first append may fail, and the next one works", async () => {
    for (const operation of ["makeDirectory", "open", "append"] as const) {
      const disk = new SimulatedDisk(new SeededRandom(1));
      const { log } = await openLog(platformOn(disk));
      for (let failures = 0; failures < 3; failures++) {
        disk.failNext(operation, "EMFILE");
        assert.throws(() => append(log, ["lost"]), storageError, operation);
      }
      assert.equal(append(log, ["a"]).baseOffset, 0);
      assert.deepEqual(contents((await openLog(platformOn(disk.kill()))).log), ["0:a"]);
    }
  });

  it("an append for whose index there is no descriptor leaves nothing in the log", async () => {
    const config = { indexIntervalBytes: 1 };
    for (let opens = 0; opens < 8; opens++) {
      const disk = new SimulatedDisk(new SeededRandom(1));
      const first = await openLog(platformOn(disk), config);
      for (let i = 0; i < 5; i++) append(first.log, [`${i}`], 1_000 + i);
      await first.manager.close();
      // One file is open at a time, so that each use of another opens it anew.
      const { log } = await openLog(platformOn(disk), config, { maxOpenFiles: 1 });
      disk.fail({
        code: "EMFILE",
        operations: new Set(["open"]),
        from: disk.operations + 1 + opens,
        until: disk.operations + 20 + opens,
        written: 0,
      });
      let failed = false;
      try {
        append(log, ["5"], 2_000);
      } catch (error) {
        assert.ok(storageError(error));
        failed = true;
      }
      disk.fail({ code: "EMFILE", operations: new Set(), from: 0, until: 0, written: 0 });
      const expected = ["0:0", "1:1", "2:2", "3:3", "4:4", ...(failed ? [] : ["5:5"])];
      assert.deepEqual(contents(log), expected);
      assert.deepEqual(contents((await openLog(platformOn(disk.kill()), config)).log), expected, `open ${opens}`);
    }
  });

  it("logs do with the descriptors that there are", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    disk.descriptors = 12;
    for (let start = 0; start < 2; start++) {
      const env = platformOn(disk);
      const manager = await LogManager.open(env, "/data");
      const logs = [];
      for (let i = 0; i < 20; i++) {
        const log = await manager.openLog({ ...partition, partition: i }, { ...defaultLogConfig, segmentBytes: 2 * one });
        for (let j = 0; j < 3; j++) append(log, [`${i}`]);
        await log.flush();
        logs.push(log);
      }
      env.clock.advance(60_000);
      await env.pending.idle();
      for (const [i, log] of logs.entries()) {
        assert.deepEqual(contents(log).map((record) => record.split(":")[1]), Array.from({ length: 3 * (start + 1) }, () => `${i}`));
      }
      assert.deepEqual(env.logger.events.filter(({ level }) => level === "warn" || level === "error"), []);
      await manager.close();
    }
  });

  it("a segment that cannot be made leaves the old one as the last", async () => {
    const { disk, log } = await twoBatches(2 * one);
    disk.failNext("open", "EACCES");
    assert.throws(() => append(log, ["lost"]), storageError);
    assert.equal(log.segmentCount, 1);
    append(log, ["c"]);
    assert.equal(log.segmentCount, 2);
    assert.deepEqual(contents(log), ["0:a", "1:b", "2:c"]);
  });

  it("a segment that could be made only in part is not taken for one, wherever the log goes on", async () => {
    for (const [later, clean] of [[0, true], [0, false], [1, true], [1, false]] as const) {
      const disk = new SimulatedDisk(new SeededRandom(1));
      const config = { segmentMs: 100 };
      const { log, manager } = await openLog(platformOn(disk), config);
      append(log, ["a"]);
      disk.fail({ from: disk.operations + 2, until: Infinity, operations: new Set(["open"]), code: "EACCES", written: 0 });
      assert.throws(() => append(log, ["too late for the segment"], 2_000), storageError);
      disk.fail({ from: 0, until: 0, operations: new Set(), code: "EACCES", written: 0 });
      append(log, ["b"]);
      if (later === 1) append(log, ["c"], 2_000);
      if (clean) await manager.close();
      const again = await openLog(platformOn(disk.kill()), config);
      assert.deepEqual(contents(again.log, 1), ["0:a", "1:b", "2:c"].slice(0, 2 + later));
    }
  });

  it("a segment that could be made only in part does not hide what the producers wrote that retention has taken away", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const env = platformOn(disk);
    const { log } = await openLog(env, { segmentMs: 1_000, retentionMs: 1 });
    const producer = { producerId: 7, producerEpoch: 0 };
    append(log, ["a"], 1_000, { ...producer, baseSequence: 0 });
    // The log of the new segment, but not its indexes.
    disk.fail({ from: disk.operations + 2, until: disk.operations + 9, operations: new Set(["open"]), code: "EMFILE", written: 0 });
    assert.throws(() => append(log, ["b"], 5_000, { ...producer, baseSequence: 1 }), StorageError);
    disk.fail({ from: 0, until: 0, operations: new Set(), code: "EMFILE", written: 0 });
    append(log, ["b"], 1_500, { ...producer, baseSequence: 1 });
    await log.deleteExpiredSegments();
    await env.pending.idle();
    const again = await openLog(platformOn(disk.kill()), { segmentMs: 1_000 });
    assert.deepEqual([again.log.logStartOffset, again.log.logEndOffset], [2, 2]);
    assert.ok(append(again.log, ["b"], 1_500, { ...producer, baseSequence: 1 }).duplicate);
  });

  it("a failed sync fences the log for good, and what was read before is read on", async () => {
    const { disk, log } = await twoBatches();
    disk.failNext("sync", "EIO");
    await assert.rejects(log.flush(), storageError);
    await assert.rejects(log.flush(), storageError);
    assert.throws(() => append(log, ["refused"]), storageError);
    assert.deepEqual(contents(log), ["0:a", "1:b"]);
  });

  it("what a failed sync did not save is written again at the next start, whatever the page cache says", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const { disk, log } = await twoBatches();
      disk.failNext("sync", "EIO");
      await assert.rejects(log.flush(), storageError);
      const again = disk.kill();
      const { log: next } = await openLog(platformOn(again));
      append(next, ["c"]);
      await next.flush();
      const { log: last } = await openLog(platformOn(again.crash()));
      assert.deepEqual(contents(last), ["0:a", "1:b", "2:c"]);
    }
  });

  it("a failed sync for a checkpoint fences the log too", async () => {
    const { disk, env, log } = await twoBatches();
    disk.failNext("sync", "EIO");
    env.clock.advance(60_000);
    await env.pending.idle();
    assert.throws(() => append(log, ["refused"]), storageError);
  });

  it("a failed sync of a finished segment fences the log too", async () => {
    const { disk, env, log } = await twoBatches(2 * one);
    disk.failNext("sync", "EIO");
    append(log, ["c"]);
    await env.pending.idle();
    assert.throws(() => append(log, ["refused"]), storageError);
  });

  it("a log that could not be made durable makes the stop unclean", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const env = platformOn(disk);
    const { log, manager } = await openLog(env);
    append(log, ["a"]);
    await env.pending.idle();
    disk.failNext("sync", "EIO");
    await assert.rejects(manager.close(), storageError);
    assert.equal((await openLog(platformOn(disk))).manager.uncleanStart, true);
  });

  it("a failed read is an error for its reader alone", async () => {
    const { disk, log } = await twoBatches();
    disk.failNext("read", "EIO");
    assert.throws(() => contents(log), storageError);
    const source = log.read(1, 100, { minOneBatch: true, upTo: 2 });
    disk.failNext("read", "EIO");
    assert.throws(() => source.copyInto(new Uint8Array(100)), storageError);
    assert.throws(() => {
      disk.failNext("read", "EIO");
      log.offsetForTimestamp(0);
    }, storageError);
    assert.deepEqual(contents(log), ["0:a", "1:b"]);
  });

  it("a segment without a checkpoint that could not be read is read by the next who asks", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const { log, manager } = await openLog(platformOn(disk), { segmentBytes: one });
    for (const value of ["a", "b", "c"]) append(log, [value]);
    await manager.close();
    await disk.remove("/data/orders-0/00000000000000000000.ottla");
    const again = await openLog(platformOn(disk), { segmentBytes: one });
    disk.failNext("read", "EIO");
    assert.throws(() => again.log.read(0, 100, { minOneBatch: true, upTo: 3 }), storageError);
    assert.deepEqual(contents(again.log), ["0:a", "1:b", "2:c"]);
  });

  it("a log that cannot be read at its opening is refused", async () => {
    for (const operation of ["stat", "list", "open", "read"] as const) {
      const { disk } = await twoBatches();
      const next = disk.kill();
      const env = platformOn(next);
      const { manager } = await openLog(env, {});
      await manager.removeLog("other", 0);
      await manager.close();
      next.failNext(operation, "EIO");
      await assert.rejects(openLog(env), Error, operation);
    }
  });
});

describe("flush", () => {
  it("shares one sync among all that asked while another ran", async () => {
    const { disk, log } = await twoBatches();
    await log.flush();
    append(log, ["c"]);
    const before = disk.operations;
    const first = log.flush();
    while (disk.operations === before) await null; // until it has begun
    append(log, ["d"]);
    append(log, ["e"]);
    await Promise.all([first, log.flush(), log.flush(), log.flush()]);
    // Two appends and two syncs.
    assert.equal(disk.operations - before, 4);
    await log.flush();
    assert.equal(disk.operations - before, 4);
    assert.deepEqual(contents((await openLog(platformOn(disk.crash()))).log), ["0:a", "1:b", "2:c", "3:d", "4:e"]);
  });

  it("covers finished segments whose own sync is still under way, and the names of all", async () => {
    for (let seed = 0; seed < 20; seed++) {
      const disk = new SimulatedDisk(new SeededRandom(seed));
      const { log } = await openLog(platformOn(disk), { segmentBytes: one });
      for (const value of ["a", "b", "c"]) append(log, [value]);
      await log.flush();
      assert.deepEqual(contents((await openLog(platformOn(disk.crash()))).log), ["0:a", "1:b", "2:c"]);
    }
  });

  it("is done for a finished segment by itself, so that nothing of it is lost while later ones stay", async () => {
    for (let seed = 0; seed < 20; seed++) {
      const disk = new SimulatedDisk(new SeededRandom(seed));
      const env = platformOn(disk);
      const { log } = await openLog(env, { segmentBytes: 2 * one });
      for (const value of ["a", "b", "c"]) append(log, [value]);
      await env.pending.idle();
      assert.deepEqual(contents((await openLog(platformOn(disk.crash()))).log).slice(0, 2), ["0:a", "1:b"]);
    }
  });
});
