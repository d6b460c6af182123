import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  DescribeTopicPartitions,
  type DescribeTopicPartitionsRequestCursor,
  type DescribeTopicPartitionsResponse,
} from "../../protocol/generated/75_describe_topic_partitions.ts";
import { errorName, ZERO_UUID } from "../../protocol/mod.ts";
import type { ClusterView } from "../cluster.ts";
import type { RequestContext } from "../handler.ts";
import { Catalogue } from "../metadata/catalogue.ts";
import type { MetadataService } from "../metadata/service.ts";
import { BrokerWorld } from "../testing/world.ts";
import { describeTopicPartitions } from "./75_describe_topic_partitions.ts";

type Cursor = DescribeTopicPartitionsRequestCursor | null;

async function page(world: BrokerWorld, names: readonly string[], responsePartitionLimit: number, cursor: Cursor) {
  const topics = names.map((name) => ({ name }));
  return await (await world.connect()).call(DescribeTopicPartitions, 0, { topics, responsePartitionLimit, cursor });
}

/** Every page until the last, as `topic: partitions`. */
async function pages(world: BrokerWorld, names: readonly string[], limit: number): Promise<string[]> {
  const told: string[] = [];
  let cursor: Cursor = null;
  do {
    const { topics, nextCursor }: DescribeTopicPartitionsResponse = await page(world, names, limit, cursor);
    assert.notDeepEqual(nextCursor ?? "the end", cursor);
    told.push(topics.map(({ name, partitions }) => `${name}: ${partitions.map(({ partitionIndex }) => partitionIndex)}`).join("; "));
    cursor = nextCursor;
  } while (cursor !== null);
  return told;
}

const topics = { b: { partitions: 3 }, a: { partitions: 2 }, c: {} };

describe("DescribeTopicPartitions", () => {
  it("tells all topics by name, in pages that hold no more partitions than asked for", async () => {
    const world = await BrokerWorld.start(1, { topics });
    assert.deepEqual(await pages(world, [], 2_000), ["a: 0,1; b: 0,1,2; c: 0"]);
    assert.deepEqual(await pages(world, [], 4), ["a: 0,1; b: 0,1", "b: 2; c: 0"]);
    assert.deepEqual(await pages(world, [], 2), ["a: 0,1", "b: 0,1", "b: 2; c: 0"]);
    assert.deepEqual(await pages(world, [], 0), ["a: 0", "a: 1", "b: 0", "b: 1", "b: 2", "c: 0"]);
  });

  it("tells the topics asked for, each once, with errors, which take no room", async () => {
    const world = await BrokerWorld.start(1, { topics });
    assert.deepEqual(await pages(world, ["c", "b", "aa", "b"], 1), ["aa: ; b: 0", "b: 1", "b: 2", "c: 0"]);
    const { topics: told } = await page(world, ["none", "a b"], 1, null);
    assert.deepEqual(told.map(({ name, errorCode }) => `${name} ${errorName(errorCode)}`), [
      "a b INVALID_TOPIC_EXCEPTION",
      "none UNKNOWN_TOPIC_OR_PARTITION",
    ]);
  });

  it("has pages no larger than the broker allows", async () => {
    const world = await BrokerWorld.start(1, { topics, properties: { "max.request.partition.size.limit": 3 } });
    assert.deepEqual(await pages(world, [], 100), ["a: 0,1; b: 0", "b: 1,2; c: 0"]);
  });

  it("goes on behind the last partition, of which there is nothing to tell", async () => {
    const world = await BrokerWorld.start(1, { topics });
    const { topics: [{ name, partitions }], nextCursor } = await page(world, ["a"], 10, { topicName: "a", partitionIndex: 9 });
    assert.deepEqual({ name, partitions, nextCursor }, { name: "a", partitions: [], nextCursor: null });
  });

  it("refuses a cursor of a topic that is not asked for, and a negative one", async () => {
    const world = await BrokerWorld.start(1, { topics });
    for (const cursor of [{ topicName: "c", partitionIndex: 0 }, { topicName: "a", partitionIndex: -1 }]) {
      const { topics: [{ errorCode }] } = await page(world, ["a"], 10, cursor);
      assert.equal(errorName(errorCode), "INVALID_REQUEST");
    }
  });

  it("says last, and nothing else, of what the client may not describe", async () => {
    const catalogue = new Catalogue();
    for (const name of ["a", "b", "c"]) {
      catalogue.replay({ type: "TopicRecord", data: { name, topicId: name.repeat(22) } });
    }
    const metadata = { catalogue } as Partial<MetadataService> as MetadataService;
    const context = { authorize: (operation, _type, name) => operation !== "Describe" || name !== "a" } as Partial<RequestContext>;
    const ask = async (names: readonly string[]): Promise<string[]> => {
      const request = { topics: names.map((name) => ({ name })), responsePartitionLimit: 10, cursor: null };
      const response = await describeTopicPartitions(metadata, {} as ClusterView, 10).handle(context as RequestContext, request);
      return response!.topics.map(({ name, errorCode, topicId }) =>
        `${name} ${errorName(errorCode)}${topicId === ZERO_UUID ? "" : " with id"}`
      );
    };
    assert.deepEqual(await ask(["a", "c"]), ["c NONE with id", "a TOPIC_AUTHORIZATION_FAILED"]);
    assert.deepEqual(await ask([]), ["b NONE with id", "c NONE with id"]);
  });
});
