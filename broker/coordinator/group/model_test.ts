import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runGroups, STEPS } from "../testing/group_run.ts";

const RUNS = 60;

describe("groups and a model of them", () => {
  it(`agree over ${RUNS} runs of ${STEPS} random steps, and so does a reload after each`, async () => {
    let joined = 0;
    for (let seed = 1; seed <= RUNS; seed++) joined += await runGroups(seed);
    assert.ok(joined > RUNS * 5, `only ${joined} joins were completed`);
  });
});
