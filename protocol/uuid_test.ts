import assert from "node:assert/strict";
import { test } from "node:test";
import { uuidFromBytes, uuidIntoBytes, ZERO_UUID } from "./uuid.ts";

test("ids are spelled as Kafka spells them", () => {
  const bytes = new TextEncoder().encode("test-topic-id-01");
  assert.equal(uuidFromBytes(bytes), "dGVzdC10b3BpYy1pZC0wMQ");
  assert.equal(uuidFromBytes(new Uint8Array(16).fill(0xff)), "_____________________w");
  assert.equal(uuidFromBytes(new Uint8Array(16)), ZERO_UUID);
});

test("an id is read and written at a position", () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, index) => index * 13);
  const copy = new Uint8Array(20);
  assert.equal(uuidIntoBytes(uuidFromBytes(bytes, 3), copy, 3), true);
  assert.deepEqual(copy.subarray(3, 19), bytes.subarray(3, 19));
  assert.deepEqual([...copy.subarray(0, 3), copy[19]], [0, 0, 0, 0]);
});

test("what is not an id", () => {
  const wrong = ["", "AAAA", "dGVzdC10b3BpYy1pZC0wMQ==", "dGVzdC10b3BpYy1pZC0wM+", "éGVzdC10b3BpYy1pZC0wMQ", "dGVzdC10b3BpYy1pZC0wMR"];
  assert.deepEqual(wrong.filter((text) => uuidIntoBytes(text, new Uint8Array(16))), []);
});
