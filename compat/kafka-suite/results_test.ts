import assert from "node:assert/strict";
import { test } from "node:test";
import { brokerRow, className, complaint, readRows, type Row, writeRows, writeRun } from "./results.ts";
import type { Outcome } from "./runner.ts";
import { isMissingApi } from "./waits.ts";

const NAME = "kafka.server.FetchRequestTest.testFetch[1, groupProtocol=classic]";

function outcome(result: Outcome["result"], why = "", name = NAME): Outcome {
  return { test: name, result, ms: 1, why, properties: {} };
}

test("a test that passed must pass, one that waits must wait", () => {
  const passes: Row = { test: NAME, result: "pass" };
  const waits: Row = { test: NAME, result: "not yet", why: "ShareGroupHeartbeat" };
  assert.equal(complaint(passes, outcome("pass")), null);
  assert.equal(
    complaint(passes, outcome("fail", "java.lang.AssertionError: 1\n\tat x")),
    "was pass and is fail: java.lang.AssertionError: 1",
  );
  assert.equal(complaint(passes, outcome("skip", "needs a broker inside the JVM")), "was pass and is skip: needs a broker inside the JVM");
  assert.equal(complaint(waits, outcome("fail", "x")), null);
  assert.equal(complaint(waits, outcome("pass")), "passes and stands under not yet (ShareGroupHeartbeat)");
});

test("a test that did not run, or that no list has, is told", () => {
  assert.equal(complaint({ test: NAME, result: "not yet", why: "ShareGroupHeartbeat" }, undefined), "did not run");
  assert.equal(complaint(undefined, outcome("pass")), "is in no list and passes");
  assert.equal(complaint(undefined, outcome("fail", "x")), "is in no list and does not pass: x");
});

test("what a test waits for is told by what it says or by its name, and never guessed", () => {
  const said = "java.util.concurrent.ExecutionException: UnsupportedVersionException: The node does not support DESCRIBE_PRODUCERS\n\tat x";
  assert.deepEqual(brokerRow(outcome("fail", said)), { test: NAME, result: "not yet", why: "DescribeProducers" });
  const async = "org.apache.kafka.clients.consumer.PlaintextConsumerPollTest.testAsyncConsumerPoll";
  assert.equal(brokerRow(outcome("fail", "TimeoutException", async))?.why, "ConsumerGroupHeartbeat");
  assert.equal(brokerRow(outcome("fail", "AssertionFailedError: expected: <1> but was: <2>")), null);
  assert.deepEqual(brokerRow(outcome("pass")), { test: NAME, result: "pass" });
});

test("what waits for an API that is not served need not be tried", () => {
  assert.equal(isMissingApi("ShareGroupHeartbeat"), true);
  assert.equal(isMissingApi("Fetch"), false);
  assert.equal(isMissingApi("listeners with SASL"), false);
});

test("rows are written sorted, and read again as they were", () => {
  const rows: Row[] = [{ test: "b.C.t", result: "not yet", why: "ShareGroupHeartbeat" }, { test: "a.C.t", result: "pass" }];
  const file = Deno.makeTempFileSync();
  try {
    writeRows(file, new Map(rows.map((row) => [row.test, row])));
    assert.deepEqual([...readRows(file).values()], [rows[1], rows[0]]);
  } finally {
    Deno.removeSync(file);
  }
});

test("when and how a broker's results were written stands beside the others'", () => {
  const file = Deno.makeTempFileSync();
  const kafka = { broker: "Apache Kafka 4.3.1", date: "2026-01-02", command: "x" };
  try {
    Deno.writeTextFileSync(file, JSON.stringify({ kafka }));
    writeRun(file, "ottla");
    const runs = JSON.parse(Deno.readTextFileSync(file));
    assert.deepEqual(runs.kafka, kafka);
    assert.equal(runs.ottla.command, "deno task compat --kafka-suite --update");
    assert.match(runs.ottla.broker, /^Ottla \d/);
  } finally {
    Deno.removeSync(file);
  }
});

test("a test's class is what stands before its method", () => {
  assert.equal(className("a.b.CTest.testD[1, x.y=z]"), "a.b.CTest");
  assert.equal(className("a.b.CTest.testD"), "a.b.CTest");
});

test("what Apache Kafka passes by chance counts as failed, and is kept of no other broker", () => {
  const rows = (name: string) => readRows(new URL(`results/${name}.jsonl`, import.meta.url).pathname);
  const byChance = [...rows("kafka").values()].filter((row) => row.byChance === true);
  assert.ok(byChance.length > 0);
  assert.deepEqual(byChance.filter(({ test, result }) => result !== "fail" || rows("ottla").has(test)), []);
});
