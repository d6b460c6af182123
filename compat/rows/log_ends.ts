/** Where logs begin and end: after records were deleted, with transactions, and where times are found then. */
import { FIRST_TIMESTAMP as T } from "../records.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import { create, inPartition, long } from "./common.ts";

const area = "offsets";
const first = { topic: "t", partition: 0 } as const;
type At = Extract<Step, { op: "listOffsets" }>["at"];

/** Offsets 0 to 4 at T, T+1000 and so on. */
const five: Step = {
  op: "produce",
  topic: "t",
  records: ["a", "b", "c", "d", "e"].map((value, i) => ({ partition: 0, value, timestamp: T + i * 1_000 })),
};
const deletes = (before: number, lowWatermark = before): Step => ({ op: "deleteRecords", ...first, before, expect: { lowWatermark } });
const is = (at: At, offset: number): Step => ({ op: "listOffsets", ...first, at, expect: { offset } });
const committedIs = (at: At, offset: number): Step => ({
  op: "listOffsets",
  ...first,
  at,
  isolation: "read_committed",
  expect: { offset },
  within: 5_000,
});

const deleted: readonly Omit<RowScenario, "area">[] = [
  {
    name: "all records are deleted, and the next comes behind them",
    features: ["KIP-107"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create(),
      five,
      deletes(-1, 5),
      is("earliest", 5),
      is("latest", 5),
      { op: "produce", topic: "t", records: inPartition(0, "f"), expect: [5] },
      { op: "fetch", ...first, from: "earliest", count: 1, expect: ["f"] },
    ],
  },
  {
    name: "what is deleted already can be deleted again, and no more goes",
    features: ["KIP-107"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [create(), five, deletes(0), deletes(3), deletes(1, 3), is("earliest", 3)],
  },
  {
    name: "records cannot be deleted before a place that is none",
    features: ["KIP-107"],
    clients: ["java", "franz-go"],
    steps: [create(), five, { op: "deleteRecords", ...first, before: -2, error: "OFFSET_OUT_OF_RANGE" }, is("earliest", 0)],
  },
  {
    name: "records of a topic that is only compacted are not deleted",
    features: ["KIP-107", "cleanup.policy"],
    steps: [
      create("t", 1, { "cleanup.policy": "compact" }),
      { op: "produce", topic: "t", records: [{ partition: 0, key: "k", value: "v" }] },
      { op: "deleteRecords", ...first, before: 1, error: "POLICY_VIOLATION" },
    ],
  },
  ...[
    ["records of a topic that is compacted too are deleted", "compact,delete"],
    ["records of a topic that neither is compacted nor deletes by itself are deleted", ""],
  ].map(([name, policy]): Omit<RowScenario, "area"> => ({
    name,
    features: ["KIP-107", "cleanup.policy"],
    steps: [
      create("t", 1, { "cleanup.policy": policy }),
      { op: "produce", topic: "t", records: [{ partition: 0, key: "k", value: "v" }, { partition: 0, key: "l", value: "w" }] },
      deletes(1),
      { op: "fetch", ...first, from: "earliest", count: 1, expect: ["w"] },
    ],
  })),
  {
    name: "records of the broker's own topics are not deleted",
    features: ["KIP-107", "__consumer_offsets"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [{ op: "deleteRecords", topic: "__consumer_offsets", partition: 0, before: 0, error: "INVALID_TOPIC_EXCEPTION" }],
  },
  {
    name: "records of a partition that is not there are not deleted",
    features: ["KIP-107"],
    clients: ["franz-go"],
    steps: [create(), { op: "deleteRecords", topic: "t", partition: 4, before: 0, error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
  {
    name: "deleted records are out of range for who wants to read them",
    features: ["KIP-107"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [create(), five, deletes(3), { op: "fetch", ...first, from: 1, count: 1, reset: "none", error: "OFFSET_OUT_OF_RANGE" }],
  },
  {
    name: "a time of deleted records finds the first that is left, and none where all are deleted",
    features: ["KIP-79", "KIP-107"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [create(), five, deletes(3), is({ timestamp: T + 1_000 }, 3), is({ timestamp: 0 }, 3), deletes(5), is({ timestamp: T }, -1)],
  },
  {
    name: "a group that has committed what was deleted goes on with what is left",
    features: ["KIP-107", "auto.offset.reset"],
    steps: [
      create(),
      five,
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 1]] },
      deletes(3),
      { op: "join", member: "m", group: "g", topics: ["t"], reset: "earliest" },
      { op: "poll", member: "m", count: 2, expect: ["d", "e"] },
    ],
  },
  {
    name: "an empty partition has nothing to delete",
    features: ["KIP-107"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [create(), deletes(-1, 0), deletes(0), { op: "deleteRecords", ...first, before: 1, error: "OFFSET_OUT_OF_RANGE" }],
  },
  {
    name: "a producer whose records were deleted is known all the same",
    features: ["KIP-107", "KIP-360", "KIP-664"],
    clients: ["java", "franz-go"],
    steps: [
      create(),
      { op: "produce", topic: "t", producer: "p", idempotent: true, records: inPartition(0, "a", "b", "c") },
      deletes(3),
      { op: "describeProducers", ...first, expect: [{ lastSequence: 2 }] },
      { op: "produce", topic: "t", producer: "p", idempotent: true, records: inPartition(0, "d"), expect: [3] },
    ],
  },
  {
    name: "a producer whose records were deleted goes on when the broker comes back",
    features: ["KIP-107", "KIP-360"],
    clients: ["java", "franz-go"],
    steps: [
      create(),
      { op: "produce", topic: "t", producer: "p", idempotent: true, records: inPartition(0, "a", "b", "c") },
      deletes(3),
      { op: "restartBroker" },
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 3 }, within: 15_000 },
      { op: "produce", topic: "t", producer: "p", idempotent: true, records: inPartition(0, "d"), expect: [3] },
    ],
  },
  {
    name: "the largest timestamp is told also where its record was deleted, as by Kafka",
    features: ["KIP-734", "KIP-107"],
    steps: [
      create(),
      {
        op: "produce",
        topic: "t",
        records: [900, 100, 200].map((later) => ({ partition: 0, timestamp: T + later, value: String(later) })),
      },
      deletes(1),
      is("max-timestamp", 0),
    ],
  },
];

const begin: Step = { op: "beginTransaction", producer: "p" };
const sends = (producer: string, ...values: string[]): Step => ({
  op: "produce",
  topic: "t",
  producer,
  ...(producer === "p" ? { transactionalId: "x" } : {}),
  records: values.map((value) => ({ partition: 0, value, timestamp: T })),
});
const opened: readonly Step[] = [
  create(),
  { op: "initTransactions", producer: "p", transactionalId: "x" },
  sends("other", "a"),
  begin,
  sends("p", "b"),
];

const transactional: readonly Omit<RowScenario, "area">[] = [
  {
    name: "the end of what is committed is where an open transaction begins",
    features: ["KIP-98", "isolation.level"],
    steps: [
      ...opened,
      sends("other", "c"),
      committedIs("latest", 1),
      is("latest", 3),
      { op: "commitTransaction", producer: "p" },
      committedIs("latest", 4),
    ],
  },
  {
    name: "a time finds nothing that is not committed, for who reads what is",
    features: ["KIP-98", "KIP-79", "isolation.level"],
    steps: [
      create(),
      { op: "initTransactions", producer: "p", transactionalId: "x" },
      begin,
      sends("p", "a"),
      committedIs({ timestamp: T }, -1),
      is({ timestamp: T }, 0),
      { op: "abortTransaction", producer: "p" },
      // Also a record that was aborted has its time.
      committedIs({ timestamp: T }, 0),
    ],
  },
  {
    name: "the largest timestamp is not told while it is in an open transaction",
    features: ["KIP-734", "isolation.level"],
    steps: [
      create(),
      { op: "initTransactions", producer: "p", transactionalId: "x" },
      begin,
      sends("p", "a"),
      committedIs("max-timestamp", -1),
      is("max-timestamp", 0),
      { op: "commitTransaction", producer: "p" },
    ],
  },
  {
    name: "the largest timestamp may be that of a transaction's end",
    features: ["KIP-734", "KIP-98"],
    steps: [
      ...opened,
      is("max-timestamp", 0),
      { op: "commitTransaction", producer: "p" },
      { op: "listOffsets", ...first, at: "max-timestamp", expect: { offset: 2 }, within: 5_000 },
      is({ timestamp: T + 1 }, 2),
    ],
  },
  {
    name: "what was aborted stays unread where its beginning was deleted",
    features: ["KIP-107", "KIP-98"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      ...opened,
      sends("p", "c"),
      { op: "abortTransaction", producer: "p" },
      sends("other", "d"),
      deletes(2),
      { op: "fetch", ...first, from: "earliest", count: 1, isolation: "read_committed", expect: [{ value: "d", offset: 4 }] },
      { op: "fetch", ...first, from: "earliest", count: 2, expect: [{ value: "c", offset: 2 }, { value: "d", offset: 4 }] },
    ],
  },
  {
    name: "records of an open transaction are deleted, and it ends all the same",
    features: ["KIP-107", "KIP-98"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      ...opened,
      sends("other", "c"),
      deletes(-1, 3),
      is("earliest", 3),
      { op: "commitTransaction", producer: "p" },
      sends("other", "d"),
      { op: "fetch", ...first, from: "earliest", count: 1, isolation: "read_committed", expect: [{ value: "d", offset: 4 }] },
      committedIs("latest", 5),
    ],
  },
];

const epochs: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a leader that comes back after kill -9 leads in a new epoch, and knows where the old one ended",
    features: ["KIP-320"],
    clients: ["franz-go"],
    steps: [
      create(),
      five,
      { op: "killBroker" },
      { op: "describeTopic", topic: "t", expect: { leaderEpoch: { $atLeast: 1 } }, within: 15_000, keep: "t" },
      { op: "produce", topic: "t", records: inPartition(0, "f"), expect: [5], within: 15_000 },
      { op: "leaderEpochEnd", ...first, epoch: 0, expect: { epoch: 0, offset: 5 } },
      { op: "listOffsets", ...first, at: { timestamp: T }, expect: { offset: 0, leaderEpoch: 0 } },
      { op: "listOffsets", ...first, at: { timestamp: T + 4_001 }, expect: { offset: 5, leaderEpoch: { $kept: "t.leaderEpoch" } } },
      { op: "listOffsets", ...first, at: "latest", expect: { offset: 6, leaderEpoch: { $kept: "t.leaderEpoch" } } },
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 0, leaderEpoch: 0 } },
    ],
  },
  {
    name: "an epoch whose records were deleted after kill -9 ends where the log begins",
    features: ["KIP-320", "KIP-107"],
    clients: ["franz-go"],
    steps: [
      create(),
      five,
      { op: "killBroker" },
      { op: "produce", topic: "t", records: inPartition(0, "f", "g"), expect: [5, 6], within: 15_000 },
      deletes(6),
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 6, leaderEpoch: { $atLeast: 1 } } },
      { op: "leaderEpochEnd", ...first, epoch: 0, expect: { epoch: 0, offset: 6 } },
    ],
  },
];

const ended: readonly Omit<RowScenario, "area">[] = [
  {
    name: "records of an open transaction are deleted, the broker comes back, and it ends all the same",
    features: ["KIP-107", "KIP-98"],
    clients: ["java", "franz-go"],
    steps: [
      ...opened,
      sends("other", "c"),
      deletes(-1, 3),
      { op: "restartBroker" },
      { op: "listOffsets", ...first, at: "earliest", expect: { offset: 3 }, within: 15_000 },
      committedIs("latest", 3),
      { op: "commitTransaction", producer: "p" },
      sends("other", "d"),
      { op: "fetch", ...first, from: "earliest", count: 1, isolation: "read_committed", expect: ["d"] },
    ],
  },
  {
    name: "an open transaction hides what comes after it also when the broker has come back",
    features: ["KIP-98", "isolation.level"],
    clients: ["java", "franz-go"],
    steps: [
      ...opened,
      sends("other", "c"),
      { op: "restartBroker" },
      { ...committedIs("latest", 1), within: 15_000 } as Step,
      committedIs({ timestamp: T }, 0),
      { op: "commitTransaction", producer: "p" },
      committedIs("latest", 4),
    ],
  },
];

const times: readonly Omit<RowScenario, "area">[] = [
  {
    name: "the largest timestamp is found within a compressed batch",
    features: ["KIP-734"],
    steps: [
      create(),
      {
        op: "produce",
        topic: "t",
        compression: "gzip",
        records: [100, 900, 300].map((later) => ({ partition: 0, timestamp: T + later, value: String(later) })),
      },
      { op: "listOffsets", topic: "t", at: "max-timestamp", expect: { offset: 1, timestamp: T + 900 } },
    ],
  },
  {
    name: "the largest timestamp is found in an older segment",
    features: ["KIP-734", "segment.bytes"],
    steps: [
      create("t", 1, { "segment.bytes": "1048576" }),
      ...[900, 100].map((later): Step => ({
        op: "produce",
        topic: "t",
        records: [{ partition: 0, timestamp: T + later, value: long("x", 700_000) }],
      })),
      { op: "listOffsets", topic: "t", at: "max-timestamp", expect: { offset: 0, timestamp: T + 900 } },
    ],
  },
  {
    name: "the largest timestamp of a broker's own time is told with the first record that has it",
    features: ["KIP-734", "KIP-32"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create("t", 1, { "message.timestamp.type": "LogAppendTime" }),
      // Nobody else's flush may end the batch.
      { op: "produce", topic: "t", producer: "p", records: inPartition(0, "a", "b", "c") },
      is("max-timestamp", 0),
      is({ timestamp: T }, 0),
    ],
  },
  {
    name: "a place that is none is refused",
    features: ["ListOffsets"],
    clients: ["franz-go"],
    steps: [create(), { op: "listOffsets", topic: "t", at: { timestamp: -7 }, error: "UNSUPPORTED_VERSION" }],
  },
  {
    name: "the largest timestamp is the same after kill -9",
    features: ["KIP-734", "durability"],
    clients: ["java", "franz-go"],
    steps: [
      create(),
      {
        op: "produce",
        topic: "t",
        records: [100, 900, 300].map((later) => ({ partition: 0, timestamp: T + later, value: String(later) })),
      },
      { op: "killBroker" },
      { op: "listOffsets", topic: "t", at: "max-timestamp", expect: { offset: 1, timestamp: T + 900 }, within: 15_000 },
      { op: "listOffsets", topic: "t", at: { timestamp: T + 901 }, expect: { offset: -1 } },
    ],
  },
];

export const logEndsRows: readonly RowScenario[] = [...deleted, ...transactional, ...epochs, ...ended, ...times].map((each) => ({
  ...each,
  area,
}));
