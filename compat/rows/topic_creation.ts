/** What topics may be made of, and topics by their ids. */
import type { ClientName } from "../drivers/driver.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import { createByClient as create, inPartition } from "./common.ts";

const area = "topics";
/** Those that send whatever they are given. */
const plain: readonly ClientName[] = ["java", "franz-go", "kafkajs"];
const both: readonly ClientName[] = ["java", "franz-go"];

const isNot: Step = { op: "listTopics", expect: { $not: { $includes: ["t"] } } };

const refusedConfigs = ([
  ["whose records must be compacted sooner than they may", { "min.compaction.lag.ms": "2000", "max.compaction.lag.ms": "1000" }],
  ["whose segments go elsewhere where there is no elsewhere", { "remote.storage.enable": "true" }],
  ["with a property of former versions", { "message.format.version": "2.8" }],
  ["whose throttled replicas are none", { "leader.replication.throttled.replicas": "all" }],
] as const).map(([which, config]): Omit<RowScenario, "area"> => ({
  name: `a topic ${which} is not made`,
  features: ["CreateTopics", "topic configuration"],
  steps: [{ ...create("t", 1, config), error: "INVALID_CONFIG" } as Step, isNot],
}));

const tidied = ([
  ["blanks around a number", "retention.ms", " 3600000 ", "3600000"],
  ["blanks in a list", "cleanup.policy", "compact, delete", "compact,delete"],
  ["the same policy twice", "cleanup.policy", "compact,compact", "compact"],
  ["large letters in what is true", "preallocate", "TRUE", "true"],
  ["no policy at all, which keeps everything", "cleanup.policy", "", ""],
] as const).map(([which, name, value, told]): Omit<RowScenario, "area"> => ({
  name: `a topic may be given ${which}`,
  features: ["CreateTopics", "topic configuration"],
  steps: [create("t", 1, { [name]: value }), { op: "describeConfigs", type: "topic", name: "t", expect: { [name]: { value: told } } }],
}));

const assigned: readonly Omit<RowScenario, "area">[] = [
  ...([
    ["the same broker twice", [["broker", "broker"]]],
    ["no broker", [["broker"], []]],
    ["fewer replicas of one partition than of the other", [["broker"], ["broker", 77]]],
  ] as const).map(([which, assignments]): Omit<RowScenario, "area"> => ({
    name: `replicas that name ${which} are refused`,
    features: ["KIP-4"],
    clients: ["java", "franz-go", "kafkajs", "platformatic"],
    steps: [{ op: "createTopic", topic: "t", assignments, error: "INVALID_REPLICA_ASSIGNMENT" }, isNot],
  })),
  {
    name: "a topic with named replicas has its own properties too",
    features: ["KIP-4", "topic configuration"],
    steps: [
      { op: "createTopic", topic: "t", assignments: [["broker"], ["broker"], ["broker"]], config: { "retention.ms": "3600000" } },
      { op: "describeTopic", topic: "t", expect: { partitions: 3 } },
      { op: "describeConfigs", type: "topic", name: "t", expect: { "retention.ms": { value: "3600000" } } },
    ],
  },
  {
    name: "named replicas are only checked with validate_only",
    features: ["KIP-4"],
    clients: plain,
    steps: [
      { op: "createTopic", topic: "t", assignments: [["broker"]], validateOnly: true },
      { op: "createTopic", topic: "t", assignments: [[77]], validateOnly: true, error: "INVALID_REPLICA_ASSIGNMENT" },
      isNot,
    ],
  },
];

const numbersAndNames: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a topic of no replicas is refused",
    features: ["CreateTopics"],
    clients: plain,
    steps: [{ op: "createTopic", topic: "t", partitions: 1, replicas: 0, error: "INVALID_REPLICATION_FACTOR" }],
  },
  {
    name: "a topic of fewer than no partitions is refused",
    features: ["CreateTopics"],
    clients: plain,
    steps: [{ op: "createTopic", topic: "t", partitions: -2, replicas: 1, error: "INVALID_PARTITIONS" }],
  },
  {
    name: "a topic without a name is refused",
    features: ["CreateTopics"],
    clients: ["franz-go"],
    steps: [{ op: "createTopic", topic: "", partitions: 1, replicas: 1, error: "INVALID_TOPIC_EXCEPTION" }],
  },
  {
    name: "nobody makes the topic of the cluster's metadata",
    features: ["__cluster_metadata"],
    clients: both,
    steps: [{ op: "createTopic", topic: "__cluster_metadata", partitions: 1, replicas: 1, error: "INVALID_REQUEST" }],
  },
  {
    name: "a deleted topic's name is in nobody's way",
    features: ["CreateTopics", "DeleteTopics"],
    steps: [
      create("a.b"),
      { op: "deleteTopic", topic: "a.b" },
      { ...create("a_b"), within: 10_000 } as Step,
      { op: "describeTopic", topic: "a_b", expect: { partitions: 1 }, within: 5_000 },
    ],
  },
  {
    name: "validate_only tells that the topic is there already",
    features: ["KIP-4"],
    clients: ["java", "franz-go", "librdkafka"],
    steps: [create(), { op: "createTopic", topic: "t", partitions: 1, replicas: 1, validateOnly: true, error: "TOPIC_ALREADY_EXISTS" }],
  },
  {
    name: "validate_only checks properties too",
    features: ["KIP-4"],
    steps: [
      {
        op: "createTopic",
        topic: "t",
        partitions: 1,
        replicas: 1,
        config: { "segment.bytes": "1" },
        validateOnly: true,
        error: "INVALID_CONFIG",
      },
      {
        op: "createTopic",
        topic: "t",
        partitions: 1,
        replicas: 1,
        config: { "no.such.property": "1" },
        validateOnly: true,
        error: "INVALID_CONFIG",
      },
    ],
  },
  {
    name: "who only validates a topic is told what it would be like",
    features: ["KIP-525"],
    clients: both,
    steps: [
      {
        op: "createTopic",
        topic: "t",
        config: { "segment.bytes": "2097152" },
        validateOnly: true,
        expect: {
          partitions: 1,
          replicas: 1,
          configs: {
            "segment.bytes": { value: "2097152", source: "DYNAMIC_TOPIC_CONFIG" },
            "retention.ms": { value: "604800000", source: "DEFAULT_CONFIG" },
          },
        },
      },
      isNot,
    ],
  },
];

const ids: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a topic is described by its id",
    features: ["KIP-516"],
    steps: [
      create("t", 3),
      { op: "describeTopic", topic: "t", keep: "topic" },
      { op: "describeTopic", topicId: { $kept: "topic.id" }, expect: { name: "t", partitions: 3 }, within: 5_000 },
    ],
  },
  {
    name: "an id that no topic has describes none",
    features: ["KIP-516"],
    steps: [
      create(),
      { op: "describeTopic", topic: "t", keep: "topic" },
      { op: "deleteTopic", topic: "t" },
      { op: "describeTopic", topicId: { $kept: "topic.id" }, error: "UNKNOWN_TOPIC_ID", within: 10_000 },
      { op: "deleteTopic", topicId: { $kept: "topic.id" }, error: "UNKNOWN_TOPIC_ID", within: 10_000 },
    ],
  },
  {
    name: "a topic is deleted by its id",
    features: ["KIP-516", "DeleteTopics"],
    steps: [
      create(),
      { op: "describeTopic", topic: "t", keep: "topic" },
      { op: "deleteTopic", topicId: { $kept: "topic.id" } },
      { op: "listTopics", expect: { $not: { $includes: ["t"] } }, within: 10_000 },
    ],
  },
  {
    name: "the id of a deleted topic does not delete the new one of its name",
    features: ["KIP-516", "DeleteTopics"],
    steps: [
      create(),
      { op: "describeTopic", topic: "t", keep: "topic" },
      { op: "deleteTopic", topic: "t" },
      { ...create("t", 2), within: 10_000 } as Step,
      { op: "deleteTopic", topicId: { $kept: "topic.id" }, error: "UNKNOWN_TOPIC_ID", within: 10_000 },
      { op: "describeTopic", topic: "t", expect: { partitions: 2 }, within: 5_000 },
    ],
  },
  {
    name: "a topic's id tells a new name from an old one after kill -9",
    features: ["KIP-516", "durability"],
    clients: both,
    steps: [
      create(),
      { op: "describeTopic", topic: "t", keep: "old" },
      { op: "deleteTopic", topic: "t" },
      { ...create("t", 2), within: 10_000 } as Step,
      { op: "describeTopic", topic: "t", expect: { partitions: 2 }, keep: "new", within: 10_000 },
      { op: "killBroker" },
      { op: "describeTopic", topicId: { $kept: "new.id" }, expect: { name: "t", partitions: 2 }, within: 15_000 },
      { op: "describeTopic", topicId: { $kept: "old.id" }, error: "UNKNOWN_TOPIC_ID", within: 5_000 },
    ],
  },
];

/** A broker of Kafka's hears of it later, and until then would take records for the old topic. */
const isGone: Step = { ...isNot, within: 15_000 } as Step;

const withProducers: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a transaction over a topic that was deleted is committed in the others",
    features: ["DeleteTopics", "KIP-98"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create("gone"),
      create("kept"),
      { op: "initTransactions", producer: "p", transactionalId: "x" },
      { op: "beginTransaction", producer: "p" },
      { op: "produce", topic: "gone", producer: "p", transactionalId: "x", records: inPartition(0, "a") },
      { op: "produce", topic: "kept", producer: "p", transactionalId: "x", records: inPartition(0, "b") },
      { op: "deleteTopic", topic: "gone" },
      { op: "commitTransaction", producer: "p" },
      { op: "fetch", topic: "kept", partition: 0, from: "earliest", count: 1, isolation: "read_committed", expect: ["b"] },
    ],
  },
  {
    name: "a transaction over a topic that was deleted and made anew leaves the new one alone",
    features: ["DeleteTopics", "KIP-98", "KIP-516"],
    clients: ["java", "franz-go"],
    steps: [
      create("t"),
      { op: "initTransactions", producer: "p", transactionalId: "x" },
      { op: "beginTransaction", producer: "p" },
      { op: "produce", topic: "t", producer: "p", transactionalId: "x", records: inPartition(0, "a") },
      { op: "deleteTopic", topic: "t" },
      isGone,
      { ...create("t"), within: 10_000 } as Step,
      { op: "commitTransaction", producer: "p" },
      { op: "produce", topic: "t", producer: "other", records: inPartition(0, "b"), within: 10_000 },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, isolation: "read_committed", expect: ["b"] },
    ],
  },
  {
    name: "a transaction goes on in partitions that are added to its topic",
    features: ["CreatePartitions", "KIP-98"],
    // Others know of no new partition for minutes.
    clients: ["java"],
    steps: [
      create("t"),
      { op: "initTransactions", producer: "p", transactionalId: "x" },
      { op: "beginTransaction", producer: "p" },
      { op: "produce", topic: "t", producer: "p", transactionalId: "x", records: inPartition(0, "a") },
      { op: "createPartitions", topic: "t", count: 2 },
      { op: "listOffsets", topic: "t", partition: 1, at: "latest", expect: { offset: 0 }, within: 5_000 },
      { op: "produce", topic: "t", producer: "p", transactionalId: "x", records: inPartition(1, "b"), within: 15_000 },
      { op: "commitTransaction", producer: "p" },
      { op: "fetch", topic: "t", partition: 1, from: "earliest", count: 1, isolation: "read_committed", expect: ["b"] },
    ],
  },
  {
    name: "an idempotent producer goes on in a topic that is made anew",
    features: ["DeleteTopics", "KIP-360"],
    clients: ["java", "librdkafka"],
    steps: [
      create("t"),
      { op: "produce", topic: "t", producer: "p", idempotent: true, records: inPartition(0, "a", "b", "c"), expect: [0, 1, 2] },
      { op: "deleteTopic", topic: "t" },
      isGone,
      { ...create("t"), within: 10_000 } as Step,
      { op: "produce", topic: "t", producer: "p", idempotent: true, records: inPartition(0, "d"), within: 15_000 },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, expect: ["d"] },
    ],
  },
  {
    name: "a topic compresses what comes uncompressed",
    features: ["compression.type"],
    steps: [
      create("t", 1, { "compression.type": "zstd" }),
      { op: "produce", topic: "t", records: inPartition(0, "x".repeat(100_000)) },
      { op: "describeReplica", topic: "t", partition: 0, expect: { size: { $not: { $atLeast: 10_000 } } } },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, expect: ["x".repeat(100_000)] },
    ],
  },
  {
    name: "a topic uncompresses what comes compressed",
    features: ["compression.type"],
    steps: [
      create("t", 1, { "compression.type": "uncompressed" }),
      { op: "produce", topic: "t", records: inPartition(0, "x".repeat(100_000)), compression: "gzip" },
      { op: "describeReplica", topic: "t", partition: 0, expect: { size: { $atLeast: 100_000 } }, within: 5_000 },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, expect: ["x".repeat(100_000)] },
    ],
  },
];

export const topicCreationRows: readonly RowScenario[] = [
  ...refusedConfigs,
  ...tidied,
  ...assigned,
  ...numbersAndNames,
  ...ids,
  ...withProducers,
].map((
  each,
) => ({
  ...each,
  area,
}));
