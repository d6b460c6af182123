import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDisk, SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import { decodeLeaderEpochs, encodeLeaderEpochs, LeaderEpochs } from "./leader_epochs.ts";
import { append, filesOf, openLog, platformOn } from "./testing.ts";

describe("leader epochs", () => {
  it("answer where an epoch ends, as Kafka's cache does", () => {
    const epochs = new LeaderEpochs([{ epoch: 2, startOffset: 10 }, { epoch: 4, startOffset: 20 }, { epoch: 5, startOffset: 30 }]);
    assert.deepEqual(epochs.endOffsetFor(5, 44), { epoch: 5, endOffset: 44 });
    assert.deepEqual(epochs.endOffsetFor(4, 44), { epoch: 4, endOffset: 30 });
    assert.deepEqual(epochs.endOffsetFor(3, 44), { epoch: 2, endOffset: 20 });
    assert.deepEqual(epochs.endOffsetFor(1, 44), { epoch: 1, endOffset: 10 });
    assert.equal(epochs.endOffsetFor(6, 44), null);
    assert.equal(epochs.endOffsetFor(-1, 44), null);
    assert.deepEqual(epochs.endOffsetFor(-2, 44), { epoch: -2, endOffset: 10 });
    assert.equal(new LeaderEpochs().endOffsetFor(-2, 0), null);
    assert.equal(new LeaderEpochs().endOffsetFor(0, 0), null);
    assert.deepEqual([9, 10, 19, 20, 99].map((offset) => epochs.epochAt(offset)), [-1, 2, 2, 4, 5]);
  });

  it("forget an epoch that wrote nothing, and refuse one that goes back", () => {
    const epochs = new LeaderEpochs();
    assert.equal(epochs.assign(1, 0), true);
    assert.equal(epochs.assign(1, 7), false);
    assert.equal(epochs.assign(3, 7), true);
    assert.equal(epochs.assign(4, 7), true);
    assert.deepEqual(epochs.entries, [{ epoch: 1, startOffset: 0 }, { epoch: 4, startOffset: 7 }]);
    assert.throws(() => epochs.assign(3, 9), /assertion/);
  });

  it("are written in Kafka's checkpoint format, and damage is noticed", () => {
    const entries = [{ epoch: 0, startOffset: 0 }, { epoch: 3, startOffset: 12 }];
    assert.equal(encodeLeaderEpochs(entries), "0\n2\n0 0\n3 12\n");
    assert.deepEqual(decodeLeaderEpochs("0\n2\n0 0\n3 12\n"), entries);
    assert.deepEqual(decodeLeaderEpochs("0\n0\n"), []);
    for (const text of ["", "1\n0\n", "0\n2\n0 0\n", "0\n1\n0 x\n", "0\n2\n3 0\n2 5\n", "0\n2\n0 9\n1 5\n"]) {
      assert.equal(decodeLeaderEpochs(text), null, JSON.stringify(text));
    }
  });

  it("of a log come back from its batches, and one that wrote nothing from the file", async () => {
    const disk = new MemoryDisk();
    const env = platformOn(disk);
    const { log, manager } = await openLog(env);
    append(log, ["a"], 1_000, {}, 2);
    append(log, ["b", "c"], 1_000, {}, 5);
    log.assignEpoch(6);
    await env.pending.idle();
    assert.equal(new TextDecoder().decode(filesOf(disk).get("leader-epoch-checkpoint")), "0\n3\n2 0\n5 1\n6 3\n");
    await manager.close();
    const again = await openLog(platformOn(disk));
    assert.equal(again.log.latestEpoch, 6);
    assert.deepEqual(again.log.endOffsetForEpoch(2), { epoch: 2, endOffset: 1 });
    assert.deepEqual(again.log.endOffsetForEpoch(5), { epoch: 5, endOffset: 3 });
    await again.manager.close();
    await disk.remove("/data/orders-0/leader-epoch-checkpoint");
    await disk.remove("/data/orders-0/00000000000000000000.ottla");
    const rebuilt = await openLog(platformOn(disk));
    assert.equal(rebuilt.log.latestEpoch, 5);
    assert.deepEqual(rebuilt.log.endOffsetForEpoch(2), { epoch: 2, endOffset: 1 });
  });

  it("that wrote nothing come back after a crash and two clean stops too", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const env = platformOn(disk);
    const { log } = await openLog(env);
    append(log, ["a"], 1_000, {}, 2);
    await log.checkpoint();
    log.assignEpoch(3);
    await env.pending.idle();
    const killed = disk.kill();
    for (let start = 0; start < 3; start++) {
      const { log, manager } = await openLog(platformOn(killed));
      assert.equal(log.latestEpoch, 3);
      await manager.close();
    }
  });

  it("announced before the first append are written with it", async () => {
    const disk = new MemoryDisk();
    const env = platformOn(disk);
    const { log } = await openLog(env);
    log.assignEpoch(4);
    await env.pending.idle();
    assert.equal(disk.stat("/data/orders-0"), null);
    append(log, ["a"], 1_000, {}, 4);
    await env.pending.idle();
    assert.equal(new TextDecoder().decode(filesOf(disk).get("leader-epoch-checkpoint")), "0\n1\n4 0\n");
  });
});
