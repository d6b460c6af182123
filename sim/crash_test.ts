import { describe, it } from "node:test";
import { CRASHES, CRASHES_PER_STORY, runCrash } from "./crash_run.ts";

const STORIES = 31;
/** Of each story and kind of crash; `sim/long.ts crashes` does more. */
const POINTS = 5;

describe("a broker whose disk ends at any operation", () => {
  for (const [index, { durability, how }] of CRASHES.entries()) {
    it(`keeps its promises in ${durability} after a ${how}: ${STORIES * POINTS} crashes`, async () => {
      for (let story = 1; story <= STORIES; story++) {
        for (let point = 0; point < POINTS; point++) await runCrash(story * CRASHES_PER_STORY + point * CRASHES.length + index);
      }
    });
  }
});
