import assert from "node:assert/strict";
import { it } from "node:test";
import { denoRandom } from "./random.ts";

it("fills more than the system gives at once", () => {
  const bytes = denoRandom.bytes(200_000);
  for (let start = 0; start < bytes.length; start += 1000) assert.ok(bytes.subarray(start, start + 1000).some((byte) => byte !== 0));
});

it("stays below the limit and reaches every value", () => {
  const seen = new Set(Array.from({ length: 500 }, () => denoRandom.below(5)));
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4]);
});

it("refuses a limit that it could not reach, rather than to look for ever", () => {
  for (const limit of [0, 2 ** 32 + 1, Infinity, NaN]) assert.throws(() => denoRandom.below(limit), RangeError);
  assert.ok(denoRandom.below(2 ** 32) < 2 ** 32);
});
