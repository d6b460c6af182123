import assert from "node:assert/strict";
import { it } from "node:test";
import { ManualClock } from "./clock.ts";

it("fires timers in order of their due times, each at its own time", () => {
  const clock = new ManualClock(1_000);
  const fired: string[] = [];
  const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
  clock.schedule(20, note("late"));
  clock.schedule(10, () => {
    note("early")();
    clock.schedule(5, note("nested"));
  });
  clock.schedule(20, note("late too"));
  clock.schedule(21, note("not yet"));
  assert.equal(clock.untilNext, 10);
  clock.advance(20);
  assert.deepEqual(fired, ["early@1010", "nested@1015", "late@1020", "late too@1020"]);
  assert.equal(clock.untilNext, 1);
  assert.equal(clock.monotonic(), 20);
});

it("does not fire what was cancelled", () => {
  const clock = new ManualClock();
  let fired = 0;
  const timer = clock.schedule(1, () => fired++);
  const other = clock.schedule(1, () => fired++);
  timer.cancel();
  timer.cancel();
  clock.advance(1);
  other.cancel();
  assert.equal(fired, 1);
  assert.equal(clock.untilNext, null);
});
