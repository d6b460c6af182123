import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { docViolations, layerRowViolations, namedPaths } from "./check_docs.ts";

const files = ["storage/log.ts", "storage/log_test.ts", "storage/index/sparse.ts", "README.md"];
const map = "`storage/` has `storage/log.ts`; `storage/index/` the rest.\n";

describe("documents", () => {
  it("paths are what stands between backquotes and looks like one, outside code", () => {
    const text = "`a/b.ts`, `a/`, `a/*_b.ts`, `Log.append`, `a.b.c`, `--set a/b`\n```sh\nrun `c/d.ts`\n```\n";
    assert.deepEqual(namedPaths(text), ["a/b.ts", "a/", "a/*_b.ts"]);
  });

  it("what is there may be named, by a pattern too", () => {
    assert.deepEqual(docViolations(new Map([["ARCHITECTURE.md", map], ["README.md", "`storage/*_test.ts`"]]), files), []);
  });

  it("a file that is gone and a folder that nobody names are found", () => {
    const texts = new Map([["ARCHITECTURE.md", "`storage/`"], ["README.md", "`storage/gone.ts`"]]);
    assert.deepEqual(docViolations(texts, files), [
      "README.md names storage/gone.ts, which is not there",
      "ARCHITECTURE.md does not name storage/index/",
    ]);
  });

  it("the table of folders says what the rules say", () => {
    const table = "| `a/` | things | – |\n| `b/` | more | a |\n";
    assert.deepEqual(layerRowViolations(table, { a: [], b: ["a"] }), []);
    assert.equal(layerRowViolations(table, { a: [], b: ["a", "c"] }).length, 1);
    assert.equal(layerRowViolations(table, { c: [] }).length, 1);
  });
});
