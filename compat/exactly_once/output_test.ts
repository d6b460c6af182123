import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MARK, type Output, outputOf, wrongCopies, wrongTotals } from "./output.ts";

describe("output", () => {
  it("is read from lines, by partition", () => {
    const lines = ["1\t0\t5\t-\t30\t", "0\t0\t5\t33\t31\t", "1\t4\t5\t-\t31\t"];
    assert.deepEqual(outputOf(lines, 2), [[{ key: "3", value: "1" }], [{ key: "", value: "0" }, { key: "", value: "1" }]]);
  });

  it("holds copies, each once, in order, to the mark", () => {
    const copies = (...values: string[]): Output => [values.map((value) => ({ key: "", value }))];
    assert.deepEqual(wrongCopies([3], copies("0", "1", "2", MARK)), []);
    for (
      const wrong of [["0", "2", MARK], ["0", "1", "1", "2", MARK], ["1", "0", "2", MARK], ["0", "1", "2"], ["0", "1", "2", "3", MARK]]
    ) {
      assert.equal(wrongCopies([3], copies(...wrong)).length, 1, wrong.join());
    }
  });

  it("holds totals: of each remainder every count once, in order, and the sum at the end", () => {
    const others = Array.from({ length: 5 }, (_, i) => ({ key: String(i + 2), value: `1 ${i + 2}` }));
    const totals = (...values: string[]): Output => [
      [...others, { key: "1", value: "1 1" }, { key: "1", value: "2 2" }, { key: "1", value: MARK }],
      values.map((value) => ({ key: "0", value })),
    ];
    // Numbers 0 to 7, and 0 and 1: 0, 7 and 0 leave 0, and two times 1 leaves 1.
    const right = totals("1 0", "2 7", "3 7");
    assert.deepEqual(wrongTotals([8, 2], right), []);
    for (const wrong of [["1 0", "3 7"], ["1 0", "2 7", "2 7", "3 7"], ["1 0", "2 7"], ["1 0", "2 7", "3 14"], []]) {
      assert.notDeepEqual(wrongTotals([8, 2], totals(...wrong)), [], wrong.join());
    }
  });
});
