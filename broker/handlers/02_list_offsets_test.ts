import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName } from "../../protocol/mod.ts";
import { ListOffsets, type ListOffsetsRequest } from "../../protocol/generated/02_list_offsets.ts";
import { offsetOf } from "../testing/requests.ts";
import { BrokerWorld } from "../testing/world.ts";

const EARLIEST = -2n;

/** Each answer: topic, partition, and the offset or the error. */
async function listed(world: BrokerWorld, changes: Partial<ListOffsetsRequest>): Promise<string[]> {
  const { topics } = await (await world.connect()).call(ListOffsets, 11, { ...offsetOf("t", 0, EARLIEST), ...changes });
  return topics.flatMap(({ name, partitions }) => [
    name,
    ...partitions.map(({ partitionIndex, errorCode, offset }) => `${partitionIndex}: ${errorCode === 0 ? offset : errorName(errorCode)}`),
  ]);
}

const asked = (partitionIndex: number) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp: EARLIEST });

describe("ListOffsets", () => {
  it("answers for each partition once, INVALID_REQUEST if it is asked for twice, and not for topics without partitions", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 2 }, u: {} } });
    const topics = [
      { name: "t", partitions: [asked(0), asked(1)] },
      { name: "u", partitions: [] },
      { name: "t", partitions: [asked(1)] },
    ];
    assert.deepEqual(await listed(world, { topics }), ["t", "0: 0", "1: INVALID_REQUEST"]);
  });

  it("says of the start of an empty partition that it is of the leader's epoch", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    await world.restart("kill");
    const { topics } = await (await world.connect()).call(ListOffsets, 11, offsetOf("t", 0, EARLIEST));
    assert.deepEqual([topics[0].partitions[0].offset, topics[0].partitions[0].leaderEpoch], [0, 1]);
  });

  it("answers whatever replica the request names", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    for (const replicaId of [-2, -1, 0, 1, 7, -(2 ** 31)]) assert.deepEqual(await listed(world, { replicaId }), ["t", "0: 0"]);
  });
});
