import { FIRST_TIMESTAMP as T } from "../records.ts";
import type { RowScenario } from "../steps/step.ts";
import { create, inPartition, long } from "./common.ts";

const area = "errors";
const SOON = 25_000;

/** A broker of few rights. */
const strict = {
  "delete.topic.enable": "false",
  "message.max.bytes": "20000",
  "group.max.size": "1",
  "group.min.session.timeout.ms": "1000",
  "group.max.session.timeout.ms": "8000",
};

export const errorsRows: readonly RowScenario[] = [
  {
    name: "a record over the topic's max.message.bytes is refused, and nothing of it is kept",
    area,
    features: ["max.message.bytes"],
    steps: [
      create("t", 1, { "max.message.bytes": "5000" }),
      { op: "produce", topic: "t", records: inPartition(0, long("x", 6_000)), error: "MESSAGE_TOO_LARGE" },
      { op: "listOffsets", topic: "t", at: "latest", expect: { offset: 0 } },
    ],
  },
  {
    name: "what is small enough once compressed is not refused",
    area,
    features: ["max.message.bytes"],
    steps: [
      create("t", 1, { "max.message.bytes": "5000" }),
      { op: "produce", topic: "t", records: inPartition(0, long("x", 100_000)), compression: "gzip", expect: [0] },
    ],
  },
  {
    name: "a record over the broker's message.max.bytes is refused",
    area,
    features: ["message.max.bytes"],
    broker: strict,
    steps: [create(), { op: "produce", topic: "t", records: inPartition(0, long("x", 30_000)), error: "MESSAGE_TOO_LARGE" }],
  },
  {
    name: "a topic's max.message.bytes goes before the broker's",
    area,
    features: ["message.max.bytes", "max.message.bytes"],
    broker: strict,
    steps: [
      create("t", 1, { "max.message.bytes": "90000" }),
      { op: "produce", topic: "t", records: inPartition(0, long("x", 30_000)), expect: [0] },
    ],
  },
  {
    name: "a compacted topic refuses a record without a key",
    area,
    features: ["cleanup.policy"],
    steps: [
      create("t", 1, { "cleanup.policy": "compact" }),
      { op: "produce", topic: "t", records: [{ partition: 0, value: "v" }], error: "INVALID_RECORD" },
      { op: "produce", topic: "t", records: [{ partition: 0, key: "k", value: "v" }], expect: [0] },
    ],
  },
  {
    name: "a timestamp too far in the future is refused",
    area,
    features: ["KIP-937", "message.timestamp.after.max.ms"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: [{ partition: 0, value: "v", timestamp: T + 10 * 3_600_000 }], error: "INVALID_TIMESTAMP" },
    ],
  },
  {
    name: "a timestamp too far in the past is refused where a topic says so",
    area,
    features: ["KIP-937", "message.timestamp.before.max.ms"],
    steps: [
      create("t", 1, { "message.timestamp.before.max.ms": "60000" }),
      { op: "produce", topic: "t", records: [{ partition: 0, value: "v", timestamp: T }], error: "INVALID_TIMESTAMP" },
    ],
  },
  {
    name: "a session shorter than the broker allows is refused",
    area,
    features: ["group.min.session.timeout.ms"],
    clients: ["java", "librdkafka", "franz-go", "kafkajs", "platformatic"],
    steps: [
      create(),
      { op: "join", member: "m", group: "g", topics: ["t"], sessionTimeoutMs: 1_000 },
      {
        op: "status",
        member: "m",
        expect: { assigned: [], problems: { $includes: [{ $matches: "[Ss]ession.?[Tt]imeout|SESSION_TIMEOUT" }] } },
        within: SOON,
      },
    ],
  },
  {
    name: "the broker's bounds of sessions are its own",
    area,
    features: ["group.min.session.timeout.ms", "group.max.session.timeout.ms"],
    broker: strict,
    steps: [
      create(),
      { op: "join", member: "m", group: "g", topics: ["t"], sessionTimeoutMs: 2_000 },
      { op: "status", member: "m", expect: { assigned: ["t-0"] }, within: SOON },
      { op: "join", member: "n", group: "h", topics: ["t"], sessionTimeoutMs: 9_000 },
      { op: "status", member: "n", expect: { assigned: [], problems: { $not: [] } }, within: SOON },
    ],
  },
  {
    name: "a group takes no more members than group.max.size",
    area,
    features: ["KIP-389"],
    broker: strict,
    steps: [
      create("t", 2),
      { op: "join", member: "m", group: "g", topics: ["t"] },
      { op: "status", member: "m", expect: { assigned: ["t-0", "t-1"] }, within: SOON },
      { op: "join", member: "n", group: "g", topics: ["t"] },
      { op: "status", member: "n", expect: { assigned: [], problems: { $not: [] } }, within: SOON },
      { op: "status", member: "m", expect: { assigned: ["t-0", "t-1"], revoked: [], lost: [], problems: [] } },
    ],
  },
  {
    name: "a member whose assignors nobody shares is refused",
    area,
    features: ["JoinGroup"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create("t", 2),
      { op: "join", member: "m", group: "g", topics: ["t"], assignor: "range" },
      { op: "status", member: "m", expect: { assigned: ["t-0", "t-1"] }, within: SOON },
      { op: "join", member: "n", group: "g", topics: ["t"], assignor: "roundrobin" },
      { op: "status", member: "n", expect: { assigned: [], problems: { $not: [] } }, within: SOON },
      { op: "status", member: "m", expect: { assigned: ["t-0", "t-1"] } },
    ],
  },
  {
    name: "topics cannot be deleted where that is forbidden",
    area,
    features: ["delete.topic.enable"],
    broker: strict,
    steps: [create(), { op: "deleteTopic", topic: "t", error: ["TOPIC_DELETION_DISABLED", "INVALID_REQUEST"] }],
  },
  {
    name: "min.insync.replicas asks for no more replicas than a partition has",
    area,
    features: ["min.insync.replicas"],
    steps: [
      create("t", 1, { "min.insync.replicas": "2" }),
      { op: "produce", topic: "t", records: inPartition(0, "a"), acks: 1, expect: [0] },
      { op: "produce", topic: "t", records: inPartition(0, "b"), acks: -1, expect: [1] },
    ],
  },
  {
    name: "a group without a name is refused",
    area,
    features: ["OffsetCommit"],
    clients: ["franz-go"],
    steps: [create(), { op: "deleteGroup", group: "", error: ["INVALID_GROUP_ID", "GROUP_ID_NOT_FOUND"] }],
  },
];
