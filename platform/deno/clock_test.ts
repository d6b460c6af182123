import assert from "node:assert/strict";
import { it } from "node:test";
import { denoClock, denoTimers } from "./clock.ts";

it("never fires before its time, and in order", async () => {
  const start = denoClock.monotonic();
  const fired: number[] = [];
  const wait = (ms: number): Promise<number> =>
    new Promise((resolve) => denoTimers.schedule(ms, () => (fired.push(ms), resolve(denoClock.monotonic() - start))));
  const [five, two] = await Promise.all([wait(5.5), wait(2)]);
  assert.ok(five >= 5.5 && two >= 2);
  assert.deepEqual(fired, [2, 5.5]);
});

it("neither fires at once when the delay is longer than setTimeout takes, nor after it was cancelled", async () => {
  let fired = 0;
  const month = denoTimers.schedule(2 ** 32, () => fired++);
  denoTimers.schedule(0, () => fired++).cancel();
  await new Promise<void>((resolve) => denoTimers.schedule(3, resolve));
  month.cancel();
  assert.equal(fired, 0);
});
