import { test } from "node:test";
import assert from "node:assert/strict";
import { type Matcher, mismatch, withKept } from "./match.ts";

const record = { value: "a", offset: 3, headers: [] };

const met: [unknown, Matcher][] = [
  [1, 1],
  [null, null],
  [[1, [2]], [1, [2]]],
  [record, "a"],
  [record, { offset: 3 }],
  [[2, 1], { $unordered: [1, 2] }],
  [[3, 2, 1], { $includes: [1] }],
  [5, { $atLeast: 5 }],
  ["abc", { $matches: "b" }],
  [[7, 7], { $count: 2 }],
  [[7], { $not: [8] }],
  [{ a: null }, { a: { $any: true } }],
];

const missed: [unknown, Matcher][] = [
  [1, 2],
  [undefined, null],
  [[1], [1, 2]],
  [[1, 2], [2, 1]],
  [record, "b"],
  [record, { offset: 4 }],
  [record, { partition: 0 }],
  [[1, 1], { $unordered: [1, 2] }],
  [[1, 2, 3], { $unordered: [1, 2] }],
  [[3, 2], { $includes: [1] }],
  [4, { $atLeast: 5 }],
  ["ac", { $matches: "b" }],
  [[7], { $count: 2 }],
  [[8], { $not: [8] }],
  [{}, { a: { $any: true } }],
];

test("what is expected is met", () => {
  for (const [actual, expected] of met) assert.equal(mismatch(actual, expected), undefined);
});

test("what is not as expected is told with its place", () => {
  for (const [actual, expected] of missed) assert.notEqual(mismatch(actual, expected), undefined, JSON.stringify([actual, expected]));
  assert.equal(mismatch([{ a: [1] }], [{ a: [2] }]), "[0].a[0] is 1, expected 2");
});

test("what was kept stands in its place", () => {
  const kept = new Map([["before", { id: "x", list: [1] }]]);
  assert.deepEqual(withKept([{ id: { $not: { $kept: "before.id" } } }], kept), [{ id: { $not: "x" } }]);
});
