import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName } from "../../protocol/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { OffsetForLeaderEpoch } from "../../protocol/generated/23_offset_for_leader_epoch.ts";
import { batchOf, produceTo } from "../testing/requests.ts";
import { BrokerWorld } from "../testing/world.ts";

/** What a broker says about an epoch of a partition: `<epoch> ends at <offset>`, or the error. */
async function asked(world: BrokerWorld, leaderEpoch: number, currentLeaderEpoch = -1, version = 4, topic = "t"): Promise<string> {
  const partitions = [{ partition: 0, currentLeaderEpoch, leaderEpoch }];
  const response = await (await world.connect()).call(OffsetForLeaderEpoch, version, { replicaId: -1, topics: [{ topic, partitions }] });
  const [{ errorCode, leaderEpoch: epoch, endOffset }] = response.topics[0].partitions;
  return errorCode === 0 ? `${epoch} ends at ${endOffset}` : errorName(errorCode);
}

async function produce(world: BrokerWorld, ...values: string[]): Promise<void> {
  await (await world.connect()).call(Produce, 9, produceTo("t", 0, batchOf(values)));
}

describe("OffsetForLeaderEpoch", () => {
  it("says where each epoch ended, whether or not it wrote anything", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    assert.equal(await asked(world, 0), "0 ends at 0");
    await produce(world, "a", "b");
    await world.restart("kill");
    assert.deepEqual([await asked(world, 0), await asked(world, 1)], ["0 ends at 2", "1 ends at 2"]);
    await world.restart("kill");
    await produce(world, "c");
    for (const version of [2, 3, 4]) {
      const found = [];
      for (const epoch of [-1, 0, 1, 2, 3]) found.push(await asked(world, epoch, -1, version));
      assert.deepEqual(found, ["-1 ends at -1", "0 ends at 2", "0 ends at 2", "2 ends at 3", "-1 ends at -1"]);
    }
  });

  it("takes a number below -1, which stands for none, for an epoch older than all", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    assert.equal(await asked(world, -2), "-2 ends at 0");
    await produce(world, "a");
    assert.equal(await asked(world, -2), "-2 ends at 0");
    assert.equal(await asked(world, -(2 ** 31)), "-2147483648 ends at 0");
  });

  it("fences those who know another leader epoch, and knows no other partitions", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    await produce(world, "a");
    await world.restart("kill");
    const found = [];
    for (const current of [-2, -1, 0, 1, 2]) found.push(await asked(world, 0, current));
    assert.deepEqual(found, ["FENCED_LEADER_EPOCH", "0 ends at 1", "FENCED_LEADER_EPOCH", "0 ends at 1", "UNKNOWN_LEADER_EPOCH"]);
    assert.equal(await asked(world, 0, -1, 4, "none"), "UNKNOWN_TOPIC_OR_PARTITION");
  });
});
