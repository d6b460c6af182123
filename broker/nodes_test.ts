import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settle } from "../platform/mod.ts";
import { errorName, ZERO_UUID } from "../protocol/mod.ts";
import { type PartitionProduceResponse, Produce } from "../protocol/generated/00_produce.ts";
import { Fetch, type FetchPartitionData } from "../protocol/generated/01_fetch.ts";
import { ListOffsets } from "../protocol/generated/02_list_offsets.ts";
import { Metadata, type MetadataResponse } from "../protocol/generated/03_metadata.ts";
import { OffsetCommit } from "../protocol/generated/08_offset_commit.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { JoinGroup } from "../protocol/generated/11_join_group.ts";
import { Heartbeat } from "../protocol/generated/12_heartbeat.ts";
import { CreateTopics } from "../protocol/generated/19_create_topics.ts";
import { InitProducerId } from "../protocol/generated/22_init_producer_id.ts";
import { EndTxn } from "../protocol/generated/26_end_txn.ts";
import { WriteTxnMarkers } from "../protocol/generated/27_write_txn_markers.ts";
import { DescribeConfigs } from "../protocol/generated/32_describe_configs.ts";
import { AlterReplicaLogDirs } from "../protocol/generated/34_alter_replica_log_dirs.ts";
import { DescribeLogDirs } from "../protocol/generated/35_describe_log_dirs.ts";
import { CreatePartitions } from "../protocol/generated/37_create_partitions.ts";
import { ElectLeaders } from "../protocol/generated/43_elect_leaders.ts";
import { IncrementalAlterConfigs } from "../protocol/generated/44_incremental_alter_configs.ts";
import { AlterPartitionReassignments } from "../protocol/generated/45_alter_partition_reassignments.ts";
import { ListPartitionReassignments } from "../protocol/generated/46_list_partition_reassignments.ts";
import { UpdateFeatures } from "../protocol/generated/57_update_features.ts";
import { DescribeCluster } from "../protocol/generated/60_describe_cluster.ts";
import { UnregisterBroker } from "../protocol/generated/64_unregister_broker.ts";
import { DescribeQuorum } from "../protocol/generated/55_describe_quorum.ts";
import { DescribeTopicPartitions } from "../protocol/generated/75_describe_topic_partitions.ts";
import { batchOf, fetchFrom, produceTo } from "./testing/requests.ts";
import { BrokerWorld } from "./testing/world.ts";

const RACK_AWARE = "org.apache.kafka.common.replica.RackAwareReplicaSelector";

/** Three nodes whose topic `t` has a partition led by each; its replicas are as many as asked for. */
function three(replicationFactor: number, more: Parameters<typeof BrokerWorld.start>[1] = {}): Promise<BrokerWorld> {
  return BrokerWorld.start(1, { nodes: 3, topics: { t: { partitions: 3, replicationFactor } }, ...more });
}

async function told(world: BrokerWorld, by = 1): Promise<MetadataResponse> {
  const client = await world.connect("c", by);
  return await client.call(Metadata, 12, {
    topics: [{ topicId: ZERO_UUID, name: "t" }],
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  });
}

/** What DescribeTopicPartitions tells of each partition: its leader, who may be elected though out of sync, and the last known leader. No error: that is for Metadata. */
async function eligible(world: BrokerWorld): Promise<string[]> {
  const client = await world.connect();
  const { topics: [{ partitions }] } = await client.call(DescribeTopicPartitions, 0, {
    topics: [{ name: "t" }],
    responsePartitionLimit: 100,
    cursor: null,
  });
  for (const { errorCode } of partitions) assert.equal(errorCode, 0);
  return partitions.map(({ leaderId, eligibleLeaderReplicas, lastKnownElr }) => [leaderId, eligibleLeaderReplicas, lastKnownElr].join(" "));
}

/** What clients are told of each partition: `leader@epoch of replicas, in sync, offline`. */
async function partitions(world: BrokerWorld, by = 1): Promise<string[]> {
  const { topics: [{ partitions }] } = await told(world, by);
  return partitions.map(({ errorCode, leaderId, leaderEpoch, replicaNodes, isrNodes, offlineReplicas }) =>
    [errorName(errorCode), `${leaderId}@${leaderEpoch}`, replicaNodes, isrNodes, offlineReplicas].join(" ")
  );
}

async function produced(world: BrokerWorld, node: number, partition: number, acks = -1, version = 12): Promise<PartitionProduceResponse> {
  const client = await world.connect("p", node);
  const { responses } = await client.call(Produce, version, { ...produceTo("t", partition, batchOf(["a"])), acks });
  return responses[0].partitionResponses[0];
}

async function fetched(
  world: BrokerWorld,
  node: number,
  partition: number,
  changes: Parameters<typeof fetchFrom>[3] = {},
  version = 12,
): Promise<FetchPartitionData> {
  const client = await world.connect("f", node);
  return (await client.call(Fetch, version, fetchFrom("t", partition, 0, changes))).responses[0].partitions[0];
}

describe("a cluster of three nodes", () => {
  it("is told to clients with the ports of its nodes, and leaders spread over them", async () => {
    const world = await three(2);
    const { brokers, controllerId } = await told(world, 2);
    assert.deepEqual(brokers.map(({ nodeId, port }) => [nodeId, port]), [[1, 9092], [2, 9093], [3, 9094]]);
    assert.equal(world.broker.bootstrapServers, "127.0.0.1:9092,127.0.0.1:9093,127.0.0.1:9094");
    assert.equal(controllerId, 1);
    assert.deepEqual(await partitions(world), ["NONE 1@0 1,2 1,2 ", "NONE 2@0 2,3 2,3 ", "NONE 3@0 3,1 3,1 "]);
  });

  it("takes writes only at the leader, and says from version 10 on where that is", async () => {
    const world = await three(2);
    assert.equal((await produced(world, 2, 1)).errorCode, 0);
    const client = await world.connect("p", 1);
    const { responses, nodeEndpoints } = await client.call(Produce, 12, produceTo("t", 1, batchOf(["a"])));
    const [{ errorCode, currentLeader }] = responses[0].partitionResponses;
    assert.deepEqual([errorName(errorCode), currentLeader], ["NOT_LEADER_OR_FOLLOWER", { leaderId: 2, leaderEpoch: 0 }]);
    assert.deepEqual(nodeEndpoints, [{ nodeId: 2, host: "127.0.0.1", port: 9093, rack: null }]);
    assert.equal((await produced(world, 1, 1, -1, 9)).currentLeader?.leaderId, -1);
  });

  it("answers fetches at followers from version 11 on, and never where there is no replica", async () => {
    const world = await three(2);
    await produced(world, 1, 0);
    const codes = [];
    for (const [node, version] of [[1, 10], [2, 10], [2, 11], [3, 11]]) {
      const { errorCode, records } = await fetched(world, node, 0, {}, version);
      codes.push(`${node} v${version}: ${errorName(errorCode)} ${records!.byteLength > 0}`);
    }
    assert.deepEqual(codes, [
      "1 v10: NONE true",
      "2 v10: NOT_LEADER_OR_FOLLOWER false",
      "2 v11: NONE true",
      "3 v11: NOT_LEADER_OR_FOLLOWER false",
    ]);
  });

  it("lists offsets only at the leader", async () => {
    const world = await three(2);
    const codes = [];
    for (const node of [1, 2, 3]) {
      const client = await world.connect("l", node);
      const wanted = { partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1n, maxNumOffsets: 1 };
      const request = { replicaId: -1, isolationLevel: 0, topics: [{ name: "t", partitions: [wanted] }], timeoutMs: 0 };
      const { topics } = await client.call(ListOffsets, 6, request);
      codes.push(errorName(topics[0].partitions[0].errorCode));
    }
    assert.deepEqual(codes, ["NONE", "NOT_LEADER_OR_FOLLOWER", "NOT_LEADER_OR_FOLLOWER"]);
  });

  it("sends a client to the follower in its rack, if it is told to", async () => {
    for (const [properties, expected] of [[{}, [-1, -1, -1]], [{ "replica.selector.class": RACK_AWARE }, [-1, 2, -1]]] as const) {
      const world = await three(2, { racks: ["a", "b", "c"], properties });
      await produced(world, 1, 0);
      const preferred = [];
      for (const rackId of ["a", "b", "c"]) {
        const { preferredReadReplica, records } = await fetched(world, 1, 0, { rackId });
        preferred.push(preferredReadReplica);
        assert.equal(records!.byteLength > 0, preferredReadReplica === -1);
      }
      assert.deepEqual(preferred, expected);
      assert.equal((await fetched(world, 2, 0, { rackId: "b" })).preferredReadReplica, -1);
    }
  });

  it("refuses more replicas than nodes, unless it is told to take as many as there are", async () => {
    for (
      const [properties, expected] of [[{}, "INVALID_REPLICATION_FACTOR"], [{ "ottla.replication.factor.clamp": true }, "NONE 3"]] as const
    ) {
      const world = await three(1, { properties });
      const topic = { name: "u", numPartitions: 1, replicationFactor: 5, assignments: [], configs: [] };
      const client = await world.connect();
      const { topics: [{ errorCode, replicationFactor }] } = await client.call(CreateTopics, 7, {
        topics: [topic],
        timeoutMs: 1,
        validateOnly: false,
      });
      assert.equal(errorCode === 0 ? `NONE ${replicationFactor}` : errorName(errorCode), expected);
    }
  });
});

describe("what each node tells of itself", () => {
  it("is its own rack and listener", async () => {
    const world = await three(1, { racks: ["a", "b", "c"] });
    const told = [];
    for (const node of [1, 2, 3]) {
      const client = await world.connect("c", node);
      const keys = ["broker.rack", "listeners", "node.id"];
      const { results: [{ configs }] } = await client.call(DescribeConfigs, 4, {
        resources: [{ resourceType: 4, resourceName: `${node}`, configurationKeys: keys }],
        includeSynonyms: false,
        includeDocumentation: false,
      });
      told.push(keys.map((key) => configs.find(({ name }) => name === key)!.value).join(" "));
    }
    assert.deepEqual(told, ["a PLAINTEXT://127.0.0.1:9092 1", "b PLAINTEXT://127.0.0.1:9093 2", "c PLAINTEXT://127.0.0.1:9094 3"]);
  });

  it("is that it follows the controller", async () => {
    const world = await three(1);
    await world.broker.node(1).stop();
    const client = await world.connect("c", 3);
    const topics = [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }];
    const answer = await client.call(DescribeQuorum, 2, { topics });
    const [{ leaderId, currentVoters, observers }] = answer.topics[0].partitions;
    const ids = (replicas: { replicaId: number }[]) => replicas.map(({ replicaId }) => replicaId);
    assert.deepEqual([leaderId, ids(currentVoters), ids(observers)], [2, [2], [1, 3]]);
  });

  it("is only of the partitions that it has", async () => {
    const world = await three(1);
    const client = await world.connect("c", 2);
    const dirs = [{ path: "/data", topics: [{ name: "t", partitions: [0, 1] }] }];
    const { results: [{ logDir }] } = await client.call(DescribeLogDirs, 4, { topics: [] });
    const { results } = await client.call(AlterReplicaLogDirs, 2, { dirs: [{ ...dirs[0], path: logDir }] });
    const codes = results[0].partitions.map(({ partitionIndex, errorCode }) => `${partitionIndex} ${errorName(errorCode)}`);
    assert.deepEqual(codes, ["0 REPLICA_NOT_AVAILABLE", "1 NONE"]);
  });
});

describe("a node that stops", () => {
  it("hands its partitions over, ends its connections, and is in sync again when it comes back; leaders stay where they are then", async () => {
    const world = await three(2);
    const client = await world.connect("c", 2);
    await world.broker.node(2).stop();
    assert.equal(await client.frame(), null);
    await assert.rejects(world.connect("c", 2));
    assert.deepEqual(await partitions(world), ["NONE 1@0 1,2 1 2", "NONE 3@1 2,3 3 2", "NONE 3@0 3,1 3,1 "]);
    assert.deepEqual((await told(world)).brokers.map(({ nodeId }) => nodeId), [1, 3]);
    await world.broker.node(2).start();
    assert.deepEqual(await partitions(world, 2), ["NONE 1@0 1,2 1,2 ", "NONE 3@1 2,3 3,2 ", "NONE 3@0 3,1 3,1 "]);
  });

  it("leaves what only it has without a leader, and nothing lost", async () => {
    const world = await three(1);
    await produced(world, 2, 1);
    await world.broker.node(2).stop();
    assert.deepEqual((await partitions(world))[1], "LEADER_NOT_AVAILABLE -1@1 2  2");
    assert.deepEqual((await eligible(world))[1], "-1 2 2");
    assert.equal(errorName((await produced(world, 1, 1)).errorCode), "NOT_LEADER_OR_FOLLOWER");
    await world.broker.node(2).start();
    assert.deepEqual((await partitions(world))[1], "NONE 2@2 2 2 ");
    assert.ok((await fetched(world, 2, 1)).records!.byteLength > 0);
  });

  it("tells a fetch that waits at it that it leads no longer", async () => {
    const world = await three(2);
    const waiting = fetched(world, 2, 1, { maxWaitMs: 60_000, minBytes: 1 }, 10);
    await settle();
    await world.broker.node(2).stop();
    assert.equal(errorName((await waiting).errorCode), "NOT_LEADER_OR_FOLLOWER");
  });

  it("may be elected all the same while too few are in sync without it", async () => {
    const world = await three(3, { topics: { t: { partitions: 1, replicationFactor: 3, configs: { "min.insync.replicas": 2 } } } });
    await world.broker.node(3).stop();
    assert.deepEqual(await eligible(world), ["1  "]);
    await world.broker.node(1).stop();
    const client = await world.connect("c", 2);
    const asked = { topics: [{ name: "t" }], responsePartitionLimit: 100, cursor: null };
    const { topics: [{ partitions: [left] }] } = await client.call(DescribeTopicPartitions, 0, asked);
    assert.deepEqual([left.leaderId, left.isrNodes, left.eligibleLeaderReplicas], [2, [2], [1]]);
    await world.broker.node(1).start();
    assert.deepEqual(await eligible(world), ["2  "]);
  });

  it("may leave too few replicas in sync for acks=all", async () => {
    const world = await three(2, { topics: { t: { partitions: 3, replicationFactor: 2, configs: { "min.insync.replicas": 2 } } } });
    await world.broker.node(2).stop();
    assert.equal(errorName((await produced(world, 1, 0)).errorCode), "NOT_ENOUGH_REPLICAS");
    assert.equal((await produced(world, 1, 0, 1)).errorCode, 0);
    assert.equal((await produced(world, 3, 2)).errorCode, 0);
    const marker = { producerId: 7, producerEpoch: 0, transactionResult: false, coordinatorEpoch: 0, transactionVersion: 0 };
    const markers = [{ ...marker, topics: [{ name: "t", partitionIndexes: [0] }] }];
    const written = await (await world.connect()).call(WriteTxnMarkers, 1, { markers });
    assert.equal(errorName(written.markers[0].topics[0].partitions[0].errorCode), "NOT_ENOUGH_REPLICAS");
    await world.broker.node(2).start();
    assert.equal((await produced(world, 1, 0)).errorCode, 0);
  });

  it("may leave coordinators too few for what they write: commits and transactions wait for the others", async () => {
    const properties = { "min.insync.replicas": 2, "transaction.state.log.min.isr": 2 };
    const world = await BrokerWorld.start(1, { nodes: 3, topics: { t: { partitions: 1 } }, properties });
    const client = await world.connect();
    for (const keyType of [0, 1]) await client.call(FindCoordinator, 4, { key: "", keyType, coordinatorKeys: ["a"] });
    const none = { producerId: -1, producerEpoch: -1, enable2Pc: false, keepPreparedTxn: false };
    const partitions = [{ partitionIndex: 0, committedOffset: 7, committedLeaderEpoch: -1, committedMetadata: null }];
    const topics = [{ name: "t", topicId: ZERO_UUID, partitions }];
    const member = { generationIdOrMemberEpoch: -1, memberId: "", groupInstanceId: null, retentionTimeMs: -1 };
    const asked = async () => {
      const committed = (await client.call(OffsetCommit, 9, { groupId: "a", ...member, topics })).topics[0].partitions[0].errorCode;
      const begun = (await client.call(InitProducerId, 5, { transactionalId: "a", transactionTimeoutMs: 60_000, ...none })).errorCode;
      return [committed, begun].map(errorName);
    };
    assert.deepEqual(await asked(), ["NONE", "NONE"]);
    await world.broker.node(2).stop();
    assert.deepEqual(await asked(), ["NONE", "NONE"]);
    await world.broker.node(3).stop();
    assert.deepEqual(await asked(), ["COORDINATOR_NOT_AVAILABLE", "COORDINATOR_NOT_AVAILABLE"]);
    await world.broker.node(3).start();
    assert.deepEqual(await asked(), ["NONE", "NONE"]);
  });

  it("does not lead what is made meanwhile", async () => {
    const world = await three(1);
    await world.broker.node(1).stop();
    const client = await world.connect("c", 3);
    const topic = { name: "u", numPartitions: 2, replicationFactor: 2, assignments: [], configs: [] };
    await client.call(CreateTopics, 7, { topics: [topic], timeoutMs: 1, validateOnly: false });
    const { topics: [{ partitions }] } = await client.call(Metadata, 4, {
      topics: [{ topicId: ZERO_UUID, name: "u" }],
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    });
    const shown = partitions.map(({ leaderId, replicaNodes, isrNodes }) => [leaderId, replicaNodes, isrNodes].join(" "));
    assert.deepEqual(shown, ["2 2,1 2", "2 2,3 2,3"]);
  });

  it("is not assigned a partition that it alone would have", async () => {
    const world = await three(1);
    await world.broker.node(2).stop();
    const client = await world.connect();
    const made = async (...assigned: number[][]): Promise<string> => {
      const assignments = assigned.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }));
      const topic = { name: `u${assigned}`.replaceAll(",", "-"), numPartitions: -1, replicationFactor: -1, assignments, configs: [] };
      const { topics: [{ errorCode }] } = await client.call(CreateTopics, 7, { topics: [topic], timeoutMs: 1, validateOnly: false });
      return errorName(errorCode);
    };
    assert.deepEqual([await made([2]), await made([1], [2]), await made([2, 1])], [
      "INVALID_REPLICA_ASSIGNMENT",
      "INVALID_REPLICA_ASSIGNMENT",
      "NONE",
    ]);
    const more = { name: "t", count: 4, assignments: [{ brokerIds: [2] }] };
    const { results: [{ errorCode }] } = await client.call(CreatePartitions, 3, { topics: [more], timeoutMs: 1, validateOnly: false });
    assert.equal(errorName(errorCode), "INVALID_REPLICA_ASSIGNMENT");
  });

  it("is no replica of anything to clients of Metadata's first version, which has no word for one that is offline", async () => {
    const world = await three(2);
    await world.broker.node(2).stop();
    const client = await world.connect();
    const flags = { allowAutoTopicCreation: true, includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
    const { topics: [{ partitions }] } = await client.call(Metadata, 0, { topics: [{ topicId: ZERO_UUID, name: "t" }], ...flags });
    const shown = partitions.map(({ errorCode, leaderId, replicaNodes }) => [errorName(errorCode), leaderId, replicaNodes].join(" "));
    assert.deepEqual(shown, ["REPLICA_NOT_AVAILABLE 1 1", "REPLICA_NOT_AVAILABLE 3 3", "NONE 3 3,1"]);
  });

  it("may leave too few in sync for what is written with acks=1 to be read, until it is back", async () => {
    const world = await three(2, { topics: { t: { partitions: 3, replicationFactor: 2, configs: { "min.insync.replicas": 2 } } } });
    await produced(world, 1, 0);
    await world.broker.node(2).stop();
    assert.equal((await produced(world, 1, 0, 1)).errorCode, 0);
    const { highWatermark, lastStableOffset } = await fetched(world, 1, 0);
    assert.deepEqual([highWatermark, lastStableOffset], [1, 1]);
    const client = await world.connect("w", 1);
    const waiting = client.call(Fetch, 12, fetchFrom("t", 0, 1, { maxWaitMs: 60_000, minBytes: 1 }));
    await settle();
    await world.broker.node(2).start();
    const [{ partitions: [{ highWatermark: now, records }] }] = (await waiting).responses;
    assert.deepEqual([now, records!.byteLength > 0], [2, true]);
  });

  it("can be forgotten, until it starts again; what it has replicas of keeps them", async () => {
    const world = await three(2);
    const client = await world.connect();
    const forgotten = async (brokerId: number) => errorName((await client.call(UnregisterBroker, 0, { brokerId })).errorCode);
    const known = async () => {
      const request = { includeClusterAuthorizedOperations: false, endpointType: 1, includeFencedBrokers: true };
      return (await client.call(DescribeCluster, 2, request)).brokers.map(({ brokerId, isFenced }) => `${brokerId} ${isFenced}`);
    };
    assert.equal(await forgotten(3), "INVALID_REQUEST", "it runs");
    await world.broker.node(3).stop();
    const before = await partitions(world);
    assert.deepEqual(await known(), ["1 false", "2 false", "3 true"]);
    assert.equal(await forgotten(3), "NONE");
    assert.equal(await forgotten(3), "BROKER_ID_NOT_REGISTERED");
    assert.deepEqual(await known(), ["1 false", "2 false"]);
    assert.deepEqual(await partitions(world), before);
    const made = { name: "n", numPartitions: 1, replicationFactor: 3, assignments: [], configs: [] };
    const create = async () =>
      (await client.call(CreateTopics, 7, { topics: [made], timeoutMs: 1_000, validateOnly: true })).topics[0].errorCode;
    assert.equal(errorName(await create()), "INVALID_REPLICATION_FACTOR");
    await world.broker.node(3).start();
    assert.deepEqual(await known(), ["1 false", "2 false", "3 false"]);
    assert.equal(errorName(await create()), "NONE");
  });

  it("is the last in sync, and alone may lead, where nobody else is eligible", async () => {
    const world = await three(3, { topics: { t: { partitions: 1, replicationFactor: 3, configs: { "min.insync.replicas": 2 } } } });
    const client = await world.connect("c", 2);
    const update = { feature: "eligible.leader.replicas.version", maxVersionLevel: 0, allowDowngrade: false, upgradeType: 2 };
    const { errorCode } = await client.call(UpdateFeatures, 2, { timeoutMs: 0, featureUpdates: [update], validateOnly: false });
    assert.equal(errorName(errorCode), "NONE");
    const asked = { topics: [{ name: "t" }], responsePartitionLimit: 100, cursor: null };
    const shown = async (node: number) => {
      const { topics: [{ partitions: [one] }] } = await (await world.connect("d", node)).call(DescribeTopicPartitions, 0, asked);
      return [one.leaderId, one.isrNodes, one.eligibleLeaderReplicas, one.lastKnownElr].join(" | ");
    };
    const toldOfOld = async (node: number) => {
      const flags = { allowAutoTopicCreation: true, includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
      const request = { topics: [{ topicId: ZERO_UUID, name: "t" }], ...flags };
      const { topics: [{ partitions }] } = await (await world.connect("o", node)).call(Metadata, 0, request);
      return partitions.map(({ errorCode, leaderId, replicaNodes, isrNodes }) =>
        [errorName(errorCode), leaderId, replicaNodes, isrNodes].join(" ")
      );
    };
    await world.broker.node(3).stop();
    await world.broker.node(1).stop();
    assert.equal(await shown(2), "2 | 2 |  | ");
    assert.deepEqual(await toldOfOld(2), ["REPLICA_NOT_AVAILABLE 2 2 2"]);
    await world.broker.node(3).start();
    await world.broker.node(2).stop();
    await world.broker.node(3).stop();
    await world.broker.node(1).start();
    assert.equal(await shown(1), "-1 | 3 |  | ");
    assert.deepEqual(await toldOfOld(1), ["LEADER_NOT_AVAILABLE -1 1 "]);
    await world.broker.node(3).start();
    assert.equal(await shown(1), "3 | 3,1 |  | ");
  });

  it("may not be elected any more once another number of replicas is needed", async () => {
    const world = await three(3, {
      topics: Object.fromEntries(
        ["t", "u"].map((name) => [name, { partitions: 1, replicationFactor: 3, configs: { "min.insync.replicas": 3 } }]),
      ),
    });
    await world.broker.node(3).stop();
    const client = await world.connect();
    const eligibleOf = async (name: string) => {
      const { topics: [{ partitions }] } = await client.call(DescribeTopicPartitions, 0, {
        topics: [{ name }],
        responsePartitionLimit: 100,
        cursor: null,
      });
      return partitions[0].eligibleLeaderReplicas;
    };
    const needs = async (resourceType: number, resourceName: string, validateOnly = false) => {
      const configs = [{ name: "min.insync.replicas", configOperation: 0, value: "2" }];
      const { responses } = await client.call(IncrementalAlterConfigs, 1, {
        resources: [{ resourceType, resourceName, configs }],
        validateOnly,
      });
      assert.equal(errorName(responses[0].errorCode), "NONE");
    };
    await needs(2, "t", true);
    assert.deepEqual(await eligibleOf("t"), [3]);
    await needs(2, "t");
    assert.deepEqual(await eligibleOf("t"), []);
    assert.deepEqual(await eligibleOf("u"), [3]);
    await needs(4, "");
    assert.deepEqual(await eligibleOf("u"), []);
    await world.restart("kill");
    assert.deepEqual((await partitions(world))[0].split(" ")[0], "NONE");
  });

  it("stays stopped only as long as the broker runs: the next start has all of them", async () => {
    const world = await three(2);
    await world.broker.node(2).stop();
    await world.reopen();
    assert.deepEqual(await partitions(world), ["NONE 1@0 1,2 1,2 ", "NONE 3@1 2,3 3,2 ", "NONE 3@0 3,1 3,1 "]);
  });
});

describe("coordinators", () => {
  /** The node that is said to coordinate a key, or why there is none. */
  async function coordinator(world: BrokerWorld, key: string, keyType: number, by = 1): Promise<string> {
    const client = await world.connect("c", by);
    const { errorCode, nodeId, port } = await client.call(FindCoordinator, 3, { key, keyType, coordinatorKeys: [] });
    return errorCode === 0 ? `${nodeId} at ${port}` : errorName(errorCode);
  }

  async function committed(world: BrokerWorld, node: number, groupId = "a"): Promise<string> {
    const client = await world.connect("c", node);
    const partitions = [{ partitionIndex: 0, committedOffset: 7, committedLeaderEpoch: -1, committedMetadata: "" }];
    const member = { groupId, generationIdOrMemberEpoch: -1, memberId: "", groupInstanceId: null, retentionTimeMs: -1 };
    const { topics } = await client.call(OffsetCommit, 7, { ...member, topics: [{ name: "t", topicId: ZERO_UUID, partitions }] });
    return errorName(topics[0].partitions[0].errorCode);
  }

  async function fetchedOffset(world: BrokerWorld, node: number, groupId = "a"): Promise<number | string> {
    const client = await world.connect("c", node);
    const topics = [{ name: "t", partitionIndexes: [0] }];
    const answer = await client.call(OffsetFetch, 7, { groupId, topics, groups: [], requireStable: false });
    return answer.errorCode === 0 ? answer.topics[0].partitions[0].committedOffset : errorName(answer.errorCode);
  }

  const properties = { "offsets.topic.num.partitions": 3, "transaction.state.log.num.partitions": 3 };

  it("are the leaders of the keys' partitions, whoever is asked, and nobody else answers for them", async () => {
    const world = await three(2, { properties });
    assert.deepEqual([await coordinator(world, "a", 0, 1), await coordinator(world, "b", 0, 2)], ["2 at 9093", "3 at 9094"]);
    assert.deepEqual([await coordinator(world, "a", 1, 3), await coordinator(world, "c", 1, 3)], ["2 at 9093", "1 at 9092"]);
    const outcomes = [];
    for (const node of [1, 2, 3]) outcomes.push(await committed(world, node));
    assert.deepEqual(outcomes, ["NOT_COORDINATOR", "NONE", "NOT_COORDINATOR"]);
    assert.deepEqual([await fetchedOffset(world, 1), await fetchedOffset(world, 2)], ["NOT_COORDINATOR", 7]);
  });

  it("are followed by others who know what they knew; who waited is told to look for them", async () => {
    const world = await three(2, { properties });
    assert.equal(await coordinator(world, "a", 0), "2 at 9093");
    assert.equal(await committed(world, 2), "NONE");
    const member = await world.connect("m", 2);
    const protocols = [{ name: "range", metadata: new Uint8Array() }];
    const asked = { groupId: "a", sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000, memberId: "", groupInstanceId: null };
    const join = { ...asked, protocolType: "consumer", protocols, reason: null };
    const { memberId } = await member.call(JoinGroup, 3, join);
    // A second member waits for the first to come back.
    const waiting = (await world.connect("w", 2)).call(JoinGroup, 3, join);
    await settle();
    await world.broker.node(2).stop();
    assert.equal(errorName((await waiting).errorCode), "NOT_COORDINATOR");
    assert.equal(await coordinator(world, "a", 0), "3 at 9094");
    assert.equal(await fetchedOffset(world, 3), 7);
    const next = await world.connect("m", 3);
    const beat = { groupId: "a", generationId: 1, memberId, groupInstanceId: null };
    assert.notEqual(errorName((await next.call(Heartbeat, 3, beat)).errorCode), "NOT_COORDINATOR");
    await world.broker.node(2).start();
    assert.equal(await coordinator(world, "a", 0), "3 at 9094");
    assert.equal(await fetchedOffset(world, 2), "NOT_COORDINATOR");
  });

  it("are missing while nobody leads the partition", async () => {
    const world = await three(2, { properties: { ...properties, "offsets.topic.replication.factor": 1 } });
    assert.equal(await coordinator(world, "a", 0), "2 at 9093");
    assert.equal(await committed(world, 2), "NONE");
    await world.broker.node(2).stop();
    assert.equal(await coordinator(world, "a", 0), "COORDINATOR_NOT_AVAILABLE");
    assert.equal(await fetchedOffset(world, 1), "NOT_COORDINATOR");
    await world.broker.node(2).start();
    assert.equal(await fetchedOffset(world, 2), 7);
  });

  it("go on with transactions that were open", async () => {
    const world = await three(2, { properties });
    assert.equal(await coordinator(world, "a", 1), "2 at 9093");
    const client = await world.connect("p", 2);
    const none = { producerId: -1, producerEpoch: -1, enable2Pc: false, keepPreparedTxn: false };
    const { producerId, producerEpoch } = await client.call(InitProducerId, 5, {
      transactionalId: "a",
      transactionTimeoutMs: 60_000,
      ...none,
    });
    const records = batchOf(["x"], { isTransactional: true, producerId, producerEpoch, baseSequence: 0 });
    const leader = await world.connect("p", 1);
    const { responses } = await leader.call(Produce, 12, { ...produceTo("t", 0, records), transactionalId: "a" });
    assert.equal(errorName(responses[0].partitionResponses[0].errorCode), "NONE");
    assert.equal((await fetched(world, 1, 0, { isolationLevel: 1 })).records!.byteLength, 0);
    await world.broker.node(2).stop();
    assert.equal(await coordinator(world, "a", 1), "3 at 9094");
    const end = { transactionalId: "a", producerId, producerEpoch, committed: true };
    const ended = await (await world.connect("p", 3)).call(EndTxn, 5, end);
    assert.equal(errorName(ended.errorCode), "NONE");
    assert.ok((await fetched(world, 1, 0, { isolationLevel: 1 })).records!.byteLength > 0);
  });
});

describe("leadership", () => {
  async function elected(world: BrokerWorld, electionType: number, partitions: number[] | null): Promise<string[]> {
    const client = await world.connect();
    const topicPartitions = partitions && [{ topic: "t", partitions }];
    const { replicaElectionResults } = await client.call(ElectLeaders, 2, { electionType, topicPartitions, timeoutMs: 1_000 });
    const results = replicaElectionResults.flatMap(({ partitionResult }) => partitionResult);
    return results.map(({ partitionId, errorCode }) => `${partitionId}: ${errorName(errorCode)}`);
  }

  async function moved(world: BrokerWorld, replicas: number[] | null, partition = 0): Promise<string> {
    const client = await world.connect();
    const topics = [{ name: "t", partitions: [{ partitionIndex: partition, replicas }] }];
    const request = { timeoutMs: 1_000, allowReplicationFactorChange: true, topics };
    const { responses } = await client.call(AlterPartitionReassignments, 1, request);
    return errorName(responses[0].partitions[0].errorCode);
  }

  async function moving(world: BrokerWorld): Promise<unknown[]> {
    const client = await world.connect();
    const { topics } = await client.call(ListPartitionReassignments, 0, { timeoutMs: 1_000, topics: null });
    return topics.flatMap(({ partitions }) => partitions);
  }

  it("returns to the preferred replica when it is elected, and not before it is in sync", async () => {
    const world = await three(2);
    await world.broker.node(2).stop();
    assert.deepEqual(await elected(world, 0, [0, 1, 9]), [
      "0: ELECTION_NOT_NEEDED",
      "1: PREFERRED_LEADER_NOT_AVAILABLE",
      "9: UNKNOWN_TOPIC_OR_PARTITION",
    ]);
    await world.broker.node(2).start();
    assert.deepEqual(await elected(world, 0, null), ["1: NONE"]);
    assert.deepEqual((await partitions(world))[1], "NONE 2@2 2,3 3,2 ");
    assert.equal((await produced(world, 2, 1)).errorCode, 0);
    assert.equal(errorName((await produced(world, 3, 1)).errorCode), "NOT_LEADER_OR_FOLLOWER");
  });

  it("goes to a replica that is not in sync only in an unclean election", async () => {
    const world = await three(2);
    await world.broker.node(2).stop();
    await world.broker.node(3).stop();
    assert.deepEqual((await partitions(world))[1], "LEADER_NOT_AVAILABLE -1@2 2,3  2,3");
    assert.deepEqual((await eligible(world))[1], "-1 3 3");
    assert.deepEqual(await elected(world, 1, [0, 1]), ["0: ELECTION_NOT_NEEDED", "1: ELIGIBLE_LEADERS_NOT_AVAILABLE"]);
    await world.broker.node(2).start();
    assert.deepEqual((await partitions(world))[1], "LEADER_NOT_AVAILABLE -1@2 2,3  3");
    assert.deepEqual(await elected(world, 1, [1]), ["1: NONE"]);
    assert.deepEqual((await eligible(world))[1], "2  ");
    assert.deepEqual((await partitions(world))[1], "NONE 2@3 2,3 2 3");
  });

  it("moves with a partition, at once where the nodes run that it moves to", async () => {
    const world = await three(2);
    await produced(world, 1, 0);
    assert.equal(await moved(world, [3, 2]), "NONE");
    assert.deepEqual((await partitions(world))[0], "NONE 3@1 3,2 2,3 ");
    assert.ok((await fetched(world, 3, 0)).records!.byteLength > 0);
    assert.equal(errorName((await fetched(world, 1, 0)).errorCode), "NOT_LEADER_OR_FOLLOWER");
    assert.equal(await moved(world, null), "NO_REASSIGNMENT_IN_PROGRESS");
    assert.equal(await moved(world, [3, 9]), "INVALID_REPLICA_ASSIGNMENT");
    assert.deepEqual(await moving(world), []);
  });

  it("has another epoch where replicas go, though the leader stays", async () => {
    const world = await three(3);
    assert.equal(await moved(world, [1]), "NONE");
    assert.deepEqual((await partitions(world))[0], "NONE 1@1 1 1 ");
    assert.equal(await moved(world, [1, 2]), "NONE");
    assert.deepEqual((await partitions(world))[0], "NONE 1@1 1,2 1,2 ");
    assert.equal(await moved(world, [1, 3]), "NONE");
    assert.deepEqual((await partitions(world))[0], "NONE 1@2 1,3 1,3 ");
  });

  it("keeps what was to come and to go where a second move names nothing of it, as Kafka's does", async () => {
    const world = await three(2);
    await world.broker.node(3).stop();
    await moved(world, [1, 3]);
    await moved(world, [1, 2]);
    const ongoing = [{ partitionIndex: 0, replicas: [1, 2, 3], addingReplicas: [3], removingReplicas: [3] }];
    assert.deepEqual(await moving(world), ongoing);
  });

  it("is over once what is added is in sync, though one that stays is not", async () => {
    const world = await three(2);
    await world.broker.node(3).stop();
    assert.deepEqual((await partitions(world))[1], "NONE 2@0 2,3 2 3");
    assert.equal(await moved(world, [1, 3], 1), "NONE");
    assert.deepEqual((await partitions(world))[1], "NONE 1@1 1,3 1 3");
    // But not where there will be fewer than now.
    assert.equal(await moved(world, [3], 1), "NONE");
    assert.deepEqual((await partitions(world))[1], "NONE 1@1 3,1 1 3");
  });

  it("waits for a node that does not run, and can be left where it was", async () => {
    const world = await three(2);
    await world.broker.node(3).stop();
    assert.equal(await moved(world, [3, 1]), "NONE");
    const ongoing = [{ partitionIndex: 0, replicas: [3, 1, 2], addingReplicas: [3], removingReplicas: [2] }];
    assert.deepEqual(await moving(world), ongoing);
    assert.deepEqual((await partitions(world))[0], "NONE 1@0 3,1,2 1,2 3");
    assert.equal(await moved(world, null), "NONE");
    assert.deepEqual((await partitions(world))[0], "NONE 1@1 1,2 1,2 ");
    assert.equal(await moved(world, [3, 1]), "NONE");
    await world.broker.node(3).start();
    assert.deepEqual((await partitions(world))[0], "NONE 1@2 3,1 1,3 ");
    assert.deepEqual(await moving(world), []);
  });
});

describe("a data directory", () => {
  it("is not opened by a node with another id than the one that made it", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    await world.broker.close();
    const other = BrokerWorld.stopped(1, { properties: { "node.id": 7 } });
    other.platform = world.platform;
    await assert.rejects(
      other.restart("kill"),
      /^StorageStartError: The data directory data belongs to node 1, not to node 7: set node\.id=1\.$/,
    );
  });
});

describe("a data directory made by three nodes", () => {
  it("is not opened by fewer of them where that leaves partitions without any", async () => {
    const world = await three(1);
    await world.broker.close();
    const fewer = BrokerWorld.stopped(1, { nodes: 2 });
    fewer.platform = world.platform;
    await assert.rejects(
      fewer.restart("kill"),
      /^StorageStartError: t-2 is on node 3, and there is none: start with --nodes 3 \(nodes: 3\)\.$/,
    );
  });
});
