import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crash, CRASHES, diskOperations } from "./crash_run.ts";

/** Of the disk operations, every so many-th; `sim/long.ts` does all. */
const STRIDE = 19;

describe("a broker whose disk ends at any operation", () => {
  for (const [index, kind] of CRASHES.entries()) {
    it(`keeps its promises in ${kind.durability} after a ${kind.how}, to idempotent producers and groups too`, async () => {
      const operations = await diskOperations(kind);
      assert.ok(operations > 100, `${operations} operations`);
      for (let at = 1 + index * 3; at <= operations; at += STRIDE) {
        await crash(kind, at, at).catch((cause) => {
          throw new Error(`before operation ${at}`, { cause });
        });
      }
    });
  }
});
