import assert from "node:assert/strict";
import { test } from "node:test";
import { difference } from "./exchange.ts";

test("equal values, among them those that are hard to compare", () => {
  const value = (): unknown => ({ a: [1, NaN, -0, 5n, null], b: Uint8Array.of(1, 2), c: { d: "x" } });
  assert.equal(difference(value(), value()), null);
});

test("a difference is told with its path", () => {
  const cases: [ours: unknown, theirs: unknown, told: string][] = [
    [{ a: 0 }, { a: -0 }, "a: 0 and -0"],
    [{ a: 5 }, { a: 5n }, "a: 5 and 5n"],
    [{ a: [{ b: null }] }, { a: [{ b: "" }] }, 'a.0.b: null and ""'],
    [{ a: Uint8Array.of(1) }, { a: Uint8Array.of(2) }, "a.0: 1 and 2"],
    [{ a: [1] }, { a: [1, 2] }, "a: [ 1 ] and [ 1, 2 ]"],
    [{ a: 1 }, { a: 1, b: 2 }, ": { a: 1 } and { a: 1, b: 2 }"],
  ];
  for (const [ours, theirs, told] of cases) assert.equal(difference(ours, theirs), told);
});
