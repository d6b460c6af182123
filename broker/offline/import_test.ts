import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settleThrough } from "../../platform/mod.ts";
import { ZERO_UUID } from "../../protocol/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { Fetch } from "../../protocol/generated/01_fetch.ts";
import { ListOffsets } from "../../protocol/generated/02_list_offsets.ts";
import { Metadata } from "../../protocol/generated/03_metadata.ts";
import { OffsetCommit } from "../../protocol/generated/08_offset_commit.ts";
import { OffsetFetch } from "../../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../../protocol/generated/10_find_coordinator.ts";
import { InitProducerId } from "../../protocol/generated/22_init_producer_id.ts";
import { batchesOfAnyFormat } from "../../protocol/records/mod.ts";
import type { Disk } from "../../platform/mod.ts";
import { checksumText, replaceText } from "../../storage/mod.ts";
import { batchOf, fetchFrom, offsetOf, produceTo } from "../testing/requests.ts";
import { BrokerWorld } from "../testing/world.ts";
import { runImport } from "./import_command.ts";

const KAFKA_WAS_HERE = "kafka/__cluster_metadata-0/quorum-state";
/** What Ottla writes is what Kafka would, but for two files that tell that Kafka was here, and that it was stopped in order. That Kafka's own files are read is seen by `deno task compat`. */
const SOURCE = { dataDir: "kafka", properties: { "offsets.topic.num.partitions": 3 } };

async function settled<T>({ platform }: BrokerWorld, outcome: Promise<T>): Promise<T> {
  await settleThrough(platform.clock, 5);
  return await outcome;
}

function touch(disk: Disk, path: string): void {
  disk.open(path, { create: true }).close();
}

/** A directory with `orders`, of which two partitions have records, and what `shop` has committed; stopped. */
async function kafka(): Promise<BrokerWorld> {
  const world = await BrokerWorld.start(1, { ...SOURCE, topics: { orders: { partitions: 3, configs: { "retention.ms": "-1" } } } });
  const client = await world.connect();
  const { producerId } = await settled(
    world,
    client.call(InitProducerId, 4, {
      transactionalId: null,
      transactionTimeoutMs: 0,
      producerId: -1,
      producerEpoch: -1,
      enable2Pc: false,
      keepPreparedTxn: false,
    }),
  );
  assert.equal(producerId, 0);
  for (const partition of [0, 2]) {
    const records = batchOf(["a", "b"], { producerId, producerEpoch: 0, baseSequence: 0 });
    await settled(world, client.call(Produce, 9, produceTo("orders", partition, records)));
  }
  await settled(world, client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["shop"] }));
  for (const [partitionIndex, committedOffset] of [[0, 1], [2, 2], [0, 2]]) {
    const partitions = [{ partitionIndex, committedOffset, committedLeaderEpoch: -1, committedMetadata: "m" }];
    const topics = [{ name: "orders", topicId: ZERO_UUID, partitions }];
    const member = { groupId: "shop", generationIdOrMemberEpoch: -1, memberId: "", groupInstanceId: null, retentionTimeMs: -1 };
    await settled(world, client.call(OffsetCommit, 9, { ...member, topics }));
  }
  await world.broker.close();
  touch(world.platform.disk, "kafka/.kafka_cleanshutdown");
  touch(world.platform.disk, KAFKA_WAS_HERE);
  return world;
}

async function imported(world: BrokerWorld, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const print = (text: string, to?: "stdout" | "stderr"): void => void (to === "stderr" ? err += text : out += text);
  return { code: await runImport({ process: { args, print }, platform: world.platform }), out, err };
}

/** The broker that has the imported directory. */
async function ottla({ platform }: BrokerWorld, nodeId = 1): Promise<BrokerWorld> {
  const world = BrokerWorld.stopped(1, { dataDir: "ottla", properties: { "node.id": nodeId } });
  world.platform = platform;
  await world.restart("kill");
  return world;
}

async function describeTopics(world: BrokerWorld): Promise<string[]> {
  const all = {
    topics: null,
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  };
  const { topics } = await settled(world, (await world.connect()).call(Metadata, 12, all));
  return topics.filter(({ isInternal }) => !isInternal).map(({ name, topicId, partitions }) => {
    return `${name} ${topicId} ${partitions.map(({ leaderEpoch, errorCode }) => `${leaderEpoch}/${errorCode}`)}`;
  });
}

async function valuesOf(world: BrokerWorld, partition: number): Promise<string[]> {
  const { responses } = await settled(world, (await world.connect()).call(Fetch, 12, fetchFrom("orders", partition, 0)));
  const bytes = responses[0].partitions[0].records as Uint8Array;
  return [...batchesOfAnyFormat(bytes)].flatMap((batch) => [...batch.records()].map(({ value }) => new TextDecoder().decode(value!)));
}

describe("import", () => {
  it("takes over topics with their ids, records and producers, and what groups have committed", async () => {
    const world = await kafka();
    await world.platform.disk.remove(KAFKA_WAS_HERE);
    await world.reopen();
    const before = await describeTopics(world);
    await world.broker.close();
    touch(world.platform.disk, KAFKA_WAS_HERE);
    const { code, out } = await imported(world, "--data-dir", "ottla", "kafka/");
    const summary = "in ottla: topics 1, partitions with records 2, offsets 4, committed offsets 2\n";
    assert.deepEqual([code, out], [0, `orders-1 is not in the directories that were given, and begins empty.\n${summary}`]);
    const after = await ottla(world);
    assert.deepEqual(await describeTopics(after), before.map((line) => line.replaceAll("0/0", "1/0")));
    assert.deepEqual([await valuesOf(after, 0), await valuesOf(after, 1), await valuesOf(after, 2)], [["a", "b"], [], ["a", "b"]]);
    const client = await after.connect();
    await settled(after, client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["shop"] }));
    const groups = [{ groupId: "shop", memberId: null, memberEpoch: -1, topics: null }];
    const answer = await settled(after, client.call(OffsetFetch, 8, { groupId: "", topics: [], groups, requireStable: false }));
    const committed = answer.groups[0].topics[0].partitions.map((
      { partitionIndex, committedOffset, metadata },
    ) => [partitionIndex, committedOffset, metadata]);
    assert.deepEqual(committed.sort(), [[0, 2, "m"], [2, 2, "m"]]);
    const repeated = produceTo("orders", 0, batchOf(["a", "b"], { producerId: 0, producerEpoch: 0, baseSequence: 0 }));
    const { responses } = await settled(after, client.call(Produce, 9, repeated));
    assert.deepEqual(
      [responses[0].partitionResponses[0].errorCode, responses[0].partitionResponses[0].baseOffset],
      [0, 0],
      "known as a duplicate",
    );
    const init = {
      transactionalId: null,
      transactionTimeoutMs: 0,
      producerId: -1,
      producerEpoch: -1,
      enable2Pc: false,
      keepPreparedTxn: false,
    };
    const { producerId } = await settled(after, client.call(InitProducerId, 4, init));
    assert.ok(producerId >= 1000, "an id that Kafka has given to nobody");
  });

  it("takes over single partitions, whose topic then has as many as the highest number tells", async () => {
    const world = await kafka();
    const { code, out } = await imported(world, "--data-dir", "ottla", "kafka/orders-2");
    assert.equal(code, 0);
    assert.match(
      out,
      /^orders-0 is not in the directories that were given, and begins empty\.\norders-1 is not .*\nin ottla: topics 1, partitions with records 1,/,
    );
    assert.deepEqual(await valuesOf(await ottla(world), 2), ["a", "b"]);
  });

  it("gives them to the node whose data directory it is", async () => {
    const source = await kafka();
    const seven = await ottla(source, 7);
    await seven.broker.close();
    assert.equal((await imported(seven, "--data-dir", "ottla", "kafka")).code, 0);
    assert.deepEqual(await valuesOf(await ottla(seven, 7), 2), ["a", "b"]);
  });

  it("refuses topics that are there, before anything is written", async () => {
    const world = await kafka();
    await imported(world, "--data-dir", "ottla", "kafka");
    const names = world.platform.disk.list("ottla");
    const { code, err } = await imported(world, "--data-dir", "ottla", "kafka");
    assert.deepEqual([code, err], [1, "ottla import: The topic orders is not imported: ottla has orders already.\n"]);
    assert.deepEqual(world.platform.disk.list("ottla"), names);
  });

  it("refuses a directory that Kafka may be using, unless it is told that Kafka was killed", async () => {
    const world = await kafka();
    await world.platform.disk.remove("kafka/.kafka_cleanshutdown");
    assert.match((await imported(world, "--data-dir", "ottla", "kafka")).err, /^ottla import: Kafka runs on kafka, or was killed there/);
    assert.equal((await imported(world, "--unclean", "--data-dir", "ottla", "kafka")).code, 0);
  });

  it("refuses a directory that is Ottla's alone, whatever it is told", async () => {
    const world = await kafka();
    await world.platform.disk.remove(KAFKA_WAS_HERE);
    for (const args of [[], ["--unclean"]]) {
      const { code, err } = await imported(world, ...args, "--data-dir", "other", "kafka");
      assert.equal(code, 1);
      assert.match(err, /^ottla import: kafka is a data directory of Ottla, to which Apache Kafka has not written: /);
    }
    assert.equal(world.platform.disk.stat("other"), null);
  });

  it("lets a log start where it did while it was Ottla's, if Kafka's file tells of less", async () => {
    for (const source of ["kafka", "kafka/orders-2"]) {
      const world = await kafka();
      const { disk } = world.platform;
      await replaceText(disk, "kafka/orders-2", "log-start-offset", "1\n");
      assert.match((await imported(world, "--data-dir", "other", source)).err, /damaged: nobody knows which records were deleted/);
      await replaceText(disk, "kafka/orders-2", "log-start-offset", `1 ${checksumText("1")}\n`);
      assert.equal((await imported(world, "--data-dir", "ottla", source)).code, 0);
      const client = await (await ottla(world)).connect();
      const { topics } = await settled(world, client.call(ListOffsets, 7, offsetOf("orders", 2, -2n)));
      assert.equal(topics[0].partitions[0].offset, 1);
    }
  });

  it("leaves files alone that are on their way out, and refuses what is half compacted", async () => {
    const world = await kafka();
    const { disk } = world.platform;
    for (const name of [`gone-0.${"0".repeat(32)}-delete`, `new-0.${"0".repeat(32)}-future`, `old-0.${"0".repeat(32)}-stray`]) {
      disk.makeDirectory(`kafka/${name}`);
    }
    touch(disk, "kafka/orders-0/00000000000000000000.log.deleted");
    assert.equal((await imported(world, "--data-dir", "ottla", "kafka")).code, 0);
    assert.deepEqual(disk.list("ottla/orders-0").filter((name) => name.endsWith(".deleted")), []);
    touch(disk, "kafka/orders-0/00000000000000000000.log.swap");
    assert.match(
      (await imported(world, "--data-dir", "other", "kafka")).err,
      /is left of a compaction: start Kafka, and stop it in good order\.\n$/,
    );
    assert.equal(disk.stat("other/orders-0"), null);
  });
});
