import assert from "node:assert/strict";
import { it } from "node:test";
import { SeededRandom } from "./random.ts";

it("repeats itself for a seed and differs between seeds", () => {
  assert.deepEqual(new SeededRandom(5).bytes(32), new SeededRandom(5).bytes(32));
  const first = new Set(Array.from({ length: 1000 }, (_, seed) => new SeededRandom(seed).below(2 ** 32)));
  assert.ok(first.size > 990);
  assert.notEqual(new SeededRandom(1).below(2 ** 32), new SeededRandom(1 + 2 ** 40).below(2 ** 32));
});

it("spreads over the range asked for", () => {
  const random = new SeededRandom(1);
  const counts = new Array(10).fill(0);
  for (let i = 0; i < 10_000; i++) counts[random.below(10)]++;
  assert.ok(counts.every((count) => count > 850 && count < 1150), counts.join());
  assert.equal(random.below(1), 0);
});
