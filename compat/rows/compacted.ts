/** What is left to read of logs that are compacted. */
import { FIRST_TIMESTAMP as T } from "../records.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import { abort, begin, beginAgain, commit, create } from "./common.ts";

const area = "fetch";
const SOON = 40_000;

/** A broker that looks often for what is to be compacted. */
const broker = { "log.cleaner.backoff.ms": "200", "log.initial.task.delay.ms": "200" };

/** A topic whose segments are closed when a record comes that is a second younger, and are compacted then. */
function createCompacted(more: Readonly<Record<string, string>> = {}): Step {
  return create("t", 1, { "cleanup.policy": "compact", "segment.ms": "1000", "min.cleanable.dirty.ratio": "0.01", ...more });
}

/** `pairs` at so many milliseconds after each other. */
function put(at: number, ...pairs: readonly (readonly [string, string | null])[]): Step {
  const records = pairs.map(([key, value], i) => ({ partition: 0, key, value, timestamp: T + at + i }));
  return { op: "produce", topic: "t", records };
}

/** All that can be read, as soon as it is that. */
function leaves(...records: { readonly offset: number; readonly key: string; readonly value: string | null }[]): Step {
  return { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 9, waitMs: 1_500, expect: records, within: SOON };
}

const all: readonly Omit<RowScenario, "area" | "broker">[] = [
  {
    name: "of a compacted topic the last value of each key is left, at its offset",
    features: ["cleanup.policy"],
    steps: [
      createCompacted(),
      put(0, ["k", "1"], ["l", "1"], ["k", "2"]),
      put(60_000, ["last", "1"]),
      leaves({ offset: 1, key: "l", value: "1" }, { offset: 2, key: "k", value: "2" }, { offset: 3, key: "last", value: "1" }),
      { op: "fetch", topic: "t", partition: 0, from: 0, count: 3, expect: [{ offset: 1 }, { offset: 2 }, { offset: 3 }] },
      { op: "listOffsets", topic: "t", at: { timestamp: T }, expect: { offset: 1 } },
    ],
  },
  {
    name: "a tombstone outlives what it deletes, and goes when its time is over",
    features: ["cleanup.policy", "delete.retention.ms"],
    steps: [
      createCompacted({ "delete.retention.ms": "1000" }),
      put(0, ["k", "1"], ["k", null]),
      put(60_000, ["l", "1"]),
      leaves({ offset: 1, key: "k", value: null }, { offset: 2, key: "l", value: "1" }),
      { op: "wait", ms: 1_500 },
      put(120_000, ["last", "1"]),
      leaves({ offset: 2, key: "l", value: "1" }, { offset: 3, key: "last", value: "1" }),
    ],
  },
  {
    name: "what was aborted displaces nothing in a compacted topic",
    features: ["cleanup.policy", "KIP-98"],
    steps: [
      createCompacted(),
      put(0, ["k", "replaced"]),
      ...begin(),
      { ...put(1, ["k", "kept"]), producer: "p", transactionalId: "x" } as Step,
      commit,
      beginAgain(),
      { ...put(2, ["k", "aborted"]), producer: "p", transactionalId: "x" } as Step,
      abort,
      put(60_000, ["last", "1"]),
      {
        op: "fetch",
        topic: "t",
        partition: 0,
        from: "earliest",
        count: 9,
        waitMs: 1_500,
        isolation: "read_committed",
        expect: ["kept", "1"],
        within: SOON,
      },
    ],
  },
  {
    name: "an idempotent producer goes on though its records were compacted away",
    features: ["cleanup.policy", "KIP-98"],
    steps: [
      createCompacted(),
      { ...put(0, ["k", "1"]), producer: "p", idempotent: true } as Step,
      { ...put(1, ["k", "2"]), producer: "p", idempotent: true } as Step,
      put(2, ["k", "3"]),
      put(60_000, ["last", "1"]),
      leaves({ offset: 2, key: "k", value: "3" }, { offset: 3, key: "last", value: "1" }),
      { ...put(60_001, ["k", "4"]), producer: "p", idempotent: true, expect: [4] } as Step,
    ],
  },
];

export const compactedRows: readonly RowScenario[] = all.map((each) => ({ ...each, area, broker }));
