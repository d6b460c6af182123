import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName, ZERO_UUID } from "../../protocol/mod.ts";
import { Metadata } from "../../protocol/generated/03_metadata.ts";
import { CreateTopics } from "../../protocol/generated/19_create_topics.ts";
import { DeleteTopics, type DeleteTopicsRequest } from "../../protocol/generated/20_delete_topics.ts";
import { BrokerWorld } from "../testing/world.ts";

async function created(world: BrokerWorld, name: string, timeoutMs: number): Promise<string> {
  const topic = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  const { topics } = await (await world.connect()).call(CreateTopics, 7, { topics: [topic], timeoutMs, validateOnly: false });
  return errorName(topics[0].errorCode);
}

async function deleted(world: BrokerWorld, topics: DeleteTopicsRequest["topics"], timeoutMs = 1_000): Promise<string[]> {
  const { responses } = await (await world.connect()).call(DeleteTopics, 6, { topics, topicNames: [], timeoutMs });
  return responses.map(({ name, errorCode }) => `${name}: ${errorName(errorCode)}`);
}

describe("CreateTopics and DeleteTopics", () => {
  it("do nothing for who grants them no time", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const topics = [{ name: "t", topicId: ZERO_UUID }];
    for (const timeoutMs of [0, -1]) {
      assert.equal(await created(world, "u", timeoutMs), "REQUEST_TIMED_OUT");
      assert.deepEqual(await deleted(world, topics, timeoutMs), ["t: REQUEST_TIMED_OUT"]);
    }
    assert.equal(await created(world, "u", 1), "NONE");
    assert.deepEqual(await deleted(world, topics), ["t: NONE"]);
  });

  it("leave a topic alone that is named by name and by id, and say so once", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const client = await world.connect();
    const options = { allowAutoTopicCreation: false, includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
    const { topics: [{ topicId }] } = await client.call(Metadata, 12, { topics: [{ topicId: ZERO_UUID, name: "t" }], ...options });
    assert.deepEqual(await deleted(world, [{ name: "t", topicId: ZERO_UUID }, { name: null, topicId }]), ["t: INVALID_REQUEST"]);
    assert.equal(await created(world, "t", 1_000), "TOPIC_ALREADY_EXISTS");
    await world.reopen();
    assert.deepEqual(await deleted(world, [{ name: null, topicId }]), ["t: NONE"]);
  });

  it("say once that a topic was named twice", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const topic = { name: "t", topicId: ZERO_UUID };
    assert.deepEqual(await deleted(world, [topic, topic]), ["t: INVALID_REQUEST"]);
  });
});
