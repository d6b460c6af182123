import type { RowScenario } from "../steps/step.ts";
import { create, createByClient } from "./common.ts";

const area = "metadata";
const without = { "auto.create.topics.enable": "false" };

export const metadataRows: readonly RowScenario[] = [
  {
    name: "a topic that is produced to is made",
    area,
    features: ["auto.create.topics.enable"],
    steps: [
      { op: "produce", topic: "t", records: ["a"], expect: [0], within: 15_000 },
      { op: "describeTopic", topic: "t", expect: { partitions: 1, replicas: 1 }, within: 5_000 },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, expect: ["a"] },
    ],
  },
  {
    name: "a topic that is consumed from is made if the client allows it",
    area,
    features: ["allow.auto.create.topics", "KIP-361"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, autoCreate: true, waitMs: 1_500, within: 10_000, expect: [] },
      { op: "describeTopic", topic: "t", expect: { partitions: 1 }, within: 5_000 },
    ],
  },
  {
    name: "asking for a topic does not make it",
    area,
    features: ["KIP-361"],
    steps: [
      { op: "describeTopic", topic: "nowhere", error: "UNKNOWN_TOPIC_OR_PARTITION" },
      { op: "listTopics", expect: { $not: { $includes: ["nowhere"] } } },
    ],
  },
  {
    name: "where topics are not made by themselves, producing to one that is not there fails",
    area,
    features: ["auto.create.topics.enable"],
    broker: without,
    clients: ["franz-go", "kafkajs"],
    steps: [
      { op: "produce", topic: "nowhere", records: ["a"], error: "UNKNOWN_TOPIC_OR_PARTITION" },
      { op: "listTopics", expect: { $not: { $includes: ["nowhere"] } } },
    ],
  },
  {
    name: "where topics are not made by themselves, one can be made",
    area,
    features: ["auto.create.topics.enable"],
    broker: without,
    clients: ["librdkafka", "franz-go", "kafkajs", "java"],
    steps: [createByClient(), { op: "produce", topic: "t", records: ["a"], expect: [0] }],
  },
  {
    name: "topics that make themselves have num.partitions partitions",
    area,
    features: ["num.partitions", "auto.create.topics.enable"],
    broker: { "num.partitions": "3", "log.segment.bytes": "2097152" },
    clients: ["java", "franz-go", "kafkajs"],
    steps: [
      { op: "produce", topic: "t", records: ["a"], within: 15_000 },
      { op: "describeTopic", topic: "t", expect: { partitions: 3 }, within: 5_000 },
    ],
  },
  {
    name: "a name that no topic may have is not made by producing",
    area,
    features: ["Metadata"],
    clients: ["java", "franz-go", "kafkajs"],
    steps: [{ op: "produce", topic: "a b", records: ["a"], error: "INVALID_TOPIC_EXCEPTION" }],
  },
  {
    name: "a name too like another's is not made by producing",
    area,
    features: ["auto.create.topics.enable"],
    clients: ["franz-go", "kafkajs"],
    steps: [
      create("a.b"),
      { op: "produce", topic: "a_b", records: ["a"], error: ["UNKNOWN_TOPIC_OR_PARTITION", "INVALID_TOPIC_EXCEPTION"] },
      { op: "listTopics", expect: { $not: { $includes: ["a_b"] } } },
    ],
  },
  {
    name: "the cluster is one broker, which is the controller",
    area,
    features: ["DescribeCluster", "Metadata"],
    steps: [{ op: "describeCluster", expect: { brokers: 1, controller: { $kept: "broker.id" }, clusterId: { $matches: "^[\\w-]{22}$" } } }],
  },
  {
    name: "the cluster's id outlives a restart",
    area,
    features: ["DescribeCluster"],
    steps: [
      { op: "describeCluster", keep: "before" },
      { op: "restartBroker" },
      { op: "describeCluster", expect: { clusterId: { $kept: "before.clusterId" } }, within: 15_000 },
    ],
  },
  {
    name: "a partition's leader is the broker, in epoch 0",
    area,
    features: ["KIP-320"],
    clients: ["franz-go", "platformatic"],
    steps: [create(), { op: "describeTopic", topic: "t", expect: { leader: { $kept: "broker.id" }, leaderEpoch: 0 } }],
  },
  {
    name: "the topic of offsets is internal: it is not listed among the others",
    area,
    features: ["__consumer_offsets"],
    // The others list whatever there is.
    clients: ["java", "franz-go"],
    steps: [
      create(),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 1]] },
      { op: "listTopics", expect: ["t"], within: 5_000 },
    ],
  },
  {
    name: "every replica is in sync",
    area,
    features: ["Metadata"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [create("t", 2), { op: "describeTopic", topic: "t", expect: { replicas: 1, inSync: 1 } }],
  },
  {
    name: "topics are listed by every name they have",
    area,
    features: ["Metadata"],
    steps: [create("one"), create("Two"), create("three-3_3.3"), {
      op: "listTopics",
      expect: { $includes: ["one", "Two", "three-3_3.3"] },
      within: 5_000,
    }],
  },
  {
    name: "a client that knew a deleted topic learns of the new one of that name",
    area,
    features: ["KIP-516", "Metadata"],
    steps: [
      create("t", 1),
      // Not a producer: refreshing what it knows, it would make the topic itself.
      { op: "describeTopic", topic: "t", expect: { partitions: 1 } },
      { op: "deleteTopic", topic: "t" },
      create("t", 4),
      { op: "describeTopic", topic: "t", expect: { partitions: 4 }, within: 10_000 },
    ],
  },
];
