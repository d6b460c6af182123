import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { COMPACTION_STEPS, runCompaction } from "./testing/compaction_run.ts";

const RUNS = 40;

describe("a compacted log and a list of what Kafka's rules leave", () => {
  it(`have the same records over ${RUNS} runs of ${COMPACTION_STEPS} appends, rounds, stops, crashes and lost caches`, async () => {
    let rounds = 0;
    for (let seed = 1; seed <= RUNS; seed++) rounds += await runCompaction(seed);
    assert.ok(rounds > 150, `${rounds} rounds`);
  });
});
