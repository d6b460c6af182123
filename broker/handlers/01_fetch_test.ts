import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName, ZERO_UUID } from "../../protocol/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { Fetch, type FetchPartition, type FetchPartitionData } from "../../protocol/generated/01_fetch.ts";
import { Metadata } from "../../protocol/generated/03_metadata.ts";
import { batchOf, fetchFrom, produceTo } from "../testing/requests.ts";
import { BrokerWorld } from "../testing/world.ts";

/** A broker whose topic has the offsets 0 and 1, and what it answers to a fetch of one partition. */
async function fetched(changes: Partial<FetchPartition>, replicaId = -1, isolationLevel = 0): Promise<FetchPartitionData> {
  const world = await BrokerWorld.start(1, { topics: { t: {} } });
  const client = await world.connect();
  await client.call(Produce, 9, produceTo("t", 0, batchOf(["a", "b"])));
  const request = fetchFrom("t", 0, 0, { replicaId, isolationLevel });
  Object.assign(request.topics[0].partitions[0], changes);
  return (await client.call(Fetch, 12, request)).responses[0].partitions[0];
}

describe("a refused fetch", () => {
  it("tells no offsets, not even to who is out of range, and no aborted transactions but of partitions that are not there", async () => {
    const told = [];
    for (const changes of [{ fetchOffset: 3 }, { fetchOffset: -1 }, { lastFetchedEpoch: 5 }, { currentLeaderEpoch: 5 }, { partition: 7 }]) {
      const { errorCode, highWatermark, lastStableOffset, logStartOffset, abortedTransactions } = await fetched(changes);
      told.push([errorName(errorCode), highWatermark, lastStableOffset, logStartOffset, abortedTransactions]);
    }
    assert.deepEqual(told, [
      ["OFFSET_OUT_OF_RANGE", -1, -1, -1, null],
      ["OFFSET_OUT_OF_RANGE", -1, -1, -1, null],
      ["OFFSET_OUT_OF_RANGE", -1, -1, -1, null],
      ["UNKNOWN_LEADER_EPOCH", -1, -1, -1, null],
      ["UNKNOWN_TOPIC_OR_PARTITION", -1, -1, -1, []],
    ]);
  });

  it("is not one whose leader epoch is negative, whatever the number", async () => {
    for (const currentLeaderEpoch of [-1, -2, -(2 ** 31)]) {
      assert.equal(errorName((await fetched({ currentLeaderEpoch })).errorCode), "NONE");
    }
  });

  it("names the leader, and where it is reached, to who knows an older epoch, from version 16 on; to a follower without the address", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    await world.restart("kill");
    const client = await world.connect();
    const { topics: [{ topicId }], brokers: [{ host, port }] } = await client.call(Metadata, 12, {
      topics: [{ topicId: ZERO_UUID, name: "t" }],
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    });
    const told = [];
    for (const [version, replicaId] of [[15, -1], [16, -1], [16, 2]]) {
      const request = fetchFrom("", 0, 0, { replicaState: { replicaId, replicaEpoch: -1 } });
      request.topics[0].topicId = topicId;
      request.topics[0].partitions[0].currentLeaderEpoch = 0;
      const { responses, nodeEndpoints = [] } = await client.call(Fetch, version, request);
      const { errorCode, currentLeader } = responses[0].partitions[0];
      told.push([errorName(errorCode), currentLeader?.leaderId ?? -1, currentLeader?.leaderEpoch ?? -1, nodeEndpoints]);
    }
    assert.deepEqual(told, [
      ["FENCED_LEADER_EPOCH", -1, -1, []],
      ["FENCED_LEADER_EPOCH", 1, 1, [{ nodeId: 1, host, port, rack: null }]],
      ["FENCED_LEADER_EPOCH", 1, 1, []],
    ]);
  });

  it("of a follower that is none says which of the two may not know of the other", async () => {
    const codes = [];
    for (const currentLeaderEpoch of [-2, 0, 1]) codes.push(errorName((await fetched({ currentLeaderEpoch }, 2)).errorCode));
    assert.deepEqual(codes, ["NOT_LEADER_OR_FOLLOWER", "UNKNOWN_LEADER_EPOCH", "UNKNOWN_LEADER_EPOCH"]);
  });
});

describe("a session that goes on in an older version", () => {
  it("no longer asks where the client's log parts from ours, which that version cannot be told", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const client = await world.connect();
    await client.call(Produce, 9, produceTo("t", 0, batchOf(["a", "b"])));
    const request = fetchFrom("t", 0, 3, { sessionEpoch: 0 });
    request.topics[0].partitions[0].lastFetchedEpoch = 0;
    const { sessionId, responses } = await client.call(Fetch, 12, request);
    assert.deepEqual(responses[0].partitions[0].divergingEpoch, { epoch: 0, endOffset: 2 });
    const older = await client.call(Fetch, 11, { ...fetchFrom("t", 0, 3), sessionId, sessionEpoch: 1, topics: [] });
    assert.equal(errorName(older.responses[0].partitions[0].errorCode), "OFFSET_OUT_OF_RANGE");
  });
});
