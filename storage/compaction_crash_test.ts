import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compactionOperations, crashCompaction } from "./testing/compaction_crash.ts";

describe("a crash at any disk operation of a log that is compacted", () => {
  it("leaves every record that the rules keep, whether it ends the process or the machine, and whether the start after it crashes too", async () => {
    const operations = await compactionOperations();
    assert.ok(operations > 200, `${operations} operations`);
    for (let at = 1; at <= operations; at++) {
      for (const [index, how] of (["kill", "crash", "crash"] as const).entries()) await crashCompaction(at, how, at * 7 + index);
    }
  });
});
