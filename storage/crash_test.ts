import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runCrashes, runFaults } from "./testing/crash_run.ts";

const STORIES = 150;
/** Of each story; `sim/long.ts logs` does all. */
const POINTS = 30;

const FAULTS = 100;
const FAULT_POINTS = 10;

describe("a disk that fails at any operation, once or for a while", () => {
  it("costs logs no promise: what fails is told, all is read on, and writes go on where they safely can", async () => {
    for (let story = 1; story <= FAULTS; story++) assert.equal(await runFaults(story, FAULT_POINTS), FAULT_POINTS);
  });
});

describe("a crash before any disk operation", () => {
  it("keeps what logs have promised, when the process dies and when the power goes, also while they are opened again", async () => {
    let crashes = 0;
    for (let story = 1; story <= STORIES; story++) crashes += await runCrashes(story, POINTS);
    assert.equal(crashes, STORIES * POINTS);
  });
});
