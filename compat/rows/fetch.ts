import type { RowScenario } from "../steps/step.ts";
import { create, inPartition, long, numbered } from "./common.ts";

const area = "fetch";

const within = (["none", "gzip", "snappy", "lz4", "zstd"] as const).map((compression): RowScenario => ({
  name: `reading begins in the middle of a batch of codec ${compression}`,
  area,
  features: ["Fetch"],
  steps: [
    create(),
    { op: "produce", topic: "t", records: inPartition(0, ...numbered(10)), compression },
    { op: "fetch", topic: "t", partition: 0, from: 7, count: 3, expect: ["v7", "v8", "v9"] },
  ],
}));

export const fetchRows: readonly RowScenario[] = [
  ...within,
  {
    name: "a fetch at the end waits, and has the record as soon as it comes",
    area,
    features: ["Fetch", "fetch.max.wait.ms"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a", "b") },
      {
        op: "together",
        steps: [
          { op: "fetch", topic: "t", partition: 0, from: 2, count: 1, expect: [{ value: "c", offset: 2 }] },
          [{ op: "wait", ms: 700 }, { op: "produce", topic: "t", records: inPartition(0, "c") }],
        ],
      },
    ],
  },
  {
    name: "a record that comes ends a fetch that would wait for longer",
    area,
    features: ["fetch.max.wait.ms"],
    steps: [
      create(),
      {
        op: "together",
        steps: [
          { op: "fetch", topic: "t", partition: 0, from: 0, count: 1, maxWaitMs: 12_000, waitMs: 6_000, expect: ["a"] },
          [{ op: "wait", ms: 1_500 }, { op: "produce", topic: "t", records: inPartition(0, "a") }],
        ],
      },
    ],
  },
  {
    name: "a member that has read everything lags behind by nothing",
    area,
    features: ["Fetch", "Consumer.currentLag"],
    clients: ["java", "franz-go"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a", "b", "c") },
      { op: "join", member: "m", group: "g", topics: ["t"] },
      { op: "poll", member: "m", count: 3, expect: ["a", "b", "c"] },
      { op: "status", member: "m", expect: { lag: { "t-0": 0 } } },
    ],
  },
  {
    name: "reading from the end sees only what comes later",
    area,
    features: ["auto.offset.reset"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "before") },
      { op: "join", member: "m", group: "g", topics: ["t"], reset: "latest" },
      { op: "status", member: "m", expect: { assigned: ["t-0"] }, within: 20_000 },
      { op: "wait", ms: 1_000 },
      { op: "produce", topic: "t", records: inPartition(0, "after") },
      { op: "poll", member: "m", count: 1, expect: [{ value: "after", offset: 1 }] },
    ],
  },
  {
    name: "an empty partition answers nothing, and no error",
    area,
    features: ["Fetch"],
    steps: [create(), { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, waitMs: 1_000, expect: [] }],
  },
  {
    name: "a record larger than max.partition.fetch.bytes comes nevertheless",
    area,
    features: ["KIP-74"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, long("a", 50_000), long("b", 50_000)) },
      {
        op: "fetch",
        topic: "t",
        partition: 0,
        from: "earliest",
        count: 2,
        maxPartitionBytes: 1_000,
        expect: [long("a", 50_000), long("b", 50_000)],
      },
    ],
  },
  {
    name: "fetch.max.bytes smaller than a batch delays nothing for good",
    area,
    features: ["KIP-74"],
    steps: [
      create("t", 3),
      { op: "produce", topic: "t", records: [0, 1, 2].map((partition) => ({ partition, value: long(String(partition), 20_000) })) },
      {
        op: "fetch",
        topic: "t",
        from: "earliest",
        count: 3,
        maxBytes: 5_000,
        expect: { $unordered: [0, 1, 2].map((each) => long(String(each), 20_000)) },
      },
    ],
  },
  {
    name: "fetch.min.bytes that is never reached ends with the wait",
    area,
    features: ["fetch.min.bytes"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a") },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, minBytes: 1_000_000, expect: ["a"] },
    ],
  },
  {
    name: "three megabytes are read through one-megabyte fetches",
    area,
    features: ["max.partition.fetch.bytes"],
    steps: [
      create(),
      ...numbered(6, "").map((n) => ({ op: "produce" as const, topic: "t", records: inPartition(0, long(n, 500_000)) })),
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 6, expect: numbered(6, "").map((n) => long(n, 500_000)) },
    ],
  },
  {
    name: "an offset beyond the end is out of range when nothing is to be reset",
    area,
    features: ["auto.offset.reset"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a") },
      { op: "fetch", topic: "t", partition: 0, from: 5, count: 1, reset: "none", error: "OFFSET_OUT_OF_RANGE" },
    ],
  },
  {
    name: "an offset beyond the end is reset to the beginning",
    area,
    features: ["auto.offset.reset"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a", "b") },
      { op: "fetch", topic: "t", partition: 0, from: 5, count: 2, reset: "earliest", expect: ["a", "b"] },
    ],
  },
  {
    name: "an offset just behind the last record is in range",
    area,
    features: ["Fetch"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a") },
      { op: "fetch", topic: "t", partition: 0, from: 1, count: 1, reset: "none", waitMs: 1_000, expect: [] },
    ],
  },
  {
    name: "six partitions are read whole, each in its order",
    area,
    features: ["Fetch"],
    steps: [
      create("t", 6),
      { op: "produce", topic: "t", records: Array.from({ length: 60 }, (_, i) => ({ partition: i % 6, value: `v${i}` })) },
      { op: "fetch", topic: "t", from: "earliest", count: 60, expect: { $unordered: numbered(60) } },
      { op: "fetch", topic: "t", partition: 5, from: "earliest", count: 10, expect: numbered(10).map((_, i) => `v${5 + 6 * i}`) },
    ],
  },
  {
    name: "in a session over forty partitions, what comes to one is told",
    area,
    features: ["KIP-227"],
    steps: [
      create("t", 40),
      { op: "join", member: "m", group: "g", topics: ["t"] },
      { op: "status", member: "m", expect: { assigned: { $count: 40 } }, within: 20_000 },
      { op: "produce", topic: "t", records: inPartition(17, "a") },
      { op: "poll", member: "m", count: 1, expect: [{ partition: 17, value: "a" }] },
      { op: "wait", ms: 600 },
      { op: "produce", topic: "t", records: [...inPartition(3, "b"), ...inPartition(39, "c")] },
      { op: "poll", member: "m", count: 2, expect: { $unordered: [{ partition: 3, value: "b" }, { partition: 39, value: "c" }] } },
      { op: "produce", topic: "t", records: inPartition(17, "d") },
      { op: "poll", member: "m", count: 1, expect: [{ partition: 17, offset: 1, value: "d" }] },
    ],
  },
  {
    name: "one consumer reads two topics",
    area,
    features: ["subscribe"],
    steps: [
      create("t"),
      create("u", 2),
      { op: "produce", topic: "t", records: inPartition(0, "of t") },
      { op: "produce", topic: "u", records: inPartition(1, "of u") },
      { op: "join", member: "m", group: "g", topics: ["t", "u"] },
      { op: "poll", member: "m", count: 2, expect: { $unordered: ["of t", "of u"] } },
    ],
  },
  {
    name: "without transactions read_committed reads everything",
    area,
    features: ["KIP-98"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a", "b"), idempotent: true },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 2, isolation: "read_committed", expect: ["a", "b"] },
    ],
  },
  {
    name: "a topic made anew under its name begins empty",
    area,
    features: ["KIP-516"],
    // franz-go may go on asking for the old topic's id.
    clients: ["java", "librdkafka", "kafkajs", "platformatic"],
    steps: [
      create(),
      { op: "produce", topic: "t", producer: "first", records: inPartition(0, "old 1", "old 2") },
      { op: "deleteTopic", topic: "t" },
      create(),
      { op: "produce", topic: "t", producer: "second", records: inPartition(0, "new"), expect: [0], within: 10_000 },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, expect: [{ value: "new", offset: 0 }] },
    ],
  },
  {
    name: "a consumer goes on where it was when the broker comes back",
    area,
    features: ["Fetch"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a") },
      { op: "join", member: "m", group: "g", topics: ["t"] },
      { op: "poll", member: "m", count: 1, expect: ["a"] },
      { op: "commit", member: "m", offsets: [["t", 0, 1]] },
      { op: "restartBroker" },
      { op: "produce", topic: "t", records: inPartition(0, "b"), within: 10_000 },
      { op: "poll", member: "m", count: 1, expect: ["b"] },
    ],
  },
  {
    name: "records in several segments are read as one sequence",
    area,
    features: ["segment.bytes"],
    steps: [
      create("t", 1, { "segment.bytes": "1048576" }),
      ...numbered(5, "").map((n) => ({ op: "produce" as const, topic: "t", records: inPartition(0, long(n, 600_000)) })),
      { op: "fetch", topic: "t", partition: 0, from: 3, count: 2, expect: [{ offset: 3, value: long("3", 600_000) }, { offset: 4 }] },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 5, expect: numbered(5, "").map((n) => long(n, 600_000)) },
    ],
  },
];
