/** What retention and compaction take away, and where logs begin then. */
import { FIRST_TIMESTAMP as T } from "../records.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import { create, inPartition, long } from "./common.ts";

const area = "offsets";
const first = { topic: "t", partition: 0 } as const;
/** What may go is looked for often here. */
const broker = {
  "log.retention.check.interval.ms": "300",
  "log.initial.task.delay.ms": "300",
  "log.retention.minutes": "7200",
  "log.cleaner.backoff.ms": "300",
};

type At = Extract<Step, { op: "listOffsets" }>["at"];

/** Offsets 0 to 4 at T, T+1000 and so on. */
const five: Step = {
  op: "produce",
  topic: "t",
  records: ["a", "b", "c", "d", "e"].map((value, i) => ({ partition: 0, value, timestamp: T + i * 1_000 })),
};
const is = (at: At, offset: number): Step => ({ op: "listOffsets", ...first, at, expect: { offset } });

const retention: readonly Omit<RowScenario, "area">[] = [
  {
    name: "records older than a topic's retention.ms go, and offsets go on",
    features: ["retention.ms"],
    broker,
    steps: [
      create("t", 1, { "retention.ms": "-1" }),
      five,
      { op: "alterConfigs", type: "topic", name: "t", set: { "retention.ms": "60000" } },
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 5 }, within: 30_000 },
      is("latest", 5),
      { op: "produce", topic: "t", records: inPartition(0, "f"), expect: [5] },
    ],
  },
  {
    name: "a topic keeps no more than retention.bytes in whole segments",
    features: ["retention.bytes", "segment.bytes"],
    broker,
    steps: [
      create("t", 1, { "segment.bytes": "1048576", "retention.bytes": "1000000" }),
      ...["a", "b", "c"].map((letter): Step => ({ op: "produce", topic: "t", records: inPartition(0, long(letter, 700_000)) })),
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 1 }, within: 30_000 },
      { op: "fetch", ...first, from: "earliest", count: 2, expect: [{ offset: 1 }, { offset: 2 }] },
    ],
  },
  {
    name: "a topic without a policy keeps what is too old",
    features: ["cleanup.policy", "retention.ms"],
    broker,
    steps: [
      create("t", 1, { "cleanup.policy": "", "retention.ms": "1000" }),
      create("u", 1, { "retention.ms": "1000" }),
      five,
      { ...five, topic: "u" } as Step,
      // When these are gone, those have been looked at too, or will be when nothing has changed.
      { op: "listOffsets", topic: "u", at: "earliest", expect: { offset: 5 }, within: 30_000 },
      { op: "wait", ms: 1_000 },
      is("earliest", 0),
    ],
  },
  {
    name: "minutes of retention go before its hours",
    features: ["log.retention.minutes"],
    broker,
    steps: [
      create(),
      { op: "describeConfigs", type: "topic", name: "t", expect: { "retention.ms": { value: "432000000" } } },
      { op: "describeConfigs", type: "broker", name: "broker", expect: { "log.retention.minutes": { value: "7200" } } },
    ],
  },
  {
    name: "an old record stays as long as its segment has a young one",
    features: ["retention.ms"],
    broker,
    steps: [
      create("t", 1, { "retention.ms": "600000" }),
      create("u", 1, { "retention.ms": "600000" }),
      { op: "produce", topic: "t", records: [{ partition: 0, value: "old", timestamp: T }, { partition: 0, value: "young" }] },
      { ...five, topic: "u" } as Step,
      { op: "listOffsets", topic: "u", at: "earliest", expect: { offset: 5 }, within: 30_000 },
      { op: "wait", ms: 1_000 },
      { op: "fetch", ...first, from: "earliest", count: 2, expect: ["old", "young"] },
    ],
  },
  {
    name: "records of the broker's own time are as old as they are here, not there",
    features: ["retention.ms", "KIP-32"],
    broker,
    steps: [
      create("t", 1, { "retention.ms": "600000", "message.timestamp.type": "LogAppendTime" }),
      create("u", 1, { "retention.ms": "600000" }),
      five,
      { ...five, topic: "u" } as Step,
      { op: "listOffsets", topic: "u", at: "earliest", expect: { offset: 5 }, within: 30_000 },
      { op: "wait", ms: 1_000 },
      is("earliest", 0),
    ],
  },
  {
    name: "a compacted topic that deletes too loses what is too old",
    features: ["cleanup.policy", "retention.ms"],
    broker,
    steps: [
      create("t", 1, { "cleanup.policy": "compact,delete", "retention.ms": "600000" }),
      { op: "produce", topic: "t", records: [{ partition: 0, key: "k", value: "a", timestamp: T }] },
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 1 }, within: 30_000 },
      is("latest", 1),
    ],
  },
  {
    name: "with its segment goes the largest timestamp",
    features: ["retention.bytes", "KIP-734"],
    broker,
    clients: ["java", "librdkafka", "franz-go", "platformatic"],
    steps: [
      create("t", 1, { "segment.bytes": "1048576", "retention.bytes": "1000000" }),
      ...[900, 200, 100].map((later): Step => ({
        op: "produce",
        topic: "t",
        records: [{ partition: 0, timestamp: T + later, value: long("x", 700_000) }],
      })),
      { op: "listOffsets", ...first, at: "max-timestamp", expect: { offset: 1, timestamp: T + 200 }, within: 30_000 },
      is({ timestamp: T + 201 }, -1),
    ],
  },
  {
    name: "segments of deleted records are taken from the log directory",
    features: ["KIP-107", "KIP-113"],
    broker,
    steps: [
      create("t", 1, { "segment.bytes": "1048576" }),
      ...["a", "b", "c"].map((letter): Step => ({ op: "produce", topic: "t", records: inPartition(0, long(letter, 700_000)) })),
      { op: "describeReplica", ...first, expect: { size: { $atLeast: 2_100_000 } }, within: 5_000 },
      { op: "deleteRecords", ...first, before: 2 },
      { op: "describeReplica", ...first, expect: { size: { $not: { $atLeast: 800_000 } } }, within: 30_000 },
      is("earliest", 2),
    ],
  },
  {
    name: "what retention took away does not come back with kill -9",
    features: ["retention.bytes", "durability"],
    broker,
    clients: ["java", "franz-go"],
    steps: [
      create("t", 1, { "segment.bytes": "1048576", "retention.bytes": "1000000" }),
      ...["a", "b", "c"].map((letter): Step => ({ op: "produce", topic: "t", records: inPartition(0, long(letter, 700_000)) })),
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 1 }, within: 30_000 },
      { op: "killBroker" },
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 1 }, within: 15_000 },
      is("latest", 3),
    ],
  },
  {
    name: "what retention has taken away is not in the log directory's size",
    features: ["retention.bytes", "KIP-113"],
    broker,
    steps: [
      create("t", 1, { "segment.bytes": "1048576", "retention.bytes": "1000000" }),
      ...["a", "b", "c", "d"].map((letter): Step => ({ op: "produce", topic: "t", records: inPartition(0, long(letter, 700_000)) })),
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 2 }, within: 30_000 },
      { op: "describeReplica", ...first, expect: { size: { $not: { $atLeast: 1_500_000 } } }, within: 5_000 },
    ],
  },
  {
    name: "the retention of all topics is altered, and old records go",
    features: ["log.retention.ms", "KIP-226"],
    broker: { ...broker, "background.threads": "11" },
    clients: ["java"],
    steps: [
      create("t"),
      create("own", 1, { "retention.ms": "-1" }),
      five,
      { ...five, topic: "own" } as Step,
      { op: "alterConfigs", type: "broker", name: "", set: { "log.retention.ms": "60000" } },
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 5 }, within: 30_000 },
      { op: "listOffsets", topic: "own", at: "earliest", expect: { offset: 0 } },
      { op: "alterConfigs", type: "broker", name: "", remove: ["log.retention.ms"] },
    ],
  },
];

/** A first segment of "old", "other" and "new" with a filler, and a second one of another filler; of the first key the last value stays. */
const compacted: readonly Step[] = [
  create("t", 1, { "cleanup.policy": "compact", "segment.bytes": "1048576", "min.cleanable.dirty.ratio": "0.001" }),
  {
    op: "produce",
    topic: "t",
    records: [{ partition: 0, key: "k", value: "old", timestamp: T + 900 }, { partition: 0, key: "l", value: "other", timestamp: T + 100 }],
  },
  { op: "produce", topic: "t", records: [{ partition: 0, key: "k", value: "new", timestamp: T + 200 }] },
  ...["m", "n"].map((key): Step => ({
    op: "produce",
    topic: "t",
    records: [{ partition: 0, key, value: long(key, 700_000), timestamp: T }],
  })),
  {
    op: "fetch",
    ...first,
    from: "earliest",
    count: 4,
    expect: [{ value: "other", offset: 1 }, { value: "new", offset: 2 }, { offset: 3 }, { offset: 4 }],
    within: 40_000,
  },
];

const compaction: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a log that is compacted begins where it began, and its offsets have gaps",
    features: ["cleanup.policy"],
    broker,
    steps: [
      ...compacted,
      is("earliest", 0),
      is("latest", 5),
      { op: "fetch", ...first, from: 0, count: 4, expect: [{ offset: 1 }, { offset: 2 }, { offset: 3 }, { offset: 4 }] },
    ],
  },
  {
    name: "a record that was compacted away has no time any more",
    features: ["cleanup.policy", "KIP-79"],
    broker,
    clients: ["java", "librdkafka", "franz-go", "platformatic"],
    steps: [...compacted, is({ timestamp: T + 150 }, 2), is({ timestamp: T + 900 }, -1)],
  },
  {
    name: "of a compacted log the largest timestamp that is left is told",
    features: ["cleanup.policy", "KIP-734"],
    broker,
    steps: [...compacted, { op: "listOffsets", ...first, at: "max-timestamp", expect: { offset: 2, timestamp: T + 200 } }],
  },
];

export const retentionRows: readonly RowScenario[] = [...retention, ...compaction].map((each) => ({ ...each, area }));
