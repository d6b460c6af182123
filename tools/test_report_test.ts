import assert from "node:assert/strict";
import { it } from "node:test";
import { countTests } from "./test_report.ts";

function report(...cases: [name: string, body?: string][]): string {
  const lines = cases.map(([name, body = ""]) => `<testcase name="${name}" classname="./a_test.ts" time="0.1">\n${body}</testcase>`);
  return `<testsuites tests="9"><testsuite name="./a_test.ts">${lines.join("\n")}</testsuite></testsuites>`;
}

const failure = '<failure message="no">no</failure>';

it("counts tests, not the groups around them", () => {
  const junit = report(["top"], ["outer"], ["outer &gt; inner"], ["outer &gt; inner &gt; one"], ["outer &gt; two"]);
  assert.deepEqual(countTests(junit), { passed: 3, failed: 0 });
});

it("counts a failure once, however many groups it makes fail", () => {
  const junit = report(["outer", failure], ["outer &gt; inner", failure], ["outer &gt; inner &gt; one", failure], ["outer &gt; two"]);
  assert.deepEqual(countTests(junit), { passed: 1, failed: 1 });
});

it("counts a group that fails by itself", () => {
  assert.deepEqual(countTests(report(["outer", failure], ["outer &gt; one"])), { passed: 1, failed: 1 });
});

it("does not count what was skipped", () => {
  assert.deepEqual(countTests(report(["one", "<skipped/>"], ["two"])), { passed: 1, failed: 0 });
  assert.deepEqual(countTests(""), { passed: 0, failed: 0 });
});
