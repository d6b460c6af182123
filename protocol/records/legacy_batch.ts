import { ErrorCode } from "../errors.ts";
import { LOG_OVERHEAD, NO_TIMESTAMP, Offset, type TimestampType } from "./batch.ts";
import { type Codecs, type CompressionType, compressionTypes, decompress, MAX_DECOMPRESSED_BYTES } from "./compression.ts";
import { crc32 } from "./crc32.ts";
import { getInt64 } from "./int64.ts";
import type { LogRecord, RecordHeader } from "./record.ts";
import { RecordsError } from "./records_error.ts";

/** Where the fields of a message stand, in bytes from the start of its offset; key and value follow, each behind its length. */
const Field = { OFFSET: 0, SIZE: 8, CRC: 12, MAGIC: Offset.MAGIC, ATTRIBUTES: 17, TIMESTAMP: 18 } as const;

/** Bits of the attributes; format 0 has the compression type alone. */
const COMPRESSION = 0x07;
const LOG_APPEND_TIME = 0x08;

/** The length of what stands behind the size: of a message of format 0 without key and value, the smallest there is. */
const MIN_SIZE = 14;
/** What format 1 adds to it: the timestamp. */
const TIMESTAMP_BYTES = 8;

const NO_HEADERS: readonly RecordHeader[] = [];

/**
 * A view of one message of format 0 or 1 (KIP-31, KIP-32), as logs from before Kafka 0.11 hold them: a record, or the wrapper of a compressed
 * message set. Nobody writes them any more (KIP-724); Kafka reads them, and so do we. Kafka: `LegacyRecord`, `AbstractLegacyRecordBatch`.
 */
export class LegacyBatch {
  readonly #view: DataView;

  /** `bytes` are the message from its offset on, and no more. Nothing but their number is checked: see {@link isValid}. */
  constructor(readonly bytes: Uint8Array) {
    if (bytes.length < LOG_OVERHEAD + MIN_SIZE) throw new Error(`assertion: a message of ${bytes.length} bytes`);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** 0 or 1. */
  get magic(): number {
    return this.#view.getInt8(Field.MAGIC);
  }

  get sizeInBytes(): number {
    return this.bytes.length;
  }

  /** The offset of the record, or of the last one in the wrapper; 0 in wrappers that some versions of librdkafka sent. */
  get lastOffset(): number {
    return getInt64(this.#view, Field.OFFSET);
  }

  /** CRC-32, not CRC-32C, of everything behind it, unsigned. */
  get crc(): number {
    return this.#view.getUint32(Field.CRC);
  }

  /** Throws {@link RecordsError} with UNKNOWN_SERVER_ERROR for an id that no codec has, as Kafka does. */
  get compressionType(): CompressionType {
    const id = this.#view.getInt8(Field.ATTRIBUTES) & COMPRESSION;
    const type = compressionTypes[id];
    if (type === undefined) throw new RecordsError(ErrorCode.UNKNOWN_SERVER_ERROR, `Unknown compression type id ${id}.`);
    return type;
  }

  /** Whose clock the timestamps are, inside a wrapper too; format 0 has none. */
  get timestampType(): TimestampType | "NoTimestampType" {
    if (this.magic === 0) return "NoTimestampType";
    return (this.#view.getInt8(Field.ATTRIBUTES) & LOG_APPEND_TIME) === 0 ? "CreateTime" : "LogAppendTime";
  }

  /** The record's timestamp; of a wrapper the largest of its records, or the time of the append. -1 in format 0. */
  get maxTimestamp(): number {
    return this.magic === 0 ? NO_TIMESTAMP : getInt64(this.#view, Field.TIMESTAMP);
  }

  /** Whether the message matches its CRC. */
  isValid(): boolean {
    return this.crc === crc32(this.bytes, Field.MAGIC, this.bytes.length);
  }

  /**
   * The record, or those in the wrapper, in the shape that records of format 2 have; keys and values are views. What is compressed, for
   * which `codecs` must be given, is decompressed whole, to at most `maxBytes`. The CRCs inside a wrapper are not checked, nor are they by
   * Kafka's iterator. Throws {@link RecordsError}: INVALID_RECORD at what is malformed, and as {@link decompress} does.
   */
  *records(codecs?: Codecs, maxBytes: number = MAX_DECOMPRESSED_BYTES): Generator<LogRecord, void, void> {
    if (this.compressionType === "none") yield this.#record(this.lastOffset, this.maxTimestamp);
    else yield* this.#wrapped(codecs, maxBytes);
  }

  #record(offset: number, timestamp: number): LogRecord {
    const key = this.#field(this.#keyStart);
    return { offset, timestamp, key, value: this.#valueBehind(key), headers: NO_HEADERS };
  }

  get #keyStart(): number {
    return this.magic === 0 ? Field.TIMESTAMP : Field.TIMESTAMP + TIMESTAMP_BYTES;
  }

  #valueBehind(key: Uint8Array | null): Uint8Array | null {
    return this.#field(this.#keyStart + 4 + (key?.length ?? 0));
  }

  /** The bytes behind the length that stands at `position`; null for a negative length. */
  #field(position: number): Uint8Array | null {
    const left = this.bytes.length - position - 4;
    if (left < 0) throw invalid("it ends inside a length");
    const length = this.#view.getInt32(position);
    if (length > left) throw invalid(`a field of ${length} bytes, of which ${left} are there`);
    return length < 0 ? null : this.bytes.subarray(position + 4, position + 4 + length);
  }

  *#wrapped(codecs: Codecs | undefined, maxBytes: number): Generator<LogRecord, void, void> {
    const set = this.#decompressed(codecs, maxBytes);
    const baseOffset = this.#baseOffset(lastOffsetOf(set));
    const byBroker = this.timestampType === "LogAppendTime";
    for (const message of messages(set)) {
      if (message.compressionType !== "none") throw invalid("a wrapper in a wrapper");
      const stamped = byBroker && message.magic !== 0;
      yield message.#record(baseOffset + message.lastOffset, stamped ? this.maxTimestamp : message.maxTimestamp);
    }
  }

  #decompressed(codecs: Codecs | undefined, maxBytes: number): Uint8Array {
    const type = this.compressionType;
    if (codecs === undefined) throw new Error(`assertion: a message set compressed with ${type} needs codecs`);
    if (type === "zstd") throw invalid("zstd, which formats 0 and 1 do not have");
    const value = this.#valueBehind(this.#field(this.#keyStart));
    if (value === null) throw invalid("a wrapper without a value");
    return decompress(type, value, codecs, maxBytes, this.magic);
  }

  /** What the offsets inside the wrapper add to: format 0 has absolute ones, format 1 has them relative to the first (KIP-31). */
  #baseOffset(lastInnerOffset: number): number {
    const { lastOffset } = this;
    if (this.magic === 0 || lastOffset === 0) return 0;
    if (lastOffset < lastInnerOffset) throw invalid(`a wrapper at offset ${lastOffset} of messages up to ${lastInnerOffset}`);
    return lastOffset - lastInnerOffset;
  }
}

/** The offset of the last message inside a wrapper. */
function lastOffsetOf(set: Uint8Array): number {
  let last: number | undefined;
  for (const message of messages(set)) last = message.lastOffset;
  if (last === undefined) throw invalid("a wrapper of no messages");
  return last;
}

/** The messages inside a wrapper, up to an incomplete one at the end, which is left out as Kafka does. */
function* messages(bytes: Uint8Array): Generator<LegacyBatch, void, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let position = 0; bytes.length - position >= LOG_OVERHEAD;) {
    const size = view.getInt32(position + Field.SIZE);
    if (size < MIN_SIZE) throw new RecordsError(ErrorCode.CORRUPT_MESSAGE, `A message of ${size} bytes.`);
    const end = position + LOG_OVERHEAD + size;
    if (end > bytes.length) return;
    const magic = bytes[position + Field.MAGIC];
    // Kafka would take it for format 1.
    if (magic > 1) throw invalid(`format (magic) ${magic} inside a wrapper`);
    yield new LegacyBatch(bytes.subarray(position, end));
    position = end;
  }
}

function invalid(what: string): RecordsError {
  return new RecordsError(ErrorCode.INVALID_RECORD, `Invalid message of an old format: ${what}.`);
}
