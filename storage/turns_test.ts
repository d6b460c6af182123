import assert from "node:assert/strict";
import { it } from "node:test";
import { Turns } from "./turns.ts";

it("no more take their turn at a time than may, each takes one, in order, and one that fails keeps none", async () => {
  const turns = new Turns(3);
  const begun: number[] = [];
  let running = 0;
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, i) =>
    turns.take(async () => {
      begun.push(i);
      running++;
      assert.ok(running <= 3);
      for (let step = 0; step < i % 4; step++) await Promise.resolve();
      running--;
      if (i % 5 === 0) throw new Error(`${i}`);
      return i;
    })));
  assert.deepEqual(begun, Array.from({ length: 20 }, (_, i) => i));
  for (const [i, outcome] of outcomes.entries()) {
    if (i % 5 === 0) assert.ok(outcome.status === "rejected" && outcome.reason.message === `${i}`);
    else assert.ok(outcome.status === "fulfilled" && outcome.value === i);
  }
});
