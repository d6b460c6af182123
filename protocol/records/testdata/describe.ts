import type { RecordBatch } from "../batch.ts";
import type { Codecs } from "../compression.ts";
import { crc32c } from "../crc32c.ts";
import type { LogRecord } from "../record.ts";

const encoder = new TextEncoder();

/** A batch as `compat/java-vectors-records/RecordVectors.java` describes it: base64, the header's fields, each record. */
export function describeBatch(batch: RecordBatch, codecs: Codecs): string {
  const header = [
    batch.compressionType,
    batch.timestampType,
    batch.maxTimestamp,
    batch.baseOffset,
    batch.lastOffset,
    batch.partitionLeaderEpoch,
    batch.producerId,
    batch.producerEpoch,
    batch.baseSequence,
    batch.lastSequence,
    batch.isTransactional,
    batch.isControl,
    batch.recordCount,
    batch.crc,
  ];
  return [batch.bytes.toBase64(), header.join(","), ...batch.records(codecs).map(describeRecord)].join(" ");
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
