import type { RowScenario, Step } from "../steps/step.ts";
import { abort, begin, commit, committed, committedAre, create, inPartition, send, sendOffsets } from "./common.ts";

const area = "transactions";

/** @platformatic/kafka initializes a producer when its first transaction begins. */
function beginAtOnce(producer: string): Step {
  return { op: "beginTransaction", producer, transactionalId: "x" };
}

function member(name: string): Step {
  return { op: "join", member: name, group: "g", topics: ["t"] };
}

const all: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a committed transaction is read",
    features: ["KIP-98"],
    steps: [create(), ...begin(), send("p", "a", "b"), commit, committed("a", "b")],
  },
  {
    name: "an aborted transaction is not read by read_committed, and is by read_uncommitted",
    features: ["KIP-98"],
    steps: [
      create(),
      ...begin(),
      send("p", "a"),
      abort,
      committedAre(),
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, expect: ["a"] },
    ],
  },
  {
    name: "begun at once, a transaction is committed",
    features: ["KIP-98"],
    clients: ["platformatic"],
    steps: [create(), beginAtOnce("p"), send("p", "a"), commit, committed("a")],
  },
  {
    name: "begun at once, a transaction is aborted",
    features: ["KIP-98"],
    clients: ["platformatic"],
    steps: [create(), beginAtOnce("p"), send("p", "a"), abort, committedAre()],
  },
  {
    name: "an open transaction hides what comes after it",
    features: ["KIP-98", "last stable offset"],
    steps: [
      create(),
      ...begin(),
      send("p", "in"),
      { op: "produce", topic: "t", records: inPartition(0, "after") },
      committedAre(),
      commit,
      committed("in", "after"),
    ],
  },
  {
    name: "transactions of one producer follow one another",
    features: ["KIP-98"],
    steps: [
      create(),
      ...begin(),
      send("p", "1"),
      commit,
      { op: "beginTransaction", producer: "p" },
      send("p", "2"),
      abort,
      { op: "beginTransaction", producer: "p" },
      send("p", "3"),
      commit,
      committedAre("1", "3"),
    ],
  },
  {
    name: "a marker takes an offset",
    features: ["KIP-98"],
    steps: [create(), ...begin(), send("p", "a"), commit, {
      op: "listOffsets",
      topic: "t",
      at: "latest",
      expect: { offset: 2 },
      within: 5_000,
    }],
  },
  {
    name: "a transaction over two topics becomes visible as one",
    features: ["KIP-98"],
    steps: [
      create("t"),
      create("u", 2),
      ...begin(),
      send("p", "of t"),
      { op: "produce", topic: "u", producer: "p", records: inPartition(1, "of u") },
      commit,
      committed("of t"),
      { op: "fetch", topic: "u", partition: 1, from: "earliest", count: 1, isolation: "read_committed", expect: ["of u"] },
    ],
  },
  {
    name: "a second producer with one transactional id ends the first one's transaction",
    features: ["KIP-98", "KIP-360"],
    clients: ["java", "franz-go", "librdkafka"],
    steps: [
      create(),
      ...begin("p"),
      send("p", "of p"),
      { op: "initTransactions", producer: "q", transactionalId: "x" },
      { op: "beginTransaction", producer: "q" },
      send("q", "of q"),
      { op: "commitTransaction", producer: "q" },
      committedAre("of q"),
    ],
  },
  {
    name: "the producer that was replaced is fenced",
    features: ["KIP-98", "KIP-360"],
    clients: ["java"],
    steps: [
      create(),
      ...begin("p"),
      send("p", "of p"),
      { op: "initTransactions", producer: "q", transactionalId: "x" },
      { ...commit, error: ["INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED"] },
    ],
  },
  {
    name: "offsets sent with a transaction are committed with it",
    features: ["KIP-447"],
    steps: [
      create(),
      ...begin(),
      send("p", "out"),
      { op: "sendOffsets", producer: "p", group: "g", offsets: [["t", 0, 7]] },
      commit,
      { op: "groupOffsets", group: "g", expect: [{ topic: "t", partition: 0, offset: 7 }], within: 10_000 },
    ],
  },
  {
    name: "offsets sent with an aborted transaction are not committed",
    features: ["KIP-447"],
    steps: [
      create(),
      ...begin(),
      send("p", "out"),
      { op: "sendOffsets", producer: "p", group: "g", offsets: [["t", 0, 7]] },
      abort,
      { op: "groupOffsets", group: "g", expect: [] },
    ],
  },
  {
    name: "a member consumes, transforms and produces in transactions: what was aborted comes again",
    features: ["KIP-98", "KIP-447"],
    steps: [
      create("t"),
      create("u"),
      { op: "produce", topic: "t", records: inPartition(0, "a", "b", "c") },
      member("m"),
      { op: "poll", member: "m", count: 3, expect: ["a", "b", "c"] },
      ...begin(),
      { op: "produce", topic: "u", producer: "p", transactionalId: "x", records: inPartition(0, "A") },
      sendOffsets(1, "m"),
      commit,
      { op: "beginTransaction", producer: "p" },
      { op: "produce", topic: "u", producer: "p", transactionalId: "x", records: inPartition(0, "B", "C") },
      sendOffsets(3, "m"),
      abort,
      { op: "leave", member: "m" },
      member("n"),
      { op: "poll", member: "n", count: 2, expect: ["b", "c"] },
      { op: "fetch", topic: "u", partition: 0, from: "earliest", count: 2, isolation: "read_committed", waitMs: 1_500, expect: ["A"] },
    ],
  },
  {
    name: "offsets of a member that does not know of the newest generation are refused",
    features: ["KIP-447"],
    steps: [
      create(),
      member("m"),
      { op: "status", member: "m", expect: { assigned: { $not: [] } }, within: 25_000 },
      ...begin(),
      { ...sendOffsets(7, "m"), stale: true, error: "UNKNOWN_MEMBER_ID" } as Step,
      abort,
      { op: "groupOffsets", group: "g", expect: [] },
    ],
  },
  {
    name: "who joins waits for offsets of an open transaction",
    features: ["KIP-447"],
    clients: ["java"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a", "b", "c") },
      ...begin(),
      sendOffsets(2),
      member("m"),
      { op: "poll", member: "m", count: 1, waitMs: 3_000, expect: [] },
      commit,
      { op: "poll", member: "m", count: 1, expect: ["c"] },
    ],
  },
  {
    name: "offsets of a transaction that is open over a restart are committed with it",
    features: ["KIP-447", "durability"],
    clients: ["java"],
    steps: [
      create(),
      ...begin(),
      sendOffsets(7),
      { op: "restartBroker" },
      commit,
      { op: "groupOffsets", group: "g", expect: [{ topic: "t", partition: 0, offset: 7 }], within: 10_000 },
    ],
  },
  {
    name: "a transaction that hangs is aborted by an administrator in its partition",
    features: ["KIP-664"],
    steps: [
      create(),
      ...begin(),
      send("p", "in"),
      { op: "produce", topic: "t", records: inPartition(0, "after") },
      committedAre(),
      { op: "abortHanging", topic: "t", partition: 0 },
      committedAre("after"),
      { op: "describeProducers", topic: "t", partition: 0, expect: [{ transactionStart: -1 }] },
    ],
  },
  {
    name: "a transaction longer than its timeout is aborted by the broker",
    features: ["transaction.timeout.ms"],
    clients: ["java", "franz-go"],
    steps: [
      create(),
      { op: "initTransactions", producer: "p", transactionalId: "x", transactionTimeoutMs: 1_000 },
      { op: "beginTransaction", producer: "p" },
      send("p", "late"),
      { op: "produce", topic: "t", records: inPartition(0, "after") },
      { ...committed("after"), waitMs: 25_000 } as Step,
    ],
  },
  {
    name: "an open transaction is listed and described",
    features: ["KIP-664"],
    steps: [
      create(),
      ...begin(),
      send("p", "a"),
      { op: "listTransactions", expect: [{ transactionalId: "x", state: "Ongoing" }], within: 5_000 },
      { op: "describeTransaction", transactionalId: "x", expect: { state: "Ongoing", timeoutMs: 10_000 } },
      commit,
      { op: "describeTransaction", transactionalId: "x", expect: { state: "CompleteCommit" }, within: 10_000 },
    ],
  },
  {
    name: "a transactional id that nobody used is not described",
    features: ["KIP-664"],
    steps: [{ op: "describeTransaction", transactionalId: "nobody", error: "TRANSACTIONAL_ID_NOT_FOUND" }],
  },
  {
    name: "DescribeProducers tells where an open transaction begins",
    features: ["KIP-664"],
    steps: [
      create(),
      ...begin(),
      send("p", "a", "b"),
      { op: "describeProducers", topic: "t", partition: 0, expect: [{ lastSequence: 1, transactionStart: 0 }] },
    ],
  },
  {
    name: "a producer is fenced by an administrator",
    features: ["KIP-588"],
    clients: ["java"],
    steps: [
      create(),
      ...begin(),
      send("p", "a"),
      { op: "fenceProducer", transactionalId: "x" },
      { ...commit, error: ["INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED"] },
      committedAre(),
    ],
  },
  {
    name: "an aborted transaction that is open over a restart stays unread",
    features: ["KIP-98", "durability"],
    clients: ["java", "franz-go"],
    steps: [create(), ...begin(), send("p", "a"), { op: "restartBroker" }, abort, committedAre()],
  },
];

export const transactionsRows: readonly RowScenario[] = all.map((each) => ({ ...each, area }));
