import assert from "node:assert/strict";
import { it } from "node:test";
import { ManualClock } from "../platform/mod.ts";
import { Slices } from "./slices.ts";

it("work pauses whenever its slice is over, and not before", async () => {
  const clock = new ManualClock();
  const turns: number[] = [];
  let done = 0;
  const turn = (): Promise<void> => {
    turns.push(done);
    // What the others do takes its time, too.
    clock.advance(5);
    return Promise.resolve();
  };
  const slices = new Slices(clock, { schedule: (delayMs, fire) => clock.schedule(delayMs, fire), turn });
  while (done < 8) {
    clock.advance(0.4);
    done++;
    if (slices.isOver(0)) await slices.next();
  }
  assert.deepEqual(turns, [3, 6]);
});
