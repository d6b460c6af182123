import assert from "node:assert/strict";
import { it } from "node:test";
import { compatibilityText } from "./compatibility.ts";
import { differences } from "./differences.ts";

it("the document has a row for each API of Kafka, with the versions that are served", () => {
  const lines = compatibilityText().split("\n");
  assert.equal(lines.filter((line) => /^\| \d+ \|/.test(line)).length, 77);
  assert.ok(lines.includes("| 36 | SaslAuthenticate | 0–2 | – | 0–2 | not served yet |"));
  assert.ok(lines.includes("| 60 | DescribeCluster | 0–2 | 0–2 | 0–2 |  |"));
  assert.ok(
    lines.some((line) => line.startsWith("| 72 | PushTelemetry | 0 | 0, with `clientTelemetry` | 0, with a client metrics plug-in |")),
  );
});

it("no API is served in a version that Kafka does not serve", () => {
  for (const line of compatibilityText().split("\n")) {
    const [, ottla, kafka] = line.match(/^\| \d+ \| \w+ \|[^|]+\| (?:\d+–)?(\d+) \| (?:\d+–)?(\d+) \|/) ?? [];
    if (ottla !== undefined) assert.ok(Number(ottla) <= Number(kafka), line);
  }
});

it("the decision that a difference names is there", () => {
  const records = [...Deno.readDirSync("docs/decisions")].map(({ name }) => name);
  for (const { where, decision } of differences) {
    if (decision !== undefined) assert.ok(records.includes(`${decision}.md`), where);
  }
});
