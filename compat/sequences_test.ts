import assert from "node:assert/strict";
import { it } from "node:test";
import { recordLine } from "./records.ts";
import { Sequences } from "./sequences.ts";

/** Partition 0 as a reader sees it. */
function log(...values: string[]): string[] {
  return values.map((value, offset) =>
    recordLine({ partition: 0, timestamp: 1, key: null, value: new TextEncoder().encode(value), headers: [] }, offset)
  );
}

function heard(...lines: string[]): Sequences {
  const sequences = new Sequences();
  for (const line of lines) sequences.hear(line);
  return sequences;
}

const acknowledged = ["ack a 0 0 0", "ack b 0 0 1", "ack a 0 1 2", "ack b 0 1 -1"];

it("every number once, in order, where it was acknowledged", () => {
  assert.deepEqual(heard(...acknowledged).problems(log("a 0", "b 0", "a 1", "b 1"), 2, 2), []);
  assert.equal(heard(...acknowledged).count, 4);
});

const wrong: readonly (readonly [what: string, lines: string[], log: string[], problem: RegExp])[] = [
  ["a duplicate", acknowledged, log("a 0", "b 0", "a 1", "b 1", "b 1"), /b in 0: 1 at offset 4 where 2 comes next/],
  ["a loss in the middle", acknowledged, log("a 1", "b 0", "a 1", "b 1"), /a in 0: 1 at offset 0 where 0 comes next/],
  ["a loss at the end", acknowledged, log("a 0", "b 0", "a 1"), /b in 0: ends before 1 instead of 2/],
  ["a lost producer", acknowledged, log("a 0"), /1 of 2 producers/],
  ["two in the wrong order", acknowledged, log("a 1", "b 0", "a 0", "b 1"), /a in 0: 1 at offset 0 where 0/],
  ["another place than acknowledged", acknowledged, log("b 0", "a 0", "a 1", "b 1"), /b in 0: 0 is at offset 0 and was acknowledged for 1/],
  ["no acknowledgement", acknowledged.slice(1), log("a 0", "b 0", "a 1", "b 1"), /a in 0: 0 was never acknowledged/],
  ["two acknowledgements", [...acknowledged, "ack a 0 1 2"], log("a 0", "b 0", "a 1", "b 1"), /acknowledged twice/],
  ["a failure", [...acknowledged, "failed a 0 2 timeout"], log("a 0", "b 0", "a 1", "b 1"), /failed a 0 2 timeout/],
];

for (const [what, lines, content, problem] of wrong) {
  it(`complains about ${what}`, () => assert.match(heard(...lines).problems(content, 2, 2).join("\n"), problem));
}
