import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoCompression } from "../../platform/deno/mod.ts";
import { RecordBatch } from "./batch.ts";
import { buildBatch } from "./builder.ts";
import { compressionTypes } from "./compression.ts";
import { describeBatch } from "./testdata/describe.ts";
import vectors from "./testdata/java_vectors.json" with { type: "json" };

// Written by compat/java-vectors-records; the first line names Kafka's version and the seed.
const [title, ...lines]: readonly string[] = vectors;

describe(title, () => {
  for (const [index, line] of lines.entries()) {
    const batch = new RecordBatch(Uint8Array.fromBase64(line.slice(0, line.indexOf(" "))));

    it(`batch ${index}, ${batch.compressionType}: is read as Java reads it`, () => {
      assert.ok(batch.isValid());
      assert.equal(describeBatch(batch, denoCompression), line);
    });

    if (batch.compressionType !== "none") continue;
    it(`batch ${index}: the same records make the same bytes`, () => {
      const reader = batch.reader();
      const records = [];
      while (reader.next()) {
        const timestamp = batch.baseTimestamp + reader.timestampDelta;
        records.push({ timestamp, key: reader.key(), value: reader.value(), headers: reader.headers() });
      }
      const { baseOffset, partitionLeaderEpoch, producerId, producerEpoch, baseSequence, isTransactional, isControl } = batch;
      const logAppendTime = batch.timestampType === "LogAppendTime" ? batch.maxTimestamp : undefined;
      const options = {
        baseOffset,
        partitionLeaderEpoch,
        producerId,
        producerEpoch,
        baseSequence,
        isTransactional,
        isControl,
        logAppendTime,
      };
      assert.deepEqual(buildBatch(records, options), batch.bytes);
    });
  }

  it("has every compression type", () => {
    const types = new Set(lines.map((line) => line.split(" ")[1].split(",")[0]));
    assert.deepEqual([...types].sort(), [...compressionTypes].sort());
  });
});
