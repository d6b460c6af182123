import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "./nearest.ts";

test("nearest counts insertions, deletions and replacements", () => {
  assert.equal(nearest("abcd", ["xbcd", "abd", "xycd"]), "xbcd");
  assert.equal(nearest("kitten", ["sitting", "written", "mitten"]), "mitten");
  assert.equal(nearest("a", ["abcdef", "b"]), "b");
  assert.equal(nearest("same", ["sane", "same"]), "same");
});
