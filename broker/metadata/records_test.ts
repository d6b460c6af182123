import assert from "node:assert/strict";
import { it } from "node:test";
import { ErrorCode } from "../../protocol/errors.ts";
import { buildBatch } from "../../protocol/records/mod.ts";
import { KafkaError } from "../kafka_error.ts";
import { MAX_METADATA_BATCH_BYTES, type MetadataRecord, metadataRecordCodec, ofOneRequest } from "./records.ts";

/** As many records as one request may make of a value with so many characters, found by halves. */
function mostRecords(length: number): readonly MetadataRecord[] {
  const data = { resourceType: 2, resourceName: "t", name: "n", value: "x".repeat(length) };
  let [low, high] = [0, Math.ceil(MAX_METADATA_BATCH_BYTES / length)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    try {
      ofOneRequest(Array<MetadataRecord>(middle).fill({ type: "ConfigRecord", data }));
      low = middle;
    } catch (error) {
      assert.ok(error instanceof KafkaError && error.code === ErrorCode.POLICY_VIOLATION);
      high = middle;
    }
  }
  return Array<MetadataRecord>(low).fill({ type: "ConfigRecord", data });
}

it("the records of one request fit into one batch, and fill it nearly", () => {
  for (const length of [1_000, 30_000]) {
    const encoded = mostRecords(length).map((record) => ({ ...metadataRecordCodec.encode(record), timestamp: 1_767_225_600_000 }));
    const { length: bytes } = buildBatch(encoded);
    assert.ok(bytes <= MAX_METADATA_BATCH_BYTES && bytes > 0.8 * MAX_METADATA_BATCH_BYTES, `${encoded.length} records, ${bytes} bytes`);
  }
});
