import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ErrorCode } from "../../../protocol/errors.ts";
import { matcherOf } from "./pattern.ts";

describe("patterns of transactional ids", () => {
  for (
    const [pattern, yes, no] of [
      ["", ["", "a"], []],
      ["ab", ["ab"], ["", "a", "abc", "xab"]],
      ["a.c", ["abc", "a.c"], ["ac", "abbc", "a\nc"]],
      ["a\\.c", ["a.c"], ["abc"]],
      ["my-.*", ["my-", "my-app-1"], ["my", "x-my-app"]],
      ["a*b+c?", ["b", "aabbc", "ab"], ["a", "c", "abcc"]],
      [".*a.*a.*", ["aa", "xaxax"], ["a", "xax"]],
    ] as const
  ) {
    it(`${pattern || "none"} matches whole ids`, () => {
      assert.deepEqual([...yes, ...no].filter(matcherOf(pattern)), yes);
    });
  }

  it("that would take JavaScript for ever do not take long", () => {
    assert.equal(matcherOf("a*".repeat(500) + "b")("a".repeat(500)), false);
  });

  it("that are not understood are refused", () => {
    for (const pattern of ["(a)", "[a]", "a|b", "^a", "a$", "*", "a**", "a{2}", "\\d", "\\", "+"]) {
      assert.throws(() => matcherOf(pattern), { code: ErrorCode.INVALID_REGULAR_EXPRESSION }, pattern);
    }
  });
});
