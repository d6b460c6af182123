import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { ApiVersions } from "../../protocol/generated/18_api_versions.ts";
import { AlterReplicaLogDirs } from "../../protocol/generated/34_alter_replica_log_dirs.ts";
import { DescribeLogDirs, type DescribeLogDirsRequest } from "../../protocol/generated/35_describe_log_dirs.ts";
import { ElectLeaders, type ElectLeadersRequest } from "../../protocol/generated/43_elect_leaders.ts";
import {
  AlterPartitionReassignments,
  type AlterPartitionReassignmentsRequest,
} from "../../protocol/generated/45_alter_partition_reassignments.ts";
import { ListPartitionReassignments } from "../../protocol/generated/46_list_partition_reassignments.ts";
import { DescribeQuorum } from "../../protocol/generated/55_describe_quorum.ts";
import { UpdateFeatures } from "../../protocol/generated/57_update_features.ts";
import { DescribeCluster } from "../../protocol/generated/60_describe_cluster.ts";
import { UnregisterBroker } from "../../protocol/generated/64_unregister_broker.ts";
import { AddRaftVoter } from "../../protocol/generated/80_add_raft_voter.ts";
import { RemoveRaftVoter } from "../../protocol/generated/81_remove_raft_voter.ts";
import { ErrorCode, errorName, ZERO_UUID } from "../../protocol/mod.ts";
import type { RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import { batchOf, produceTo } from "../testing/requests.ts";
import { BrokerWorld } from "../testing/world.ts";
import { served } from "./mod.ts";

const SOME_ID = "c29tZSBkaXJlY3RvcnkgIA";

describe("DescribeLogDirs and AlterReplicaLogDirs", () => {
  async function directory(world: BrokerWorld, topics: DescribeLogDirsRequest["topics"] = null) {
    const { errorCode, results } = await (await world.connect()).call(DescribeLogDirs, 5, { topics });
    assert.equal(errorName(errorCode), "NONE");
    assert.equal(results.length, 1);
    const [{ topics: found, ...rest }] = results;
    const sizes = found.flatMap(({ name, partitions }) => partitions.map((each) => `${name}-${each.partitionIndex} ${each.partitionSize}`));
    return { ...rest, sizes: sizes.sort() };
  }

  async function moved(world: BrokerWorld, path: string, name: string, index: number): Promise<string> {
    const dirs = [{ path, topics: [{ name, partitions: [index] }] }];
    const { results } = await (await world.connect()).call(AlterReplicaLogDirs, 2, { dirs });
    return errorName(results[0].partitions[0].errorCode);
  }

  it("tell the sizes of what was written, also after a restart", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 2 }, u: {} } });
    const batch = batchOf(["one", "two"]);
    const bytes = batch.length;
    await (await world.connect()).call(Produce, 9, produceTo("t", 1, batch));
    const told = ["t-0 0", `t-1 ${bytes}`, "u-0 0"];
    assert.deepEqual((await directory(world)).sizes, told);
    await world.reopen();
    assert.deepEqual((await directory(world)).sizes, told);
  });

  it("tell the partitions asked for that are there, each once", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 2 }, u: {} } });
    const asked = [{ topic: "t", partitions: [1, 1, 7] }, { topic: "none", partitions: [0] }, { topic: "t", partitions: [0] }];
    assert.deepEqual((await directory(world, asked)).sizes, ["t-0 0", "t-1 0"]);
    assert.deepEqual((await directory(world, [])).sizes, []);
  });

  it("tell the size of the disk where that is known", async () => {
    const world = await BrokerWorld.start(1);
    const { logDir, totalBytes, usableBytes, isCordoned } = await directory(world);
    assert.deepEqual({ logDir, totalBytes, usableBytes, isCordoned }, {
      logDir: "data",
      totalBytes: -1n,
      usableBytes: -1n,
      isCordoned: false,
    });
    world.platform.disk.size = { total: 1_000, usable: 10 };
    const { totalBytes: total, usableBytes: usable } = await directory(world);
    assert.deepEqual({ total, usable }, { total: 1_000n, usable: 10n });
  });

  it("have one directory, where everything is", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    assert.equal(await moved(world, "data", "t", 0), "NONE");
    assert.equal(await moved(world, "other", "t", 0), "LOG_DIR_NOT_FOUND");
    assert.equal(await moved(world, "data", "t", 1), "UNKNOWN_TOPIC_OR_PARTITION");
    // A copy's name would not be one that a file can have.
    assert.equal(await moved(world, "other", "n".repeat(213), 0), "LOG_DIR_NOT_FOUND");
    assert.equal(await moved(world, "other", "n".repeat(214), 0), "INVALID_TOPIC_EXCEPTION");
  });
});

describe("ElectLeaders", () => {
  async function elected(world: BrokerWorld, version: number, request: Partial<ElectLeadersRequest> = {}) {
    const whole = { electionType: 0, topicPartitions: [{ topic: "t", partitions: [0, 5] }], timeoutMs: 1_000, ...request };
    const { errorCode, replicaElectionResults } = await (await world.connect()).call(ElectLeaders, version, whole);
    const results = replicaElectionResults.map(({ topic, partitionResult }) =>
      [topic, ...partitionResult.map(({ partitionId, errorCode }) => `${partitionId} ${errorName(errorCode)}`)].join(" ")
    );
    return [errorName(errorCode), ...results];
  }

  it("finds every partition led as it should be", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    for (const version of [0, 1, 2]) {
      assert.deepEqual(await elected(world, version), ["NONE", "t 0 ELECTION_NOT_NEEDED 5 UNKNOWN_TOPIC_OR_PARTITION"]);
    }
    assert.deepEqual(await elected(world, 2, { electionType: 1 }), ["NONE", "t 0 ELECTION_NOT_NEEDED 5 UNKNOWN_TOPIC_OR_PARTITION"]);
    assert.deepEqual(await elected(world, 2, { topicPartitions: null }), ["NONE", "t"]);
  });

  it("says with each partition that it is too late, and for all where the version has a field for that", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const late = "t 0 REQUEST_TIMED_OUT 5 REQUEST_TIMED_OUT";
    assert.deepEqual(await elected(world, 0, { timeoutMs: 0 }), ["NONE", late]);
    assert.deepEqual(await elected(world, 1, { timeoutMs: 0 }), ["REQUEST_TIMED_OUT", late]);
  });

  it("refuses an election that is none, unless nobody is to be elected", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    assert.deepEqual(await elected(world, 2, { electionType: 2 }), ["INVALID_REQUEST", "t 0 INVALID_REQUEST 5 INVALID_REQUEST"]);
    assert.deepEqual(await elected(world, 2, { electionType: 2, topicPartitions: [] }), ["NONE"]);
  });
});

describe("AlterPartitionReassignments and ListPartitionReassignments", () => {
  async function reassigned(world: BrokerWorld, replicas: number[] | null, more: Partial<AlterPartitionReassignmentsRequest> = {}) {
    const topics = [{ name: "t", partitions: [{ partitionIndex: 0, replicas }] }];
    const request = { timeoutMs: 1_000, allowReplicationFactorChange: true, topics, ...more };
    const client = await world.connect();
    const { responses } = await client.call(AlterPartitionReassignments, 1, request);
    const { topics: moving } = await client.call(ListPartitionReassignments, 0, { timeoutMs: 1_000, topics: null });
    assert.deepEqual(moving, []);
    return responses.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorName(errorCode))).join();
  }

  it("know one place for a partition, where it is", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    assert.equal(await reassigned(world, [1]), "NONE");
    assert.equal(await reassigned(world, [1], { allowReplicationFactorChange: false }), "NONE");
    assert.equal(await reassigned(world, [2]), "INVALID_REPLICA_ASSIGNMENT");
    assert.equal(await reassigned(world, [1, 2]), "INVALID_REPLICA_ASSIGNMENT");
    assert.equal(await reassigned(world, []), "INVALID_REPLICA_ASSIGNMENT");
    assert.equal(await reassigned(world, null), "NO_REASSIGNMENT_IN_PROGRESS");
  });

  it("refuse what is not there and what is too late", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const none = [{ name: "t", partitions: [{ partitionIndex: 1, replicas: [1] }] }];
    assert.equal(await reassigned(world, [1], { topics: none }), "UNKNOWN_TOPIC_OR_PARTITION");
    assert.equal(await reassigned(world, [1], { timeoutMs: 0 }), "REQUEST_TIMED_OUT");
  });
});

describe("DescribeQuorum", () => {
  const metadata = [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }];

  it("tells of one voter, whose log is the metadata's", async () => {
    const world = await BrokerWorld.start(1);
    const client = await world.connect();
    const { topics: [{ partitions: [before] }], nodes } = await client.call(DescribeQuorum, 2, { topics: metadata });
    assert.deepEqual(nodes, [{ nodeId: 1, listeners: [{ name: "PLAINTEXT", host: "127.0.0.1", port: world.broker.port }] }]);
    assert.equal(before.leaderId, 1);
    const now = world.platform.clock.now();
    const voter = { replicaId: 1, logEndOffset: before.highWatermark, lastFetchTimestamp: now, lastCaughtUpTimestamp: now };
    const [{ replicaDirectoryId, ...rest }] = before.currentVoters;
    assert.deepEqual(rest, voter);
    assert.notEqual(replicaDirectoryId, ZERO_UUID);
    await world.reopen();
    const { topics: [{ partitions: [after] }] } = await (await world.connect()).call(DescribeQuorum, 2, { topics: metadata });
    assert.equal(after.currentVoters[0].replicaDirectoryId, replicaDirectoryId);
  });

  it("tells older versions what they have fields for", async () => {
    const client = await (await BrokerWorld.start(1)).connect();
    for (const version of [0, 1]) {
      const { topics: [{ partitions: [{ leaderId, currentVoters }] }], nodes } = await client.call(DescribeQuorum, version, {
        topics: metadata,
      });
      assert.deepEqual([leaderId, currentVoters[0].replicaId, nodes], [1, 1, []]);
    }
  });

  it("knows no other partition", async () => {
    const client = await (await BrokerWorld.start(1)).connect();
    const others = [{ topicName: "t", partitions: [{ partitionIndex: 0 }] }];
    for (const topics of [others, [...metadata, ...others], [{ ...metadata[0], partitions: [{ partitionIndex: 1 }] }]]) {
      const answer = await client.call(DescribeQuorum, 2, { topics });
      const codes = answer.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorName(errorCode)));
      assert.deepEqual(new Set(codes), new Set(["UNKNOWN_TOPIC_OR_PARTITION"]));
    }
  });
});

describe("UpdateFeatures", () => {
  async function updated(
    world: BrokerWorld,
    maxVersionLevel: number,
    version = 1,
    validateOnly = false,
    { feature, upgradeType } = { feature: "metadata.version", upgradeType: 1 },
  ): Promise<string> {
    const featureUpdates = [{ feature, maxVersionLevel, allowDowngrade: false, upgradeType }];
    const request = { timeoutMs: 0, featureUpdates, validateOnly };
    const { errorCode, results } = await (await world.connect()).call(UpdateFeatures, version, request);
    return [errorName(errorCode), ...results.map(({ feature, errorCode }) => `${feature} ${errorName(errorCode)}`)].join(", ");
  }

  async function level(world: BrokerWorld, feature = "metadata.version"): Promise<number | undefined> {
    const client = { clientSoftwareName: "t", clientSoftwareVersion: "1" };
    const { finalizedFeatures } = await (await world.connect()).call(ApiVersions, 4, client);
    return finalizedFeatures!.find(({ name }) => name === feature)?.maxVersionLevel;
  }

  it("says of each feature, or of all, what became of it", async () => {
    const world = await BrokerWorld.start(1);
    assert.equal(await updated(world, 30, 0), "NONE, metadata.version NONE");
    assert.equal(await updated(world, 30, 1, true), "NONE, metadata.version NONE");
    assert.equal(await updated(world, 30, 2), "NONE");
    assert.equal(await updated(world, 99, 1), "INVALID_UPDATE_VERSION");
    assert.equal(await updated(world, 99, 1, true), "INVALID_UPDATE_VERSION");
    await world.restart("kill");
    assert.equal(await level(world), 30);
  });

  it("keeps a level, also that of a feature that is turned off, over a restart", async () => {
    const world = await BrokerWorld.start(1);
    const feature = "transaction.version";
    assert.equal(await level(world, feature), 2);
    const down = { feature, upgradeType: 2 };
    assert.equal(await updated(world, 1, 2, true, down), "NONE");
    assert.equal(await level(world, feature), 2);
    for (const [to, told] of [[1, 1], [0, undefined]] as const) {
      assert.equal(await updated(world, to, 2, false, down), "NONE");
      assert.equal(await level(world, feature), told);
      await world.restart("kill");
      assert.equal(await level(world, feature), told);
    }
    assert.equal(await updated(world, 2, 2, false, { feature, upgradeType: 1 }), "NONE");
    assert.equal(await level(world, feature), 2);
  });
});

describe("The nodes of the cluster", () => {
  it("are one, which cannot be forgotten, and no other", async () => {
    const client = await (await BrokerWorld.start(1)).connect();
    const forgotten = async (brokerId: number) => errorName((await client.call(UnregisterBroker, 0, { brokerId })).errorCode);
    assert.equal(await forgotten(2), "BROKER_ID_NOT_REGISTERED");
    assert.equal(await forgotten(1), "INVALID_REQUEST", "it runs");
  });

  it("have one voter, and stay so", async () => {
    const client = await (await BrokerWorld.start(1)).connect();
    const whole = { includeClusterAuthorizedOperations: false, endpointType: 1, includeFencedBrokers: false };
    const { clusterId } = await client.call(DescribeCluster, 2, whole);
    const listeners = [{ name: "PLAINTEXT", host: "localhost", port: 1 }];
    const added = async (more: object) => {
      const request = { clusterId, timeoutMs: 1_000, voterId: 2, voterDirectoryId: SOME_ID, listeners, ackWhenCommitted: true, ...more };
      return errorName((await client.call(AddRaftVoter, 1, request)).errorCode);
    };
    const removed = async (more: object) => {
      return errorName((await client.call(RemoveRaftVoter, 0, { clusterId, voterId: 1, voterDirectoryId: SOME_ID, ...more })).errorCode);
    };
    assert.equal(await added({}), "REQUEST_TIMED_OUT");
    assert.equal(await added({ clusterId: null }), "REQUEST_TIMED_OUT");
    assert.equal(await added({ voterId: 1 }), "DUPLICATE_VOTER");
    assert.equal(await added({ listeners: [{ ...listeners[0], name: "OTHER" }] }), "INVALID_REQUEST");
    assert.equal(await removed({}), "VOTER_NOT_FOUND");
    for (const change of [added, removed]) {
      assert.equal(await change({ clusterId: "another" }), "INCONSISTENT_CLUSTER_ID");
      assert.equal(await change({ voterId: -1 }), "INVALID_REQUEST");
      assert.equal(await change({ voterDirectoryId: ZERO_UUID }), "INVALID_REQUEST");
    }
  });
});

describe("What is asked of the cluster", () => {
  const requests: Readonly<Record<string, object>> = {
    AlterReplicaLogDirs: { dirs: [] },
    DescribeLogDirs: { topics: null },
    ElectLeaders: { topicPartitions: null },
    AlterPartitionReassignments: { topics: [] },
    ListPartitionReassignments: { topics: null },
    DescribeQuorum: { topics: [] },
    UpdateFeatures: { featureUpdates: [] },
    UnregisterBroker: { brokerId: 1 },
    AddRaftVoter: {},
    RemoveRaftVoter: {},
  };
  const reads = ["DescribeLogDirs", "ListPartitionReassignments", "DescribeQuorum"];

  for (const [name, request] of Object.entries(requests)) {
    it(`is refused to whoever may not, by ${name}`, async () => {
      const { handler } = served().find((route) => route.handler.api.name === name)!;
      const needed = reads.includes(name) ? "Describe" : "Alter";
      const authorize: RequestContext["authorize"] = (operation, type, resource) => {
        assert.deepEqual([operation, type, resource], [needed, "Cluster", "kafka-cluster"]);
        return false;
      };
      const context = { apiVersion: 1, authorize } as Partial<RequestContext> as RequestContext;
      let code: number;
      try {
        code = (await handler.handle(context, request)).errorCode;
      } catch (error) {
        code = error instanceof KafkaError ? error.code : assert.fail(String(error));
      }
      assert.equal(code, ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
    });
  }
});
