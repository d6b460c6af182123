import { FIRST_TIMESTAMP as T } from "../records.ts";
import type { RowScenario } from "../steps/step.ts";
import { create, inPartition, long, numbered } from "./common.ts";

const area = "produce";
const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

const mixed = [
  { key: "k", value: "v", headers: [["h", "1"]], timestamp: T, partition: 0 },
  { key: null, value: "", headers: [], timestamp: T + 1, partition: 0 },
  { key: "žluťoučký", value: "kůň ".repeat(200), headers: [["h", "1"], ["ž", ""]], timestamp: T + 2, partition: 0 },
  { key: "", value: null, headers: [], timestamp: T + 3, partition: 0 },
] as const;

const throughCodecs = CODECS.map((compression): RowScenario => ({
  name: `keys, values, headers and timestamps come back whole through ${compression}`,
  area,
  features: ["record format 2", "KIP-82", ...(compression === "zstd" ? ["KIP-110"] : [])],
  steps: [
    create(),
    { op: "produce", topic: "t", records: mixed, compression, acks: -1, expect: [0, 1, 2, 3] },
    { op: "fetch", topic: "t", from: "earliest", count: 4, expect: mixed.map((each, offset) => ({ ...each, offset })) },
  ],
}));

const throughAcks = ([0, 1, -1] as const).map((acks): RowScenario => ({
  name: `records sent with acks=${acks} arrive in order`,
  area,
  features: ["acks"],
  steps: [
    create(),
    { op: "produce", topic: "t", records: inPartition(0, "a", "b"), acks, expect: acks === 0 ? null : [0, 1] },
    { op: "produce", topic: "t", records: inPartition(0, "c"), acks, expect: acks === 0 ? null : [2] },
    { op: "fetch", topic: "t", from: "earliest", count: 3, expect: ["a", "b", "c"] },
  ],
}));

const compressedAnew = (["gzip", "snappy", "lz4", "zstd", "uncompressed"] as const).map((type): RowScenario => ({
  name: `a topic with compression.type=${type} takes what comes in other codecs`,
  area,
  features: ["compression.type"],
  steps: [
    create("t", 1, { "compression.type": type }),
    { op: "produce", topic: "t", records: mixed, compression: type === "gzip" ? "none" : "gzip", acks: -1, expect: [0, 1, 2, 3] },
    { op: "fetch", topic: "t", from: "earliest", count: 4, expect: mixed.map((each, offset) => ({ ...each, offset })) },
  ],
}));

/** Longer than the blocks in which Snappy and LZ4 are cut, and not all the same. */
const block = numbered(40_000, "").join("");

const longValues = ([["gzip", "zstd"], ["snappy", "lz4"], ["lz4", "snappy"], ["zstd", "gzip"]] as const).map((
  [type, from],
): RowScenario => ({
  name: `values longer than a block come through ${from} into a topic of ${type}`,
  area,
  features: ["compression.type"],
  steps: [
    create("t", 1, { "compression.type": type }),
    { op: "produce", topic: "t", records: inPartition(0, block, block.slice(0, 65_536), block.slice(0, 32_769)), compression: from },
    {
      op: "fetch",
      topic: "t",
      from: "earliest",
      count: 3,
      expect: [block, block.slice(0, 65_536), block.slice(0, 32_769)],
    },
  ],
}));

export const produceRows: readonly RowScenario[] = [
  ...throughCodecs,
  ...throughAcks,
  ...compressedAnew,
  {
    name: "batches of every codec stand in one partition and are read as one sequence",
    area,
    features: ["record format 2"],
    steps: [
      create(),
      ...CODECS.map((compression, i) => ({
        op: "produce" as const,
        topic: "t",
        records: inPartition(0, `${compression} 1`, `${compression} 2`),
        compression,
        expect: [2 * i, 2 * i + 1],
      })),
      { op: "fetch", topic: "t", from: "earliest", count: 10, expect: CODECS.flatMap((codec) => [`${codec} 1`, `${codec} 2`]) },
    ],
  },
  {
    name: "a record without a partition goes where Kafka's hash of its key says",
    area,
    features: ["murmur2 partitioner"],
    clients: ["java", "librdkafka", "franz-go", "kafkajs"],
    steps: [
      create("t", 3),
      { op: "produce", topic: "t", records: [..."abcdef"].map((key) => ({ key, value: key })) },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, expect: ["f"] },
      { op: "fetch", topic: "t", partition: 1, from: "earliest", count: 2, expect: ["a", "c"] },
      { op: "fetch", topic: "t", partition: 2, from: "earliest", count: 3, expect: ["b", "d", "e"] },
    ],
  },
  {
    name: "records of one request go to ten partitions, each with offsets of its own",
    area,
    features: ["Produce"],
    steps: [
      create("t", 10),
      {
        op: "produce",
        topic: "t",
        records: Array.from({ length: 20 }, (_, i) => ({ partition: i % 10, value: `v${i}` })),
        expect: Array.from({ length: 20 }, (_, i) => Math.floor(i / 10)),
      },
      { op: "fetch", topic: "t", partition: 7, from: "earliest", count: 2, expect: ["v7", "v17"] },
      { op: "fetch", topic: "t", from: "earliest", count: 20, expect: { $unordered: numbered(20) } },
    ],
  },
  {
    name: "three thousand records of one send keep their order",
    area,
    features: ["Produce"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, ...numbered(3_000)), expect: Array.from({ length: 3_000 }, (_, i) => i) },
      { op: "fetch", topic: "t", from: "earliest", count: 3_000, expect: numbered(3_000) },
    ],
  },
  {
    name: "a record of 900 KB passes the default max.message.bytes",
    area,
    features: ["max.message.bytes"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, long("x", 900_000)), expect: [0] },
      { op: "fetch", topic: "t", from: "earliest", count: 1, expect: [long("x", 900_000)] },
    ],
  },
  {
    name: "a topic's larger max.message.bytes lets a record of 3 MB pass",
    area,
    features: ["max.message.bytes"],
    steps: [
      create("t", 1, { "max.message.bytes": "4000000" }),
      { op: "produce", topic: "t", records: inPartition(0, long("y", 3_000_000)), expect: [0] },
      { op: "listOffsets", topic: "t", at: "latest", expect: { offset: 1 } },
    ],
  },
  {
    name: "with LogAppendTime the broker's time replaces the producer's",
    area,
    features: ["KIP-32", "message.timestamp.type"],
    // @platformatic/kafka does not look at a batch's timestamp type.
    clients: ["java", "librdkafka", "franz-go", "kafkajs"],
    steps: [
      create("t", 1, { "message.timestamp.type": "LogAppendTime" }),
      { op: "produce", topic: "t", records: [{ value: "a", timestamp: T - 86_400_000, partition: 0 }] },
      { op: "fetch", topic: "t", from: "earliest", count: 1, expect: [{ value: "a", timestamp: { $atLeast: T } }] },
    ],
  },
  {
    name: "with LogAppendTime a producer is told the broker's time",
    area,
    features: ["KIP-32", "message.timestamp.type"],
    steps: [
      create("t", 1, { "message.timestamp.type": "LogAppendTime" }),
      {
        op: "produce",
        topic: "t",
        records: [{ value: "a", timestamp: T - 86_400_000, partition: 0 }],
        timestamps: true,
        expect: [{ $atLeast: T }],
      },
    ],
  },
  {
    name: "a record may be older than the one before it",
    area,
    features: ["KIP-32"],
    steps: [
      create(),
      {
        op: "produce",
        topic: "t",
        records: [{ value: "now", timestamp: T, partition: 0 }, { value: "then", timestamp: T - 50_000, partition: 0 }],
      },
      { op: "fetch", topic: "t", from: "earliest", count: 2, expect: [{ timestamp: T }, { timestamp: T - 50_000 }] },
    ],
  },
  {
    name: "a header may come twice, keep its place, and have no value",
    area,
    clients: ["java", "librdkafka", "franz-go"],
    features: ["KIP-82"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: [{ value: "v", partition: 0, headers: [["a", "1"], ["b", null], ["a", "2"], ["", ""]] }] },
      { op: "fetch", topic: "t", from: "earliest", count: 1, expect: [{ headers: [["a", "1"], ["b", null], ["a", "2"], ["", ""]] }] },
    ],
  },
  {
    name: "a record carries two hundred headers",
    area,
    features: ["KIP-82"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: [{ value: "v", partition: 0, headers: numbered(200, "h").map((name) => [name, name]) }] },
      {
        op: "fetch",
        topic: "t",
        from: "earliest",
        count: 1,
        expect: [{ headers: { $unordered: numbered(200, "h").map((name) => [name, name]) } }],
      },
    ],
  },
  {
    name: "two producers at once share a partition without a gap",
    area,
    features: ["Produce"],
    steps: [
      create(),
      {
        op: "together",
        steps: [
          { op: "produce", topic: "t", producer: "p", records: inPartition(0, ...numbered(50, "p")) },
          { op: "produce", topic: "t", producer: "q", records: inPartition(0, ...numbered(50, "q")) },
        ],
      },
      { op: "fetch", topic: "t", from: "earliest", count: 100, expect: { $unordered: [...numbered(50, "p"), ...numbered(50, "q")] } },
      { op: "listOffsets", topic: "t", at: "latest", expect: { offset: 100 } },
    ],
  },
  {
    name: "what was acknowledged is there after a restart, and the next offset follows",
    area,
    features: ["durability"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a", "b"), acks: -1 },
      { op: "restartBroker" },
      { op: "produce", topic: "t", records: inPartition(0, "c"), acks: -1, expect: [2] },
      { op: "fetch", topic: "t", from: "earliest", count: 3, expect: ["a", "b", "c"] },
    ],
  },
  {
    name: "what was acknowledged is there after kill -9, and the next offset follows",
    area,
    features: ["durability"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a", "b"), acks: -1 },
      { op: "killBroker" },
      { op: "produce", topic: "t", records: inPartition(0, "c"), acks: -1, expect: [2] },
      { op: "fetch", topic: "t", from: "earliest", count: 3, expect: ["a", "b", "c"] },
    ],
  },
  ...longValues,
  {
    name: "what is larger than max.message.bytes once the topic has unpacked it is refused",
    area,
    features: ["max.message.bytes", "compression.type"],
    steps: [
      create("t", 1, { "max.message.bytes": "5000", "compression.type": "uncompressed" }),
      { op: "produce", topic: "t", records: inPartition(0, long("x", 100_000)), compression: "gzip", error: "MESSAGE_TOO_LARGE" },
      { op: "listOffsets", topic: "t", at: "latest", expect: { offset: 0 } },
    ],
  },
  {
    name: "what is larger than max.message.bytes is refused, though the topic would compress it",
    area,
    features: ["max.message.bytes", "compression.type"],
    steps: [
      create("t", 1, { "max.message.bytes": "5000", "compression.type": "gzip" }),
      { op: "produce", topic: "t", records: inPartition(0, long("x", 100_000)), error: "MESSAGE_TOO_LARGE" },
      { op: "listOffsets", topic: "t", at: "latest", expect: { offset: 0 } },
    ],
  },
  {
    name: "records that are too large together are sent apart",
    area,
    features: ["max.message.bytes", "KIP-126"],
    clients: ["java"],
    steps: [
      create("t", 1, { "max.message.bytes": "5000" }),
      { op: "produce", topic: "t", records: inPartition(0, ...numbered(40).map((value) => value.padEnd(1_000, "."))) },
      {
        op: "fetch",
        topic: "t",
        partition: 0,
        from: "earliest",
        count: 40,
        expect: { $unordered: numbered(40).map((value) => value.padEnd(1_000, ".")) },
      },
    ],
  },
  {
    name: "with acks=0 a refused record is lost in silence, and nothing else is",
    area,
    features: ["acks", "max.message.bytes"],
    steps: [
      create("t", 1, { "max.message.bytes": "5000" }),
      { op: "produce", topic: "t", producer: "p", records: inPartition(0, long("x", 6_000)), acks: 0 },
      { op: "produce", topic: "t", records: inPartition(0, "after"), acks: -1, expect: [0] },
      { op: "fetch", topic: "t", from: "earliest", count: 2, waitMs: 1_500, expect: ["after"] },
    ],
  },
  {
    name: "where the broker sets the time, bounds of a producer's time do not count",
    area,
    features: ["KIP-937", "message.timestamp.type"],
    steps: [
      create("t", 1, { "message.timestamp.type": "LogAppendTime", "message.timestamp.before.max.ms": "1000" }),
      { op: "produce", topic: "t", records: [{ value: "a", timestamp: T - 86_400_000, partition: 0 }], expect: [0] },
    ],
  },
  {
    name: "a record of the year 1970 keeps its time, and is found by it",
    area,
    features: ["KIP-32", "KIP-79"],
    // @platformatic/kafka gives the record that comes fifty years later a time that is a little off.
    clients: ["java", "librdkafka", "franz-go", "kafkajs"],
    steps: [
      create("t", 1, { "retention.ms": "-1" }),
      { op: "produce", topic: "t", records: [{ value: "a", timestamp: 1, partition: 0 }, { value: "b", timestamp: T, partition: 0 }] },
      { op: "fetch", topic: "t", from: "earliest", count: 2, expect: [{ value: "a", timestamp: 1 }, { value: "b", timestamp: T }] },
      { op: "listOffsets", topic: "t", at: { timestamp: 0 }, expect: { offset: 0 } },
      { op: "listOffsets", topic: "t", at: { timestamp: 2 }, expect: { offset: 1 } },
    ],
  },
];
