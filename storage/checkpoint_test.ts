import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import { decodeCheckpoint, encodeCheckpoint, type LogCheckpoint } from "./checkpoint.ts";
import { decodeProducerSnapshot } from "./producer_snapshot.ts";
import { readBytes, writeBytes } from "./text_files.ts";
import { append, contents, openLog, platformOn, type TestPlatform } from "./testing.ts";

const FILE = "/data/orders-0/00000000000000000000.ottla";
const LOG = "/data/orders-0/00000000000000000000.log";

const checkpoint: LogCheckpoint = {
  nextOffset: 7,
  segment: {
    size: 500,
    damage: [],
    lastOffset: 6,
    firstTimestamp: 10,
    maxTimestamp: 12,
    maxTimestampOffset: 3,
    headersCrc: 7,
    offsetIndex: { entries: 2049, crcs: [0xffffffff, 3] },
    timeIndex: { entries: 1, crcs: [5] },
    transactionIndex: { entries: 0, crcs: [] },
  },
  epochs: [{ epoch: 1, startOffset: 0 }],
  producers: [[2 ** 52, { epoch: 3, batches: [], timestamp: -1, offset: 4, transactionStart: -1, coordinatorEpoch: -1 }]],
};

/** A log that was checkpointed after `before` batches and killed after `after` more; its disk. */
async function killed(before: number, after: number): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk(new SeededRandom(1));
  const env = platformOn(disk);
  const { log } = await openLog(env, { indexIntervalBytes: 100 });
  for (let i = 0; i < before; i++) append(log, [`${i}`], 1_000, { producerId: 7, producerEpoch: 0, baseSequence: i });
  await minute(env);
  for (let i = before; i < before + after; i++) append(log, [`${i}`], 1_000, { producerId: 7, producerEpoch: 0, baseSequence: i });
  return disk.kill();
}

async function minute({ clock, pending }: TestPlatform): Promise<void> {
  clock.advance(60_000);
  await pending.idle();
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}:${i}`);

describe("a checkpoint", () => {
  it("is read as it was written, and not when a byte is wrong, missing or too many", () => {
    const bytes = encodeCheckpoint(checkpoint);
    assert.deepEqual(decodeCheckpoint(bytes), checkpoint);
    for (let i = 0; i < bytes.length - 1; i++) {
      assert.equal(decodeCheckpoint(bytes.map((byte, at) => at === i ? byte ^ 4 : byte)), null, `byte ${i}`);
      assert.equal(decodeCheckpoint(bytes.subarray(0, i)), null);
    }
    assert.equal(decodeCheckpoint(Uint8Array.from([...bytes, 10])), null);
  });

  it("saves whoever opens the log after a kill the reading of what stands before it", async () => {
    const all = await killed(200, 3);
    // A wrong checksum in front of it would be found by who reads all.
    const bytes = readBytes(all, LOG)!;
    bytes[17] ^= 1;
    writeBytes(all, LOG, bytes);
    const { log } = await openLog(platformOn(all), { indexIntervalBytes: 100 });
    assert.deepEqual(contents(log), numbers(203));
    assert.equal(append(log, ["again"], 1_000, { producerId: 7, producerEpoch: 0, baseSequence: 199 }).baseOffset, 199);
    assert.equal(append(log, ["203"], 1_000, { producerId: 7, producerEpoch: 0, baseSequence: 203 }).baseOffset, 203);
    assert.equal(log.producers.size, 1);
  });

  it("spares a log that was killed no producer snapshot when it is closed, though nothing was read or written since", async () => {
    const disk = await killed(2, 0);
    const { manager } = await openLog(platformOn(disk), { indexIntervalBytes: 100 });
    await manager.close();
    const snapshot = readBytes(disk, "/data/orders-0/00000000000000000002.snapshot");
    assert.deepEqual(decodeProducerSnapshot(snapshot!)!.map(({ producerId, lastSequence }) => [producerId, lastSequence]), [[7, 1]]);
  });

  it("is not believed when its segment has become shorter, nor later, when that has grown again", async () => {
    const disk = await killed(20, 0);
    const bytes = readBytes(disk, LOG)!;
    const one = bytes.length / 20;
    writeBytes(disk, LOG, bytes.subarray(0, Math.round(10 * one)));
    await disk.remove("/data/recovery-point-offset-checkpoint");
    const { log } = await openLog(platformOn(disk));
    const found = log.logEndOffset;
    assert.ok(found < 20);
    assert.equal(readBytes(disk, FILE), null);
  });

  it("is written for full segments that were read after a kill, once they are durable", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const config = { segmentBytes: 200 };
    const { log } = await openLog(platformOn(disk), config);
    for (let i = 0; i < 9; i++) append(log, [`${i}`]);
    const next = disk.kill();
    const env = platformOn(next);
    const again = await openLog(env, config);
    await minute(env);
    const { segmentCount } = again.log;
    assert.ok(segmentCount > 2);
    assert.equal(next.list("/data/orders-0").filter((name) => name.endsWith(".ottla")).length, segmentCount);
    assert.deepEqual(contents((await openLog(platformOn(next.crash()), config)).log), numbers(9));
  });

  it("lets a log of any length be opened by as many disk operations", async () => {
    const operations = [];
    for (const count of [1, 300]) {
      const disk = new SimulatedDisk(new SeededRandom(1));
      const { log, manager } = await openLog(platformOn(disk));
      for (let i = 0; i < count; i++) append(log, [`${i}`]);
      await manager.close();
      const before = disk.operations;
      const again = await openLog(platformOn(disk));
      operations.push(disk.operations - before);
      assert.equal(again.log.logEndOffset, count);
    }
    assert.equal(operations[0], operations[1]);
  });
});
