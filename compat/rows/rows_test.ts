import { test } from "node:test";
import assert from "node:assert/strict";
import { lacks } from "../steps/run_scenario.ts";
import { AREAS, type Step } from "../steps/step.ts";
import { rows } from "./mod.ts";

/** Steps, those within others too. */
function flat(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => step.op === "together" ? flat(step.steps.flat()) : [step]);
}

test("no two rows of an area have one name", () => {
  const names = rows.map(({ area, name }) => `${area}: ${name}`);
  assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
});

test("every row observes something, and says what it shows", () => {
  for (const { name, steps, features } of rows) {
    assert.ok(flat(steps).some(({ expect, error }) => expect !== undefined || error !== undefined), name);
    assert.ok(features.length > 0, name);
  }
});

test("every area has ten rows", () => {
  for (const area of AREAS) assert.ok(rows.filter((row) => row.area === area).length >= 10, area);
});

test("a row ends the broker once at most, and not within other steps", () => {
  for (const { name, steps } of rows) {
    const isEnd = ({ op }: Step): boolean => op === "restartBroker" || op === "killBroker";
    assert.ok(flat(steps).filter(isEnd).length <= 1, name);
    assert.equal(flat(steps).filter(isEnd).length, steps.filter(isEnd).length, name);
  }
});

test("a client lacks a command, a parameter or a value that its driver does not name", () => {
  const can = { produce: ["topic", "records", "compression=gzip"], listOffsets: ["topic", "at=timestamp"] };
  const produce = { op: "produce", topic: "t", records: [] } as const;
  assert.equal(lacks(can, [produce]), undefined);
  assert.equal(lacks(can, [{ ...produce, compression: "gzip" }]), undefined);
  assert.equal(lacks(can, [{ ...produce, compression: "zstd" }]), "produce compression=zstd");
  assert.equal(lacks(can, [{ ...produce, expect: [0], within: 5 }]), undefined);
  assert.equal(lacks(can, [{ op: "listOffsets", topic: "t", at: { timestamp: 1 } }]), undefined);
  assert.equal(lacks(can, [{ op: "listOffsets", topic: "t", at: "latest" }]), "listOffsets at=latest");
  assert.equal(lacks(can, [{ op: "together", steps: [produce, [{ op: "listTopics" }]] }]), "listTopics");
});
