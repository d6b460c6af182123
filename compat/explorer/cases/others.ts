/** What is asked of a broker with other properties: before it has a coordinator, with its limits, and after it was killed. */
import { batchOf } from "../../../broker/testing/requests.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { ask, type Fields, type History, type Step, type Value } from "../history.ts";
import { describeGroup, stable, SUBSCRIPTION } from "./bases.ts";
import { FIRST, produced, topic } from "./fixture.ts";

const { UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE, NOT_LEADER_OR_FOLLOWER, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR } =
  ErrorCode;

/** Limits that a client meets with few requests. */
export const otherProperties: Readonly<Record<string, string>> = {
  "auto.create.topics.enable": "false",
  "delete.topic.enable": "false",
  "group.max.size": "1",
  "group.min.session.timeout.ms": "2000",
  "group.max.session.timeout.ms": "400000",
  "offset.metadata.max.bytes": "10",
  "message.max.bytes": "2000",
  "max.incremental.fetch.session.cache.slots": "0",
  "default.replication.factor": "2",
};

const member: Fields = { groupId: "g{run}", generationId: 1, memberId: "one" };
const subscribing: Fields = {
  groupId: "g{run}",
  sessionTimeoutMs: 30_000,
  rebalanceTimeoutMs: 30_000,
  protocolType: "consumer",
  protocols: [{ name: "range", metadata: SUBSCRIPTION }],
};
const commit = (committedMetadata: string): Fields => ({
  groupId: "g{run}",
  generationIdOrMemberEpoch: -1,
  topics: [{ name: "stock", topicId: "$stockId", partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata }] }],
});
/** Of an OffsetFetch in all its versions. */
const ofStock = (groupId: string): Fields => ({
  groupId,
  topics: [{ name: "stock", partitionIndexes: [0] }],
  groups: [{ groupId, topics: [{ name: "stock", topicId: "$stockId", partitionIndexes: [0] }] }],
});

const ofNobody: Fields = { transactionalId: "t{run}", producerId: 900_000n, producerEpoch: 0 };

/** Nobody has asked for a coordinator yet, so there is no `__consumer_offsets`. */
export const withoutCoordinator: readonly History[] = [
  ask("JoinGroup", "without a coordinator", subscribing),
  ask("JoinGroup", "without a coordinator, too short a session", { ...subscribing, sessionTimeoutMs: 1 }),
  ask("JoinGroup", "without a coordinator and a group", { ...subscribing, groupId: "" }),
  ask("SyncGroup", "without a coordinator", { ...member, protocolType: "consumer", protocolName: "range" }),
  ask("Heartbeat", "without a coordinator", member),
  ask("LeaveGroup", "without a coordinator", { groupId: "g{run}", memberId: "one", members: [{ memberId: "one" }] }),
  ask("OffsetCommit", "without a coordinator", commit("")),
  ask("OffsetFetch", "without a coordinator", ofStock("g{run}")),
  ask("OffsetFetch", "all, without a coordinator", { groupId: "g{run}", topics: null, groups: [{ groupId: "g{run}", topics: null }] }, {
    versions: "2+",
  }),
  ask("OffsetFetch", "stable, without a coordinator", { ...ofStock("g{run}"), requireStable: true }, {
    versions: "7+",
  }),
  ask("DescribeGroups", "without a coordinator", { groups: ["g{run}"] }),
  ask("ListGroups", "without a coordinator", {}),
  ask("InitProducerId", "without a coordinator", { transactionalId: "t{run}", transactionTimeoutMs: 60_000 }),
  ask("AddPartitionsToTxn", "without a coordinator", {
    transactions: [{ ...ofNobody, verifyOnly: false, topics: [{ name: "stock", partitions: [0] }] }],
    v3AndBelowTransactionalId: "t{run}",
    v3AndBelowProducerId: 900_000n,
    v3AndBelowTopics: [{ name: "stock", partitions: [0] }],
  }),
  ask("AddOffsetsToTxn", "without a coordinator", { ...ofNobody, groupId: "g{run}" }),
  ask("EndTxn", "without a coordinator", { ...ofNobody, committed: true }),
  ask("DescribeTransactions", "without a coordinator", { transactionalIds: ["t{run}"] }),
  ask("ListTransactions", "without a coordinator", {}),
  ask("GetTelemetrySubscriptions", "without a receiver", {}),
  ask("PushTelemetry", "without a receiver", {}),
  ask("DeleteGroups", "without a coordinator", { groupsNames: ["g{run}"] }),
  ask("OffsetDelete", "without a coordinator", {
    groupId: "g{run}",
    topics: [{ name: "stock", partitions: [{ partitionIndex: 0 }] }],
  }),
];

const createsAndWaits = topic("t{run}", "topicId", 1, { "retention.ms": "-1" });
const toTopic = (records: Uint8Array): Fields => ({
  acks: -1,
  timeoutMs: 5_000,
  topicData: [{ name: "t{run}", topicId: "$topicId", partitionData: [{ index: 0, records }] }],
});
const second: Step = { api: "JoinGroup", version: 3, request: subscribing };

/** Each of the properties is met. */
export const limited: readonly History[] = [
  ask("JoinGroup", "a group that is full", subscribing, { before: stable("g{run}"), after: [describeGroup("g{run}")] }),
  ask("JoinGroup", "a group that is full, with the id that was given before", { ...subscribing, memberId: "$memberId" }, {
    before: stable("g{run}"),
    after: [describeGroup("g{run}")],
  }),
  ask("JoinGroup", "a second one who has only an id", { ...subscribing, memberId: "$second" }, {
    before: [
      { api: "JoinGroup", version: 4, request: subscribing, bind: { first: "memberId" } },
      { api: "JoinGroup", version: 4, request: subscribing, bind: { second: "memberId" } },
    ],
    bind: { memberId: "memberId" },
    after: [describeGroup("g{run}"), second, describeGroup("g{run}")],
  }),
  ask("JoinGroup", "a full group, as a static member", { ...subscribing, groupInstanceId: "two" }, {
    versions: "5+",
    before: stable("g{run}", "one"),
    after: [describeGroup("g{run}")],
  }),
  ask("JoinGroup", "a full group, as the next of a static member", { ...subscribing, groupInstanceId: "one" }, {
    versions: "5+",
    before: stable("g{run}", "one"),
    bind: { newId: "memberId" },
    after: [describeGroup("g{run}")],
  }),
  ...[1_999, 2_000, 400_000, 400_001].map((sessionTimeoutMs) =>
    ask("JoinGroup", `a session of ${sessionTimeoutMs} ms`, { ...subscribing, sessionTimeoutMs }, { bind: { memberId: "memberId" } })
  ),
  ...["x".repeat(10), "x".repeat(11), "é".repeat(6), "é".repeat(10)].map((metadata) =>
    ask("OffsetCommit", `metadata ${metadata}`, commit(metadata), {
      after: [{ api: "OffsetFetch", version: 7, request: { groupId: "g{run}", topics: null } }],
    })
  ),
  ask("DeleteTopics", "where none may be deleted", { topics: [{ name: "stock" }], topicNames: ["stock"], timeoutMs: 5_000 }),
  ask("DeleteTopics", "by id, where none may be deleted", { topics: [{ name: null, topicId: "$stockId" }], timeoutMs: 5_000 }, {
    versions: "6+",
  }),
  ask("DeleteTopics", "one that is not there, where none may be deleted", {
    topics: [{ name: "none{run}" }],
    topicNames: ["none{run}"],
    timeoutMs: 5_000,
  }),
  ask("DeleteTopics", "none, where none may be deleted", { topics: [], topicNames: [], timeoutMs: 5_000 }),
  ask("CreateTopics", "as many replicas as the broker wants, which are too many", {
    topics: [{ name: "c{run}", numPartitions: -1, replicationFactor: -1 }],
    timeoutMs: 5_000,
  }, { keyed: { topics: "name" } }),
  ask("Fetch", "where there is no room for a session", {
    minBytes: 0,
    maxBytes: 1 << 20,
    sessionEpoch: 0,
    topics: [{ topic: "stock", topicId: "$stockId", partitions: [{ partition: 0, fetchOffset: 10n, partitionMaxBytes: 1_000 }] }],
  }, { versions: "7+", bind: { sessionId: "sessionId" } }),
  ask("Metadata", "a topic that is not there and not made", { topics: [{ name: "none{run}" }], allowAutoTopicCreation: true }),
  {
    ...ask("Produce", "more than the broker takes", toTopic(batchOf(["x".repeat(2_000)], {}, FIRST)), { before: createsAndWaits }),
    sampled: true,
  },
  {
    ...ask("Produce", "more than the broker takes, but not the topic", toTopic(batchOf(["x".repeat(2_000)], {}, FIRST)), {
      before: topic("t{run}", "topicId", 1, { "retention.ms": "-1", "max.message.bytes": "3000" }),
    }),
    sampled: true,
  },
];

/** A member of the group `kept`, its id bound to `memberId`, for whom both have time to come back. */
export const keeper: History = { name: "the fixture's member", api: "Metadata", versions: "12", steps: stable("kept", null, 400_000) };

/** Waits until both are back, binds the epoch of now as `leaderEpoch`, and writes offset 10 in it. */
export const back: History = {
  name: "the fixture after the end",
  api: "Metadata",
  versions: "12",
  steps: [
    {
      api: "Metadata",
      version: 12,
      request: { topics: [{ name: "stock" }] },
      whileError: [LEADER_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION],
    },
    { ...produced("stock", 0, batchOf(["after"], {}, FIRST)), whileError: [UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER] },
    {
      api: "Metadata",
      version: 12,
      request: { topics: [{ name: "stock" }] },
      bind: { leaderEpoch: "topics/0/partitions/0/leaderEpoch" },
    },
    {
      api: "OffsetFetch",
      version: 7,
      request: { groupId: "any", topics: null },
      whileError: [COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR],
    },
  ],
};

/** The size of the batch at offset 7: the next has the epoch of now in it, which is each broker's own. */
const ONE_BATCH = 85;

const EPOCHS: Readonly<Record<string, Value>> = {
  "the epoch of before": 0,
  "the epoch of now": "$leaderEpoch",
  "no epoch": -1,
  "an epoch to come": 1_000,
};

const fetches = (name: string, partition: Fields, versions: string): History =>
  ask("Fetch", `${name}, after the end`, {
    minBytes: 0,
    maxBytes: 1 << 20,
    topics: [{ topic: "stock", topicId: "$stockId", partitions: [{ partition: 0, ...partition }] }],
  }, { versions });
const lists = (name: string, partition: Fields): History =>
  ask("ListOffsets", `${name}, after the end`, { replicaId: -1, topics: [{ name: "stock", partitions: [partition] }] }, { versions: "4+" });
const asksForEpoch = (name: string, partition: Fields): History =>
  ask("OffsetForLeaderEpoch", `${name}, after the end`, { replicaId: -1, topics: [{ topic: "stock", partitions: [partition] }] });

const keptMember: Fields = { groupId: "kept", generationId: 1, memberId: "$memberId" };

const toLevel = (maxVersionLevel: number, upgradeType: number): Step => ({
  api: "UpdateFeatures",
  request: { timeoutMs: 5_000, featureUpdates: [{ feature: "transaction.version", maxVersionLevel, upgradeType }] },
});
const told: Step = {
  api: "ApiVersions",
  version: 4,
  request: { clientSoftwareName: "compat", clientSoftwareVersion: "1" },
  keyed: { apiKeys: "apiKey", supportedFeatures: "name", finalizedFeatures: "name" },
};

/** Nobody has transactions here. */
const levels: History = {
  name: "UpdateFeatures: transaction.version down to nothing and up again",
  api: "UpdateFeatures",
  versions: "2",
  steps: [toLevel(1, 2), told, toLevel(0, 2), told, toLevel(1, 2), toLevel(2, 1), told],
};

/** Both were killed and have come back: leaders' epochs have risen. */
export const afterKill: readonly History[] = [
  levels,
  ...Object.entries(EPOCHS).flatMap(([name, epoch]) => [
    fetches(name, { currentLeaderEpoch: epoch, fetchOffset: 7n, partitionMaxBytes: ONE_BATCH }, "9+"),
    fetches(`${name} is where they part`, { fetchOffset: 11n, lastFetchedEpoch: epoch, partitionMaxBytes: 1 << 20 }, "12+"),
    lists(name, { partitionIndex: 0, currentLeaderEpoch: epoch, timestamp: -1n }),
    lists(`${name}, by time`, { partitionIndex: 0, currentLeaderEpoch: epoch, timestamp: BigInt(FIRST) }),
    asksForEpoch(name, { partition: 0, currentLeaderEpoch: epoch, leaderEpoch: 0 }),
    asksForEpoch(`of ${name}`, { partition: 0, leaderEpoch: epoch }),
  ]),
  ask("OffsetFetch", "after the end", ofStock("any")),
  ask("DescribeGroups", "after the end", { groups: ["kept"] }),
  ask("Heartbeat", "after the end", keptMember),
  ask("Heartbeat", "of another generation, after the end", { ...keptMember, generationId: 2 }),
  ask("SyncGroup", "after the end", { ...keptMember, protocolType: "consumer", protocolName: "range" }),
  ask("OffsetCommit", "after the end", { ...commit(""), groupId: "kept", generationIdOrMemberEpoch: 1, memberId: "$memberId" }),
];
