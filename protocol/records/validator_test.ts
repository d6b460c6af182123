import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoCompression } from "../../platform/deno/mod.ts";
import { ErrorCode, errorName } from "../errors.ts";
import { buildBatch } from "./builder.ts";
import { crc32c } from "./crc32c.ts";
import { MAX_DECOMPRESSED_BYTES } from "./compression.ts";
import { RecordsError } from "./records_error.ts";
import { describeStored, someBatch, someRecords } from "./testdata/batches.ts";
import { assignOffsets, validateBatches, validateProduceRecords, type ValidationOptions } from "./validator.ts";
import type { RowTopic, ValidatorRow } from "./testdata/row.ts";
import { validatorRows } from "./testdata/validator_rows.ts";

const NOW = 1_800_000_000_000;
const codecs = denoCompression;

function optionsFor(topic: RowTopic = {}): ValidationOptions {
  const compressionType = topic["compression.type"] ?? "producer";
  return {
    origin: "client",
    maxMessageBytes: topic["max.message.bytes"] ?? 1_048_588,
    compressionType: compressionType === "uncompressed" ? "none" : compressionType,
    compact: topic["cleanup.policy"] === "compact",
    timestampType: topic["message.timestamp.type"] ?? "CreateTime",
    timestampBeforeMaxMs: topic["message.timestamp.before.max.ms"] ?? Number.MAX_SAFE_INTEGER,
    timestampAfterMaxMs: topic["message.timestamp.after.max.ms"] ?? 3_600_000,
    now: NOW,
    codecs,
  };
}

interface Outcome {
  readonly code: string;
  readonly recordErrors?: readonly number[];
  readonly stored?: string;
}

function outcomeOf(row: ValidatorRow): Outcome {
  const sent = row.bytes(NOW, codecs);
  const bytes = sent.slice();
  try {
    validateProduceRecords(bytes, row.version ?? 8);
    const validated = validateBatches(bytes, optionsFor(row.topic));
    assert.deepEqual(bytes, sent, "validation changes nothing");
    assignOffsets(validated, 0, 0, NOW);
    const { batch } = validated;
    assert.ok(batch.isValid());
    assert.equal(batch.partitionLeaderEpoch, 0);
    assert.equal(validated.recordCount, batch.recordCount);
    return { code: "NONE", stored: describeStored(batch.bytes, sent, NOW, codecs) };
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    const recordErrors = error.recordErrors.map((record) => record.batchIndex);
    return recordErrors.length === 0 ? { code: errorName(error.code) } : { code: errorName(error.code), recordErrors };
  }
}

function expectedOf(row: ValidatorRow): Outcome {
  const code = row.ours?.code ?? row.kafka;
  return {
    code,
    ...(row.recordErrors === undefined ? {} : { recordErrors: row.recordErrors }),
    ...(row.stored === undefined || code !== "NONE" ? {} : { stored: row.stored }),
  };
}

describe("rows obtained from Apache Kafka", () => {
  for (const row of validatorRows) {
    it(row.name, () => {
      const { stored, ...outcome } = outcomeOf(row);
      // Rows that Kafka refuses in its handler have no stored result.
      const compared = row.kafka === "NONE" && stored !== undefined ? { ...outcome, stored } : outcome;
      assert.deepEqual(compared, expectedOf(row));
    });
  }
});

describe("validateBatches", () => {
  it("checks every truncation", () => {
    for (const compressionType of ["none", "gzip", "snappy", "lz4", "zstd"] as const) {
      const batch = someBatch(NOW, { compressionType, codecs });
      for (let length = 0; length < batch.length; length++) {
        assert.throws(() => validateBatches(batch.subarray(0, length), optionsFor()), {
          name: "RecordsError",
          code: ErrorCode.INVALID_RECORD,
        });
      }
    }
  });

  it("finds every flipped bit behind the leader epoch", () => {
    const batch = someBatch(NOW);
    for (let bit = 16 * 8; bit < batch.length * 8; bit++) {
      batch[bit >> 3] ^= 1 << (bit & 7);
      assert.throws(() => validateBatches(batch, optionsFor()), RecordsError, `bit ${bit}`);
      batch[bit >> 3] ^= 1 << (bit & 7);
    }
    validateBatches(batch, optionsFor());
  });

  it("lets coordinators write control records, and asks no sequence of them", () => {
    const batch = buildBatch(someRecords(NOW, 1), { isControl: true, producerId: 7, producerEpoch: 0, isTransactional: true });
    assert.throws(() => validateBatches(batch, optionsFor()), { code: ErrorCode.INVALID_RECORD });
    const validated = validateBatches(batch, { ...optionsFor({ "compression.type": "gzip" }), origin: "coordinator" });
    assert.equal(validated.batch.compressionType, "none");
  });

  it("places a batch in the log without a new CRC where nothing else changes", () => {
    const batch = someBatch(NOW);
    const crc = new DataView(batch.buffer).getUint32(17);
    const validated = validateBatches(batch, optionsFor());
    assignOffsets(validated, 2 ** 40 + 3, 12, NOW);
    assert.equal(validated.batch.bytes.buffer, batch.buffer);
    assert.deepEqual([...validated.batch.records()].map((record) => record.offset), [0, 1, 2].map((i) => 2 ** 40 + 3 + i));
    assert.equal(validated.batch.partitionLeaderEpoch, 12);
    assert.equal(validated.batch.crc, crc);
    assert.equal(crc, crc32c(batch, 21));
  });

  it("stops bombs in every codec", () => {
    const value = new Uint8Array(8 << 20);
    for (const compressionType of ["gzip", "snappy", "lz4", "zstd"] as const) {
      const bomb = buildBatch([{ timestamp: NOW, key: null, value }], { compressionType, codecs });
      const limit = { ...optionsFor(), maxMessageBytes: bomb.length, maxDecompressedBytes: value.length };
      assert.throws(() => validateBatches(bomb, limit), { code: ErrorCode.MESSAGE_TOO_LARGE }, compressionType);
      validateBatches(bomb, { ...limit, maxDecompressedBytes: MAX_DECOMPRESSED_BYTES });
    }
  });
});
