/** What readers see of transactions. */
import type { RowScenario, Step } from "../steps/step.ts";
import {
  abort,
  begin,
  beginAgain,
  beginLong,
  commit,
  committed,
  committedAre,
  create,
  inPartition,
  long,
  numbered,
  plain,
  send,
} from "./common.ts";

const area = "transactions";

/** @platformatic/kafka hides what was aborted only where it reads it with the transaction's first record. */
const OTHERS = ["java", "librdkafka", "franz-go", "kafkajs"] as const;

function committedFrom(from: number, ...values: string[]): Step {
  return { ...committed(...values), from } as Step;
}

const mixed: readonly Omit<RowScenario, "area">[] = [
  {
    name: "of transactions that mix in a partition what was committed is read, in the log's order",
    features: ["KIP-98"],
    steps: [
      create(),
      ...begin("p", "x"),
      ...begin("q", "y"),
      send("p", "p1"),
      send("q", "q1"),
      send("p", "p2"),
      send("q", "q2"),
      commit,
      { op: "abortTransaction", producer: "q" },
      committedAre("p1", "p2"),
    ],
  },
  {
    name: "what was committed waits for an earlier transaction that is open",
    features: ["KIP-98", "last stable offset"],
    steps: [
      create(),
      ...begin("p", "x"),
      ...begin("q", "y"),
      send("p", "first"),
      send("q", "second"),
      { op: "commitTransaction", producer: "q" },
      committedAre(),
      abort,
      committed("second"),
    ],
  },
  {
    name: "where one partition waits for a transaction, another is read",
    features: ["KIP-98", "last stable offset"],
    steps: [
      create("t", 2),
      ...begin(),
      send("p", "open"),
      { op: "produce", topic: "t", records: inPartition(1, "other") },
      { op: "fetch", topic: "t", from: "earliest", count: 2, isolation: "read_committed", waitMs: 2_000, expect: ["other"] },
    ],
  },
  {
    name: "a member reads what is committed, as transactions end",
    features: ["KIP-98", "isolation.level"],
    steps: [
      create(),
      { op: "join", member: "m", group: "g", topics: ["t"], isolation: "read_committed" },
      { op: "status", member: "m", expect: { assigned: ["t-0"] }, within: 25_000 },
      ...begin(),
      send("p", "a"),
      plain("b"),
      { op: "poll", member: "m", count: 1, waitMs: 1_500, expect: [] },
      commit,
      { op: "poll", member: "m", count: 2, expect: ["a", "b"] },
      beginAgain(),
      send("p", "c"),
      abort,
      plain("d"),
      { op: "poll", member: "m", count: 1, expect: ["d"] },
    ],
  },
  {
    name: "a commit ends the wait of a reader that would wait for longer",
    features: ["KIP-98", "fetch.max.wait.ms"],
    steps: [
      create(),
      ...begin(),
      send("p", "a"),
      {
        op: "together",
        steps: [
          { ...committed("a"), from: 0, maxWaitMs: 12_000, waitMs: 6_000 } as Step,
          [{ op: "wait", ms: 1_500 }, commit],
        ],
      },
    ],
  },
];

const places: readonly Omit<RowScenario, "area">[] = [
  {
    name: "markers are nobody's records",
    features: ["KIP-98"],
    steps: [
      create(),
      ...begin(),
      send("p", "a"),
      commit,
      beginAgain(),
      send("p", "b"),
      abort,
      plain("c"),
      {
        op: "fetch",
        topic: "t",
        partition: 0,
        from: "earliest",
        count: 4,
        waitMs: 2_000,
        expect: [{ value: "a", offset: 0 }, { value: "b", offset: 2 }, { value: "c", offset: 4 }],
      },
    ],
  },
  {
    name: "reading may begin at a marker, and within a transaction that was aborted",
    features: ["KIP-98"],
    steps: [
      create(),
      ...begin(),
      send("p", ...numbered(5)),
      abort,
      beginAgain(),
      send("p", "in"),
      commit,
      plain("after"),
      committedFrom(3, "in", "after"),
      committedFrom(5, "in", "after"),
      committedFrom(7, "after"),
    ],
  },
  {
    name: "an aborted transaction in several segments is read from none of them",
    features: ["KIP-98", "segment.bytes"],
    clients: OTHERS,
    steps: [
      create("t", 1, { "segment.bytes": "1048576" }),
      ...begin(),
      ...numbered(5, "").map((n) => send("p", long(n, 600_000))),
      abort,
      plain("after"),
      committedFrom(0, "after"),
      committedFrom(3, "after"),
    ],
  },
  {
    name: "small fetches get past a long transaction that was aborted",
    features: ["KIP-98", "max.partition.fetch.bytes"],
    clients: OTHERS,
    steps: [
      create(),
      ...begin(),
      ...numbered(20, "").map((n) => send("p", long(n, 4_000))),
      abort,
      plain("after"),
      { ...committed("after"), maxPartitionBytes: 5_000 } as Step,
    ],
  },
  {
    name: "a topic that compresses anew and sets the time keeps what is transactional",
    features: ["KIP-98", "compression.type", "message.timestamp.type"],
    steps: [
      create("t", 1, { "compression.type": "gzip", "message.timestamp.type": "LogAppendTime" }),
      ...begin(),
      send("p", "a", "b"),
      abort,
      beginAgain(),
      send("p", "c", "d"),
      commit,
      committedAre("c", "d"),
    ],
  },
  {
    name: "three thousand records in five partitions become visible as one",
    features: ["KIP-98"],
    steps: [
      create("t", 5),
      ...begin(),
      {
        op: "produce",
        topic: "t",
        producer: "p",
        transactionalId: "x",
        records: numbered(3_000).map((value, i) => ({ value, partition: i % 5 })),
      },
      { op: "fetch", topic: "t", from: "earliest", count: 1, isolation: "read_committed", waitMs: 1_000, expect: [] },
      commit,
      { op: "fetch", topic: "t", from: "earliest", count: 3_000, isolation: "read_committed", expect: { $unordered: numbered(3_000) } },
    ],
  },
];

const ended: readonly Omit<RowScenario, "area">[] = [
  {
    name: "after kill -9 an aborted transaction in several segments is read from none of them",
    features: ["KIP-98", "segment.bytes", "durability"],
    clients: OTHERS,
    steps: [
      create("t", 1, { "segment.bytes": "1048576" }),
      ...beginLong(),
      ...numbered(4, "").map((n) => send("p", long(n, 600_000))),
      abort,
      plain("after"),
      { op: "killBroker" },
      committedFrom(0, "after"),
      committedFrom(2, "after"),
    ],
  },
  {
    name: "after kill -9 a committed transaction is read, and an aborted one is not",
    features: ["KIP-98", "durability"],
    steps: [create(), ...begin(), send("p", "a"), commit, beginAgain(), send("p", "b"), abort, { op: "killBroker" }, committedAre("a")],
  },
  {
    name: "a transaction that is open over kill -9 hides, and is committed",
    features: ["KIP-98", "durability"],
    clients: ["java", "franz-go"],
    steps: [create(), ...beginLong(), send("p", "a"), plain("b"), { op: "killBroker" }, committedAre(), commit, committed("a", "b")],
  },
  {
    name: "a transaction longer than its timeout is aborted though the broker was restarted",
    features: ["transaction.timeout.ms", "durability"],
    clients: ["java", "franz-go"],
    steps: [
      create(),
      { op: "initTransactions", producer: "p", transactionalId: "x", transactionTimeoutMs: 20_000 },
      beginAgain(),
      send("p", "late"),
      plain("after"),
      { op: "restartBroker" },
      { ...committed("after"), waitMs: 35_000 } as Step,
    ],
  },
];

export const isolationRows: readonly RowScenario[] = [...mixed, ...places, ...ended].map((each) => ({ ...each, area }));
