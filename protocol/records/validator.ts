import { ErrorCode } from "../errors.ts";
import { batchSizeAt, HEADER_BYTES, MAGIC, NO_TIMESTAMP, Offset, RecordBatch, type TimestampType } from "./batch.ts";
import { BatchBuilder } from "./builder.ts";
import type { Codecs, CompressionType } from "./compression.ts";
import { MAX_DECOMPRESSED_BYTES } from "./compression.ts";
import type { RecordReader } from "./record.ts";
import { type RecordError, RecordsError } from "./records_error.ts";

/** What a topic and the moment demand of a batch. Names are those of the topic's configs. */
export interface ValidationOptions {
  /** `coordinator`: the broker's own records, which may be control records and carry no sequence. */
  readonly origin: "client" | "coordinator";
  /** `max.message.bytes`. */
  readonly maxMessageBytes: number;
  /** `compression.type`; `producer` keeps what the batch has. */
  readonly compressionType: CompressionType | "producer";
  /** `compression.<type>.level`, used only when a batch is compressed again. */
  readonly compressionLevel?: number;
  /** Whether `cleanup.policy` has `compact`: every record needs a key. */
  readonly compact: boolean;
  /** `message.timestamp.type`. */
  readonly timestampType: TimestampType;
  /** `message.timestamp.before.max.ms`. */
  readonly timestampBeforeMaxMs: number;
  /** `message.timestamp.after.max.ms`. */
  readonly timestampAfterMaxMs: number;
  /** The broker's clock, milliseconds since 1970. */
  readonly now: number;
  readonly codecs: Codecs;
  /** The most that compressed records may grow to; {@link MAX_DECOMPRESSED_BYTES} if not given. */
  readonly maxDecompressedBytes?: number;
}

/** A batch that may be stored once {@link assignOffsets} has run. */
export interface Validated {
  /** The whole batch: a view of what came in, without any incomplete bytes behind it, or a new one if it had to be written again. */
  readonly batch: RecordBatch;
  readonly recordCount: number;
  /** The largest timestamp of the records, whatever the header says. */
  readonly maxTimestamp: number;
  readonly timestampType: TimestampType;
}

/**
 * What Kafka asks of the records of one partition in a Produce request of `version`, 3 or later, before it looks at the topic
 * (`ProduceRequest.validateRecords`). Throws {@link RecordsError}.
 */
export function validateProduceRecords(records: Uint8Array, version: number): void {
  const batch = onlyBatch(records);
  if (version < 7 && batch.compressionType === "zstd") {
    throw new RecordsError(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, `Produce version ${version} does not allow zstd.`);
  }
}

/**
 * Checks one batch for an append by the leader, changing nothing: as `UnifiedLog.analyzeAndValidateRecords` and `LogValidator` of Kafka do.
 * Throws {@link RecordsError} with Kafka's code; `testdata/validator_rows.ts` has a row for each.
 */
export function validateBatches(records: Uint8Array, options: ValidationOptions): Validated {
  const batch = onlyBatch(records);
  checkEnvelope(batch, options);
  checkHeader(batch, options.origin);
  const source = batch.compressionType;
  const target = options.compressionType === "producer" ? source : options.compressionType;
  const reader = batch.reader(options.codecs, options.maxDecompressedBytes ?? MAX_DECOMPRESSED_BYTES);
  const check = checkRecords(batch, reader, options);
  if (check.errors.length > 0) throw refusal(check.errors);
  // Kafka never compresses control records that came uncompressed.
  const inPlace = source === target || (source === "none" && batch.isControl);
  if (!inPlace) return rebuild(batch, target, options);
  if (!check.consecutive) throw inconsecutive(source);
  return { batch, recordCount: batch.recordCount, maxTimestamp: check.maxTimestamp, timestampType: options.timestampType };
}

/**
 * Gives a validated batch its place in the log, in its own bytes: base offset, leader epoch, and the timestamp type and max timestamp where
 * the batch has others; only then is the CRC computed again. `now` is the time of the append, used for LogAppendTime.
 */
export function assignOffsets(validated: Validated, firstOffset: number, leaderEpoch: number, now: number): void {
  const { batch, timestampType } = validated;
  batch.baseOffset = firstOffset;
  batch.partitionLeaderEpoch = leaderEpoch;
  batch.setMaxTimestamp(timestampType, timestampType === "LogAppendTime" ? now : validated.maxTimestamp);
}

/** Up to here Kafka reads a header before it looks at the batch's size. */
const SIZE_CHECKED_FROM = Offset.BASE_TIMESTAMP;

/** The first batch, which must be the only whole one; incomplete bytes behind it are ignored, as in Kafka. */
function onlyBatch(records: Uint8Array): RecordBatch {
  const size = batchSizeAt(records, 0);
  if (size === undefined || size > records.length) throw invalid("no whole batch");
  if (records[Offset.MAGIC] !== MAGIC) throw invalid(`record format (magic) ${records[Offset.MAGIC]}`);
  const second = batchSizeAt(records, size);
  if (second !== undefined && second <= records.length - size) throw invalid("more than one batch");
  if (size < HEADER_BYTES) {
    const code = size < SIZE_CHECKED_FROM ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.CORRUPT_MESSAGE;
    throw new RecordsError(code, `A batch of ${size} bytes.`);
  }
  return new RecordBatch(records.subarray(0, size));
}

/** `UnifiedLog.analyzeAndValidateRecords`, in its order. */
function checkEnvelope(batch: RecordBatch, options: ValidationOptions): void {
  if (options.origin === "client" && batch.baseOffset !== 0) throw invalid(`a batch with base offset ${batch.baseOffset} instead of 0`);
  checkSize(batch, options);
  if (!batch.isValid()) throw new RecordsError(ErrorCode.CORRUPT_MESSAGE, `Records do not match their CRC, ${batch.crc}.`);
}

function checkSize(batch: RecordBatch, options: ValidationOptions): void {
  if (batch.sizeInBytes <= options.maxMessageBytes) return;
  throw new RecordsError(
    ErrorCode.MESSAGE_TOO_LARGE,
    `A batch of ${batch.sizeInBytes} bytes, where the topic allows ${options.maxMessageBytes}.`,
  );
}

/** `LogValidator.validateBatch`. */
function checkHeader(batch: RecordBatch, origin: ValidationOptions["origin"]): void {
  if (origin === "coordinator") return;
  const { lastOffsetDelta, recordCount } = batch;
  if (lastOffsetDelta < 0) throw invalid(`a last offset delta of ${lastOffsetDelta}`);
  if (recordCount <= 0) throw invalid(`a count of ${recordCount} records`);
  if (lastOffsetDelta !== recordCount - 1) throw invalid(`a last offset delta of ${lastOffsetDelta} for ${recordCount} records`);
  if (batch.isControl) throw invalid("clients may not write control records");
  if (!Number.isSafeInteger(batch.producerId)) throw invalid("a producer id beyond 2^53");
  if (batch.hasProducerId && batch.baseSequence < 0) throw invalid(`sequence ${batch.baseSequence} of producer id ${batch.producerId}`);
}

interface RecordsCheck {
  maxTimestamp: number;
  /** Whether the offset deltas count up from 0. */
  consecutive: boolean;
  readonly errors: (RecordError & { readonly code: ErrorCode })[];
}

/** `LogValidator.validateRecord` over all records: the hot path of Produce, so nothing is allocated for a good record. */
function checkRecords(batch: RecordBatch, reader: RecordReader, options: ValidationOptions): RecordsCheck {
  const check: RecordsCheck = { maxTimestamp: NO_TIMESTAMP, consecutive: true, errors: [] };
  const { compact } = options;
  const createTime = options.timestampType === "CreateTime";
  const stamped = batch.timestampType === "LogAppendTime";
  const baseTimestamp = stamped ? batch.maxTimestamp : batch.baseTimestamp;
  const earliest = options.now - options.timestampBeforeMaxMs;
  const latest = Math.min(options.now + options.timestampAfterMaxMs, Number.MAX_SAFE_INTEGER);
  let maxTimestamp = NO_TIMESTAMP;
  for (let index = 0; reader.next(); index++) {
    const timestamp = stamped ? baseTimestamp : baseTimestamp + reader.timestampDelta;
    if (timestamp > maxTimestamp) maxTimestamp = timestamp;
    if (reader.offsetDelta !== index) check.consecutive = false;
    if (compact && reader.keyLength < 0) {
      check.errors.push({ batchIndex: index, code: ErrorCode.INVALID_RECORD, message: "A compacted topic takes no record without a key." });
    } else if (createTime && timestamp !== NO_TIMESTAMP) {
      if (timestamp < earliest || timestamp > latest) {
        const message = `Timestamp ${timestamp} is not within [${earliest}, ${latest}].`;
        check.errors.push({ batchIndex: index, code: ErrorCode.INVALID_TIMESTAMP, message });
      }
    } else if (stamped) {
      check.errors.push({ batchIndex: index, code: ErrorCode.INVALID_TIMESTAMP, message: "A producer may not set LogAppendTime." });
    }
  }
  check.maxTimestamp = maxTimestamp;
  return check;
}

function refusal(errors: RecordsCheck["errors"]): RecordsError {
  const code = errors.some((error) => error.code === ErrorCode.INVALID_TIMESTAMP) ? ErrorCode.INVALID_TIMESTAMP : ErrorCode.INVALID_RECORD;
  const recordErrors = errors.map(({ batchIndex, message }) => ({ batchIndex, message }));
  return new RecordsError(code, `${errors.length} of the records were refused; the first: ${errors[0].message}`, recordErrors);
}

/** Writes the batch again, in another compression or with consecutive offsets (`LogValidator.buildRecordsAndAssignOffsets`). */
function rebuild(batch: RecordBatch, compressionType: CompressionType, options: ValidationOptions): Validated {
  const builder = new BatchBuilder({
    compressionType,
    compressionLevel: options.compressionLevel,
    codecs: options.codecs,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
  }, batch.sizeInBytes);
  for (const record of batch.records(options.codecs, options.maxDecompressedBytes)) builder.append(record);
  const rebuilt = new RecordBatch(builder.build());
  checkSize(rebuilt, options);
  return { batch: rebuilt, recordCount: rebuilt.recordCount, maxTimestamp: rebuilt.maxTimestamp, timestampType: options.timestampType };
}

/**
 * Offset deltas other than 0, 1, 2 … in a batch that is not written again. Kafka stores them if the records are uncompressed, so that offsets
 * repeat or go backwards, and fails in a cast if they are compressed. Here neither is stored.
 */
function inconsecutive(source: CompressionType): RecordsError {
  const code = source === "none" ? ErrorCode.INVALID_RECORD : ErrorCode.UNKNOWN_SERVER_ERROR;
  return new RecordsError(code, "Invalid records: the offset deltas do not count up from 0.");
}

function invalid(what: string): RecordsError {
  return new RecordsError(ErrorCode.INVALID_RECORD, `Invalid records: ${what}.`);
}
