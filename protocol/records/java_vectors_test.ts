import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoCompression } from "../../platform/deno/mod.ts";
import { RecordBatch } from "./batch.ts";
import { batchesOfAnyFormat } from "./batches.ts";
import { describeBatches } from "./testdata/describe.ts";
import vectors from "./testdata/java_vectors.json" with { type: "json" };
import { writtenAgain } from "./testdata/written_again.ts";

// Written by compat/batches/vectors.ts; the first line names Kafka's version and the seed.
const [title, ...lines]: readonly string[] = vectors;
const all = lines.map((line) => Uint8Array.fromBase64(line.split(" ", 1)[0]));
const batches = all.flatMap((bytes) => [...batchesOfAnyFormat(bytes)]);

describe(title, () => {
  for (const [index, bytes] of all.entries()) {
    it(`line ${index} is read as Java reads it`, () => assert.equal(describeBatches(bytes, denoCompression), lines[index]));
  }

  it("what is not compressed is written as Java writes it", () => {
    for (const batch of batches) {
      if (batch.magic === 2 && batch.compressionType === "none") assert.deepEqual(writtenAgain(batch.bytes, denoCompression), batch.bytes);
    }
  });

  it("has every format with every compression type, and what compaction leaves", () => {
    const kinds = new Set(batches.map((batch) => `${batch.magic} ${batch.compressionType}`));
    assert.equal(kinds.size, 4 + 4 + 5);
    const ours = batches.filter((batch) => batch instanceof RecordBatch);
    assert.ok(ours.some((batch) => batch.recordCount === 0));
    assert.ok(ours.some((batch) => batch.recordCount > 1 && batch.lastOffsetDelta >= batch.recordCount));
    assert.ok(ours.some((batch) => batch.deleteHorizonMs !== undefined));
    assert.ok(ours.some((batch) => batch.isControl) && ours.some((batch) => batch.isTransactional && !batch.isControl));
    assert.ok(batches.some((batch) => batch.magic === 1 && batch.timestampType === "LogAppendTime"));
  });
});
