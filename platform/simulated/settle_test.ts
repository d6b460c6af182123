import assert from "node:assert/strict";
import { it } from "node:test";
import { ManualClock } from "./clock.ts";
import { settle, settleThrough } from "./settle.ts";

it("lets long chains of promises come to their end", async () => {
  let steps = 0;
  const chain = (async () => {
    while (steps < 1000) steps = await Promise.resolve(steps + 1);
  })();
  await settle();
  assert.equal(steps, 1000);
  await chain;
});

it("gives timers that promises set their own time", async () => {
  const clock = new ManualClock(0);
  const fired: number[] = [];
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => clock.schedule(ms, resolve));
  const loop = (async () => {
    for (let i = 0; i < 3; i++) {
      await sleep(10);
      fired.push(clock.now());
    }
  })();
  await settleThrough(clock, 25);
  assert.deepEqual(fired, [10, 20]);
  assert.equal(clock.now(), 25);
  await settleThrough(clock, 5);
  assert.deepEqual(fired, [10, 20, 30]);
  await loop;
});
