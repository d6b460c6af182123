import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { campaigns } from "./mod.ts";
import { mutate } from "./mutation.ts";

const mutation = { name: "a bug", file: "a.ts", from: "a < b", to: "a <= b" };

describe("a planted bug", () => {
  it("replaces the text that stands once", () => assert.equal(mutate("if (a < b) {}", mutation), "if (a <= b) {}"));

  it("is refused when its text is gone, or stands more than once", () => {
    assert.throws(() => mutate("if (a > b) {}", mutation), /a bug: a.ts has the text to replace 0 times/);
    assert.throws(() => mutate("a < b; a < b", mutation), /2 times/);
  });

  for (const { mutations } of Object.values(campaigns)) {
    for (const one of mutations) it(`still applies: ${one.name}`, () => void mutate(Deno.readTextFileSync(one.file), one));
  }
});
