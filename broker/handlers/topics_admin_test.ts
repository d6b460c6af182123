import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName, ZERO_UUID } from "../../protocol/mod.ts";
import { Metadata } from "../../protocol/generated/03_metadata.ts";
import { CreateTopics } from "../../protocol/generated/19_create_topics.ts";
import { CreatePartitions, type CreatePartitionsTopic } from "../../protocol/generated/37_create_partitions.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { Fetch } from "../../protocol/generated/01_fetch.ts";
import { DeleteTopics, type DeleteTopicsRequest } from "../../protocol/generated/20_delete_topics.ts";
import type { RequestContext } from "../handler.ts";
import type { MetadataService } from "../metadata/service.ts";
import { batchOf, fetchFrom, produceTo } from "../testing/requests.ts";
import { BrokerWorld } from "../testing/world.ts";
import { createPartitions } from "./37_create_partitions.ts";

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

async function grown(world: BrokerWorld, topics: readonly (readonly [name: string, count: number])[], more = {}): Promise<string[]> {
  const named = topics.map(([name, count]): CreatePartitionsTopic => ({ name, count, assignments: null }));
  const request = { topics: named, timeoutMs: 1_000, validateOnly: false, ...more };
  const { results } = await (await world.connect()).call(CreatePartitions, 3, request);
  return results.map(({ name, errorCode }) => `${name}: ${errorName(errorCode)}`).sort();
}

async function partitionsOf(world: BrokerWorld, name: string): Promise<number> {
  const options = { allowAutoTopicCreation: false, includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
  const { topics } = await (await world.connect()).call(Metadata, 12, { topics: [{ topicId: ZERO_UUID, name }], ...options });
  return topics[0].partitions.length;
}

async function produced(world: BrokerWorld, topic: string, index: number): Promise<string> {
  const { responses } = await (await world.connect()).call(Produce, 9, produceTo(topic, index, batchOf(["x"])));
  const { errorCode, baseOffset } = responses[0].partitionResponses[0];
  return errorCode === 0 ? `at ${baseOffset}` : errorName(errorCode);
}

describe("CreatePartitions", () => {
  it("adds partitions that are there, and stay, beside those that were", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 2 }, u: {} } });
    assert.equal(await produced(world, "t", 1), "at 0");
    assert.equal(await produced(world, "t", 2), "UNKNOWN_TOPIC_OR_PARTITION");
    assert.deepEqual(await grown(world, [["t", 4], ["none", 3], ["u", 1]]), [
      "none: UNKNOWN_TOPIC_OR_PARTITION",
      "t: NONE",
      "u: INVALID_PARTITIONS",
    ]);
    assert.equal(await produced(world, "t", 1), "at 1");
    assert.equal(await produced(world, "t", 3), "at 0");
    for (const [at, restart] of [() => world.reopen(), () => world.restart("kill"), () => world.restart("power cut")].entries()) {
      await restart();
      assert.equal(await partitionsOf(world, "t"), 4);
      assert.equal(await produced(world, "t", 1), `at ${2 + at}`);
      assert.equal(await produced(world, "t", 3), `at ${1 + at}`);
      assert.equal(await produced(world, "t", 4), "UNKNOWN_TOPIC_OR_PARTITION");
    }
    assert.deepEqual(await grown(world, [["t", 5]]), ["t: NONE"]);
    assert.equal(await produced(world, "t", 4), "at 0");
    assert.deepEqual(await deleted(world, [{ name: "t", topicId: ZERO_UUID }]), ["t: NONE"]);
    assert.equal(await produced(world, "t", 4), "UNKNOWN_TOPIC_OR_PARTITION");
  });

  it("takes the topic's configuration over", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { configs: { "max.message.bytes": "10" } } } });
    assert.deepEqual(await grown(world, [["t", 2]]), ["t: NONE"]);
    assert.equal(await produced(world, "t", 1), "MESSAGE_TOO_LARGE");
  });

  it("keeps a fetch of the old partitions waiting", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const waiting = (await world.connect()).call(Fetch, 12, fetchFrom("t", 0, 0, { maxWaitMs: 60_000 }));
    assert.deepEqual(await grown(world, [["t", 2]]), ["t: NONE"]);
    assert.equal(await produced(world, "t", 0), "at 0");
    assert.notEqual((await waiting).responses[0].partitions[0].records?.byteLength ?? 0, 0);
  });

  it("adds nothing that is only to be validated, comes too late or is named twice", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {}, u: {} } });
    assert.deepEqual(await grown(world, [["t", 2], ["u", 1]], { validateOnly: true }), ["t: NONE", "u: INVALID_PARTITIONS"]);
    assert.deepEqual(await grown(world, [["t", 2]], { timeoutMs: 0 }), ["t: REQUEST_TIMED_OUT"]);
    assert.deepEqual(await grown(world, [["t", 2], ["u", 2], ["t", 3]]), ["t: INVALID_REQUEST", "u: NONE"]);
    assert.equal(await partitionsOf(world, "t"), 1);
    assert.equal(await partitionsOf(world, "u"), 2);
  });

  it("asks for each topic whether it may be altered", async () => {
    const metadata = { createPartitions: (topics: readonly unknown[]) => Promise.resolve(topics.map(() => assert.fail("asked for"))) };
    const handler = createPartitions(metadata as Partial<MetadataService> as MetadataService);
    const context = { authorize: () => false } as Partial<RequestContext> as RequestContext;
    const request = { topics: [{ name: "t", count: 2, assignments: null }], timeoutMs: 1_000, validateOnly: false };
    assert.deepEqual((await handler.handle(context, request))!.results.map(({ errorCode }) => errorName(errorCode)), [
      "TOPIC_AUTHORIZATION_FAILED",
    ]);
  });
});
