import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName, ZERO_UUID } from "../../protocol/mod.ts";
import { Produce, type ProduceRequest } from "../../protocol/generated/00_produce.ts";
import { batchOf } from "../testing/requests.ts";
import { BrokerWorld } from "../testing/world.ts";

/** Each answer: topic, partition, and the base offset or the error. */
async function produced(world: BrokerWorld, changes: Partial<ProduceRequest>): Promise<string[]> {
  const request = { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData: [], ...changes };
  const { responses } = await (await world.connect()).call(Produce, 9, request);
  return responses.flatMap(({ name, partitionResponses }) =>
    partitionResponses.map(({ index, errorCode, baseOffset }) => `${name}-${index}: ${errorCode === 0 ? baseOffset : errorName(errorCode)}`)
  );
}

const topic = (name: string, ...partitionData: [index: number, records: Uint8Array][]) => ({
  name,
  topicId: ZERO_UUID,
  partitionData: partitionData.map(([index, records]) => ({ index, records })),
});

describe("Produce", () => {
  it("appends once to a partition that is named twice, what was named last, and does not answer for topics without partitions", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 2 }, u: {} } });
    const topicData = [topic("t", [0, batchOf(["a", "b"])], [1, batchOf(["c"])]), topic("u"), topic("t", [0, batchOf(["d"])])];
    assert.deepEqual(await produced(world, { topicData }), ["t-0: 0", "t-1: 0"]);
    assert.deepEqual(await produced(world, { topicData: [topic("t", [0, batchOf(["e"])])] }), ["t-0: 1"]);
  });

  it("takes what is not transactional from a request with a transactional id, too, and no transactional batches while there is no coordinator", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 2 } } });
    const batch = batchOf(["x"], { producerId: 1, producerEpoch: 0, baseSequence: 0, isTransactional: true });
    const topicData = [topic("t", [0, batchOf(["a"])], [1, batch])];
    assert.deepEqual(await produced(world, { transactionalId: "id", topicData }), ["t-0: 0", "t-1: NOT_ENOUGH_REPLICAS"]);
  });

  it("says where the log starts when the log refuses a batch, but not of damage", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const gap = batchOf(["x"], { producerId: 1, producerEpoch: -3, baseSequence: 0 });
    const wrong = batchOf(["x"]);
    wrong[20] ^= 1;
    const starts = [];
    for (const records of [gap, wrong]) {
      const request = { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData: [topic("t", [0, records])] };
      const [{ partitionResponses: [answer] }] = (await (await world.connect()).call(Produce, 9, request)).responses;
      starts.push([errorName(answer.errorCode), answer.logStartOffset]);
    }
    assert.deepEqual(starts, [["INVALID_PRODUCER_EPOCH", 0], ["CORRUPT_MESSAGE", -1]]);
  });

  it("says of bytes that are no batch that they are damaged, whatever stands where a batch says that it is transactional", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    assert.deepEqual(await produced(world, { topicData: [topic("t", [0, new Uint8Array(80).fill(0xff)])] }), ["t-0: CORRUPT_MESSAGE"]);
  });
});
