/** Record batches: reading of any format; building and validating in place of format 2; compression, control records, CRC-32C. Pure. */
export { batches, batchesOfAnyFormat } from "./batches.ts";
export {
  batchSizeAt,
  HEADER_BYTES,
  incrementSequence,
  LOG_OVERHEAD,
  NO_PARTITION_LEADER_EPOCH,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  NO_TIMESTAMP,
  RecordBatch,
} from "./batch.ts";
export type { TimestampType } from "./batch.ts";
export { BatchBuilder, buildBatch, emptyBatch } from "./builder.ts";
export type { BatchOptions, NewRecord } from "./builder.ts";
export { compress, compressionTypes, decompress, MAX_DECOMPRESSED_BYTES } from "./compression.ts";
export type { Codecs, CompressionType, RecordCodec } from "./compression.ts";
export {
  controlRecordKey,
  ControlRecordType,
  END_MARKER_BYTES,
  endTransactionBatch,
  endTransactionMarkerValue,
  parseControlRecordType,
  parseEndTransactionMarker,
} from "./control.ts";
export type { EndTransactionMarker } from "./control.ts";
export { crc32c } from "./crc32c.ts";
export { LegacyBatch } from "./legacy_batch.ts";
export type { LogRecord, RecordHeader, RecordReader } from "./record.ts";
export { RecordsError } from "./records_error.ts";
export type { RecordError } from "./records_error.ts";
export { assignOffsets, validateBatches, validateProduceRecords } from "./validator.ts";
export type { Validated, ValidationOptions } from "./validator.ts";
