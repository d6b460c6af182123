import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type FlipTallies, runFlip } from "./flips/run.ts";

/** `deno run -A sim/long.ts flips --runs N --seed S` runs more. */
const RUNS = 60;

describe("a data directory of which one file has a wrong bit, a lost or misplaced sector, or no end", () => {
  it("is read right, or with an explicit error for what stood there, and fsck finds it", async () => {
    const tallies: FlipTallies = new Map();
    for (let seed = 1; seed <= RUNS; seed++) await runFlip(seed, tallies);
    assert.ok(tallies.size >= 14, [...tallies.keys()].join());
  });
});
