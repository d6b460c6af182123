import type { RowScenario } from "../steps/step.ts";
import { createByClient as create, inPartition } from "./common.ts";

const area = "topics";

const invalid = ([
  ["with a space", "a b"],
  ["with a slash", "a/b"],
  ["of 250 characters", "n".repeat(250)],
] as const).map(([which, topic]): RowScenario => ({
  name: `a topic's name ${which} is refused`,
  area,
  features: ["CreateTopics"],
  clients: ["java", "librdkafka", "franz-go", "kafkajs"],
  steps: [{ op: "createTopic", topic, partitions: 1, replicas: 1, error: "INVALID_TOPIC_EXCEPTION" }],
}));

const badConfigs = ([
  ["an unknown property", { "no.such.property": "1" }],
  ["a number that is none", { "segment.bytes": "many" }],
  ["a number below its least", { "segment.bytes": "1" }],
  ["an unknown policy", { "cleanup.policy": "shrink" }],
  ["an unknown codec", { "compression.type": "rar" }],
] as const).map(([which, config]): RowScenario => ({
  name: `a topic with ${which} is not made`,
  area,
  features: ["CreateTopics", "topic configuration"],
  steps: [
    { ...create("t", 1, config), error: "INVALID_CONFIG" } as RowScenario["steps"][number],
    { op: "listTopics", expect: { $not: { $includes: ["t"] } } },
  ],
}));

const goodConfigs = ([
  ["segment.bytes", "2097152"],
  ["cleanup.policy", "compact"],
  ["retention.ms", "3600000"],
  ["max.message.bytes", "2000000"],
  ["message.timestamp.type", "LogAppendTime"],
  ["min.insync.replicas", "1"],
] as const).map(([name, value]): RowScenario => ({
  name: `${name} is kept and told as the topic's own`,
  area,
  features: ["topic configuration", "DescribeConfigs"],
  steps: [
    create("t", 1, { [name]: value }),
    { op: "describeConfigs", type: "topic", name: "t", expect: { [name]: { value, readOnly: false, sensitive: false } } },
  ],
}));

export const topicsRows: readonly RowScenario[] = [
  ...invalid,
  ...badConfigs,
  ...goodConfigs,
  {
    name: "a topic has the partitions and replicas that were asked for",
    area,
    features: ["CreateTopics"],
    steps: [create("t", 7), { op: "describeTopic", topic: "t", expect: { partitions: 7, replicas: 1 } }],
  },
  {
    name: "a topic without numbers gets the broker's defaults",
    area,
    features: ["KIP-464", "num.partitions"],
    clients: ["java", "librdkafka", "franz-go", "kafkajs"],
    steps: [{ op: "createTopic", topic: "t" }, { op: "describeTopic", topic: "t", expect: { partitions: 1, replicas: 1 } }],
  },
  {
    name: "the broker's num.partitions and default properties count for new topics",
    area,
    features: ["num.partitions"],
    broker: { "num.partitions": "3", "log.segment.bytes": "2097152" },
    clients: ["java", "franz-go", "kafkajs"],
    steps: [
      { op: "createTopic", topic: "t" },
      { op: "describeTopic", topic: "t", expect: { partitions: 3 } },
      { op: "describeConfigs", type: "topic", name: "t", expect: { "segment.bytes": { value: "2097152" } } },
    ],
  },
  {
    name: "a topic cannot be made twice",
    area,
    features: ["CreateTopics"],
    steps: [create(), { ...create("t", 2), error: "TOPIC_ALREADY_EXISTS" } as RowScenario["steps"][number], {
      op: "describeTopic",
      topic: "t",
      expect: { partitions: 1 },
    }],
  },
  {
    name: "a topic of no partitions is refused",
    area,
    features: ["CreateTopics"],
    clients: ["java", "franz-go", "kafkajs"],
    steps: [{ op: "createTopic", topic: "t", partitions: 0, replicas: 1, error: "INVALID_PARTITIONS" }],
  },
  {
    name: "more replicas than brokers are refused",
    area,
    features: ["CreateTopics"],
    steps: [{ op: "createTopic", topic: "t", partitions: 1, replicas: 2, error: "INVALID_REPLICATION_FACTOR" }],
  },
  {
    name: "names that metrics could not tell apart are refused",
    area,
    features: ["CreateTopics"],
    steps: [create("a.b"), { ...create("a_b"), error: "INVALID_TOPIC_EXCEPTION" } as RowScenario["steps"][number]],
  },
  {
    name: "validate_only checks and makes nothing",
    area,
    features: ["KIP-4"],
    steps: [
      { op: "createTopic", topic: "t", partitions: 1, replicas: 1, validateOnly: true },
      { op: "createTopic", topic: "u", partitions: 1, replicas: 9, validateOnly: true, error: "INVALID_REPLICATION_FACTOR" },
      { op: "listTopics", expect: { $not: { $includes: ["t"] } } },
    ],
  },
  {
    name: "a topic is made with the replicas that are named",
    area,
    features: ["KIP-4"],
    steps: [
      { op: "createTopic", topic: "t", assignments: [["broker"], ["broker"]] },
      { op: "describeTopic", topic: "t", expect: { partitions: 2, replicas: 1, leader: { $kept: "broker.id" } } },
    ],
  },
  {
    name: "replicas on a broker that is not there are refused",
    area,
    features: ["KIP-4"],
    steps: [{ op: "createTopic", topic: "t", assignments: [[77]], error: "INVALID_REPLICA_ASSIGNMENT" }],
  },
  {
    name: "a deleted topic is gone",
    area,
    features: ["DeleteTopics"],
    steps: [
      create(),
      { op: "listTopics", expect: { $includes: ["t"] }, within: 5_000 },
      { op: "deleteTopic", topic: "t" },
      { op: "listTopics", expect: { $not: { $includes: ["t"] } }, within: 10_000 },
    ],
  },
  {
    name: "a topic that is not there cannot be deleted",
    area,
    features: ["DeleteTopics"],
    steps: [{ op: "deleteTopic", topic: "nowhere", error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
  {
    name: "a topic made anew has another id",
    area,
    features: ["KIP-516"],
    steps: [
      create(),
      { op: "describeTopic", topic: "t", keep: "first" },
      { op: "deleteTopic", topic: "t" },
      { ...create(), within: 10_000 } as RowScenario["steps"][number],
      { op: "describeTopic", topic: "t", expect: { id: { $not: { $kept: "first.id" } } }, within: 10_000 },
    ],
    clients: ["java", "librdkafka", "franz-go"],
  },
  {
    name: "a topic made anew has none of the old one's properties",
    area,
    features: ["DeleteTopics", "topic configuration"],
    steps: [
      create("t", 1, { "segment.bytes": "2097152" }),
      { op: "deleteTopic", topic: "t" },
      { ...create(), within: 10_000 } as RowScenario["steps"][number],
      { op: "describeConfigs", type: "topic", name: "t", expect: { "segment.bytes": { value: "1073741824" } }, within: 10_000 },
    ],
  },
  {
    name: "who makes a topic is told what it is like",
    area,
    features: ["KIP-525", "KIP-516"],
    // Of these clients the one that shows it all.
    clients: ["franz-go"],
    steps: [
      {
        ...create("t", 3, { "segment.bytes": "2097152" }),
        expect: {
          partitions: 3,
          replicas: 1,
          configs: {
            "segment.bytes": { value: "2097152", source: "DYNAMIC_TOPIC_CONFIG" },
            "retention.ms": { value: "604800000", source: "DEFAULT_CONFIG" },
          },
        },
        keep: "made",
      },
      { op: "describeTopic", topic: "t", expect: { id: { $kept: "made.id" } } },
    ],
  },
  {
    name: "a topic, its id and its properties are there after a restart",
    area,
    features: ["KIP-516", "__cluster_metadata"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create("t", 3, { "segment.bytes": "2097152" }),
      { op: "describeTopic", topic: "t", keep: "before" },
      { op: "restartBroker" },
      { op: "describeTopic", topic: "t", expect: { partitions: 3, id: { $kept: "before.id" } }, within: 15_000 },
      { op: "describeConfigs", type: "topic", name: "t", expect: { "segment.bytes": { value: "2097152" } }, within: 15_000 },
    ],
  },
  {
    name: "a deleted topic does not come back with kill -9",
    area,
    features: ["DeleteTopics", "durability"],
    steps: [
      create("kept"),
      create("gone"),
      { op: "deleteTopic", topic: "gone" },
      { op: "killBroker" },
      { op: "listTopics", expect: { $includes: ["kept"] }, within: 15_000 },
      { op: "listTopics", expect: { $not: { $includes: ["gone"] } } },
    ],
  },
  {
    name: "a property that is not set comes from the defaults",
    area,
    features: ["DescribeConfigs", "KIP-226"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create("t", 1, { "segment.bytes": "2097152" }),
      {
        op: "describeConfigs",
        type: "topic",
        name: "t",
        expect: {
          "segment.bytes": { value: "2097152", source: { $matches: "DYNAMIC_TOPIC_CONFIG" } },
          "retention.ms": { value: "604800000", source: { $matches: "DEFAULT_CONFIG" } },
          "cleanup.policy": { value: "delete" },
          "compression.type": { value: "producer" },
        },
      },
    ],
  },
  {
    name: "a property that the broker sets for all topics is told as the broker's",
    area,
    features: ["DescribeConfigs", "KIP-226"],
    broker: { "num.partitions": "3", "log.segment.bytes": "2097152" },
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create(),
      {
        op: "describeConfigs",
        type: "topic",
        name: "t",
        expect: { "segment.bytes": { value: "2097152", source: { $matches: "STATIC_BROKER_CONFIG" } } },
      },
    ],
  },
  {
    name: "the broker tells its properties",
    area,
    features: ["DescribeConfigs"],
    steps: [{
      op: "describeConfigs",
      type: "broker",
      name: "broker",
      expect: {
        "auto.create.topics.enable": { value: "true" },
        "node.id": { value: { $kept: "broker.name" }, readOnly: true },
        "message.max.bytes": { value: "1048588" },
        "group.initial.rebalance.delay.ms": { value: "0" },
      },
    }],
  },
  {
    name: "a password is never told",
    area,
    features: ["DescribeConfigs"],
    steps: [{ op: "describeConfigs", type: "broker", name: "broker", expect: { "ssl.key.password": { value: null, sensitive: true } } }],
  },
  {
    name: "properties of a topic that is not there are an error",
    area,
    features: ["DescribeConfigs"],
    steps: [{ op: "describeConfigs", type: "topic", name: "nowhere", error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
  {
    name: "a topic of a hundred partitions takes a record in each",
    area,
    features: ["CreateTopics"],
    // Others send to all partitions again when one is not there yet.
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create("t", 100),
      {
        op: "produce",
        topic: "t",
        records: Array.from({ length: 100 }, (_, partition) => inPartition(partition, String(partition))).flat(),
        expect: Array.from({ length: 100 }, () => 0),
      },
      { op: "listOffsets", topic: "t", partition: 99, at: "latest", expect: { offset: 1 } },
    ],
  },
];
