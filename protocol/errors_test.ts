import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, errorMessage, errorName, isRetriable } from "./errors.ts";

test("Kafka 4.3.1 has the codes from -1 to 133, each once", () => {
  const codes = Object.values(ErrorCode);
  assert.deepEqual(codes.toSorted((a, b) => a - b), Array.from({ length: 135 }, (_, index) => index - 1));
});

test("a code leads to its name, its message and whether to try again", () => {
  assert.equal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 3);
  assert.equal(errorName(3), "UNKNOWN_TOPIC_OR_PARTITION");
  assert.match(errorMessage(3), /no such topic/);
  assert.equal(isRetriable(ErrorCode.NOT_COORDINATOR), true);
  assert.equal(isRetriable(ErrorCode.REBALANCE_IN_PROGRESS), false);
});

test("a code of a later Kafka", () => {
  assert.equal(errorName(999), "UNKNOWN(999)");
  assert.equal(errorMessage(999), "Unknown error code 999.");
  assert.equal(isRetriable(999), false);
});
