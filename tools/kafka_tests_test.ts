import assert from "node:assert/strict";
import { it } from "node:test";
import { byClass, countTests, kafkaTestLines, type TestResult, waitingText } from "./kafka_tests.ts";

function result(test: string, result: TestResult["result"], why?: string): TestResult {
  return { test, result, ...(why === undefined ? {} : { why }) };
}

const KAFKA = [
  result("kafka.server.BTest.testOne", "pass"),
  result("kafka.server.BTest.testTwo[1, group.protocol=classic]", "pass"),
  result("kafka.server.BTest.testThree", "skip", "needs a broker inside the JVM"),
  result("org.apache.ATest.testFour", "pass"),
  result("org.apache.CTest.testFive", "fail"),
];

it("tests are told by class, beside what Kafka makes of them", () => {
  const classes = byClass(KAFKA, [result("kafka.server.BTest.testOne", "pass")]);
  assert.deepEqual(classes.map(({ name, tests }) => [name, tests.map(({ name }) => name)]), [
    ["ATest", ["testFour"]],
    ["BTest", ["testOne", "testTwo[1, group.protocol=classic]", "testThree"]],
    ["CTest", ["testFive"]],
  ]);
});

it("what Kafka does not pass is asked of nobody; what has no result was not run", () => {
  const ottla = [
    result("kafka.server.BTest.testOne", "pass"),
    result("kafka.server.BTest.testTwo[1, group.protocol=classic]", "not yet", "EndTxn"),
  ];
  const [a, b, c] = byClass(KAFKA, ottla).map(({ tests }) => countTests(tests));
  assert.deepEqual(b, { all: 3, kafka: 2, ottla: 1, notRun: 0, waits: [["EndTxn", 1]] });
  assert.equal(waitingText(b), "EndTxn 1");
  assert.deepEqual([a.kafka, a.ottla, waitingText(a)], [1, 0, "not run"]);
  assert.deepEqual([c.kafka, waitingText(c)], [0, ""]);
});

it("a class that waits for one thing names it, and tells what of it was not run", () => {
  const waits = [["EndTxn", 2]] as const;
  assert.equal(waitingText({ all: 2, kafka: 2, ottla: 0, notRun: 0, waits }), "EndTxn");
  assert.equal(waitingText({ all: 3, kafka: 3, ottla: 0, notRun: 1, waits }), "EndTxn 2, 1 not run");
});

it("the section has a row for each class that Kafka passes something of, and the run that it comes from", () => {
  const run = { broker: "Apache Kafka 4.3.1", date: "2026-01-02", command: "deno task compat --kafka-suite" };
  const lines = kafkaTestLines({ runs: { kafka: run, ottla: undefined }, classes: byClass(KAFKA, []) });
  assert.ok(lines.includes(
    "- Apache Kafka 4.3.1, 2026-01-02, `deno task compat --kafka-suite`: 3 of 5 tests pass, 1 fail, 1 are skipped.",
  ));
  assert.ok(lines.some((line) => line.startsWith("- Ottla: not run.")));
  assert.ok(lines.includes("| BTest | 2 of 3 | 0 | not run |"));
  assert.ok(lines.includes("Kafka passes none of CTest (1)."));
});
