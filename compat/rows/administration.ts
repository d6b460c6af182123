import { FIRST_TIMESTAMP } from "../records.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import { create, inPartition } from "./common.ts";

const area = "administration";
const SOON = 25_000;

function alter(set: Record<string, string>): Step {
  return { op: "alterConfigs", type: "topic", name: "t", set };
}

function value(name: string, expected: string): Step {
  return { op: "describeConfigs", type: "topic", name: "t", expect: { [name]: { value: expected } }, within: 5_000 };
}

const five: Step = { op: "produce", topic: "t", records: inPartition(0, "a", "b", "c", "d", "e") };

const PARTITIONS = [0, 1, 2];

/** Partition p holds 4 + p records, a second apart. */
const browsed: Step = {
  op: "produce",
  topic: "t",
  records: PARTITIONS.flatMap((partition) =>
    Array.from({ length: 4 + partition }, (_, i) => ({ partition, timestamp: FIRST_TIMESTAMP + i * 1_000, value: `${partition}/${i}` }))
  ),
};

/** Where a partition begins and ends and where a time is in it, and its last two records. */
function browse(partition: number): Step[] {
  const end = 4 + partition;
  return [
    { op: "listOffsets", topic: "t", partition, at: "earliest", expect: { offset: 0 } },
    { op: "listOffsets", topic: "t", partition, at: "latest", expect: { offset: end } },
    { op: "listOffsets", topic: "t", partition, at: { timestamp: FIRST_TIMESTAMP + 1_500 }, expect: { offset: 2 } },
    { op: "fetch", topic: "t", partition, from: end - 2, count: 2, expect: [`${partition}/${end - 2}`, `${partition}/${end - 1}`] },
  ];
}

const all: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a topic gets more partitions, which are empty",
    features: ["CreatePartitions"],
    steps: [
      create("t", 1),
      five,
      { op: "createPartitions", topic: "t", count: 3 },
      { op: "describeTopic", topic: "t", expect: { partitions: 3 }, within: 5_000 },
      { op: "listOffsets", topic: "t", partition: 2, at: "latest", expect: { offset: 0 }, within: 5_000 },
    ],
  },
  {
    name: "a topic cannot have fewer partitions",
    features: ["CreatePartitions"],
    steps: [create("t", 3), { op: "createPartitions", topic: "t", count: 2, error: "INVALID_PARTITIONS" }],
  },
  {
    name: "more partitions are only checked with validate_only",
    features: ["CreatePartitions"],
    steps: [
      create("t", 1),
      { op: "createPartitions", topic: "t", count: 3, validateOnly: true },
      { op: "describeTopic", topic: "t", expect: { partitions: 1 } },
    ],
  },
  {
    name: "a member gets partitions that are added",
    features: ["CreatePartitions", "metadata.max.age.ms"],
    clients: ["java", "franz-go"],
    steps: [
      create("t", 1),
      { op: "createPartitions", topic: "t", count: 2 },
      { op: "describeTopic", topic: "t", expect: { partitions: 2 }, within: 5_000 },
      { op: "join", member: "m", group: "g", topics: ["t"] },
      { op: "status", member: "m", expect: { assigned: ["t-0", "t-1"] }, within: SOON },
    ],
  },
  {
    name: "a topic's property is altered",
    features: ["KIP-339"],
    steps: [create(), alter({ "retention.ms": "1234567" }), value("retention.ms", "1234567")],
  },
  {
    name: "an altered max.message.bytes counts at once",
    features: ["KIP-339", "max.message.bytes"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "x".repeat(5_000)), expect: [0] },
      alter({ "max.message.bytes": "1000" }),
      value("max.message.bytes", "1000"),
      { op: "produce", topic: "t", records: inPartition(0, "x".repeat(5_000)), error: "MESSAGE_TOO_LARGE" },
    ],
  },
  {
    name: "a property is removed and is the default again",
    features: ["KIP-339"],
    steps: [
      create("t", 1, { "retention.ms": "1234567" }),
      { op: "alterConfigs", type: "topic", name: "t", remove: ["retention.ms"] },
      value("retention.ms", "604800000"),
    ],
  },
  {
    name: "a policy is appended to a list",
    features: ["KIP-339"],
    steps: [
      create(),
      { op: "alterConfigs", type: "topic", name: "t", append: { "cleanup.policy": "compact" } },
      value("cleanup.policy", "delete,compact"),
    ],
  },
  {
    name: "a wrong value is refused and changes nothing",
    features: ["KIP-339"],
    steps: [create(), { ...alter({ "segment.bytes": "1" }), error: "INVALID_CONFIG" }, value("segment.bytes", "1073741824")],
  },
  {
    name: "what was altered is so after a restart",
    features: ["KIP-339"],
    clients: ["java", "franz-go"],
    steps: [
      create("t", 1, { "retention.ms": "1234567" }),
      { op: "alterConfigs", type: "topic", name: "t", set: { "max.message.bytes": "1000" }, remove: ["retention.ms"] },
      { op: "restartBroker" },
      { op: "describeConfigs", type: "topic", name: "t", expect: { "max.message.bytes": { value: "1000" } }, within: 15_000 },
      value("retention.ms", "604800000"),
      { op: "produce", topic: "t", records: inPartition(0, "x".repeat(5_000)), error: "MESSAGE_TOO_LARGE" },
    ],
  },
  {
    name: "records before an offset are deleted",
    features: ["KIP-107"],
    steps: [
      create(),
      five,
      { op: "deleteRecords", topic: "t", partition: 0, before: 3, expect: { lowWatermark: 3 } },
      { op: "listOffsets", topic: "t", at: "earliest", expect: { offset: 3 } },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 2, expect: ["d", "e"] },
    ],
  },
  {
    name: "records beyond the end cannot be deleted",
    features: ["KIP-107"],
    steps: [create(), five, { op: "deleteRecords", topic: "t", partition: 0, before: 9, error: "OFFSET_OUT_OF_RANGE" }],
  },
  {
    name: "deleted records stay deleted over a restart",
    features: ["KIP-107"],
    clients: ["java", "franz-go"],
    steps: [
      create(),
      five,
      { op: "deleteRecords", topic: "t", partition: 0, before: 3 },
      { op: "restartBroker" },
      { op: "listOffsets", topic: "t", at: "earliest", expect: { offset: 3 }, within: 15_000 },
    ],
  },
  {
    name: "the log directory tells the topics in it",
    features: ["KIP-113"],
    steps: [create(), five, { op: "describeLogDirs", expect: { $includes: ["t"] }, within: 5_000 }],
  },
  {
    name: "DescribeProducers tells an idempotent producer and its last sequence",
    features: ["KIP-664"],
    steps: [
      create(),
      { op: "produce", topic: "t", producer: "p", idempotent: true, records: inPartition(0, "a", "b", "c") },
      { op: "describeProducers", topic: "t", partition: 0, expect: [{ epoch: 0, lastSequence: 2, transactionStart: -1 }] },
    ],
  },
  {
    name: "a leader that is the preferred one already needs no election",
    features: ["KIP-460"],
    steps: [create(), { op: "electLeaders", topic: "t", partition: 0, error: "ELECTION_NOT_NEEDED" }],
  },
  {
    name: "no partition is being reassigned",
    features: ["KIP-455"],
    steps: [create(), { op: "listReassignments", topic: "t", partition: 0, expect: 0 }],
  },
  {
    name: "a walk as web pages for administrators take: the cluster, topics, what they are set to and hold, groups and how far they are",
    features: ["DescribeCluster", "DescribeConfigs", "ListOffsets", "ListGroups", "DescribeGroups", "OffsetFetch"],
    steps: [
      create("t", 3, { "retention.ms": "86400000" }),
      browsed,
      { op: "join", member: "m", group: "g", topics: ["t"] },
      { op: "poll", member: "m", count: 15, expect: { $count: 15 } },
      { op: "commit", member: "m", offsets: PARTITIONS.map((partition) => ["t", partition, 4 + partition] as const) },
      { op: "describeCluster", expect: { brokers: 1, controller: { $kept: "broker.id" } } },
      { op: "describeConfigs", type: "broker", name: "broker", expect: { "log.retention.hours": { value: "168" } } },
      { op: "listTopics", expect: { $includes: ["t"] }, within: 5_000 },
      { op: "describeTopic", topic: "t", expect: { partitions: 3 } },
      {
        op: "describeConfigs",
        type: "topic",
        name: "t",
        expect: { "retention.ms": { value: "86400000" }, "cleanup.policy": { value: "delete" } },
      },
      ...PARTITIONS.flatMap(browse),
      { op: "listGroups", expect: { $includes: [{ group: "g" }] } },
      { op: "describeGroup", group: "g", expect: { state: "Stable", members: { $count: 1 } } },
      {
        op: "groupOffsets",
        group: "g",
        expect: { $unordered: PARTITIONS.map((partition) => ({ topic: "t", partition, offset: 4 + partition })) },
        within: 5_000,
      },
    ],
  },
  {
    name: "without an authorizer there are no ACLs to describe",
    features: ["KIP-140"],
    notYet: "DescribeAcls is not served",
    steps: [{ op: "describeAcls", error: "SECURITY_DISABLED" }],
  },
  {
    name: "a user's SCRAM credential is set and told without its secret",
    features: ["KIP-554"],
    notYet: "AlterUserScramCredentials is not served",
    steps: [
      { op: "alterScram", user: "u", iterations: 4_096 },
      { op: "describeScram", user: "u", expect: [{ mechanism: "SCRAM-SHA-256", iterations: 4_096 }], within: 5_000 },
    ],
  },
  {
    name: "a user that is not there has no SCRAM credential",
    features: ["KIP-554"],
    steps: [{ op: "describeScram", user: "nobody", error: "RESOURCE_NOT_FOUND" }],
  },
  {
    name: "topics are among the resources that have configurations",
    features: ["KIP-1142"],
    steps: [create(), { op: "listConfigResources", expect: { $includes: ["t"] }, within: 5_000 }],
  },
  {
    name: "the quorum has a leader",
    features: ["KIP-836"],
    steps: [{ op: "describeQuorum", expect: { leader: { $kept: "broker.id" } } }],
  },
  {
    name: "the cluster's features are told",
    features: ["KIP-584"],
    steps: [{ op: "describeFeatures", expect: { $includes: ["metadata.version"] } }],
  },
  {
    name: "a member of the consumer protocol gets all partitions, a second one half",
    features: ["KIP-848"],
    notYet: "ConsumerGroupHeartbeat is not served",
    steps: [
      create("t", 4),
      { op: "join", member: "a", group: "g", topics: ["t"], protocol: "consumer" },
      { op: "status", member: "a", expect: { assigned: { $count: 4 } }, within: SOON },
      { op: "join", member: "b", group: "g", topics: ["t"], protocol: "consumer" },
      { op: "status", member: "a", expect: { assigned: { $count: 2 } }, within: SOON },
      { op: "status", member: "b", expect: { assigned: { $count: 2 } }, within: SOON },
    ],
    clients: ["java", "librdkafka"],
  },
  {
    name: "a member of the consumer protocol commits, and the next goes on there",
    features: ["KIP-848"],
    notYet: "ConsumerGroupHeartbeat is not served",
    steps: [
      create(),
      five,
      { op: "join", member: "a", group: "g", topics: ["t"], protocol: "consumer" },
      { op: "poll", member: "a", count: 5, expect: { $count: 5 } },
      { op: "commit", member: "a", offsets: [["t", 0, 3]] },
      { op: "leave", member: "a" },
      { op: "join", member: "b", group: "g", topics: ["t"], protocol: "consumer" },
      { op: "poll", member: "b", count: 2, expect: ["d", "e"] },
    ],
    clients: ["java", "librdkafka"],
  },
  {
    name: "a group of the consumer protocol is listed by its type",
    features: ["KIP-848"],
    notYet: "ConsumerGroupHeartbeat is not served",
    steps: [
      create(),
      { op: "join", member: "a", group: "g", topics: ["t"], protocol: "consumer" },
      { op: "status", member: "a", expect: { assigned: ["t-0"] }, within: SOON },
      { op: "listGroups", types: ["consumer"], expect: [{ group: "g" }] },
      { op: "listGroups", types: ["classic"], expect: [] },
    ],
    clients: ["java", "librdkafka"],
  },
];

export const administrationRows: readonly RowScenario[] = all.map((each) => ({ ...each, area }));
