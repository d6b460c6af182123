import { before, describe, it } from "node:test";
import assert from "node:assert/strict";
import { ErrorCode } from "../protocol/errors.ts";
import { loadPatterns, matcherOf } from "./pattern.ts";

const REFUSED = { code: ErrorCode.INVALID_REGULAR_EXPRESSION };

describe("patterns", () => {
  before(loadPatterns);

  for (
    const [pattern, yes, no] of [
      ["", ["", "a"], []],
      ["ab", ["ab"], ["", "a", "abc", "xab"]],
      ["a.c", ["abc", "a.c"], ["ac", "abbc", "a\nc"]],
      ["a\\.c", ["a.c"], ["abc"]],
      ["my-.*", ["my-", "my-app-1"], ["my", "x-my-app"]],
      ["(app|job)-[0-9]{1,3}", ["app-1", "job-123"], ["app-", "job-1234", "app"]],
      ["a|ab", ["a", "ab"], ["b"]],
      ["(?i)straße\\pL", ["STRAßEé", "straßeÉ"], ["straße", "straße1"]],
      ["\\Qa.b\\E\\d+", ["a.b7"], ["a.b", "axb7"]],
    ] as const
  ) {
    it(`${pattern || "none"} matches whole texts`, () => {
      assert.deepEqual([...yes, ...no].filter(matcherOf(pattern)), yes);
    });
  }

  it("that would take JavaScript for ever do not take long", () => {
    assert.equal(matcherOf("(a+)+b")("a".repeat(10_000)), false);
  });

  it("that are none are refused", () => {
    // Each is refused by RE2J 1.8, the last three though JavaScript knows them.
    for (const pattern of ["(a", "[a", "a**", "*", "a{2,1}", "a{1001}", "\\", "[b-a]", "a(?=b)", "(?<!a)b", "(a)\\1"]) {
      assert.throws(() => matcherOf(pattern), REFUSED, pattern);
    }
  });

  it("that are larger than anybody needs are refused", () => {
    assert.equal(matcherOf("\\x61".repeat(128))("a".repeat(128)), true);
    for (const pattern of ["\\x61".repeat(128) + "a", "a{600}", "(?:a{25}){25}"]) {
      assert.throws(() => matcherOf(pattern), REFUSED, pattern);
    }
  });
});
