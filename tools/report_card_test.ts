import assert from "node:assert/strict";
import { it } from "node:test";
import { clientLines, type ResultRow, type Results } from "./report_card.ts";

function results(target: string, broker: string, rows: readonly ResultRow[]): Results {
  return {
    target,
    broker,
    date: "2026-01-02",
    command: `deno task compat --target ${target}`,
    clients: { java: "4.3.1", kafkajs: "2.2.4" },
    rows,
  };
}

function row(name: string, outcomes: Record<string, string>, why?: Record<string, string>): ResultRow {
  return { area: "fetch", name, features: ["Fetch"], outcomes, ...(why === undefined ? {} : { why }) };
}

it("each area has a line a broker; a scenario without a result counts as not run", () => {
  const ottla = results("ottla", "Ottla 1.0.0", [
    row("one", { java: "pass", kafkajs: "–" }),
    row("two", { java: "pass", kafkajs: "pass" }),
  ]);
  const kfake = results("kfake", "kfake v0.0.0-1a", [row("one", { java: "fail", kafkajs: "–" })]);
  const lines = clientLines(new Map([["ottla", ottla], ["kafka", undefined], ["kfake", kfake]]));
  assert.ok(lines.includes("| fetch | Ottla | ✓ 2 | ✓ 1, – 1 |"));
  assert.ok(lines.includes("| fetch | kfake | ✗ 1, not run 1 | – 1, not run 1 |"));
  assert.ok(lines.includes("- kafka: not run."));
  assert.ok(
    lines.includes("- kfake v0.0.0-1a, 2026-01-02, `deno task compat --target kfake`: 1 scenarios with java 4.3.1, kafkajs 2.2.4."),
  );
});

it("failures are told by what was seen, with the clients and scenarios that saw it", () => {
  const kfake = results("kfake", "kfake v0.0.0-1a", [
    row("one", { java: "fail", kafkajs: "fail" }, { java: "fetch: nothing", kafkajs: "fetch: nothing" }),
    row("two", { java: "fail", kafkajs: "pass" }, { java: "fetch: nothing" }),
    row("three", { java: "pass", kafkajs: "fail" }, { kafkajs: "poll: TIMED_OUT" }),
  ]);
  const lines = clientLines(new Map([["ottla", results("ottla", "Ottla 1.0.0", [])], ["kfake", kfake]]));
  assert.deepEqual(lines.slice(lines.indexOf("- Ottla: none.")), [
    "- Ottla: none.",
    "- kfake: 4 runs of 3 scenarios.",
    "  - `fetch: nothing`, java, kafkajs: one; two.",
    "  - `poll: TIMED_OUT`, kafkajs: three.",
    "",
  ]);
});
