import assert from "node:assert/strict";
import { it } from "node:test";
import { SeededRandom } from "../platform/mod.ts";
import { chooseFault } from "./faults.ts";

const PRODUCE = 0;
const API_VERSIONS = 18;

function choices(seed: number, apiKey: number, count: number): (string | undefined)[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => chooseFault(random, apiKey)?.kind);
}

it("the same seed brings the same faults", () => {
  assert.deepEqual(choices(7, PRODUCE, 500), choices(7, PRODUCE, 500));
  assert.notDeepEqual(choices(7, PRODUCE, 500), choices(8, PRODUCE, 500));
});

it("every kind of fault comes, and most requests meet none", () => {
  const counts = Map.groupBy(choices(1, PRODUCE, 20_000), (kind) => kind);
  assert.deepEqual([...counts.keys()].map(String).sort(), [
    "close after request",
    "cut request",
    "cut response",
    "delay request",
    "delay response",
    "deliver late",
    "drop request",
    "drop response",
    "duplicate request",
    "undefined",
  ]);
  const unharmed = counts.get(undefined)?.length ?? 0;
  assert.ok(unharmed > 17_000 && unharmed < 19_000, `${unharmed} of 20,000 met none`);
});

it("requests of other APIs are left alone", () => {
  assert.deepEqual(new Set(choices(1, API_VERSIONS, 1_000)), new Set([undefined]));
});
