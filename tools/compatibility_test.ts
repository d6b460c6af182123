import assert from "node:assert/strict";
import { it } from "node:test";
import { compatibilityText } from "./compatibility.ts";
import { kafkaApis } from "./kafka_apis.ts";

it("the document has a row for each API of Kafka, with the versions that are served", () => {
  const lines = compatibilityText().split("\n");
  assert.equal(kafkaApis.length, 75);
  assert.equal(lines.filter((line) => /^\| \d+ \|/.test(line)).length, 75);
  assert.ok(lines.includes("| 0 | Produce | 0–13 | 0–13 |"));
  assert.ok(lines.includes("| 22 | InitProducerId | 0–5 | 0–5 |"));
  assert.ok(lines.includes("| 26 | EndTxn | – | 0–5 |"));
});

it("no API is served in a version that Kafka does not serve", () => {
  for (const line of compatibilityText().split("\n")) {
    const [, ottla, kafka] = line.match(/^\| \d+ \| \w+ \| (?:\d+–)?(\d+) \| (?:\d+–)?(\d+) \|$/) ?? [];
    if (ottla !== undefined) assert.ok(Number(ottla) <= Number(kafka), line);
  }
});
