import { batchOf } from "../../../broker/testing/requests.ts";
import { denoCompression } from "../../../platform/deno/mod.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { compress } from "../../../protocol/records/mod.ts";
import { ZERO_UUID } from "../../../protocol/mod.ts";
import type { Base } from "../boundaries.ts";
import type { Fields, Step, Value } from "../history.ts";
import { FIRST, produced, topic } from "./fixture.ts";

const { COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, UNSTABLE_OFFSET_COMMIT } = ErrorCode;

const LIST_OFFSETS_OF_STOCK = { name: "stock", partitions: [{ partitionIndex: 0, currentLeaderEpoch: 0, timestamp: BigInt(FIRST) }] };

/** A member's subscription to `stock`, as consumers write it (version 0). */
export const SUBSCRIPTION = Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 5, ...new TextEncoder().encode("stock"), 0xff, 0xff, 0xff, 0xff);
/** All of `stock-0`, as consumers write an assignment (version 0). */
export const ASSIGNMENT = Uint8Array.of(
  ...[0, 0, 0, 0, 0, 1, 0, 5, ...new TextEncoder().encode("stock"), 0, 0, 0, 1, 0, 0, 0, 0],
  ...[0xff, 0xff, 0xff, 0xff],
);

/** The one member of a group of its own, in generation 1; binds `memberId`. */
export function joined(groupId: string, groupInstanceId: string | null = null, sessionTimeoutMs = 30_000): Step[] {
  return [
    // Version 3 takes new members without asking them to come back with their id.
    {
      api: "JoinGroup",
      version: groupInstanceId === null ? 3 : 5,
      request: {
        groupId,
        sessionTimeoutMs,
        rebalanceTimeoutMs: 30_000,
        groupInstanceId,
        protocolType: "consumer",
        protocols: [{ name: "range", metadata: SUBSCRIPTION }],
      },
      bind: { memberId: "memberId" },
    },
  ];
}

/** The same with its assignment: the group is stable. */
export function stable(groupId: string, groupInstanceId: string | null = null, sessionTimeoutMs = 30_000): Step[] {
  return [
    ...joined(groupId, groupInstanceId, sessionTimeoutMs),
    {
      api: "SyncGroup",
      version: 3,
      request: {
        groupId,
        generationId: 1,
        memberId: "$memberId",
        groupInstanceId,
        assignments: [{ memberId: "$memberId", assignment: ASSIGNMENT }],
      },
    },
  ];
}

const setQuota: Step = {
  api: "AlterClientQuotas",
  request: {
    entries: [{
      entity: [{ entityType: "user", entityName: "q{run}" }],
      ops: [{ key: "producer_byte_rate", value: 1000, remove: false }],
    }],
  },
};

/** What a simple consumer commits: 3 in `stock-0`. */
export function committed(groupId: string): Step {
  const partitions = [{ partitionIndex: 0, committedOffset: 3, committedLeaderEpoch: 0, committedMetadata: "here" }];
  return { api: "OffsetCommit", version: 8, request: { groupId, topics: [{ name: "stock", partitions }] } };
}

/** A coordinator of transactions that is ready, where there are transactions. */
export const transactionCoordinator: readonly Step[] = [
  { api: "FindCoordinator", version: 3, request: { key: "t{run}", keyType: 1 }, whileError: [COORDINATOR_NOT_AVAILABLE] },
  {
    api: "InitProducerId",
    version: 5,
    request: { transactionalId: "ready{run}", transactionTimeoutMs: 60_000 },
    bind: { producerId: "producerId" },
    whileError: [COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR],
  },
];

/** A producer of the transactional id `t{run}`, in epoch 0; binds `producerId`. */
export const transactionalProducer: readonly Step[] = [
  ...transactionCoordinator,
  {
    api: "InitProducerId",
    version: 4,
    request: { transactionalId: "t{run}", transactionTimeoutMs: 60_000 },
    bind: { producerId: "producerId" },
  },
];

/** `traded-0`, or another of its partitions, joins the producer's transaction, which so begins. */
export function added(partition: number): Step {
  return {
    api: "AddPartitionsToTxn",
    version: 3,
    request: {
      v3AndBelowTransactionalId: "t{run}",
      v3AndBelowProducerId: "$producerId",
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [{ name: "traded", partitions: [partition] }],
    },
  };
}

/** What EndTxn says of the producer's transaction. */
export function ending(more: Fields): Fields {
  return { transactionalId: "t{run}", producerId: "$producerId", producerEpoch: 0, committed: true, ...more };
}

/** The same with a transaction that the group is part of. */
export function addedToTransaction(groupId: string): Step[] {
  const request = { transactionalId: "t{run}", producerId: "$producerId", producerEpoch: 0, groupId };
  return [...transactionalProducer, { api: "AddOffsetsToTxn", version: 3, request, whileError: [COORDINATOR_NOT_AVAILABLE] }];
}

/** What is known of `stock-0`, stable or not. */
export function offsetOf(groupId: string, requireStable: boolean, more: Partial<Step> = {}): Step {
  const groups = [{ groupId, topics: [{ name: "stock", partitionIndexes: [0] }] }];
  return { api: "OffsetFetch", version: 9, request: { groups, requireStable }, ...more };
}

/** The producer's transaction ends, in its partitions too. */
export function ended(groupId: string, isCommitted: boolean): Step[] {
  const request = { transactionalId: "t{run}", producerId: "$producerId", producerEpoch: 0, committed: isCommitted };
  return [{ api: "EndTxn", version: 3, request }, offsetOf(groupId, true, { whileError: [UNSTABLE_OFFSET_COMMIT] })];
}

export const describeGroup = (groupId: string): Step => ({ api: "DescribeGroups", version: 6, request: { groups: [groupId] } });

const notZero = { values: (value: Value) => value === 0, why: "acks=0 has no answer: a history of its own" };

const nameless = { values: (value: Value) => value === "", why: "others commit for the group without a name at the same time" };
const noTime = {
  values: (value: Value) => value === 1,
  why: "whether the controller is faster than a millisecond depends on the moment",
};
const inEarnest = { values: (value: Value) => value === false, why: "`stock` would be another for all others" };
const unknownOperation = {
  values: (value: Value) => !(Number(value) >= 0 && Number(value) <= 3),
  why: "Kafka fails inside, at the expense of requests beside it",
};
const shortTimeout = {
  values: (value: Value) => typeof value === "number" && value <= 1,
  why: "the group is rebalanced again at once, as it brings no assignment in time: what is seen of it depends on the moment",
};

const twiceNamed = {
  values: (value: Value) => Array.isArray(value) && value.length > 1,
  why: "Kafka waits for as many answers as partitions are named, and never answers",
};
const nobody = { values: (value: Value) => Array.isArray(value) && value.length === 0, why: "all topics: histories of their own" };
const theBroker = { values: (value: Value) => value === 1, why: "Kafka forgets the broker that runs, and there is none" };

/** Binds the log directory as `logDir`. */
export const logDirectory: Step = {
  api: "DescribeLogDirs",
  version: 4,
  request: { topics: [] },
  bind: { logDir: "results/0/logDir" },
};
/** An id of a directory that nobody has. */
export const SOME_ID = "c29tZSBkaXJlY3RvcnkgIA";
/** The listeners of a controller: Kafka's for its like, and the one that is for everybody here. Nobody listens there. */
export const CONTROLLER_LISTENERS = ["CONTROLLER", "PLAINTEXT"].map((name) => ({ name, host: "127.0.0.1", port: 1 }));

/** A sound request of each API that is served. */
export const bases: readonly Base[] = [
  {
    api: "Produce",
    before: topic("p{run}", "topicId", 1, { "retention.ms": "-1" }),
    request: {
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: "p{run}", topicId: "$topicId", partitionData: [{ index: 0, records: batchOf(["one", "two"]) }] }],
    },
    not: { acks: notZero },
  },
  {
    api: "Fetch",
    request: {
      minBytes: 1,
      maxBytes: 1 << 20,
      topics: [{
        topic: "stock",
        topicId: "$stockId",
        partitions: [{ partition: 0, currentLeaderEpoch: 0, fetchOffset: 4n, logStartOffset: -1n, partitionMaxBytes: 1 << 20 }],
      }],
      forgottenTopicsData: [{ topic: "stock", topicId: "$stockId", partitions: [1] }],
    },
    bind: { sessionId: "sessionId" },
  },
  { api: "ListOffsets", request: { replicaId: -1, topics: [LIST_OFFSETS_OF_STOCK], timeoutMs: 1_000 } },
  {
    api: "Metadata",
    request: { topics: [{ topicId: "A".repeat(22), name: "stock" }], allowAutoTopicCreation: false },
    keyed: { topics: "name", brokers: "nodeId" },
    not: {
      topics: {
        values: (value: Value) => value === null || (Array.isArray(value) && value.length === 0),
        why: "all topics: histories of their own",
      },
      "topics.0.name": { values: (value: Value) => value === null, why: "a history of its own, in all versions" },
    },
  },
  {
    api: "OffsetCommit",
    request: {
      groupId: "oc{run}",
      generationIdOrMemberEpoch: -1,
      memberId: "",
      topics: [{
        name: "stock",
        topicId: "$stockId",
        partitions: [{ partitionIndex: 0, committedOffset: 5n, committedLeaderEpoch: 0, committedMetadata: "m" }],
      }],
    },
    after: [{ api: "OffsetFetch", version: 7, request: { groupId: "oc{run}", topics: null } }],
  },
  {
    api: "OffsetFetch",
    before: [committed("of{run}")],
    not: { groupId: nameless, "groups.0.groupId": nameless },
    request: {
      groupId: "of{run}",
      topics: [{ name: "stock", partitionIndexes: [0, 1] }],
      groups: [{ groupId: "of{run}", topics: [{ name: "stock", topicId: "$stockId", partitionIndexes: [0, 1] }] }],
    },
  },
  { api: "FindCoordinator", request: { key: "any", keyType: 0, coordinatorKeys: ["any"] } },
  {
    api: "JoinGroup",
    request: {
      groupId: "j{run}",
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      protocolType: "consumer",
      protocols: [{ name: "range", metadata: SUBSCRIPTION }],
    },
    bind: { memberId: "memberId" },
    not: { rebalanceTimeoutMs: shortTimeout },
    after: [describeGroup("j{run}")],
  },
  {
    api: "JoinGroup",
    // From version 4 on who is new hears which id to come back with (KIP-394).
    before: [{
      api: "JoinGroup",
      version: 4,
      request: {
        groupId: "jj{run}",
        sessionTimeoutMs: 30_000,
        rebalanceTimeoutMs: 30_000,
        protocolType: "consumer",
        protocols: [{ name: "range", metadata: SUBSCRIPTION }],
      },
      bind: { memberId: "memberId" },
    }],
    request: {
      groupId: "jj{run}",
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      memberId: "$memberId",
      protocolType: "consumer",
      protocols: [{ name: "range", metadata: SUBSCRIPTION }],
    },
    bind: { anotherId: "memberId" },
    not: { rebalanceTimeoutMs: shortTimeout },
    after: [describeGroup("jj{run}")],
  },
  {
    api: "Heartbeat",
    before: stable("h{run}"),
    request: { groupId: "h{run}", generationId: 1, memberId: "$memberId" },
  },
  {
    api: "LeaveGroup",
    before: stable("l{run}"),
    request: { groupId: "l{run}", memberId: "$memberId", members: [{ memberId: "$memberId", reason: "it goes" }] },
    after: [describeGroup("l{run}")],
  },
  {
    api: "SyncGroup",
    before: joined("s{run}"),
    request: {
      groupId: "s{run}",
      generationId: 1,
      memberId: "$memberId",
      protocolType: "consumer",
      protocolName: "range",
      assignments: [{ memberId: "$memberId", assignment: ASSIGNMENT }],
    },
    after: [describeGroup("s{run}")],
  },
  { api: "DescribeGroups", before: stable("d{run}"), request: { groups: ["d{run}"], includeAuthorizedOperations: true } },
  {
    api: "ListGroups",
    before: [committed("li{run}")],
    request: { statesFilter: ["Empty"], typesFilter: ["classic"] },
    own: ["groups"],
  },
  {
    api: "ApiVersions",
    request: { clientSoftwareName: "compat", clientSoftwareVersion: "1" },
    keyed: { apiKeys: "apiKey", supportedFeatures: "name", finalizedFeatures: "name" },
  },
  {
    api: "CreateTopics",
    request: {
      topics: [{ name: "c{run}", numPartitions: 1, replicationFactor: 1, configs: [{ name: "segment.bytes", value: "1048576" }] }],
      timeoutMs: 5_000,
    },
    bind: { topicId: "topics/0/topicId" },
    keyed: { configs: "name" },
    not: { timeoutMs: noTime },
  },
  {
    api: "CreateTopics",
    request: {
      topics: [{ name: "ca{run}", numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] }],
      timeoutMs: 5_000,
    },
    bind: { topicId: "topics/0/topicId" },
    keyed: { configs: "name" },
    not: { timeoutMs: noTime },
  },
  {
    api: "DeleteTopics",
    before: topic("x{run}", "topicId"),
    request: { topics: [{ name: "x{run}" }], topicNames: ["x{run}"], timeoutMs: 5_000 },
    not: { timeoutMs: noTime },
  },
  {
    api: "DeleteTopics",
    before: topic("y{run}", "topicId"),
    request: { topics: [{ name: null, topicId: "$topicId" }], timeoutMs: 5_000 },
    not: { timeoutMs: noTime },
  },
  {
    api: "DeleteRecords",
    before: [...topic("dr{run}", "topicId", 1, { "retention.ms": "-1" }), produced("dr{run}", 0, batchOf(["a", "b", "c"], {}, FIRST))],
    request: { topics: [{ name: "dr{run}", partitions: [{ partitionIndex: 0, offset: 2n }] }], timeoutMs: 5_000 },
    after: [{
      api: "ListOffsets",
      version: 6,
      request: { replicaId: -1, topics: [{ name: "dr{run}", partitions: [{ partitionIndex: 0, timestamp: -2n }] }] },
    }],
  },
  {
    api: "InitProducerId",
    before: transactionCoordinator,
    request: { transactionalId: null, transactionTimeoutMs: 60_000 },
    bind: { producerId: "producerId" },
  },
  {
    api: "AddPartitionsToTxn",
    before: transactionalProducer,
    request: {
      transactions: [{
        transactionalId: "t{run}",
        producerId: "$producerId",
        producerEpoch: 0,
        verifyOnly: false,
        topics: [{ name: "traded", partitions: [0] }],
      }],
      v3AndBelowTransactionalId: "t{run}",
      v3AndBelowProducerId: "$producerId",
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [{ name: "traded", partitions: [0] }],
    },
    unordered: ["resultsByTransaction", "topicResults", "resultsByPartition", "resultsByTopicV3AndBelow"],
    after: [{ api: "EndTxn", version: 3, request: ending({ committed: false }) }],
  },
  {
    api: "AddOffsetsToTxn",
    before: transactionalProducer,
    request: { transactionalId: "t{run}", producerId: "$producerId", producerEpoch: 0, groupId: "aot{run}" },
    after: [{ api: "EndTxn", version: 3, request: ending({ committed: false }) }],
  },
  {
    api: "EndTxn",
    before: [...transactionalProducer, added(0)],
    request: ending({}),
  },
  {
    api: "DescribeTransactions",
    before: transactionalProducer,
    request: { transactionalIds: ["t{run}"] },
  },
  {
    api: "ListTransactions",
    before: transactionalProducer,
    request: { stateFilters: ["Empty"], producerIdFilters: ["$producerId"], durationFilter: -1n, transactionalIdPattern: null },
    own: ["transactionStates"],
    not: {
      producerIdFilters: {
        values: (value: Value) => Array.isArray(value) && value.length === 0,
        why: "others have theirs at the same time",
      },
    },
  },
  {
    api: "TxnOffsetCommit",
    before: addedToTransaction("toc{run}"),
    request: {
      transactionalId: "t{run}",
      groupId: "toc{run}",
      producerId: "$producerId",
      producerEpoch: 0,
      topics: [{
        name: "stock",
        partitions: [{ partitionIndex: 0, committedOffset: 5n, committedLeaderEpoch: 0, committedMetadata: "m" }],
      }],
    },
    after: [offsetOf("toc{run}", false), offsetOf("toc{run}", true), ...ended("toc{run}", true)],
    not: {
      transactionalId: {
        values: (value: Value) => value === "",
        why: "Kafka says INVALID_REQUEST or, by what else its broker asks the coordinator at that moment, COORDINATOR_LOAD_IN_PROGRESS",
      },
    },
  },
  {
    api: "WriteTxnMarkers",
    before: topic("wm{run}", "topicId"),
    request: {
      markers: [{
        producerId: 900_000n,
        producerEpoch: 3,
        transactionResult: false,
        topics: [{ name: "wm{run}", partitionIndexes: [0] }],
        coordinatorEpoch: 2,
      }],
    },
    not: {
      "markers.0.topics": twiceNamed,
      "markers.0.topics.0.partitionIndexes": twiceNamed,
    },
  },
  {
    api: "DescribeProducers",
    before: [
      {
        api: "InitProducerId",
        version: 4,
        request: { transactionalId: null, transactionTimeoutMs: 1_000 },
        bind: { producerId: "producerId" },
      },
      ...topic("dp{run}", "topicId", 1, { "retention.ms": "-1" }),
      produced(
        "dp{run}",
        0,
        ({ producerId }) => batchOf(["a", "b"], { producerId: Number(producerId), producerEpoch: 0, baseSequence: 0 }, FIRST),
      ),
    ],
    request: { topics: [{ name: "dp{run}", partitionIndexes: [0] }] },
  },
  {
    api: "OffsetForLeaderEpoch",
    request: { replicaId: -1, topics: [{ topic: "stock", partitions: [{ partition: 0, currentLeaderEpoch: 0, leaderEpoch: 0 }] }] },
  },
  {
    api: "DescribeConfigs",
    request: {
      resources: [{ resourceType: 2, resourceName: "stock", configurationKeys: ["cleanup.policy", "segment.bytes"] }],
      includeSynonyms: false,
    },
    keyed: { configs: "name" },
  },
  {
    api: "AlterConfigs",
    request: {
      resources: [{ resourceType: 2, resourceName: "stock", configs: [{ name: "cleanup.policy", value: "delete" }] }],
      validateOnly: true,
    },
    not: {
      resources: { values: (value) => Array.isArray(value) && value.length > 1, why: "Kafka never answers then" },
      validateOnly: inEarnest,
    },
  },
  {
    api: "CreatePartitions",
    request: { topics: [{ name: "stock", count: 3, assignments: [{ brokerIds: [1] }] }], timeoutMs: 5_000, validateOnly: true },
    unordered: ["results"],
    not: {
      validateOnly: inEarnest,
      timeoutMs: noTime,
    },
  },
  { api: "DeleteGroups", before: [committed("dg{run}")], request: { groupsNames: ["dg{run}"] } },
  {
    api: "IncrementalAlterConfigs",
    request: {
      resources: [{
        resourceType: 2,
        resourceName: "stock",
        configs: [{ name: "cleanup.policy", configOperation: 0, value: "delete" }],
      }],
      validateOnly: true,
    },
    not: { "resources.0.configs.0.configOperation": unknownOperation, validateOnly: inEarnest },
  },
  {
    api: "OffsetDelete",
    before: [committed("od{run}")],
    request: { groupId: "od{run}", topics: [{ name: "stock", partitions: [{ partitionIndex: 0 }] }] },
    after: [{ api: "OffsetFetch", version: 7, request: { groupId: "od{run}", topics: null } }],
  },
  {
    api: "DescribeClientQuotas",
    request: { components: [{ entityType: "user", matchType: 0, match: "q{run}" }], strict: true },
    before: [setQuota, ...topic("w{run}", "laterId")],
    own: ["entries"],
    unordered: ["entries", "entity", "values"],
  },
  {
    api: "AlterClientQuotas",
    request: { ...setQuota.request, validateOnly: false },
    not: { "entries.0.entity.0.entityName": { values: (value) => value === null, why: "Kafka would hold everybody to it" } },
    unordered: ["entries", "entity"],
    after: [
      ...topic("w{run}", "laterId"),
      { api: "DescribeClientQuotas", request: { components: [] }, own: ["entries"], unordered: ["entries", "entity", "values"] },
    ],
  },
  { api: "DescribeUserScramCredentials", request: { users: [{ name: "q{run}" }] }, unordered: ["results"] },
  {
    api: "GetTelemetrySubscriptions",
    request: { clientInstanceId: ZERO_UUID },
    bind: { clientInstanceId: "clientInstanceId", subscriptionId: "subscriptionId" },
  },
  {
    api: "PushTelemetry",
    before: [{
      api: "GetTelemetrySubscriptions",
      request: { clientInstanceId: ZERO_UUID },
      bind: { clientInstanceId: "clientInstanceId", subscriptionId: "subscriptionId" },
    }],
    request: {
      clientInstanceId: "$clientInstanceId",
      subscriptionId: "$subscriptionId",
      terminating: false,
      compressionType: 4,
      metrics: compress("zstd", new Uint8Array(100), denoCompression),
    },
  },
  {
    api: "ListConfigResources",
    request: { resourceTypes: [2] },
    before: topic("w{run}", "laterId"),
    own: ["configResources"],
    unordered: ["configResources"],
  },
  { api: "DescribeCluster", request: { includeClusterAuthorizedOperations: true, endpointType: 1 } },
  {
    api: "DescribeTopicPartitions",
    request: { topics: [{ name: "stock" }], responsePartitionLimit: 2_000 },
    not: { topics: nobody },
  },
  {
    api: "DescribeTopicPartitions",
    request: { topics: [{ name: "stock" }], responsePartitionLimit: 1, cursor: { topicName: "stock", partitionIndex: 1 } },
    not: { topics: nobody },
  },
  {
    api: "DescribeLogDirs",
    request: { topics: [{ topic: "stock", partitions: [0, 1] }] },
    bind: { logDir: "results/0/logDir" },
    own: ["topics"],
    keyed: { topics: "name", partitions: "partitionIndex" },
  },
  {
    api: "AlterReplicaLogDirs",
    before: [logDirectory],
    request: { dirs: [{ path: "$logDir", topics: [{ name: "stock", partitions: [0, 1] }] }] },
    keyed: { results: "topicName", partitions: "partitionIndex" },
  },
  {
    api: "ElectLeaders",
    request: { electionType: 0, topicPartitions: [{ topic: "stock", partitions: [0, 1] }], timeoutMs: 5_000 },
    own: ["replicaElectionResults"],
    not: { timeoutMs: noTime },
  },
  {
    api: "AlterPartitionReassignments",
    request: { timeoutMs: 5_000, topics: [{ name: "stock", partitions: [{ partitionIndex: 0, replicas: [1] }] }] },
    not: { timeoutMs: noTime },
  },
  { api: "ListPartitionReassignments", request: { timeoutMs: 5_000, topics: [{ name: "stock", partitionIndexes: [0] }] } },
  {
    api: "DescribeQuorum",
    request: { topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }] },
    bind: { directoryId: "topics/0/partitions/0/currentVoters/0/replicaDirectoryId" },
  },
  {
    api: "UpdateFeatures",
    request: {
      timeoutMs: 5_000,
      featureUpdates: [{ feature: "metadata.version", maxVersionLevel: 30, upgradeType: 1 }],
      validateOnly: true,
    },
    not: { timeoutMs: noTime },
  },
  { api: "UnregisterBroker", request: { brokerId: 9 }, not: { brokerId: theBroker } },
  {
    api: "AddRaftVoter",
    request: { clusterId: null, timeoutMs: 5_000, voterId: 1, voterDirectoryId: SOME_ID, listeners: CONTROLLER_LISTENERS },
    not: {
      voterId: { values: (value: Value) => value !== 1 && Number(value) >= 0, why: "Kafka takes one new voter at a time" },
      listeners: { values: (value: Value) => Array.isArray(value) && value.length > 1, why: "two of one name end Kafka's process" },
      "listeners.0.name": { values: () => true, why: "an empty one ends Kafka's process; others are a history of their own" },
    },
  },
  { api: "RemoveRaftVoter", request: { clusterId: null, voterId: 1, voterDirectoryId: SOME_ID } },
];
