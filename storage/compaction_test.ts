import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDisk, SeededRandom, settle, settleThrough, SimulatedDisk } from "../platform/mod.ts";
import { batches, buildBatch } from "../protocol/records/mod.ts";
import type { Log, LogConfig } from "./mod.ts";
import { readText } from "./text_files.ts";
import {
  appendVerified,
  committedBatches,
  compact,
  filesOf,
  keyedBatch,
  keyedContents,
  markerBatch,
  openLog,
  partition,
  platformOn,
  type TestPlatform,
} from "./testing.ts";

const OFFSETS = "/data/cleaner-offset-checkpoint";
const asClient = { leaderEpoch: 0, origin: "client" } as const;
/** Bytes of a batch with one record of this size. */
const one = keyedBatch([["a", "1"]]).length;
const config: Partial<LogConfig> = { compact: true, delete: false, segmentBytes: 2 * one };

/** Appends records `key=value`, a batch each; without a value a tombstone. */
function put(log: Log, texts: string, timestamp = 1_000): void {
  for (const text of texts.split(" ")) {
    const [key, value = null] = text.split("=");
    log.append(keyedBatch([[key, value]], timestamp), asClient);
  }
}

async function opened(env: TestPlatform, more: Partial<LogConfig> = {}, options = {}): Promise<Log> {
  return (await openLog(env, { ...config, ...more }, { cleanerEnabled: false, ...options })).log;
}

function namesIn(disk: TestPlatform["disk"], ending: string): string {
  return [...filesOf(disk).keys()].filter((name) => name.endsWith(ending)).map((name) => String(Number.parseInt(name))).join(" ");
}

describe("a round of compaction", () => {
  it("leaves the newest record of each key, and all of the active segment", async () => {
    const env = platformOn();
    const log = await opened(env);
    put(log, "a=1 b=1 a=2 c=1 a=3 b=2 c=2 c=3");
    await log.flush();
    assert.equal(await compact(env, log), 6);
    assert.deepEqual(keyedContents(log), ["3:c=1", "4:a=3", "5:b=2", "6:c=2", "7:c=3"]);
    put(log, "x=1");
    await log.flush();
    assert.equal(await compact(env, log, 6), 8);
    assert.deepEqual(keyedContents(log), ["4:a=3", "5:b=2", "7:c=3", "8:x=1"]);
    assert.deepEqual([log.logStartOffset, log.logEndOffset], [0, 9]);
  });

  it("keeps segments together that have become small, within segment.bytes", async () => {
    const env = platformOn();
    const log = await opened(env, { segmentBytes: 3 * one });
    put(log, "a=1 a=2 a=3 a=4 a=5 a=6 b=1 c=1 d=1 e=1");
    await log.flush();
    assert.equal(namesIn(env.disk, ".log"), "0 3 6 9");
    await compact(env, log);
    assert.equal(namesIn(env.disk, ".log"), "0 3 6 9", "each was full before");
    // Of a=3 its header is left, to tell where the segment ends.
    assert.deepEqual(keyedContents(log), ["5:a=6", "6:b=1", "7:c=1", "8:d=1", "9:e=1"]);
    await compact(env, log);
    assert.equal(namesIn(env.disk, ".log"), "0 6 9");
    env.clock.advance(60_000);
    await env.pending.idle();
    assert.equal(namesIn(env.disk, ".deleted"), "");
  });

  it("does not touch what is younger than min.compaction.lag.ms, not durable, or of an open transaction", async () => {
    const env = platformOn();
    const now = env.clock.now();
    const log = await opened(env, { minCompactionLagMs: 1_000 });
    const bounds = (): (number | undefined)[] => {
      const { firstDirtyOffset, firstUncleanableOffset, bytes, ratio } = log.compaction.cleanable(2)!;
      return [firstDirtyOffset, firstUncleanableOffset, bytes / one, ratio];
    };
    put(log, "a=1 a=2 a=3 a=4", now - 2_000);
    put(log, "a=5 a=6 a=7", now - 1_000);
    assert.deepEqual(bounds(), [2, 2, 0, 0]);
    await log.flush();
    assert.deepEqual(bounds(), [2, 6, 4, 2 / 3]);
    log.config = { ...log.config, minCompactionLagMs: 1_001 };
    assert.deepEqual(bounds(), [2, 4, 2, 0.5]);
    log.config = { ...log.config, minCompactionLagMs: 0 };
    const transaction = { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional: true };
    appendVerified(log, keyedBatch([["a", "8"]], now, transaction));
    put(log, "a=9 b=1 b=2");
    await log.flush();
    assert.deepEqual(bounds(), [2, 6, 4, 2 / 3], "offset 7 is in the segment of 6");
    appendVerified(log, markerBatch(7, 0, "ABORT", now));
    assert.deepEqual(bounds(), [2, 11, 9, 9 / 11]);
  });

  it("is due when enough is dirty, or something has waited for max.compaction.lag.ms", async () => {
    const env = platformOn();
    const log = await opened(env, { maxCompactionLagMs: 5_000 });
    const now = env.clock.now();
    put(log, "a=1 a=2 a=3", now);
    await log.flush();
    assert.equal(log.compaction.cleanable(0)!.isOverdue, false);
    env.clock.advance(5_000);
    assert.equal(log.compaction.cleanable(0)!.isOverdue, false);
    env.clock.advance(1);
    assert.equal(log.compaction.cleanable(0)!.isOverdue, true);
    put(log, "a=4", now + 5_001);
    assert.equal(log.segmentCount, 3, "nothing may wait for so long in the active segment");
  });

  it("keeps a tombstone, and the marker of a transaction of which nothing is left, for delete.retention.ms", async () => {
    const env = platformOn();
    const log = await opened(env, { deleteRetentionMs: 1_000 });
    put(log, "a=1 a");
    appendVerified(log, keyedBatch([["b", "1"]], 1_000, { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional: true }));
    appendVerified(log, markerBatch(7, 0, "ABORT"));
    appendVerified(log, markerBatch(8, 0, "COMMIT"));
    appendVerified(log, keyedBatch([["c", "1"]], 1_000, { producerId: 7, producerEpoch: 0, baseSequence: 1 }));
    put(log, "x=1 x=2 x=3");
    await log.flush();
    const offsets =
      (): number[] => [...log.batchesFrom(0).filter(({ recordCount }) => recordCount > 0).map(({ baseOffset }) => baseOffset)];
    await compact(env, log);
    assert.deepEqual(offsets(), [1, 3, 4, 5, 6, 7, 8]);
    env.clock.advance(999);
    await compact(env, log);
    assert.deepEqual(offsets(), [1, 3, 4, 5, 6, 7, 8]);
    env.clock.advance(1);
    await compact(env, log);
    assert.deepEqual(
      offsets(),
      [3, 5, 6, 7, 8],
      "the abort marker was still needed: its time began when the header of the batch before was gone",
    );
    env.clock.advance(1_000);
    await compact(env, log);
    await compact(env, log);
    assert.deepEqual(offsets(), [3, 5, 6, 7, 8]);
    env.clock.advance(1_000);
    await compact(env, log);
    assert.deepEqual(offsets(), [5, 6, 7, 8]);
  });

  it("takes away nothing of a transaction whose marker a power cut could take back", async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const disk = new SimulatedDisk(new SeededRandom(seed));
      const env = platformOn(disk);
      const log = await opened(env, { segmentBytes: 3 * one });
      const transaction = { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional: true };
      appendVerified(log, keyedBatch([["a", "1"]], 1_000, transaction));
      put(log, "b=1 c=1 d=1");
      await log.flush();
      appendVerified(log, markerBatch(7, 0, "ABORT"));
      await compact(env, log);
      assert.deepEqual(keyedContents(log), ["1:b=1", "2:c=1", "3:d=1"]);
      const { log: again } = await openLog(platformOn(disk.crash()), config);
      assert.deepEqual([again.logEndOffset, again.lastStableOffset], [5, 5], `seed ${seed}`);
    }
  });

  it("goes on where a map that was full has ended the last one", async () => {
    const env = platformOn();
    const log = await opened(env);
    put(log, "a=1 b=1 c=1 d=1 a=2 b=2 c=2 d=2 x=1");
    await log.flush();
    let cleanedTo: number | undefined;
    const ends: (number | undefined)[] = [];
    while (cleanedTo !== 8) ends.push(cleanedTo = await compact(env, log, cleanedTo, { bytes: 24 * 4, loadFactor: 0.8 }));
    assert.deepEqual(ends, [3, 6, 8]);
    assert.deepEqual(keyedContents(log), ["4:a=2", "5:b=2", "6:c=2", "7:d=2", "8:x=1"]);
  });

  it("takes away records without a key, of the time before the topic was compacted", async () => {
    const env = platformOn();
    const log = await opened(env, { compact: false });
    log.append(keyedBatch([["a", "1"]]), asClient);
    log.append(buildBatch([{ timestamp: 1, key: null, value: null }]), asClient);
    put(log, "b=1 c=1 d=1");
    log.config = { ...log.config, compact: true };
    await log.flush();
    await compact(env, log);
    assert.deepEqual(keyedContents(log), ["0:a=1", "2:b=1", "3:c=1", "4:d=1"]);
  });

  it("does not disturb whoever reads: records found before, and a replay that has begun", async () => {
    const env = platformOn();
    const log = await opened(env);
    put(log, "a=1 b=1 a=2 b=2 a=3 b=3 c=1");
    await log.flush();
    const source = log.read(0, 1 << 20, { minOneBatch: true, upTo: log.highWatermark });
    const replay = log.batchesFrom(0);
    replay.next();
    await compact(env, log);
    await compact(env, log);
    const bytes = new Uint8Array(source.byteLength);
    source.copyInto(bytes);
    assert.deepEqual([...batches(bytes)].map(({ baseOffset }) => baseOffset), [0, 1]);
    assert.deepEqual([...replay.map(({ baseOffset }) => baseOffset)], [1, 3, 4, 5, 6]);
  });

  it("leaves all as readable as before while segments are exchanged, and where that fails half-way", async () => {
    const story = async (): Promise<{ env: TestPlatform; log: Log }> => {
      const env = platformOn(new SimulatedDisk(new SeededRandom(1)));
      const log = await opened(env, { segmentBytes: 12 * one, indexIntervalBytes: 0 });
      const transaction = { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional: true };
      put(log, "a=1 b=1 c=1 d=1");
      appendVerified(log, keyedBatch([["e", "1"], ["f", "1"]], 1_000, transaction));
      appendVerified(log, markerBatch(7, 0, "ABORT"));
      appendVerified(log, keyedBatch([["e", "2"]], 1_000, transaction));
      appendVerified(log, markerBatch(7, 0, "ABORT"));
      put(log, "g=1 h=1 a=2 b=2 a=3 a=4");
      await log.flush();
      await env.pending.idle();
      return { env, log };
    };
    const check = (log: Log): void => {
      const seen = [...committedBatches(log, 0, 1 << 20).flatMap((batch) => [...batch.records()])].map(({ offset }) => offset);
      assert.deepEqual(
        seen.filter((offset) => ![0, 1, 11, 13].includes(offset)),
        [2, 3, 9, 10, 12, 14],
        "aborted records, and none that is newest",
      );
      for (let offset = 0; offset < log.logEndOffset; offset++) log.read(offset, 1, { minOneBatch: true, upTo: log.logEndOffset });
      assert.ok(!log.isDamaged);
    };
    const { log } = await story();
    let isDone = false;
    const round = log.compaction.clean(log.compaction.cleanable(undefined)!, { bytes: 1 << 20, loadFactor: 0.9 }).finally(() =>
      isDone = true
    );
    for (let turn = 0; !isDone && turn < 10_000; turn++) await Promise.resolve().then(() => check(log));
    await round;
    for (let failing = 1, failed = true; failed; failing++) {
      const next = await story();
      const left = next.env.disk as SimulatedDisk;
      let renames = 0;
      const { rename } = left;
      left.rename = (from, to) => {
        if (++renames === failing) left.failNext("rename", "EIO");
        rename.call(left, from, to);
      };
      failed = await compact(next.env, next.log).then(() => false, () => true);
      check(next.log);
    }
  });

  it("leaves all that stands behind segments whose exchange failed to the start that ends it, whatever retention gives up", async () => {
    const env = platformOn(new SimulatedDisk(new SeededRandom(1)));
    const disk = env.disk as SimulatedDisk;
    const log = await opened(env, { delete: true, retentionMs: 1_000 });
    const producer = { producerId: 8, producerEpoch: 0, baseSequence: 0 };
    put(log, "a=1 a=2 a=3 a=4");
    const batch = keyedBatch([["b", "1"]], 1_000, producer);
    log.append(batch.slice(), asClient);
    await log.flush();
    await env.pending.idle();
    const { rename } = disk;
    disk.rename = (from, to) => {
      if (to.endsWith(".deleted")) disk.failNext("rename", "EIO");
      rename.call(disk, from, to);
    };
    await assert.rejects(compact(env, log));
    disk.rename = rename;
    await log.deleteExpiredSegments();
    assert.deepEqual([log.logStartOffset, log.logEndOffset], [5, 5]);
    await disk.syncDirectory("/data/orders-0");
    const { log: again } = await openLog(platformOn(disk.crash()), config);
    assert.deepEqual([again.logStartOffset, again.logEndOffset], [5, 5]);
    const { baseOffset, duplicate } = again.append(batch.slice(), asClient);
    assert.deepEqual([baseOffset, duplicate], [4, true]);
  });

  it("ends when the log is closed or removed, and leaves nothing behind", async () => {
    for (const how of ["close", "remove"] as const) {
      const env = platformOn();
      const { log, manager } = await openLog(env, { ...config, segmentBytes: 500_000 }, { cleanerEnabled: false });
      for (let i = 0; i < 10; i++) log.append(keyedBatch([["a", "1".repeat(200_000)]]), asClient);
      await log.flush();
      const round = log.compaction.clean(log.compaction.cleanable(0)!, { bytes: 1000, loadFactor: 0.9 });
      const outcome = assert.rejects(round, /the work was stopped/);
      await (how === "close" ? manager.close() : manager.removeLog(partition.topic, partition.partition));
      await outcome;
      await env.pending.idle();
      if (how === "close") assert.equal(namesIn(env.disk, ".cleaned"), "");
      else assert.equal(env.disk.stat("/data/orders-0"), null);
    }
  });

  it("gives up what retention takes away meanwhile", async () => {
    const env = platformOn();
    const log = await opened(env, { segmentBytes: 500_000 });
    for (let i = 0; i < 10; i++) log.append(keyedBatch([[`${i}`, "1".repeat(200_000)]]), asClient);
    await log.flush();
    const round = log.compaction.clean(log.compaction.cleanable(0)!, { bytes: 1000, loadFactor: 0.9 });
    const outcome = assert.rejects(round, /the work was stopped/);
    while (namesIn(env.disk, ".cleaned") === "") {
      env.clock.advance(0);
      await settle();
    }
    await log.deleteRecordsBefore(9);
    await settleThrough(env.clock, 1_000);
    await outcome;
    assert.equal(log.logStartOffset, 9);
    assert.equal(namesIn(env.disk, ".cleaned"), "");
  });
});

describe("a round of compaction and records that are deleted meanwhile", () => {
  it("leave what is not deleted and newest of its key, at whatever moment that is, also for who opens the log again", async () => {
    let interrupted = 0;
    for (let turns = 0; turns < 60; turns++) {
      const disk = new SimulatedDisk(new SeededRandom(turns));
      const env = platformOn(disk);
      const { log, manager } = await openLog(env, { ...config, segmentBytes: 6 * one }, { cleanerEnabled: false });
      put(log, "a=1 b=1 c=1 d=1 a=2 b=2 e=1 f=1 a=3 c=2 e=2 g=1 h=1 a=4 b=3 e=3 f=2 g=2 h=2 h=3");
      await log.flush();
      const round = log.compaction.clean(log.compaction.cleanable(0)!, { bytes: 1000, loadFactor: 0.9 });
      const outcome = round.catch(() => interrupted++);
      for (let i = 0; i < turns; i++) await Promise.resolve();
      assert.equal(await log.deleteRecordsBefore(13), 13);
      await outcome;
      const expected = ["13:a=4", "14:b=3", "15:e=3", "16:f=2", "17:g=2", "18:h=2", "19:h=3"];
      const found = (log: Log): string[] => keyedContents(log).filter((text) => Number(text.split(":")[0]) >= 13);
      assert.deepEqual(found(log), expected);
      env.clock.advance(60_000);
      await env.pending.idle();
      if (turns % 2 === 0) await manager.close();
      const again = await opened(platformOn(turns % 2 === 0 ? disk : disk.crash()));
      assert.equal(again.logStartOffset, 13);
      assert.deepEqual(found(again), expected);
    }
    assert.ok(interrupted > 5, `${interrupted} rounds were interrupted`);
  });
});

describe("a gap between segments", () => {
  /** Six records in three segments, of which the second has lost its last batch, as Kafka's compaction would have it; no checkpoint is left. */
  async function withGap(): Promise<MemoryDisk> {
    const disk = new MemoryDisk();
    const { log, manager } = await openLog(platformOn(disk), config, { cleanerEnabled: false });
    put(log, "a=1 b=1 c=1 d=1 e=1 f=1");
    await manager.close();
    disk.open("/data/orders-0/00000000000000000002.log").truncate(one);
    for (const name of filesOf(disk).keys()) if (name.endsWith(".ottla")) await disk.remove(`/data/orders-0/${name}`);
    return disk;
  }

  const found = (log: Log): unknown => {
    const source = log.read(3, 1 << 20, { minOneBatch: true, upTo: log.highWatermark });
    const bytes = new Uint8Array(source.byteLength);
    source.copyInto(bytes);
    return [...batches(bytes)].at(0)?.baseOffset;
  };

  it("is one of Kafka's compaction while the topic is compacted, and known as such from then on", async () => {
    const disk = await withGap();
    const first = await openLog(platformOn(disk), config);
    assert.deepEqual([found(first.log), first.log.isDamaged], [4, false]);
    await first.manager.close();
    const { log } = await openLog(platformOn(disk), { ...config, compact: false });
    assert.deepEqual([found(log), log.isDamaged], [4, false]);
  });

  it("is damage while it is not, and where a checkpoint knows better", async () => {
    const env = platformOn(await withGap());
    const { log } = await openLog(env, { ...config, compact: false });
    assert.throws(() => found(log), /something is missing/);

    const disk = new MemoryDisk();
    const second = await openLog(platformOn(disk), config, { cleanerEnabled: false });
    put(second.log, "a=1 b=1 c=1 d=1 e=1 f=1");
    await second.manager.close();
    for (const kind of ["log", "ottla"]) await disk.remove(`/data/orders-0/00000000000000000002.${kind}`);
    await disk.remove("/data/orders-0/00000000000000000004.ottla");
    const third = await openLog(platformOn(disk), config);
    assert.throws(() => third.log.read(2, 1, { minOneBatch: true, upTo: 6 }), /something is missing/);
    assert.deepEqual(keyedContents(third.log), ["0:a=1", "1:b=1", "4:e=1", "5:f=1"]);
  });
});

describe("the cleaner", () => {
  it("looks every log.cleaner.backoff.ms for logs that are dirty enough, and writes down how far it has come", async () => {
    const env = platformOn();
    const { log, manager } = await openLog(env, { ...config, minCleanableDirtyRatio: 2 / 3 }, { cleanerBackoffMs: 100 });
    put(log, "a=1 a=2 a=3");
    await log.flush();
    await settleThrough(env.clock, 99);
    assert.equal(keyedContents(log).length, 3);
    await settleThrough(env.clock, 1);
    assert.deepEqual(keyedContents(log), ["1:a=2", "2:a=3"]);
    assert.match(readText(env.disk, OFFSETS)!, /^0\n2\n#crc32c 0 \d+\norders 0 2\n$/);
    put(log, "a=4 b=1");
    await log.flush();
    await settleThrough(env.clock, 100);
    assert.equal(keyedContents(log).length, 4, "two thirds are not more than two thirds");
    put(log, "b=2 b=3");
    await log.flush();
    await settleThrough(env.clock, 100);
    assert.deepEqual(keyedContents(log), ["3:a=4", "5:b=2", "6:b=3"]);
    await manager.removeLog(partition.topic, partition.partition);
    const again = await manager.openLog(partition, log.config);
    assert.equal(readText(env.disk, OFFSETS), "0\n1\n#crc32c 0 0\n");
    assert.equal(again.logEndOffset, 0);
  });

  it("compacts a log that is not dirty enough once something in it has waited for max.compaction.lag.ms", async () => {
    const env = platformOn();
    const { log } = await openLog(env, { ...config, minCleanableDirtyRatio: 1, maxCompactionLagMs: 5_000 }, { cleanerBackoffMs: 100 });
    put(log, "a=1 a=2 a=3", env.clock.now());
    await log.flush();
    await settleThrough(env.clock, 5_000);
    assert.equal(keyedContents(log).length, 3);
    await settleThrough(env.clock, 100);
    assert.equal(keyedContents(log).length, 2);
  });

  it("takes the dirtiest log first, and goes on with the others", async () => {
    const env = platformOn();
    const { log, manager } = await openLog(env, config, { cleanerBackoffMs: 100 });
    const other = await manager.openLog({ ...partition, topic: "other" }, log.config);
    put(log, "a=1 a=2 a=3");
    put(other, "a=1 a=2 a=3");
    await Promise.all([log.flush(), other.flush()]);
    await settleThrough(env.clock, 100);
    assert.deepEqual([keyedContents(log).length, keyedContents(other).length], [2, 2]);
  });

  it("leaves a log alone that is not compacted, and all where log.cleaner.enable is false", async () => {
    for (const [compactIt, cleanerEnabled] of [[false, true], [true, false]]) {
      const env = platformOn();
      const { log } = await openLog(env, { ...config, compact: compactIt }, { cleanerEnabled });
      put(log, "a=1 a=2 a=3");
      await log.flush();
      await settleThrough(env.clock, 60_000);
      assert.equal(keyedContents(log).length, 3);
    }
  });

  it("tries again when the disk was full", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const env = platformOn(disk);
    const { log } = await openLog(env, config, { cleanerBackoffMs: 100 });
    put(log, "a=1 a=2 a=3");
    await log.flush();
    await env.pending.idle();
    disk.failNext("append", "ENOSPC", 5);
    await settleThrough(env.clock, 100);
    assert.equal(namesIn(disk, ".cleaned"), "");
    assert.equal(keyedContents(log).length, 3);
    await settleThrough(env.clock, 100);
    assert.equal(keyedContents(log).length, 2);
  });

  it("leaves a log alone that is damaged: nothing is written anew that cannot be read", async () => {
    const disk = new MemoryDisk();
    const env = platformOn(disk);
    const { log } = await openLog(env, config, { cleanerBackoffMs: 100 });
    put(log, "a=1 a=2 a=3");
    await log.flush();
    const file = disk.open("/data/orders-0/00000000000000000000.log");
    file.overwrite(Uint8Array.of(9), one - 2);
    await settleThrough(env.clock, 10_000);
    assert.throws(() => keyedContents(log), /is damaged at 0/);
    assert.equal(log.sizeInBytes, 3 * one);
    assert.equal(namesIn(disk, ".cleaned"), "");
  });
});
