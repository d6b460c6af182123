import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Metadata } from "../../protocol/generated/03_metadata.ts";
import { errorName, ZERO_UUID } from "../../protocol/mod.ts";
import { NOT_ASKED } from "../authorized_operations.ts";
import { BrokerWorld } from "../testing/world.ts";

async function operations(world: BrokerWorld, more: { creates?: boolean; asks?: boolean } = {}): Promise<string[]> {
  const { topics } = await (await world.connect()).call(Metadata, 10, {
    topics: ["t", "none", "a b"].map((name) => ({ topicId: ZERO_UUID, name })),
    allowAutoTopicCreation: more.creates ?? false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: more.asks ?? true,
  });
  return topics.map(({ name, errorCode, topicAuthorizedOperations: bits }) => `${name} ${errorName(errorCode)} ${bits}`);
}

describe("Metadata", () => {
  // Read, Write, Create, Delete, Alter, Describe, DescribeConfigs, AlterConfigs: bits 3 to 8, 10 and 11.
  const all = 0b1101_1111_1000;

  it("tells what may be done with a topic by its name, also where there is none", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const told = [`t NONE ${all}`, `none UNKNOWN_TOPIC_OR_PARTITION ${all}`, `a b INVALID_TOPIC_EXCEPTION ${all}`];
    assert.deepEqual(await operations(world), told);
    // Made on the way: it is there the next time.
    assert.deepEqual(await operations(world, { creates: true }), told);
    assert.deepEqual((await operations(world))[1], `none NONE ${all}`);
  });

  it("tells it to nobody who has not asked", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    assert.deepEqual(await operations(world, { asks: false }), [
      `t NONE ${NOT_ASKED}`,
      `none UNKNOWN_TOPIC_OR_PARTITION ${NOT_ASKED}`,
      `a b INVALID_TOPIC_EXCEPTION ${NOT_ASKED}`,
    ]);
  });
});
