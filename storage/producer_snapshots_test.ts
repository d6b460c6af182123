import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDisk, SeededRandom, settleThrough, SimulatedDisk } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { RecordsError } from "../protocol/records/mod.ts";
import type { Log } from "./log.ts";
import { decodeProducerSnapshot, encodeProducerSnapshot } from "./producer_snapshot.ts";
import { StorageError } from "./storage_error.ts";
import { readBytes, writeBytes } from "./text_files.ts";
import { append, batchOf, filesOf, openLog, platformOn } from "./testing.ts";

const PARTITION = "/data/orders-0";
const DAY_MS = 86_400_000;
/** When the simulated clock begins. */
const BEGINNING = platformOn().clock.now();

/** As Kafka 4.3.1's classes write them: id 7, epoch 1, sequences 2 to 4, last offset 4, timestamp 1000; and nobody. */
const kafkas = {
  one: "0001" + "7f6dae6b" + "00000001" + "0000000000000007" + "0001" + "00000004" + "0000000000000004" + "00000002" + "00000000000003e8" +
    "ffffffff" + "ffffffffffffffff",
  none: "0001" + "48674bc7" + "00000000",
};

function produce(log: Log, producerId: number, baseSequence: number, count = 1, timestamp = BEGINNING): boolean {
  return append(log, Array.from({ length: count }, () => "x"), timestamp, { producerId, producerEpoch: 1, baseSequence }).duplicate;
}

function snapshotsIn(disk: MemoryDisk): string[] {
  return [...filesOf(disk).keys()].filter((name) => name.endsWith(".snapshot")).map((name) => name.replace(/^0{17}/, ""));
}

/** A log of two segments, closed; then what retention would leave of it, the second, without its checkpoint. */
async function secondSegmentOnly(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const producerBatch = batchOf(["x"], 1_000, { producerId: 7, producerEpoch: 1, baseSequence: 0 }).length;
  const { log, manager } = await openLog(platformOn(disk), { segmentBytes: 2 * producerBatch });
  produce(log, 7, 0);
  produce(log, 7, 1);
  produce(log, 8, 0);
  await manager.close();
  for (const kind of ["log", "index", "timeindex", "ottla"]) await disk.remove(`${PARTITION}/00000000000000000000.${kind}`);
  await disk.remove(`${PARTITION}/00000000000000000002.ottla`);
  return disk;
}

describe("producer snapshots", () => {
  it("are what Kafka writes, byte for byte", () => {
    const plain = { lastOffset: 4, offsetDelta: 2, timestamp: 1_000, transactionStart: -1, coordinatorEpoch: -1 };
    const seven = { producerId: 7, epoch: 1, lastSequence: 4, ...plain };
    assert.equal(encodeProducerSnapshot([seven]).toHex(), kafkas.one);
    assert.equal(encodeProducerSnapshot([]).toHex(), kafkas.none);
    assert.deepEqual(decodeProducerSnapshot(Uint8Array.fromHex(kafkas.one)), [seven]);
  });

  it("are durable with the others where the disk took all of one and said that it failed", async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const disk = new SimulatedDisk(new SeededRandom(seed));
      const { log, manager } = await openLog(platformOn(disk));
      produce(log, 7, 0);
      await log.flush();
      disk.fail({ from: 0, until: Infinity, operations: new Set(["append"]), code: "ENOSPC", written: 1_000 });
      await manager.close();
      await disk.syncDirectory(PARTITION);
      const left = readBytes(disk.crash(), `${PARTITION}/${"1".padStart(20, "0")}.snapshot`)!;
      assert.notEqual(decodeProducerSnapshot(left), null, `seed ${seed}`);
    }
  });

  it("are refused when a byte is wrong, missing or too many", () => {
    const bytes = Uint8Array.fromHex(kafkas.one);
    for (let length = 0; length < bytes.length; length++) assert.equal(decodeProducerSnapshot(bytes.subarray(0, length)), null);
    assert.equal(decodeProducerSnapshot(Uint8Array.from([...bytes, 0])), null);
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i] ^= 0x10;
      assert.equal(decodeProducerSnapshot(damaged), null, `byte ${i}`);
    }
  });

  it("are sound after a crash and a clean stop: one that was being written does not stay", async () => {
    const segmentBytes = 2 * batchOf(["x"], 1_000, { producerId: 7, producerEpoch: 1, baseSequence: 0 }).length;
    for (let at = 1, ended = true; ended; at++) {
      const disk = new SimulatedDisk(new SeededRandom(1));
      disk.endAt(at);
      const env = platformOn(disk);
      try {
        const { log, manager } = await openLog(env, { segmentBytes });
        for (let i = 0; i < 5; i++) produce(log, 7, i);
        await env.pending.idle();
        await manager.close();
      } catch (error) {
        assert.ok(disk.operations >= at, String(error));
      }
      ended = disk.operations >= at;
      const left = disk.kill();
      await (await openLog(platformOn(left), { segmentBytes })).manager.close();
      const files = left.stat(PARTITION) === null ? [] : filesOf(left);
      for (const [name, bytes] of files) {
        if (name.endsWith(".snapshot")) assert.notEqual(decodeProducerSnapshot(bytes), null, `${name} after a crash at ${at}`);
      }
    }
  });

  it("are written when a segment is full and at the end, and those of no segment go at the next start", async () => {
    const disk = new MemoryDisk();
    const config = { segmentBytes: 2 * batchOf(["x"]).length };
    const first = await openLog(platformOn(disk), config);
    for (let i = 0; i < 5; i++) produce(first.log, 7, i);
    await first.manager.close();
    assert.deepEqual(snapshotsIn(disk), ["002.snapshot", "004.snapshot", "005.snapshot"]);
    const second = await openLog(platformOn(disk), config);
    produce(second.log, 7, 5);
    produce(second.log, 7, 6);
    await second.manager.close();
    assert.deepEqual(snapshotsIn(disk), ["002.snapshot", "004.snapshot", "005.snapshot", "006.snapshot", "007.snapshot"]);
    await (await openLog(platformOn(disk), config)).manager.close();
    assert.deepEqual(snapshotsIn(disk), ["002.snapshot", "004.snapshot", "006.snapshot", "007.snapshot"]);
  });

  it("of offsets that a cut took away go", async () => {
    const disk = new MemoryDisk();
    const { log, manager } = await openLog(platformOn(disk));
    produce(log, 7, 0);
    await manager.close();
    writeBytes(disk, `${PARTITION}/00000000000000000009.snapshot`, encodeProducerSnapshot([]));
    await openLog(platformOn(disk));
    assert.deepEqual(snapshotsIn(disk), ["001.snapshot"]);
  });

  it("tell of producers whose batches were deleted", async () => {
    const disk = await secondSegmentOnly();
    const { log } = await openLog(platformOn(disk));
    assert.equal(log.logStartOffset, 2);
    assert.equal(produce(log, 7, 1), true);
    assert.equal(produce(log, 7, 2), false);
    assert.throws(() => produce(log, 7, 9), (error) => (error as RecordsError).code === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
  });

  it("are durable before the batches go that they tell of", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const disk = new SimulatedDisk(new SeededRandom(seed));
      const config = { segmentBytes: batchOf(["x"]).length };
      const before = await openLog(platformOn(disk), config);
      for (let i = 0; i < 3; i++) produce(before.log, 7, i);
      // What was killed is read again, and so has to be told of again.
      const killed = disk.kill();
      const { log } = await openLog(platformOn(killed), config);
      await log.deleteRecordsBefore(1);
      produce(log, 8, 0);
      await log.deleteRecordsBefore(3);
      // Now no power cut brings the deleted segments back.
      produce(log, 8, 1);
      await log.flush();
      const after = await openLog(platformOn(killed.crash()), config);
      const again = [produce(after.log, 7, 2), produce(after.log, 7, 3)];
      assert.deepEqual([after.log.logStartOffset, ...again], [3, true, false], `seed ${seed}`);
    }
  });

  it("are not missed where a crash comes before the one is written that tells of a segment below the start", async () => {
    const config = { segmentBytes: batchOf(["x"]).length };
    for (let operation = 1; operation <= 12; operation++) {
      const disk = new SimulatedDisk(new SeededRandom(operation));
      const { log } = await openLog(platformOn(disk), config);
      produce(log, 7, 0);
      await log.deleteRecordsBefore(1);
      disk.endAt(disk.operations + operation);
      try {
        produce(log, 8, 0);
      } catch (error) {
        assert.ok(error instanceof StorageError);
      }
      const after = await openLog(platformOn(disk.kill()), config);
      assert.deepEqual([after.log.logStartOffset, produce(after.log, 7, 0)], [1, true], `operation ${operation}`);
    }
  });

  it("that are damaged are passed over", async () => {
    const disk = await secondSegmentOnly();
    writeBytes(disk, `${PARTITION}/00000000000000000002.snapshot`, new Uint8Array(3));
    const { log } = await openLog(platformOn(disk));
    assert.equal(log.producers.size, 1);
  });

  it("need not be written for the log to go on", async () => {
    const disk = new MemoryDisk();
    const env = platformOn(disk);
    const { log } = await openLog(env, { segmentBytes: batchOf(["x"]).length });
    produce(log, 7, 0);
    disk.makeDirectory(`${PARTITION}/00000000000000000001.snapshot`);
    produce(log, 7, 1);
    assert.equal(log.logEndOffset, 2);
    assert.match(env.logger.events.at(-1)!.message, /cannot write/);
  });
});

describe("a producer that writes nothing", () => {
  it("is forgotten after a day, whatever its records' timestamps and the wall clock say", async () => {
    const env = platformOn();
    const { log } = await openLog(env);
    produce(log, 7, 0, 1, 1);
    await settleThrough(env.clock, DAY_MS / 2);
    produce(log, 8, 0, 1, env.clock.now());
    await settleThrough(env.clock, DAY_MS / 2 - 1);
    assert.equal(log.producers.size, 2);
    await settleThrough(env.clock, 600_000);
    assert.equal(log.producers.size, 1);
    assert.equal(produce(log, 7, 5), false);
  });

  it("is remembered over a restart as long, if it wrote last", async () => {
    const disk = new MemoryDisk();
    const { log, manager } = await openLog(platformOn(disk));
    produce(log, 7, 0, 1, 1);
    await manager.close();
    const env = platformOn(disk);
    await settleThrough(env.clock, 30 * DAY_MS);
    const again = await openLog(env);
    assert.equal(produce(again.log, 7, 0, 1, 1), true);
    await settleThrough(env.clock, DAY_MS + 600_000);
    assert.equal(again.log.producers.size, 0);
  });

  it("is remembered where a crash has taken what was written behind its batches, however old they say they are", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const config = { segmentBytes: batchOf(["x"]).length };
    const { log } = await openLog(platformOn(disk), config);
    for (const producerId of [7, 8, 9, 10]) produce(log, producerId, 0, 1, 1);
    const killed = disk.kill();
    for (const name of filesOf(killed).keys()) {
      if (/1\.log$|\.ottla$/.test(name)) await killed.remove(`${PARTITION}/${name}`);
    }
    const again = await openLog(platformOn(killed), config);
    assert.equal(again.log.logEndOffset, 1);
    assert.equal(produce(again.log, 7, 0, 1, 1), true);
  });

  it("is forgotten at a start, if its batches are older than that and two segments back", async () => {
    const disk = new MemoryDisk();
    const { log, manager } = await openLog(platformOn(disk), { segmentBytes: batchOf(["x"]).length });
    for (const producerId of [7, 8, 9]) produce(log, producerId, 0);
    await manager.close();
    const env = platformOn(disk);
    await settleThrough(env.clock, DAY_MS);
    const again = await openLog(env);
    assert.equal(again.log.producers.size, 2);
    assert.equal(produce(again.log, 8, 0), true);
  });
});
