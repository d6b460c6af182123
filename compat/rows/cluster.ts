import type { RowScenario, Step } from "../steps/step.ts";
import { create, inPartition } from "./common.ts";

const area = "administration";

const five: Step = { op: "produce", topic: "t", records: inPartition(0, "a", "b", "c", "d", "e") };
const first = { topic: "t", partition: 0 } as const;
/** The level of `metadata.version` that 4.3.1 writes. */
const METADATA_LEVEL = 30;

const initializes = (producer: string): Step => ({ op: "initTransactions", producer, transactionalId: producer });

/** A committed one of a producer that is initialized, and may have made others. */
function transaction(producer: string, value: string): Step[] {
  const named = { producer, transactionalId: producer };
  return [
    { op: "beginTransaction", producer },
    { op: "produce", topic: "t", ...named, records: inPartition(0, value) },
    { op: "commitTransaction", producer },
  ];
}

const directories: readonly Omit<RowScenario, "area">[] = [
  {
    name: "the log directory tells how large a partition is",
    features: ["KIP-113"],
    steps: [create(), five, { op: "describeReplica", ...first, expect: { size: { $atLeast: 70 }, lag: 0, future: false }, within: 5_000 }],
  },
  {
    name: "a partition where nothing was written has no size",
    features: ["KIP-113"],
    steps: [create("t", 2), five, { op: "describeReplica", topic: "t", partition: 1, expect: { size: 0, lag: 0 }, within: 5_000 }],
  },
  {
    name: "the log directory tells how large its volume is and what of it is free",
    features: ["KIP-827"],
    clients: ["java"],
    steps: [create(), { op: "describeReplica", ...first, expect: { volume: { $atLeast: 1 }, usable: { $atLeast: 1 } }, within: 5_000 }],
  },
  {
    name: "partitions that are added are in the log directory",
    features: ["KIP-113", "CreatePartitions"],
    steps: [
      create(),
      { op: "createPartitions", topic: "t", count: 3 },
      { op: "describeReplica", topic: "t", partition: 2, expect: { size: 0 }, within: 5_000 },
    ],
  },
  {
    name: "a deleted topic is in no log directory",
    features: ["KIP-113", "DeleteTopics"],
    steps: [
      create(),
      { op: "describeLogDirs", expect: { $includes: ["t"] }, within: 5_000 },
      { op: "deleteTopic", topic: "t" },
      { op: "describeLogDirs", expect: { $not: { $includes: ["t"] } }, within: 15_000 },
    ],
  },
  {
    name: "a replica that is to move to where it is stays, with what it holds",
    features: ["KIP-113"],
    steps: [
      create(),
      five,
      { op: "moveReplica", ...first, within: 5_000 },
      { op: "describeReplica", ...first, expect: { future: false, lag: 0 } },
      { op: "fetch", ...first, from: "earliest", count: 5, expect: ["a", "b", "c", "d", "e"] },
    ],
  },
  {
    name: "a replica cannot move to a directory that is not there",
    features: ["KIP-113"],
    steps: [create(), { op: "moveReplica", ...first, directory: "/no/such/directory", error: "LOG_DIR_NOT_FOUND" }],
  },
  {
    name: "a replica that is not there cannot move",
    features: ["KIP-113"],
    steps: [create(), { op: "moveReplica", topic: "t", partition: 7, error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
];

const elections: readonly Omit<RowScenario, "area">[] = [
  {
    name: "where there is a leader, an unclean election is not needed",
    features: ["KIP-460"],
    clients: ["java", "franz-go"],
    steps: [create(), { op: "electLeaders", ...first, unclean: true, error: "ELECTION_NOT_NEEDED" }],
  },
  {
    name: "a partition that is not there elects nobody",
    features: ["KIP-460"],
    steps: [create(), { op: "electLeaders", topic: "t", partition: 3, error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
  {
    name: "a topic that is not there elects nobody",
    features: ["KIP-460"],
    steps: [{ op: "electLeaders", topic: "nowhere", partition: 0, error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
];

const moves: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a partition that is to move to where it is does so at once",
    features: ["KIP-455"],
    steps: [
      create(),
      five,
      { op: "reassign", ...first, replicas: ["broker"] },
      { op: "listReassignments", ...first, expect: 0 },
      { op: "describeTopic", topic: "t", expect: { replicas: 1, inSync: 1 } },
      { op: "fetch", ...first, from: "earliest", count: 5, expect: ["a", "b", "c", "d", "e"] },
    ],
  },
  {
    name: "a partition cannot move to a broker that is not there",
    features: ["KIP-455"],
    steps: [create(), { op: "reassign", ...first, replicas: [77], error: "INVALID_REPLICA_ASSIGNMENT" }],
  },
  {
    name: "a partition cannot get more replicas than there are brokers",
    features: ["KIP-455"],
    steps: [
      create(),
      { op: "reassign", ...first, replicas: ["broker", 77], error: "INVALID_REPLICA_ASSIGNMENT" },
      { op: "describeTopic", topic: "t", expect: { replicas: 1 } },
    ],
  },
  {
    name: "a broker cannot have the same replica twice",
    features: ["KIP-455"],
    steps: [create(), { op: "reassign", ...first, replicas: ["broker", "broker"], error: "INVALID_REPLICA_ASSIGNMENT" }],
  },
  {
    name: "a partition cannot move to nobody",
    features: ["KIP-455"],
    // The Java client does not ask for it.
    clients: ["franz-go"],
    steps: [create(), { op: "reassign", ...first, replicas: [], error: "INVALID_REPLICA_ASSIGNMENT" }],
  },
  {
    name: "a move that is not under way cannot be cancelled",
    features: ["KIP-455"],
    steps: [create(), { op: "reassign", ...first, error: "NO_REASSIGNMENT_IN_PROGRESS" }],
  },
  {
    name: "a topic that is not there neither moves nor is moving",
    features: ["KIP-455"],
    clients: ["java", "franz-go"],
    steps: [
      { op: "reassign", topic: "nowhere", partition: 0, replicas: ["broker"], error: "UNKNOWN_TOPIC_OR_PARTITION" },
      { op: "listReassignments", topic: "nowhere", partition: 0, expect: 0 },
    ],
  },
  {
    name: "a partition that is not there cannot move",
    features: ["KIP-455"],
    steps: [create(), { op: "reassign", topic: "t", partition: 5, replicas: ["broker"], error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
];

const descriptions: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a topic is described in pages",
    features: ["KIP-966"],
    steps: [create("t", 5), { op: "describePages", topic: "t", limit: 2, expect: { partitions: [0, 1, 2, 3, 4] }, within: 5_000 }],
  },
  {
    name: "a topic is described in one page that it just fills",
    features: ["KIP-966"],
    steps: [create("t", 3), { op: "describePages", topic: "t", limit: 3, expect: { partitions: [0, 1, 2] }, within: 5_000 }],
  },
  {
    name: "a topic that is not there is on no page",
    features: ["KIP-966"],
    steps: [{ op: "describePages", topic: "nowhere", limit: 2, error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
  {
    name: "a name that no topic may have is on no page",
    features: ["KIP-966"],
    steps: [{ op: "describePages", topic: "a b", limit: 2, error: "INVALID_TOPIC_EXCEPTION" }],
  },
  {
    name: "a topic and the cluster tell what may be done with them",
    features: ["KIP-430"],
    steps: [
      create(),
      {
        op: "authorizedOperations",
        topic: "t",
        expect: {
          topic: ["ALTER", "ALTER_CONFIGS", "CREATE", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE"],
          cluster: ["ALTER", "ALTER_CONFIGS", "CLUSTER_ACTION", "CREATE", "DESCRIBE", "DESCRIBE_CONFIGS", "IDEMPOTENT_WRITE"],
        },
        within: 5_000,
      },
    ],
  },
  {
    name: "the earliest local offset is the earliest, also where records were deleted",
    features: ["KIP-405"],
    clients: ["java"],
    steps: [
      create(),
      five,
      { op: "listOffsets", ...first, at: "earliest-local", expect: { offset: 0 } },
      { op: "deleteRecords", ...first, before: 3 },
      { op: "listOffsets", ...first, at: "earliest-local", expect: { offset: 3 } },
    ],
  },
  {
    name: "nothing is tiered, and nothing waits for it",
    features: ["KIP-1005", "KIP-1023"],
    clients: ["java"],
    steps: [
      create(),
      five,
      { op: "listOffsets", ...first, at: "latest-tiered", expect: { offset: -1 } },
      { op: "listOffsets", ...first, at: "earliest-pending-upload", expect: { offset: -1 } },
    ],
  },
];

const cluster: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a feature may be set to the level that it has",
    features: ["KIP-584"],
    steps: [
      { op: "updateFeature", feature: "metadata.version", level: METADATA_LEVEL },
      { op: "describeFeatures", expect: { $includes: ["metadata.version"] } },
    ],
  },
  {
    name: "the one voter of the quorum is its leader, and nobody observes it",
    features: ["KIP-836"],
    steps: [{ op: "describeQuorum", expect: { leader: { $kept: "broker.id" }, voters: [{ $kept: "broker.id" }], observers: 0 } }],
  },
  {
    name: "features have the levels of this release, and those of former ones are supported",
    features: ["KIP-584", "KIP-1022"],
    steps: [
      {
        op: "featureLevels",
        expect: {
          "metadata.version": { min: 7, max: METADATA_LEVEL, level: METADATA_LEVEL },
          "transaction.version": { min: 0, max: 2, level: 2 },
        },
      },
    ],
  },
  {
    name: "a feature goes down only if that is meant",
    features: ["KIP-584"],
    steps: [
      { op: "updateFeature", feature: "transaction.version", level: 1, validateOnly: true, error: "INVALID_UPDATE_VERSION" },
      { op: "updateFeature", feature: "transaction.version", level: 1, how: "safe", validateOnly: true },
      { op: "featureLevels", expect: { "transaction.version": { level: 2 } } },
    ],
  },
  {
    name: "transactions are made at every level of theirs, and at the present one again",
    features: ["KIP-584", "KIP-890"],
    // Levels are everybody's.
    broker: { "background.threads": "12" },
    clients: ["java"],
    steps: [
      create(),
      initializes("lasting"),
      ...[1, 0, 2].flatMap((level): Step[] => [
        { op: "updateFeature", feature: "transaction.version", level, ...(level < 2 ? { how: "safe" } : {}) },
        { op: "featureLevels", expect: { "transaction.version": { level } }, within: 5_000 },
        // Kafka cannot write down at level 0 what it has kept of a producer at the others.
        ...(level === 0 ? [] : transaction("lasting", `lasting ${level}`)),
        initializes(`at ${level}`),
        ...transaction(`at ${level}`, `at ${level}`),
      ]),
      {
        op: "fetch",
        ...first,
        from: "earliest",
        count: 5,
        isolation: "read_committed",
        expect: ["lasting 1", "at 1", "at 0", "lasting 2", "at 2"],
      },
    ],
  },
  {
    name: "a feature has no level that is not supported",
    features: ["KIP-584"],
    steps: [{ op: "updateFeature", feature: "metadata.version", level: 99, error: "INVALID_UPDATE_VERSION" }],
  },
  {
    name: "metadata cannot be brought into an older form",
    features: ["KIP-584", "KIP-778"],
    steps: [
      { op: "updateFeature", feature: "metadata.version", level: METADATA_LEVEL - 1, error: "INVALID_UPDATE_VERSION" },
      { op: "updateFeature", feature: "metadata.version", level: METADATA_LEVEL - 1, how: "safe", error: "INVALID_UPDATE_VERSION" },
      { op: "updateFeature", feature: "metadata.version", level: METADATA_LEVEL - 1, how: "unsafe", error: "INVALID_UPDATE_VERSION" },
    ],
  },
  {
    name: "a feature that is not there cannot be updated, nor is that valid",
    features: ["KIP-584"],
    steps: [
      { op: "updateFeature", feature: "no.such.version", level: 1, error: "INVALID_UPDATE_VERSION" },
      { op: "updateFeature", feature: "no.such.version", level: 1, validateOnly: true, error: "INVALID_UPDATE_VERSION" },
    ],
  },
  {
    name: "levels of features are so after a restart",
    features: ["KIP-584"],
    steps: [
      { op: "updateFeature", feature: "metadata.version", level: METADATA_LEVEL },
      { op: "restartBroker" },
      { op: "describeFeatures", expect: { $includes: ["metadata.version"] }, within: 15_000 },
      { op: "updateFeature", feature: "metadata.version", level: METADATA_LEVEL - 1, how: "safe", error: "INVALID_UPDATE_VERSION" },
    ],
  },
  {
    name: "a broker that is not there cannot be forgotten",
    features: ["UnregisterBroker"],
    steps: [{ op: "unregisterBroker", broker: 77, error: "BROKER_ID_NOT_REGISTERED" }],
  },
  {
    name: "a voter cannot be added twice",
    features: ["KIP-853"],
    steps: [{ op: "addVoter", voter: "broker", error: "DUPLICATE_VOTER" }],
  },
  {
    name: "a voter that is none cannot be taken out",
    features: ["KIP-853"],
    steps: [
      { op: "removeVoter", voter: 77, error: "VOTER_NOT_FOUND" },
      { op: "removeVoter", voter: "broker", error: "VOTER_NOT_FOUND" },
      { op: "describeQuorum", expect: { leader: { $kept: "broker.id" } } },
    ],
  },
];

export const clusterRows: readonly RowScenario[] = [...directories, ...elections, ...moves, ...descriptions, ...cluster].map((each) => ({
  ...each,
  area,
}));
