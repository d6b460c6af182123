/** Offsets that are committed with transactions, and what else happens to them meanwhile. */
import type { RowScenario, Step } from "../steps/step.ts";
import { begin, commit, create, inPartition, sendOffsets } from "./common.ts";

const area = "transactions";

function alter(offset: number): Step {
  return { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, offset]] };
}

/** In partitions 0, 1, … */
function offsetsAre(...offsets: number[]): Step {
  return { op: "groupOffsets", group: "g", expect: offsets.map((offset, partition) => ({ partition, offset })), within: 10_000 };
}

const all: readonly Omit<RowScenario, "area">[] = [
  {
    name: "while offsets wait for a transaction, those of before are told",
    features: ["KIP-447"],
    steps: [create(), alter(9), ...begin(), sendOffsets(4), offsetsAre(9), commit, offsetsAre(4)],
  },
  {
    name: "of two offsets in one transaction the later one counts, though it goes back",
    features: ["KIP-447"],
    steps: [create(), ...begin(), sendOffsets(5), sendOffsets(3), commit, offsetsAre(3)],
  },
  {
    name: "what is committed while an offset waits for a transaction is newer than it",
    features: ["KIP-447", "OffsetCommit"],
    steps: [
      create("t", 2),
      ...begin(),
      { op: "sendOffsets", producer: "p", group: "g", offsets: [["t", 0, 7], ["t", 1, 1]] },
      alter(3),
      commit,
      offsetsAre(3, 1),
    ],
  },
  {
    name: "one transaction commits the offsets of two groups",
    features: ["KIP-447"],
    steps: [
      create(),
      ...begin(),
      sendOffsets(7),
      { op: "sendOffsets", producer: "p", group: "h", offsets: [["t", 0, 8]] },
      commit,
      offsetsAre(7),
      { op: "groupOffsets", group: "h", expect: [{ partition: 0, offset: 8 }], within: 10_000 },
    ],
  },
  {
    name: "with a group that is deleted, the offsets that wait for a transaction go",
    features: ["KIP-447", "KIP-229"],
    steps: [
      create(),
      ...begin(),
      sendOffsets(7),
      { op: "sendOffsets", producer: "p", group: "h", offsets: [["t", 0, 8]] },
      { op: "deleteGroup", group: "g" },
      commit,
      { op: "groupOffsets", group: "h", expect: [{ partition: 0, offset: 8 }], within: 10_000 },
      { op: "groupOffsets", group: "g", expect: [] },
    ],
  },
  {
    name: "an offset that waits for a transaction can be deleted",
    features: ["KIP-447", "KIP-496"],
    steps: [
      create("t", 2),
      ...begin(),
      { op: "sendOffsets", producer: "p", group: "g", offsets: [["t", 0, 7], ["t", 1, 8]] },
      { op: "deleteGroupOffsets", group: "g", topic: "t", partition: 0 },
      commit,
      { op: "groupOffsets", group: "g", expect: [{ partition: 1, offset: 8 }], within: 10_000 },
    ],
  },
  {
    name: "offsets that name no member are taken from a transaction though the group has members",
    features: ["KIP-447"],
    steps: [
      create(),
      { op: "join", member: "m", group: "g", topics: ["t"] },
      { op: "status", member: "m", expect: { assigned: ["t-0"] }, within: 25_000 },
      ...begin(),
      sendOffsets(7),
      commit,
      offsetsAre(7),
    ],
  },
  {
    name: "of the offsets of two transactions those that were sent later count, whoever commits last",
    features: ["KIP-447"],
    steps: [
      create("t", 2),
      ...begin("p", "x"),
      ...begin("q", "y"),
      { op: "sendOffsets", producer: "p", group: "g", offsets: [["t", 0, 5], ["t", 1, 1]] },
      { op: "sendOffsets", producer: "q", group: "g", offsets: [["t", 0, 3]] },
      { op: "commitTransaction", producer: "q" },
      { op: "groupOffsets", group: "g", expect: [{ partition: 0, offset: 3 }], within: 10_000 },
      commit,
      offsetsAre(3, 1),
    ],
  },
  {
    name: "with a topic that is deleted, its offsets that wait for a transaction go",
    features: ["KIP-447", "DeleteTopics"],
    steps: [
      create("t"),
      create("u"),
      ...begin(),
      { op: "sendOffsets", producer: "p", group: "g", offsets: [["t", 0, 7], ["u", 0, 8]] },
      { op: "deleteTopic", topic: "u" },
      { op: "wait", ms: 2_000 },
      commit,
      { op: "groupOffsets", group: "g", expect: [{ topic: "t", offset: 7 }], within: 10_000 },
    ],
  },
  {
    name: "who joins reads from the beginning when a transaction of offsets has timed out",
    features: ["KIP-447", "transaction.timeout.ms"],
    clients: ["java"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a") },
      { op: "initTransactions", producer: "p", transactionalId: "x", transactionTimeoutMs: 1_000 },
      { op: "beginTransaction", producer: "p" },
      sendOffsets(1),
      { op: "join", member: "m", group: "g", topics: ["t"] },
      { op: "poll", member: "m", count: 1, waitMs: 25_000, expect: ["a"] },
    ],
  },
  {
    name: "a producer that takes over an id drops the offsets that wait",
    features: ["KIP-447", "KIP-360"],
    clients: ["java", "librdkafka"],
    steps: [
      create("t", 2),
      ...begin("p"),
      sendOffsets(7),
      ...begin("q"),
      { op: "sendOffsets", producer: "q", group: "g", offsets: [["t", 1, 8]] },
      { op: "commitTransaction", producer: "q" },
      { op: "groupOffsets", group: "g", expect: [{ partition: 1, offset: 8 }], within: 10_000 },
    ],
  },
  {
    name: "a group of which only an open transaction knows is listed, and Empty",
    features: ["KIP-447", "ListGroups"],
    steps: [
      create(),
      ...begin(),
      sendOffsets(7),
      { op: "listGroups", expect: [{ group: "g" }] },
      { op: "describeGroup", group: "g", expect: { state: "Empty", members: [] } },
    ],
  },
];

export const transactionOffsetsRows: readonly RowScenario[] = all.map((each) => ({ ...each, area }));
