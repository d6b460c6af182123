import assert from "node:assert/strict";
import { it } from "node:test";
import { addressesIn } from "./check_lock.ts";

it("finds recorded addresses", () => {
  const entry = '  "zod@4.6.7": {\n    "integrity": "sha512-abc=="';
  assert.deepEqual(addressesIn(`{\n${entry}\n  }\n}`), []);
  const recorded = '"tarball": "https://registry.example/zod.tgz"';
  assert.deepEqual(addressesIn(`{\n${entry},\n    ${recorded}\n  }\n}`), [recorded]);
});
