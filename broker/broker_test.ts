import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoCompression } from "../platform/deno/mod.ts";
import { type DiskFault, settle, settleThrough } from "../platform/mod.ts";
import { ErrorCode, errorName, ZERO_UUID } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { Fetch } from "../protocol/generated/01_fetch.ts";
import { ListOffsets } from "../protocol/generated/02_list_offsets.ts";
import { Metadata } from "../protocol/generated/03_metadata.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { Heartbeat } from "../protocol/generated/12_heartbeat.ts";
import { CreateTopics } from "../protocol/generated/19_create_topics.ts";
import { DeleteTopics } from "../protocol/generated/20_delete_topics.ts";
import { InitProducerId } from "../protocol/generated/22_init_producer_id.ts";
import { batches } from "../protocol/records/mod.ts";
import { batchOf, fetchFrom, offsetOf, produceTo } from "./testing/requests.ts";
import type { WireClient } from "./testing/wire_client.ts";
import { BrokerWorld } from "./testing/world.ts";

const decoder = new TextDecoder();

async function produced(client: WireClient, topic: string, records: Uint8Array, version = 9): Promise<string> {
  const { responses: [{ partitionResponses: [{ errorCode, baseOffset }] }] } = await client.call(
    Produce,
    version,
    produceTo(topic, 0, records),
  );
  return errorCode === ErrorCode.NONE ? `at ${baseOffset}` : errorName(errorCode);
}

async function contents(client: WireClient, topic: string, offset = 0): Promise<string[]> {
  const { responses: [{ partitions: [{ errorCode, records }] }] } = await client.call(Fetch, 12, fetchFrom(topic, 0, offset));
  assert.equal(errorName(errorCode), "NONE");
  return [...batches(records as Uint8Array)].flatMap((batch) =>
    [...batch.records(denoCompression)].map(({ value }) => decoder.decode(value!))
  );
}

async function offsetAt(client: WireClient, timestamp: bigint, version = 11): Promise<string> {
  const { topics: [{ partitions: [{ errorCode, offset }] }] } = await client.call(ListOffsets, version, offsetOf("t", 0, timestamp));
  return errorCode === ErrorCode.NONE ? String(offset) : errorName(errorCode);
}

const metadataOf = (name: string, allowAutoTopicCreation: boolean) => ({
  topics: [{ topicId: ZERO_UUID, name }],
  allowAutoTopicCreation,
  includeClusterAuthorizedOperations: false,
  includeTopicAuthorizedOperations: false,
});

async function described(client: WireClient, name: string, create = false) {
  const { topics: [topic] } = await client.call(Metadata, 12, metadataOf(name, create));
  return topic;
}

describe("broker", () => {
  it("gives back what it was given, also after a clean end, a kill and a start again", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } }, denoCompression);
    let client = await world.connect();
    assert.equal(await produced(client, "t", batchOf(["a", "b"])), "at 0");
    await world.reopen();
    client = await world.connect();
    assert.equal(await produced(client, "t", batchOf(["c"])), "at 2");
    await world.restart("kill");
    client = await world.connect();
    assert.deepEqual(await contents(client, "t"), ["a", "b", "c"]);
    assert.equal(await produced(client, "t", batchOf(["d"])), "at 3");
  });

  it("raises leader epochs after an unclean end only, and fences clients that know the old one", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const epoch = async () => (await described(await world.connect(), "t")).partitions[0].leaderEpoch;
    assert.equal(await epoch(), 0);
    await world.reopen();
    assert.equal(await epoch(), 0);
    await world.restart("kill");
    assert.equal(await epoch(), 1);
    const client = await world.connect();
    await produced(client, "t", batchOf(["a"]));
    const codes = [];
    for (const currentLeaderEpoch of [0, 1, 2]) {
      const request = fetchFrom("t", 0, 0);
      request.topics[0].partitions[0].currentLeaderEpoch = currentLeaderEpoch;
      codes.push(errorName((await client.call(Fetch, 12, request)).responses[0].partitions[0].errorCode));
    }
    assert.deepEqual(codes, ["FENCED_LEADER_EPOCH", "NONE", "UNKNOWN_LEADER_EPOCH"]);
  });

  it("lets a fetch wait for records, and for no longer than it wants to", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const [reader, writer] = [await world.connect(), await world.connect()];
    const waiting = reader.call(Fetch, 12, fetchFrom("t", 0, 0, { maxWaitMs: 500 }));
    await settle();
    await produced(writer, "t", batchOf(["a"]));
    assert.ok((await waiting).responses[0].partitions[0].records!.byteLength > 0);
    let answered = false;
    const inVain = reader.call(Fetch, 12, fetchFrom("t", 0, 1, { maxWaitMs: 500 })).finally(() => answered = true);
    await settleThrough(world.platform.clock, 499);
    assert.equal(answered, false);
    await settleThrough(world.platform.clock, 1);
    assert.equal((await inVain).responses[0].partitions[0].records!.byteLength, 0);
  });

  it("sends a batch that is larger than the limits, but only as the first (KIP-74)", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {}, u: {} } });
    const client = await world.connect();
    for (const topic of ["t", "u"]) await produced(client, topic, batchOf(["x".repeat(1000)]));
    const [t, u] = ["t", "u"].map((topic) => fetchFrom(topic, 0, 0).topics[0]);
    const { responses } = await client.call(Fetch, 12, fetchFrom("t", 0, 0, { maxBytes: 10, topics: [t, u] }));
    assert.deepEqual(responses.map(({ partitions: [{ records }] }) => records!.byteLength > 0), [true, false]);
  });

  it("does not let a fetch wait for more bytes than it may have", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const client = await world.connect();
    for (let i = 0; i < 10; i++) await produced(client, "t", batchOf(["x".repeat(100)]));
    const { responses } = await client.call(Fetch, 12, fetchFrom("t", 0, 0, { minBytes: 50_000, maxBytes: 500, maxWaitMs: 60_000 }));
    assert.ok(responses[0].partitions[0].records!.byteLength >= 500);
  });

  it("answers a batch that comes again as the duplicate it is, also after a kill, and refuses one out of order", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    let client = await world.connect();
    const init = {
      transactionalId: null,
      transactionTimeoutMs: 1000,
      producerId: -1,
      producerEpoch: -1,
      enable2Pc: false,
      keepPreparedTxn: false,
    };
    const { producerId, producerEpoch } = await client.call(InitProducerId, 4, init);
    const batch = (baseSequence: number, value: string) => batchOf([value], { producerId, producerEpoch, baseSequence });
    assert.equal(await produced(client, "t", batch(0, "a")), "at 0");
    assert.equal(await produced(client, "t", batch(1, "b")), "at 1");
    assert.equal(await produced(client, "t", batch(0, "a")), "at 0");
    await world.restart("kill");
    client = await world.connect();
    assert.equal(await produced(client, "t", batch(1, "b")), "at 1");
    assert.equal(await produced(client, "t", batch(5, "f")), "OUT_OF_ORDER_SEQUENCE_NUMBER");
    assert.equal(await produced(client, "t", batch(2, "c")), "at 2");
    const again = await client.call(InitProducerId, 4, init);
    assert.notEqual(again.producerId, producerId, "a producer id is never given away twice");
  });

  it("finds offsets by time and by place", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const client = await world.connect();
    await produced(client, "t", batchOf(["a", "b", "c"], {}, 1000));
    await produced(client, "t", batchOf(["d"], {}, 500));
    const asked = [-1n, -2n, -3n, -4n, -5n, -6n, -7n, 0n, 1001n, 1003n, 2n ** 63n - 1n];
    const found = [];
    for (const timestamp of asked) found.push(await offsetAt(client, timestamp));
    assert.deepEqual(found, ["4", "0", "2", "0", "-1", "-1", "UNSUPPORTED_VERSION", "0", "1", "-1", "-1"]);
    assert.equal(await offsetAt(client, -3n, 6), "UNSUPPORTED_VERSION");
  });

  it("serves a topic in every version of the requests that are about it", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const client = await world.connect();
    const { topicId } = await described(client, "t");
    for (let version = Produce.minVersion; version <= Produce.maxVersion; version++) {
      const request = produceTo("t", 0, batchOf([String(version)]));
      request.topicData[0].topicId = version >= 13 ? topicId : ZERO_UUID;
      const { responses } = await client.call(Produce, version, request);
      assert.equal(responses[0].partitionResponses[0].baseOffset, version - Produce.minVersion);
    }
    for (let version = Fetch.minVersion; version <= Fetch.maxVersion; version++) {
      const request = fetchFrom("t", 0, 0);
      request.topics[0].topicId = version >= 13 ? topicId : ZERO_UUID;
      const { responses } = await client.call(Fetch, version, request);
      assert.ok(responses[0].partitions[0].records!.byteLength > 0);
    }
    for (let version = ListOffsets.minVersion; version <= ListOffsets.maxVersion; version++) {
      for (const timestamp of [-1n, -2n, 0n]) assert.match(await offsetAt(client, timestamp, version), /^\d+$/);
    }
    for (let version = Metadata.minVersion; version <= Metadata.maxVersion; version++) {
      const { topics } = await client.call(Metadata, version, metadataOf("t", true));
      assert.equal(topics[0].partitions.length, 1);
    }
  });

  it("refuses the records of topics that are its own or that there are not", async () => {
    const world = await BrokerWorld.start(1, { topics: { __consumer_offsets: {} } });
    const client = await world.connect();
    assert.equal(await produced(client, "__consumer_offsets", batchOf(["a"])), "INVALID_TOPIC_EXCEPTION");
    assert.equal(await produced(client, "none", batchOf(["a"])), "UNKNOWN_TOPIC_OR_PARTITION");
    const invalid = await client.call(Produce, 9, produceTo("__consumer_offsets", 0, batchOf(["a"]), 7));
    assert.equal(errorName(invalid.responses[0].partitionResponses[0].errorCode), "INVALID_REQUIRED_ACKS");
  });
});

describe("topics", () => {
  it("are made when a client asks for them, if both sides want that", async () => {
    const world = await BrokerWorld.start(1, { properties: { "num.partitions": 3 } });
    const client = await world.connect();
    assert.equal(errorName((await described(client, "a")).errorCode), "UNKNOWN_TOPIC_OR_PARTITION");
    const making = await described(client, "a", true);
    assert.deepEqual([errorName(making.errorCode), making.partitions.length], ["UNKNOWN_TOPIC_OR_PARTITION", 0]);
    const made = await described(client, "a", true);
    assert.deepEqual([errorName(made.errorCode), made.partitions.length], ["NONE", 3]);
    assert.equal(errorName((await described(client, "a b", true)).errorCode), "INVALID_TOPIC_EXCEPTION");
    const byId = { ...metadataOf("by-name", true), topics: [{ name: "by-name", topicId: made.topicId.replace(/^./, "_") }] };
    assert.equal(errorName((await client.call(Metadata, 12, byId)).topics[0].errorCode), "UNKNOWN_TOPIC_ID");
    assert.equal(
      errorName((await described(client, "by-name")).errorCode),
      "UNKNOWN_TOPIC_OR_PARTITION",
      "a name beside an id is not looked at",
    );
    const strict = await BrokerWorld.start(1, { properties: { "auto.create.topics.enable": false } });
    assert.equal(errorName((await described(await strict.connect(), "a", true)).errorCode), "UNKNOWN_TOPIC_OR_PARTITION");
  });

  it("that are deleted and made again are empty, have another id, and stay so after a kill", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    let client = await world.connect();
    await produced(client, "t", batchOf(["old"]));
    const before = await described(client, "t");
    const waiting = client.call(Fetch, 12, fetchFrom("t", 0, 1, { maxWaitMs: 60_000 }));
    const other = await world.connect();
    const { responses } = await other.call(DeleteTopics, 5, { topics: [], topicNames: ["t", "none"], timeoutMs: 1000 });
    assert.deepEqual(responses.map(({ errorCode }) => errorName(errorCode)), ["NONE", "UNKNOWN_TOPIC_OR_PARTITION"]);
    assert.equal(errorName((await waiting).responses[0].partitions[0].errorCode), "UNKNOWN_TOPIC_OR_PARTITION");
    const topic = { name: "t", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [{ name: "segment.ms", value: "1000" }] };
    const created = await client.call(CreateTopics, 7, { topics: [topic], timeoutMs: 1000, validateOnly: false });
    const [{ configs }] = created.topics;
    assert.deepEqual(configs!.find(({ name }) => name === "segment.ms"), {
      name: "segment.ms",
      value: "1000",
      readOnly: false,
      configSource: 1,
      isSensitive: false,
    });
    await world.restart("kill");
    client = await world.connect();
    assert.deepEqual(await contents(client, "t"), []);
    assert.notEqual((await described(client, "t")).topicId, before.topicId);
    assert.equal(await produced(client, "t", batchOf(["new"])), "at 0");
  });

  it("that are deleted while their files cannot be are gone, and empty once they are made again and files can go", async () => {
    const names = ["t", "u"];
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 2 }, u: {} } });
    let client = await world.connect();
    for (const name of names) assert.equal(await produced(client, name, batchOf(["old"])), "at 0");
    const { disk } = world.platform;
    const fault: DiskFault = { code: "EACCES", operations: new Set(["rename"]), from: 0, until: Infinity, written: 0 };
    disk.fail(fault);
    const { responses } = await client.call(DeleteTopics, 5, { topics: [], topicNames: names, timeoutMs: 1000 });
    assert.deepEqual(responses.map(({ errorCode }) => errorName(errorCode)), ["NONE", "NONE"]);
    disk.fail({ ...fault, until: 0 });
    for (const name of names) assert.equal(await produced(client, name, batchOf(["late"])), "UNKNOWN_TOPIC_OR_PARTITION");
    const topics = names.map((name) => ({ name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }));
    await client.call(CreateTopics, 7, { topics, timeoutMs: 1000, validateOnly: false });
    for (const name of names) assert.equal(await produced(client, name, batchOf(["new"])), "at 0");
    await world.restart("kill");
    client = await world.connect();
    for (const name of names) assert.deepEqual(await contents(client, name), ["new"]);
  });

  it("that are deleted while they are being made are gone", async () => {
    const world = await BrokerWorld.start(1);
    const [maker, deleter] = [await world.connect(), await world.connect()];
    const topic = { name: "t", numPartitions: 50, replicationFactor: 1, assignments: [], configs: [] };
    for (let round = 0; round < 3; round++) {
      const made = maker.call(CreateTopics, 7, { topics: [topic], timeoutMs: 1000, validateOnly: false });
      while ((await described(deleter, "t")).errorCode !== ErrorCode.NONE) await settle();
      const { responses } = await deleter.call(DeleteTopics, 5, { topics: [], topicNames: ["t"], timeoutMs: 1000 });
      assert.equal(errorName(responses[0].errorCode), "NONE");
      await made;
      assert.equal(await produced(maker, "t", batchOf(["a"])), "UNKNOWN_TOPIC_OR_PARTITION");
    }
  });

  it("may be __consumer_offsets: made by hand, it keeps groups from then on, as many partitions as it has", async () => {
    const world = await BrokerWorld.start(1);
    const client = await world.connect();
    const topic = { name: "__consumer_offsets", numPartitions: 3, replicationFactor: 1, assignments: [], configs: [] };
    const beat = { groupId: "g", generationId: 1, memberId: "m", groupInstanceId: null };
    assert.equal(errorName((await client.call(Heartbeat, 4, beat)).errorCode), "NOT_COORDINATOR");
    await client.call(CreateTopics, 7, { topics: [topic], timeoutMs: 1000, validateOnly: false });
    assert.equal(errorName((await client.call(Heartbeat, 4, beat)).errorCode), "UNKNOWN_MEMBER_ID");
    await client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["g"] });
    assert.equal((await described(client, "__consumer_offsets")).partitions.length, 3);
  });

  it("are not made when they are only to be validated", async () => {
    const world = await BrokerWorld.start(1);
    const client = await world.connect();
    const topic = { name: "t", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    const { topics } = await client.call(CreateTopics, 7, { topics: [topic], timeoutMs: 1000, validateOnly: true });
    assert.equal(errorName(topics[0].errorCode), "NONE");
    assert.equal(errorName((await described(client, "t")).errorCode), "UNKNOWN_TOPIC_OR_PARTITION");
  });
});

describe("a damaged partition", () => {
  it("answers CORRUPT_MESSAGE where it is damaged, however often the broker starts, and is served elsewhere", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {}, u: {} } });
    let client = await world.connect();
    for (const topic of ["t", "u"]) for (const value of ["a", "b", "c"]) await produced(client, topic, batchOf([value]));
    // By then it stands on the disk that all of it was durable.
    await settleThrough(world.platform.clock, 60_000);
    const file = world.platform.disk.open("data/t-0/00000000000000000000.log");
    const byte = new Uint8Array(1);
    file.read(byte, 66);
    file.overwrite(byte.map((value) => value ^ 1), 66);
    file.close();
    // What a checkpoint tells of is not read again.
    await world.platform.disk.remove("data/t-0/00000000000000000000.ottla");
    await world.restart("kill");
    for (let start = 0; start < 2; start++) {
      client = await world.connect();
      assert.equal(await produced(client, "t", batchOf(["d"])), `at ${3 + start}`);
      const errors = [];
      for (const offset of [0, 1]) {
        errors.push((await client.call(Fetch, 12, fetchFrom("t", 0, offset))).responses[0].partitions[0].errorCode);
      }
      assert.deepEqual(errors.map(errorName), ["CORRUPT_MESSAGE", "NONE"]);
      assert.deepEqual((await contents(client, "u")).slice(0, 3), ["a", "b", "c"]);
      await world.reopen();
    }
  });
});
