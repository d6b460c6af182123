import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { finds } from "./fuzz/finds.ts";
import { FuzzRun, type Tallies } from "./fuzz/run.ts";

const FRAMES = 5000;

describe("frames that are wrong in some way", () => {
  it("are refused or answered, change nothing when they are refused, and cost nobody else anything", async () => {
    const tallies: Tallies = new Map();
    await FuzzRun.run(1, tallies, FRAMES);
    const unreached = [...tallies].filter(([, { reached }]) => reached === 0).map(([name]) => name);
    assert.deepEqual(unreached, [], "every version of every API is reached");
  });

  for (const { why, bytes } of finds) {
    it(`once was wrong: ${why}`, () => FuzzRun.replay([bytes]));
  }
});
