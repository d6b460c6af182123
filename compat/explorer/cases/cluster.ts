/** Partitions in pages, log directories, elections, moves, the quorum and the features: what Kafka's source can answer to each, and what provokes it. */
import { ask, type Fields, type History, type Step, type Value } from "../history.ts";
import { CONTROLLER_LISTENERS, logDirectory, SOME_ID } from "./bases.ts";
import { topic } from "./fixture.ts";

const pages = (name: string, request: Fields, before: readonly Step[] = []): History =>
  ask("DescribeTopicPartitions", name, { responsePartitionLimit: 2_000, ...request }, { before });
const named = (...names: readonly string[]): Value => names.map((name) => ({ name }));
const three = topic("d{run}", "topicId", 3);

const paging: readonly History[] = [
  pages("one partition of two", { topics: named("stock"), responsePartitionLimit: 1 }),
  pages("as many as there are", { topics: named("stock"), responsePartitionLimit: 2 }),
  pages("as many as there are, and another topic", { topics: named("d{run}", "stock"), responsePartitionLimit: 3 }, three),
  pages("as many as there are, and a topic that is not there", { topics: named("stock", "x{run}"), responsePartitionLimit: 2 }),
  pages("a topic that is not there, and no room after it", { topics: named("a{run}", "stock"), responsePartitionLimit: 1 }),
  pages("topics out of order", { topics: named("stock", "d{run}") }, three),
  pages("in the middle of the first topic", {
    topics: named("d{run}", "stock"),
    cursor: { topicName: "d{run}", partitionIndex: 1 },
    responsePartitionLimit: 3,
  }, three),
  pages("from the second topic on", { topics: named("d{run}", "stock"), cursor: { topicName: "stock", partitionIndex: 0 } }, three),
  pages("a cursor behind the last partition", { topics: named("stock"), cursor: { topicName: "stock", partitionIndex: 2 } }),
  pages("a cursor far behind", { topics: named("stock"), cursor: { topicName: "stock", partitionIndex: 1_000 } }),
  pages("a cursor of a topic that is not asked for", { topics: named("stock"), cursor: { topicName: "other", partitionIndex: 0 } }),
  pages("a cursor of a topic that is not there", {
    topics: named("stock", "none{run}"),
    cursor: { topicName: "none{run}", partitionIndex: 5 },
  }),
  pages("all topics from one on, one partition", {
    topics: [],
    cursor: { topicName: "stock", partitionIndex: 0 },
    responsePartitionLimit: 1,
  }),
  pages("the same topic twice", { topics: named("stock", "stock") }),
  pages("an internal topic", { topics: named("__consumer_offsets") }),
  pages("the metadata", { topics: named("__cluster_metadata") }),
  pages("a name that none can have, one that is not there, one that is", { topics: named("a b", "none{run}", "stock") }),
];

const dirs = (name: string, topics: Value): History =>
  ask("DescribeLogDirs", name, { topics }, {
    bind: { logDir: "results/0/logDir" },
    own: ["topics"],
    keyed: { topics: "name", partitions: "partitionIndex" },
  });
const moves = (name: string, dirs: Value, before: readonly Step[] = []): History =>
  ask("AlterReplicaLogDirs", name, { dirs }, {
    before: [logDirectory, ...before],
    keyed: { results: "topicName", partitions: "partitionIndex" },
    after: [{
      api: "DescribeLogDirs",
      request: { topics: [{ topic: "stock", partitions: [0] }] },
      own: ["topics"],
    }],
  });

const directories: readonly History[] = [
  dirs("all partitions", null),
  dirs("no partition", []),
  dirs("a partition and one that is not there", [{ topic: "stock", partitions: [0, 7] }]),
  dirs("a topic without partitions", [{ topic: "stock", partitions: [] }]),
  dirs("a topic that is not there", [{ topic: "none{run}", partitions: [0] }]),
  dirs("a topic twice", [{ topic: "stock", partitions: [0] }, { topic: "stock", partitions: [1, 0] }]),
  dirs("the metadata", [{ topic: "__cluster_metadata", partitions: [0] }]),
  moves("to where it is", [{ path: "$logDir", topics: [{ name: "stock", partitions: [0] }] }]),
  moves("to a directory that is not there", [{ path: "/none", topics: [{ name: "stock", partitions: [0] }] }]),
  moves("to a directory without a name", [{ path: "", topics: [{ name: "stock", partitions: [0] }] }]),
  moves("a partition that is not there", [{ path: "$logDir", topics: [{ name: "stock", partitions: [9] }] }]),
  moves("a topic that is not there", [{ path: "$logDir", topics: [{ name: "none{run}", partitions: [0] }] }]),
  moves("a name that none can have", [{ path: "$logDir", topics: [{ name: "a b", partitions: [0] }] }]),
  moves("one that is there, one that is not, and one elsewhere", [
    { path: "$logDir", topics: [{ name: "stock", partitions: [0, 9] }] },
    { path: "/none", topics: [{ name: "stock", partitions: [1] }, { name: "none{run}", partitions: [0] }] },
  ]),
  moves("the same partition to two directories", [
    { path: "/none", topics: [{ name: "stock", partitions: [0] }] },
    { path: "$logDir", topics: [{ name: "stock", partitions: [0] }] },
  ]),
  ...[213, 214].map((length) =>
    moves(`a name of ${length} characters, with its copy's ${length + 42}`, [
      { path: "$logDir", topics: [{ name: "x".repeat(length), partitions: [0] }] },
    ])
  ),
  moves("nothing", []),
];

const elects = (name: string, topicPartitions: Value, more: Fields = {}): History =>
  ask("ElectLeaders", name, { electionType: 0, topicPartitions, timeoutMs: 5_000, ...more }, { own: ["replicaElectionResults"] });

const elections: readonly History[] = [
  elects("all partitions", null),
  elects("all partitions, without time", null, { timeoutMs: 0 }),
  elects("no partition", []),
  elects("no partition, without time", [], { timeoutMs: 0, electionType: 7 }),
  elects("a topic without partitions", [{ topic: "stock", partitions: [] }]),
  elects("unclean", [{ topic: "stock", partitions: [0] }], { electionType: 1 }),
  elects("of a type that is not there", [{ topic: "stock", partitions: [0] }], { electionType: 2 }),
  elects("of all, of a type that is not there", null, { electionType: 2 }),
  elects("a partition and one that is not there", [{ topic: "stock", partitions: [0, 7, -1] }]),
  elects("a topic that is not there, and one that is", [{ topic: "none{run}", partitions: [0] }, { topic: "stock", partitions: [1] }]),
  elects("a name that none can have", [{ topic: "a b", partitions: [0] }]),
  elects("the same partition twice", [{ topic: "stock", partitions: [0, 0] }]),
];

const reassigns = (name: string, partitions: Value, more: Fields = {}): History =>
  ask("AlterPartitionReassignments", name, { timeoutMs: 5_000, topics: [{ name: "stock", partitions }], ...more }, {
    after: [{ api: "ListPartitionReassignments", request: { timeoutMs: 5_000, topics: null } }],
  });
const to = (replicas: Value, partitionIndex = 0): Fields => ({ partitionIndex, replicas });

const reassignments: readonly History[] = [
  reassigns("to where it is", [to([1])]),
  reassigns("cancelled", [to(null)]),
  reassigns("to nobody", [to([])]),
  reassigns("to a broker that is not there", [to([2])]),
  reassigns("to a negative broker", [to([-1])]),
  reassigns("to the same broker twice", [to([1, 1])]),
  reassigns("to one more broker", [to([1, 2])]),
  reassigns("to one more broker, where the factor is to stay", [to([1, 2])], { allowReplicationFactorChange: false }),
  reassigns("to where it is, where the factor is to stay", [to([1])], { allowReplicationFactorChange: false }),
  reassigns("a partition that is not there", [to([1], 9), to(null, 9)]),
  reassigns("several that fail and one that does not", [to([2], 1), to([1]), to(null), to([1], 7)]),
  reassigns("a topic that is not there", [], { topics: [{ name: "none{run}", partitions: [to([1]), to(null)] }] }),
  reassigns("a name that none can have", [], { topics: [{ name: "a b", partitions: [to([1])] }] }),
  reassigns("a topic without partitions", []),
  reassigns("no topic", [], { topics: [] }),
  reassigns("no topic, without time", [], { topics: [], timeoutMs: 0 }),
  reassigns("the same partition twice", [to([1]), to([2])]),
  ...[
    ["all", null],
    ["none", []],
    ["a topic that is not there", [{ name: "none{run}", partitionIndexes: [0] }]],
    ["a partition that is not there", [{ name: "stock", partitionIndexes: [0, 9] }]],
  ].map(([name, topics]) => ask("ListPartitionReassignments", name as string, { timeoutMs: 5_000, topics: topics as Value })),
  ask("ListPartitionReassignments", "without time", { timeoutMs: 0, topics: null }),
];

const METADATA = "__cluster_metadata";
const quorum = (name: string, topics: Value): History => ask("DescribeQuorum", name, { topics });
const ofQuorum = (topicName: string, ...indexes: readonly number[]): Fields => {
  return { topicName, partitions: indexes.map((partitionIndex) => ({ partitionIndex })) };
};

const voters: readonly History[] = [
  quorum("of nothing", []),
  quorum("of no partition", [ofQuorum(METADATA)]),
  quorum("of another partition", [ofQuorum(METADATA, 1)]),
  quorum("of two partitions", [ofQuorum(METADATA, 0, 1)]),
  quorum("of another topic", [ofQuorum("stock", 0)]),
  quorum("of two topics", [ofQuorum(METADATA, 0), ofQuorum("stock", 0)]),
  ask("RemoveRaftVoter", "the last one", { clusterId: "$clusterId", voterId: 1, voterDirectoryId: "$directoryId" }, {
    before: [
      { api: "DescribeCluster", request: {}, bind: { clusterId: "clusterId" } },
      {
        api: "DescribeQuorum",
        version: 2,
        request: { topics: [ofQuorum(METADATA, 0)] },
        bind: { directoryId: "topics/0/partitions/0/currentVoters/0/replicaDirectoryId" },
      },
    ],
  }),
  ask("RemoveRaftVoter", "one that is none", { clusterId: null, voterId: 9, voterDirectoryId: SOME_ID }),
  ask("AddRaftVoter", "without a listener for controllers", {
    clusterId: null,
    timeoutMs: 5_000,
    voterId: 9,
    voterDirectoryId: SOME_ID,
    listeners: [{ name: "OTHER", host: "127.0.0.1", port: 1 }],
  }),
  ask("AddRaftVoter", "one that does not answer", {
    clusterId: null,
    timeoutMs: 5_000,
    voterId: 9,
    voterDirectoryId: SOME_ID,
    listeners: CONTROLLER_LISTENERS,
  }, { versions: "1" }),
];

const updates = (name: string, ...featureUpdates: readonly Fields[]): History =>
  ask("UpdateFeatures", name, { timeoutMs: 5_000, validateOnly: true, featureUpdates });
const level = (maxVersionLevel: number, upgradeType = 1, feature = "metadata.version"): Fields => ({
  feature,
  maxVersionLevel,
  upgradeType,
});

const features: readonly History[] = [
  ...[0, 6, 7, 29, 30, 31, 99].flatMap((maxVersionLevel) =>
    [1, 2, 3].map((upgradeType) =>
      updates(`metadata.version ${maxVersionLevel} by way ${upgradeType}`, level(maxVersionLevel, upgradeType))
    )
  ),
  ...[-1, 0, 1, 2, 3].flatMap((maxVersionLevel) =>
    [1, 2, 3].map((upgradeType) =>
      updates(`transaction.version ${maxVersionLevel} by way ${upgradeType}`, level(maxVersionLevel, upgradeType, "transaction.version"))
    )
  ),
  ...[-1, 0, 1, 2].flatMap((maxVersionLevel) =>
    [1, 2, 3].map((upgradeType) =>
      updates(
        `eligible.leader.replicas.version ${maxVersionLevel} by way ${upgradeType}`,
        level(maxVersionLevel, upgradeType, "eligible.leader.replicas.version"),
      )
    )
  ),
  updates("by no way", level(30, 0)),
  updates("a downgrade, of old", { ...level(29), allowDowngrade: true }),
  updates("nothing"),
  updates("a feature that is not there", level(1, 1, "no.such.version")),
  updates("a feature that is not there, turned off", level(0, 1, "no.such.version")),
  updates("one that can be had and one that cannot", level(30), level(1, 1, "no.such.version")),
  updates("the same twice", level(29, 2), level(30)),
  ask("UpdateFeatures", "in earnest, to where it is", { timeoutMs: 5_000, featureUpdates: [level(30)] }),
];

export const clusterHistories: readonly History[] = [...paging, ...directories, ...elections, ...reassignments, ...voters, ...features];
