import assert from "node:assert/strict";
import { it } from "node:test";
import { pinViolations } from "./check_pin.ts";

it("finds another version, and a place that names none", () => {
  const texts = new Map([
    ["README.md", "npx -y deno@2.9.6 task broker\nnpx -y deno@2.9.5 task test."],
    [".ci/run", 'npx -y "deno@$pin" task ok'],
    ["CONTRIBUTING.md", "`deno task ok`"],
  ]);
  assert.deepEqual(pinViolations("2.9.6", texts, ["README.md"]), ["README.md names deno@2.9.5, not 2.9.6"]);
  assert.deepEqual(pinViolations("2.9.6", texts, ["CONTRIBUTING.md"]).at(-1), "CONTRIBUTING.md does not name deno@2.9.6");
});
