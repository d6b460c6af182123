import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName } from "../../protocol/mod.ts";
import { InitProducerId } from "../../protocol/generated/22_init_producer_id.ts";
import { BrokerWorld } from "../testing/world.ts";

describe("InitProducerId", () => {
  it("wants an epoch with an id and an id with an epoch, and gives a new one to who has both", async () => {
    const world = await BrokerWorld.start(1);
    const client = await world.connect();
    const outcomes = [];
    for (const [producerId, producerEpoch] of [[-1, -1], [5, 3], [5, -1], [-1, 3]]) {
      const request = {
        transactionalId: null,
        transactionTimeoutMs: 1_000,
        enable2Pc: false,
        keepPreparedTxn: false,
        producerId,
        producerEpoch,
      };
      const answer = await client.call(InitProducerId, 5, request);
      outcomes.push(answer.errorCode === 0 ? `${answer.producerId}/${answer.producerEpoch}` : errorName(answer.errorCode));
    }
    assert.deepEqual(outcomes, ["0/0", "1/0", "INVALID_REQUEST", "INVALID_REQUEST"]);
  });
});
