import { RecordBatch } from "../batch.ts";
import { batchesOfAnyFormat } from "../batches.ts";
import type { Codecs } from "../compression.ts";
import { crc32c } from "../crc32c.ts";
import type { LegacyBatch } from "../legacy_batch.ts";
import type { LogRecord } from "../record.ts";

const encoder = new TextEncoder();

/** Batches as `compat/java/BatchExchange.java` describes them: base64, then of each the header's fields and the records. */
export function describeBatches(bytes: Uint8Array, codecs: Codecs): string {
  return `${bytes.toBase64()} ${[...batchesOfAnyFormat(bytes)].flatMap((batch) => describeBatch(batch, codecs)).join(" ")}`.trimEnd();
}

function describeBatch(batch: RecordBatch | LegacyBatch, codecs: Codecs): string[] {
  if (!batch.isValid()) throw new Error(`a batch that does not match its CRC, ${batch.crc}`);
  const header = ["batch", batch.magic, batch.crc, batch.compressionType, batch.timestampType, batch.maxTimestamp, batch.lastOffset];
  if (batch instanceof RecordBatch) {
    header.push(
      batch.baseOffset,
      batch.partitionLeaderEpoch,
      batch.producerId,
      batch.producerEpoch,
      batch.baseSequence,
      batch.lastSequence,
      `${batch.isTransactional}`,
      `${batch.isControl}`,
      batch.deleteHorizonMs ?? -1,
      batch.recordCount,
    );
  }
  return [header.join(","), ...batch.records(codecs).map(describeRecord)];
}

function describeRecord(record: LogRecord): string {
  const headers = record.headers.map((header) => `${payload(encoder.encode(header.key))}=${payload(header.value)}`);
  return [record.offset, record.timestamp, payload(record.key), payload(record.value), ...headers].join(",");
}

/** Hex; length and CRC-32C of what is longer than 64 bytes; a dash for null. */
function payload(bytes: Uint8Array | null): string {
  if (bytes === null) return "-";
  return bytes.length <= 64 ? bytes.toHex() : `${bytes.length}#${crc32c(bytes).toString(16)}`;
}
