import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runCrashes } from "./testing/crash_run.ts";

const STORIES = 150;
/** Of each story; `sim/long.ts logs` does all. */
const POINTS = 30;

describe("a crash before any disk operation", () => {
  it("keeps what logs have promised, when the process dies and when the power goes, also while they are opened again", async () => {
    let crashes = 0;
    for (let story = 1; story <= STORIES; story++) crashes += await runCrashes(story, POINTS);
    assert.equal(crashes, STORIES * POINTS);
  });
});
