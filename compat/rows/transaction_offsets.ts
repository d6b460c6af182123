/** Offsets that are committed with transactions, and what else happens to them meanwhile. */
import type { RowScenario, Step } from "../steps/step.ts";
import { abort, begin, commit, create, sendOffsets } from "./common.ts";

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
    name: "offsets of a static member that another one has replaced are refused",
    features: ["KIP-447", "KIP-345"],
    clients: ["java"],
    steps: [
      create(),
      { op: "join", member: "a", group: "g", topics: ["t"], instanceId: "one" },
      { op: "status", member: "a", expect: { assigned: ["t-0"] }, within: 25_000 },
      { op: "join", member: "b", group: "g", topics: ["t"], instanceId: "one" },
      { op: "status", member: "b", expect: { assigned: ["t-0"] }, within: 25_000 },
      ...begin(),
      { ...sendOffsets(7, "a"), error: ["FENCED_INSTANCE_ID", "UNKNOWN_MEMBER_ID"] } as Step,
      abort,
      { op: "groupOffsets", group: "g", expect: [] },
    ],
  },
];

export const transactionOffsetsRows: readonly RowScenario[] = all.map((each) => ({ ...each, area }));
