import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { campaigns } from "./mod.ts";
import { findings, mutate } from "./mutation.ts";

const mutation = { name: "a bug", file: "a.ts", from: "a < b", to: "a <= b" };

describe("a planted bug", () => {
  it("replaces the text that stands once", () => assert.equal(mutate("if (a < b) {}", mutation), "if (a <= b) {}"));

  it("is refused when its text is gone, or stands more than once", () => {
    assert.throws(() => mutate("if (a > b) {}", mutation), /a bug: a.ts has the text to replace 0 times/);
    assert.throws(() => mutate("a < b; a < b", mutation), /2 times/);
  });

  it("is found by tests that fail, and by scenarios that fail, whose names and reasons are told", () => {
    assert.deepEqual(findings("5 passed, 2 failed\n"), ["2 tests fail"]);
    const told =
      'ok   good\nFAIL area: bad (java)\n     step 2 {"op":{}}: the answer is 1, expected 0\n     at line 3\n1 passed, 1 failed\n';
    assert.deepEqual(findings(told), ["area: bad (java): step 2 the answer is 1, expected 0"]);
  });

  it("is not found where all passes, nor where the command does not come to its end", () => {
    assert.deepEqual(findings("7 passed, 0 failed\n"), []);
    assert.deepEqual(findings("FAIL area: bad (java)\n     why\nerror: Uncaught"), []);
    assert.deepEqual(findings(""), []);
  });

  for (const { mutations } of Object.values(campaigns)) {
    for (const one of mutations) it(`still applies: ${one.name}`, () => void mutate(Deno.readTextFileSync(one.file), one));
  }
});
