import assert from "node:assert/strict";
import { test } from "node:test";
import type { KafkaTests } from "../../tools/kafka_tests.ts";
import type { ResultRow, Results } from "../../tools/report_card.ts";
import { rows } from "../rows/mod.ts";
import { kips } from "./kips.ts";
import { reportPage } from "./page.ts";

const NO_TESTS: KafkaTests = { runs: { kafka: undefined, ottla: undefined }, classes: [] };

function results(target: string, broker: string, rows: readonly ResultRow[]): Results {
  return { target, broker, date: "2026-01-02", command: "deno task compat", clients: { java: "4.3.1", kafkajs: "2.2.4" }, rows };
}

function row(name: string, outcomes: Record<string, string>, more: Partial<ResultRow> = {}): ResultRow {
  return { area: "fetch", name, features: ["KIP-74"], outcomes, ...more };
}

/** The texts of the cells of the line that begins with this, each with its class's letter. */
function cells(page: string, name: string): string[] {
  const line = page.split("\n").find((each) => each.startsWith("<tr data-feature") && each.includes(name))!;
  return [...line.matchAll(/<td class="(\w) c\d+[^"]*"(?: title="[^"]*")?>([^<]*)/g)].map(([, letter, text]) => letter + text.trim());
}

test("a scenario has a cell for each client with each broker; what was not run says so", () => {
  const ottla = results("ottla", "Ottla 1.0.0", [row("one", { java: "pass", kafkajs: "–" }), row("two", { java: "not yet" })]);
  const kfake = results("kfake", "kfake v0.0.0-1", [row("one", { java: "fail", kafkajs: "pass" }, { why: { java: "fetch: <nothing>" } })]);
  const page = reportPage([ottla, kfake], NO_TESTS, []);
  assert.deepEqual(cells(page, '<th scope="row">one'), ["p✓", "x–", "f✗", "p✓"]);
  assert.deepEqual(cells(page, '<th scope="row">two'), ["n○", "u?", "u?", "u?"]);
  assert.ok(page.includes("<li>kfake with java: <code>fetch: &lt;nothing></code>"));
  assert.ok(page.includes('scope="colgroup">kfake\n'));
});

test("a feature tells the worst of its scenarios, and how many are so", () => {
  const all = [row("one", { java: "pass", kafkajs: "–" }), row("two", { java: "fail", kafkajs: "pass" }), row("three", { java: "fail" })];
  const page = reportPage([results("ottla", "Ottla 1.0.0", all)], NO_TESTS, []);
  assert.deepEqual(cells(page, 'data-feature="KIP-74"'), ["f✗2", "p✓"]);
});

test("Kafka's own tests are told by class, with each test below it", () => {
  const page = reportPage([], {
    runs: { kafka: { broker: "Apache Kafka 4.3.1", date: "2026-01-02", command: "x" }, ottla: undefined },
    classes: [{
      name: "ATest",
      tests: [
        { name: "testOne", kafka: { test: "p.ATest.testOne", result: "pass" }, ottla: undefined },
        { name: "testTwo", kafka: { test: "p.ATest.testTwo", result: "skip" }, ottla: undefined },
      ],
    }],
  }, []);
  assert.ok(page.includes("<summary>ATest</summary>"));
  assert.ok(page.includes('<b class="u">?</b> testOne'));
  assert.ok(page.includes("testTwo <small>Kafka: skip</small>"));
  assert.ok(page.includes("<td>1 of 2<td>0<td>not run"));
  assert.ok(page.includes("Ottla: not run."));
});

test("the page asks for nothing outside itself", () => {
  const page = reportPage([results("ottla", "Ottla 1.0.0", [row("one", { java: "pass" })])], NO_TESTS, []);
  assert.doesNotMatch(page, /\b(src|href)="(?!#)|url\(|@import|https?:/);
});

test("every KIP that a scenario names is explained", () => {
  const named = rows.flatMap(({ features }) => features).filter((each) => each.startsWith("KIP-"));
  assert.deepEqual(named.filter((each) => kips[each] === undefined), []);
});
