import assert from "node:assert/strict";
import { it } from "node:test";
import { descriptorLimit } from "./limits.ts";

it("nobody without all permissions is told how many descriptors there are", () => {
  assert.equal(descriptorLimit(), null);
});
