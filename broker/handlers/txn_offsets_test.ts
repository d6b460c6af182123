import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName, ZERO_UUID } from "../../protocol/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { Fetch } from "../../protocol/generated/01_fetch.ts";
import { OffsetFetch } from "../../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../../protocol/generated/10_find_coordinator.ts";
import { InitProducerId } from "../../protocol/generated/22_init_producer_id.ts";
import { AddOffsetsToTxn } from "../../protocol/generated/25_add_offsets_to_txn.ts";
import { EndTxn } from "../../protocol/generated/26_end_txn.ts";
import { WriteTxnMarkers } from "../../protocol/generated/27_write_txn_markers.ts";
import { TxnOffsetCommit, type TxnOffsetCommitRequest } from "../../protocol/generated/28_txn_offset_commit.ts";
import { DescribeProducers } from "../../protocol/generated/61_describe_producers.ts";
import { settle } from "../../platform/mod.ts";
import { batchOf, fetchFrom, produceTo } from "../testing/requests.ts";
import type { WireClient } from "../testing/wire_client.ts";
import { BrokerWorld } from "../testing/world.ts";

interface Producer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** A broker with the topic `t`, where groups and transactions are kept, and a client. */
async function started(properties: Record<string, string> = {}): Promise<{ world: BrokerWorld; client: WireClient }> {
  const world = await BrokerWorld.start(1, { topics: { t: { partitions: 2 } }, properties });
  const client = await world.connect();
  for (const keyType of [0, 1]) await client.call(FindCoordinator, 4, { key: "", keyType, coordinatorKeys: ["g"] });
  return { world, client };
}

async function producerOf(client: WireClient): Promise<Producer> {
  const none = { producerId: -1, producerEpoch: -1, enable2Pc: false, keepPreparedTxn: false };
  const { errorCode, producerId, producerEpoch } = await client.call(InitProducerId, 4, {
    transactionalId: "tx",
    transactionTimeoutMs: 60_000,
    ...none,
  });
  assert.equal(errorCode, 0);
  return { producerId, producerEpoch };
}

function commitOf(producer: Producer, offset: number, fields: Partial<TxnOffsetCommitRequest> = {}): TxnOffsetCommitRequest {
  const partitions = [{ partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: "" }];
  const nobody = { generationId: -1, memberId: "", groupInstanceId: null };
  return { transactionalId: "tx", groupId: "g", ...producer, ...nobody, topics: [{ name: "t", partitions }], ...fields };
}

async function commit(client: WireClient, version: number, request: TxnOffsetCommitRequest): Promise<string[]> {
  const { topics } = await client.call(TxnOffsetCommit, version, request);
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, errorCode }) => `${name}-${partitionIndex} ${errorName(errorCode)}`)
  );
}

async function end(client: WireClient, version: number, producer: Producer, committed: boolean): Promise<Producer> {
  const answer = await client.call(EndTxn, version, { transactionalId: "tx", ...producer, committed });
  assert.equal(answer.errorCode, 0);
  return version < 5 ? producer : answer;
}

async function fetched(client: WireClient, requireStable: boolean): Promise<string> {
  const asked = { groupId: "g", memberId: null, memberEpoch: -1, topics: [{ name: "t", topicId: ZERO_UUID, partitionIndexes: [0] }] };
  const { groups } = await client.call(OffsetFetch, 9, { groupId: "", topics: [], groups: [asked], requireStable });
  const [{ committedOffset, errorCode }] = groups[0].topics[0].partitions;
  return errorCode === 0 ? String(committedOffset) : errorName(errorCode);
}

describe("offsets in a transaction", () => {
  it("need no group that was added where nobody verifies", async () => {
    const { client } = await started({ "transaction.partition.verification.enable": "false" });
    assert.deepEqual(await commit(client, 3, commitOf(await producerOf(client), 5)), ["t-0 NONE"]);
  });

  it("count when it is committed: version 1 of transactions, where the group is added", async () => {
    const { world, client } = await started();
    const producer = await producerOf(client);
    assert.deepEqual(await commit(client, 3, commitOf(producer, 5)), ["t-0 INVALID_TXN_STATE"]);
    assert.deepEqual(await commit(client, 4, commitOf(producer, 5)), ["t-0 TRANSACTION_ABORTABLE"]);
    assert.equal((await client.call(AddOffsetsToTxn, 3, { transactionalId: "tx", groupId: "g", ...producer })).errorCode, 0);
    assert.deepEqual(await commit(client, 3, commitOf(producer, 5)), ["t-0 NONE"]);
    assert.deepEqual([await fetched(client, false), await fetched(client, true)], ["-1", "UNSTABLE_OFFSET_COMMIT"]);
    await end(client, 3, producer, true);
    assert.deepEqual([await fetched(client, false), await fetched(client, true)], ["5", "5"]);
    await world.restart("power cut");
    assert.equal(await fetched(await world.connect(), true), "5");
  });

  it("count or are dropped: version 2, where a commit adds the group", async () => {
    const { client } = await started();
    let producer = await producerOf(client);
    assert.deepEqual(await commit(client, 5, commitOf(producer, 5)), ["t-0 NONE"]);
    producer = await end(client, 5, producer, true);
    assert.deepEqual(await commit(client, 5, commitOf(producer, 6)), ["t-0 NONE"]);
    await end(client, 5, producer, false);
    assert.equal(await fetched(client, true), "5");
  });

  it("are pending still after a crash, until the coordinator ends the transaction", async () => {
    const { world, client } = await started();
    const producer = await producerOf(client);
    await commit(client, 5, commitOf(producer, 5));
    await world.restart("kill");
    const later = await world.connect();
    assert.deepEqual([await fetched(later, false), await fetched(later, true)], ["-1", "UNSTABLE_OFFSET_COMMIT"]);
    await producerOf(later);
    assert.equal(await fetched(later, true), "-1");
  });

  it("are refused to a producer that is fenced, to who is not in the group, and for what is not there", async () => {
    const { client } = await started();
    const producer = await producerOf(client);
    const next = await producerOf(client);
    assert.deepEqual(await commit(client, 5, commitOf(producer, 5)), ["t-0 INVALID_PRODUCER_EPOCH"]);
    assert.deepEqual(await commit(client, 5, commitOf(next, 5, { groupId: "" })), ["t-0 INVALID_GROUP_ID"]);
    assert.deepEqual(await commit(client, 5, commitOf(next, 5, { memberId: "m", generationId: 1 })), ["t-0 ILLEGAL_GENERATION"]);
    const partition = { committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: null };
    const topics = [
      { name: "t", partitions: [1, 2, 0].map((partitionIndex) => ({ ...partition, partitionIndex })) },
      { name: "no", partitions: [{ ...partition, partitionIndex: 0 }] },
    ];
    assert.deepEqual(await commit(client, 5, commitOf(next, 5, { topics })), [
      "t-2 UNKNOWN_TOPIC_OR_PARTITION",
      "t-1 NONE",
      "t-0 NONE",
      "no-0 UNKNOWN_TOPIC_OR_PARTITION",
    ]);
  });
});

describe("a transaction that hangs", () => {
  const marker = { transactionResult: false, coordinatorEpoch: 0, transactionVersion: 0 };

  it("is found by DescribeProducers and ended by WriteTxnMarkers, which wakes who waits for committed records", async () => {
    const { client, world } = await started();
    const producer = await producerOf(client);
    const batch = batchOf(["x"], { ...producer, baseSequence: 0, isTransactional: true });
    await client.call(Produce, 12, { ...produceTo("t", 1, batch), transactionalId: "tx" });
    await client.call(Produce, 12, produceTo("t", 1, batchOf(["y"])));
    const described = await client.call(DescribeProducers, 0, {
      topics: [{ name: "t", partitionIndexes: [1, 2] }, { name: "a/b", partitionIndexes: [0] }],
    });
    const [{ partitions: [found, missing] }, { partitions: [invalid] }] = described.topics;
    const [{ lastTimestamp, ...state }] = found.activeProducers;
    assert.ok(lastTimestamp > 0);
    assert.deepEqual(state, { ...producer, lastSequence: 0, coordinatorEpoch: -1, currentTxnStartOffset: 0 });
    assert.deepEqual([missing.errorCode, invalid.errorCode].map(errorName), ["UNKNOWN_TOPIC_OR_PARTITION", "INVALID_TOPIC_EXCEPTION"]);
    assert.ok(invalid.errorMessage);

    const reader = await world.connect();
    const waiting = reader.call(Fetch, 12, fetchFrom("t", 1, 0, { isolationLevel: 1, maxWaitMs: 60_000 }));
    await settle();
    const topics = [{ name: "t", partitionIndexes: [1, 2] }];
    const { markers } = await client.call(WriteTxnMarkers, 1, { markers: [{ ...marker, ...producer, topics }] });
    const codes = markers[0].topics[0].partitions.map(({ partitionIndex, errorCode }) => `${partitionIndex} ${errorName(errorCode)}`);
    assert.deepEqual(codes.sort(), ["1 NONE", "2 UNKNOWN_TOPIC_OR_PARTITION"]);
    const [{ partitions: [data] }] = (await waiting).responses;
    assert.deepEqual([data.lastStableOffset, data.abortedTransactions], [3, [{ producerId: producer.producerId, firstOffset: 0 }]]);
  });

  it("may be one of offsets", async () => {
    const { client } = await started();
    const producer = await producerOf(client);
    await commit(client, 5, commitOf(producer, 5));
    const [index] = await partitionsWith(client, producer);
    const write = async (producerEpoch: number, fields: Partial<typeof marker>): Promise<string> => {
      const topics = [{ name: "__consumer_offsets", partitionIndexes: [index] }];
      const { markers } = await client.call(WriteTxnMarkers, 2, {
        markers: [{ ...marker, ...producer, producerEpoch, topics, ...fields }],
      });
      return errorName(markers[0].topics[0].partitions[0].errorCode);
    };
    assert.equal(await write(producer.producerEpoch, { transactionVersion: 2 }), "INVALID_PRODUCER_EPOCH");
    assert.equal(await write(producer.producerEpoch, { transactionResult: true, coordinatorEpoch: 5 }), "NONE");
    assert.equal(await fetched(client, true), "5");
    assert.equal(await write(producer.producerEpoch, { coordinatorEpoch: 4 }), "TRANSACTION_COORDINATOR_FENCED");
  });
});

/** The partitions of `__consumer_offsets` that know of the producer. */
async function partitionsWith(client: WireClient, { producerId }: Producer): Promise<number[]> {
  const partitionIndexes = Array.from({ length: 50 }, (_, index) => index);
  const { topics } = await client.call(DescribeProducers, 0, { topics: [{ name: "__consumer_offsets", partitionIndexes }] });
  return topics[0].partitions.filter(({ activeProducers }) => activeProducers.some((known) => known.producerId === producerId))
    .map(({ partitionIndex }) => partitionIndex);
}
