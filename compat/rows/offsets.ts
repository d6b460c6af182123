import { FIRST_TIMESTAMP as T } from "../records.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import { create, inPartition, long, numbered } from "./common.ts";

const area = "offsets";

/** Offsets 0 to 2 at T, T+1000 and T+2000. */
const threeAt: Step = {
  op: "produce",
  topic: "t",
  records: [0, 1_000, 2_000].map((later) => ({ partition: 0, timestamp: T + later, value: String(later) })),
};

const byTimestamp = ([
  ["before all records", -1, 0],
  ["of a record", 1_000, 1],
  ["between two records", 1_001, 2],
  ["of the last record", 2_000, 2],
  ["after all records", 2_001, -1],
] as const).map(([which, later, offset]): RowScenario => ({
  name: `a timestamp ${which} finds ${offset === -1 ? "nothing" : `offset ${offset}`}`,
  area,
  features: ["KIP-79"],
  ...(offset === -1 ? { clients: ["java", "librdkafka", "franz-go", "platformatic"] } : {}),
  steps: [create(), threeAt, { op: "listOffsets", topic: "t", at: { timestamp: T + later }, expect: { offset } }],
}));

const inCompressed = (["gzip", "lz4", "zstd"] as const).map((compression): RowScenario => ({
  name: `a timestamp within a batch of codec ${compression} finds its record`,
  area,
  features: ["KIP-79"],
  steps: [
    create(),
    {
      op: "produce",
      topic: "t",
      records: Array.from({ length: 20 }, (_, i) => ({ partition: 0, timestamp: T + i * 10, value: `v${i}` })),
      compression,
    },
    { op: "listOffsets", topic: "t", at: { timestamp: T + 125 }, expect: { offset: 13 } },
  ],
}));

export const offsetsRows: readonly RowScenario[] = [
  ...byTimestamp,
  ...inCompressed,
  {
    name: "an empty partition begins and ends at 0",
    area,
    features: ["ListOffsets"],
    steps: [
      create(),
      { op: "listOffsets", topic: "t", at: "earliest", expect: { offset: 0 } },
      { op: "listOffsets", topic: "t", at: "latest", expect: { offset: 0 } },
    ],
  },
  {
    name: "each partition has an end of its own",
    area,
    features: ["ListOffsets"],
    steps: [
      create("t", 3),
      { op: "produce", topic: "t", records: [...inPartition(0, "a", "b"), ...inPartition(2, "c")] },
      { op: "listOffsets", topic: "t", partition: 0, at: "latest", expect: { offset: 2 } },
      { op: "listOffsets", topic: "t", partition: 1, at: "latest", expect: { offset: 0 } },
      { op: "listOffsets", topic: "t", partition: 2, at: "latest", expect: { offset: 1 } },
    ],
  },
  {
    name: "the largest timestamp is found where it is, not at the end",
    area,
    features: ["KIP-734"],
    steps: [
      create(),
      {
        op: "produce",
        topic: "t",
        records: [100, 300, 200].map((later) => ({ partition: 0, timestamp: T + later, value: String(later) })),
      },
      { op: "listOffsets", topic: "t", at: "max-timestamp", expect: { offset: 1, timestamp: T + 300 } },
    ],
  },
  {
    name: "of equal largest timestamps the first is told",
    area,
    features: ["KIP-734"],
    steps: [
      create(),
      {
        op: "produce",
        topic: "t",
        records: [300, 300, 100].map((later) => ({ partition: 0, timestamp: T + later, value: String(later) })),
      },
      { op: "produce", topic: "t", records: [{ partition: 0, timestamp: T + 300, value: "again" }] },
      { op: "listOffsets", topic: "t", at: "max-timestamp", expect: { offset: 0, timestamp: T + 300 } },
    ],
  },
  {
    name: "of equal largest timestamps in two segments the first is told",
    area,
    features: ["KIP-734", "segment.bytes"],
    steps: [
      create("t", 1, { "segment.bytes": "1048576" }),
      ...numbered(2, "").map((n): Step => ({
        op: "produce",
        topic: "t",
        records: [{ partition: 0, timestamp: T, value: long(n, 700_000) }],
      })),
      { op: "listOffsets", topic: "t", at: "max-timestamp", expect: { offset: 0, timestamp: T } },
    ],
  },
  {
    name: "a record found by a timestamp is told with its own",
    area,
    features: ["KIP-79"],
    clients: ["java", "librdkafka", "franz-go", "platformatic"],
    steps: [
      create(),
      threeAt,
      { op: "listOffsets", topic: "t", at: { timestamp: T + 1 }, expect: { offset: 1, timestamp: T + 1_000 } },
    ],
  },
  {
    name: "offsets are told with the epoch of the leader that wrote them",
    area,
    features: ["KIP-320"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create(),
      threeAt,
      { op: "listOffsets", topic: "t", at: { timestamp: T + 1 }, expect: { offset: 1, leaderEpoch: 0 } },
      { op: "listOffsets", topic: "t", at: "latest", expect: { offset: 3, leaderEpoch: 0 } },
      { op: "listOffsets", topic: "t", at: "earliest", expect: { offset: 0, leaderEpoch: 0 } },
    ],
  },
  {
    name: "an empty partition has no largest timestamp",
    area,
    features: ["KIP-734"],
    steps: [create(), { op: "listOffsets", topic: "t", at: "max-timestamp", expect: { offset: -1, timestamp: -1 } }],
  },
  {
    name: "among timestamps out of order the first offset that is late enough is found",
    area,
    features: ["KIP-79"],
    steps: [
      create(),
      {
        op: "produce",
        topic: "t",
        records: [500, 100, 900, 600].map((later) => ({ partition: 0, timestamp: T + later, value: String(later) })),
      },
      { op: "listOffsets", topic: "t", at: { timestamp: T + 550 }, expect: { offset: 2 } },
      { op: "listOffsets", topic: "t", at: { timestamp: T + 200 }, expect: { offset: 0 } },
    ],
  },
  {
    name: "reading begins at a timestamp",
    area,
    features: ["KIP-79"],
    steps: [create(), threeAt, { op: "fetch", topic: "t", partition: 0, from: { timestamp: T + 500 }, count: 2, expect: ["1000", "2000"] }],
  },
  {
    name: "timestamps are found across segments",
    area,
    features: ["KIP-33", "segment.bytes"],
    steps: [
      create("t", 1, { "segment.bytes": "1048576" }),
      ...numbered(5, "").map((n): Step => ({
        op: "produce",
        topic: "t",
        records: [{ partition: 0, timestamp: T + Number(n) * 1_000, value: long(n, 700_000) }],
      })),
      { op: "listOffsets", topic: "t", at: { timestamp: T + 2_500 }, expect: { offset: 3 } },
      { op: "listOffsets", topic: "t", at: { timestamp: T }, expect: { offset: 0 } },
    ],
  },
  {
    name: "timestamps of LogAppendTime are found",
    area,
    features: ["KIP-32", "KIP-79"],
    steps: [
      create("t", 1, { "message.timestamp.type": "LogAppendTime" }),
      { op: "produce", topic: "t", records: [{ partition: 0, timestamp: T - 100_000, value: "a" }] },
      { op: "listOffsets", topic: "t", at: { timestamp: T }, expect: { offset: 0 } },
    ],
  },
  {
    name: "offsets of a topic that is not there are an error",
    area,
    features: ["ListOffsets"],
    clients: ["java"],
    steps: [{ op: "listOffsets", topic: "nowhere", at: "latest", error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
  {
    name: "timestamps and ends are the same after a restart",
    area,
    features: ["ListOffsets"],
    // An administrator of librdkafka goes on asking with the leader epoch that it knew.
    clients: ["java", "franz-go", "kafkajs", "platformatic"],
    steps: [
      create(),
      threeAt,
      { op: "restartBroker" },
      { op: "listOffsets", topic: "t", at: "latest", expect: { offset: 3 }, within: 10_000 },
      { op: "listOffsets", topic: "t", at: { timestamp: T + 500 }, expect: { offset: 1 } },
      { op: "listOffsets", topic: "t", at: "earliest", expect: { offset: 0 } },
    ],
  },
  {
    name: "the end of the present leader epoch is the end of the log",
    area,
    features: ["KIP-320"],
    steps: [
      create(),
      threeAt,
      { op: "leaderEpochEnd", topic: "t", partition: 0, epoch: 0, expect: { epoch: 0, offset: 3 } },
      { op: "leaderEpochEnd", topic: "t", partition: 0, epoch: 9, expect: { epoch: -1, offset: -1 } },
    ],
  },
];
