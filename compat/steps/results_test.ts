import assert from "node:assert/strict";
import { test } from "node:test";
import { brief } from "./results.ts";

test("a failure with a name in Kafka's table is told by it", () => {
  const why =
    'step 6 {"op":"groupOffsets","group":"i","expect":[]}: kafkajs: GROUP_ID_NOT_FOUND: KafkaJSProtocolError: The group id was not found';
  assert.equal(brief(why), "groupOffsets: GROUP_ID_NOT_FOUND");
});

test("one that has no name is told by the last of the client's chain, without packages", () => {
  const cause = 'java.lang.NullPointerException: Cannot invoke "java.util.List.stream()" because "configs" is null';
  const why = `step 1 {"op":"createTopic","topic":"t"}: java: java.util.concurrent.ExecutionException: ${cause}; ${cause}`;
  assert.equal(brief(why), 'createTopic: NullPointerException: Cannot invoke "List.stream()" because "configs" is null');
});

test("an answer that is not the right one is told whole, also behind a step that was cut short", () => {
  const why = 'step 4.1 {"op":"listGroups","types":["classic"],"expect":[{"group":"g"…: the answer is [], expected [{"group":"row77.g"}]';
  assert.equal(brief(why), 'listGroups: the answer is [], expected [{"group":"g"}]');
  assert.equal(
    brief('step 2 {"op":"deleteTopic","topic":"t"}: no error, expected INVALID_REQUEST'),
    "deleteTopic: no error, expected INVALID_REQUEST",
  );
});

test("what is no step's failure is told by its first line, and nothing is long", () => {
  assert.equal(brief("not over in 75000 ms\nmore"), "not over in 75000 ms");
  assert.equal(brief("xy".repeat(500)).length, 201);
  assert.equal(brief(`expected "${"x".repeat(500)}"`), 'expected "xxx…"');
  assert.equal(brief("timestamp is 1795626935518"), "timestamp is (time)");
});
