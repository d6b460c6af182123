import { ErrorCode } from "../errors.ts";
import { type Codecs, type CompressionType, compressionTypes, decompress, MAX_DECOMPRESSED_BYTES } from "./compression.ts";
import { crc32c } from "./crc32c.ts";
import { getInt64, setInt64 } from "./int64.ts";
import { type LogRecord, RecordReader } from "./record.ts";
import { RecordsError } from "./records_error.ts";

/** Where the fields of a batch's header stand, in bytes from its start (KIP-98, `DefaultRecordBatch`). */
export const Offset = {
  BASE_OFFSET: 0,
  LENGTH: 8,
  PARTITION_LEADER_EPOCH: 12,
  MAGIC: 16,
  CRC: 17,
  ATTRIBUTES: 21,
  LAST_OFFSET_DELTA: 23,
  BASE_TIMESTAMP: 27,
  MAX_TIMESTAMP: 35,
  PRODUCER_ID: 43,
  PRODUCER_EPOCH: 51,
  BASE_SEQUENCE: 53,
  RECORD_COUNT: 57,
  RECORDS: 61,
} as const;

/** Bits of a batch's attributes; the lowest three are the compression type. */
export const Attribute = { COMPRESSION: 0x07, LOG_APPEND_TIME: 0x08, TRANSACTIONAL: 0x10, CONTROL: 0x20, DELETE_HORIZON: 0x40 } as const;

/** Kafka drops all other bits whenever it writes the attributes. */
const KNOWN_ATTRIBUTES = 0x7f;

/** The only record format since Kafka 4.0. */
export const MAGIC = 2;
/** Bytes of base offset and length, which the length does not count. */
export const LOG_OVERHEAD = 12;
/** Bytes of a batch without records. */
export const HEADER_BYTES: number = Offset.RECORDS;
/** No batch is shorter: the overhead and the smallest record of format 0, which Kafka checks a length against before it knows the format. */
const MIN_LENGTH = 14;

/** "No value" in a batch's header. */
export const NO_TIMESTAMP = -1;
export const NO_PRODUCER_ID = -1;
export const NO_PRODUCER_EPOCH = -1;
export const NO_SEQUENCE = -1;
export const NO_PARTITION_LEADER_EPOCH = -1;

/** Whose clock a batch's timestamps are: the producer's, or the broker's at the append. */
export type TimestampType = "CreateTime" | "LogAppendTime";

const MAX_INT32 = 0x7fffffff;

/** The sequence number `count` after `sequence`; behind 2^31-1 comes 0 (`DefaultRecordBatch.incrementSequence`). */
export function incrementSequence(sequence: number, count: number): number {
  return sequence > MAX_INT32 - count ? count - (MAX_INT32 - sequence) - 1 : sequence + count;
}

/**
 * A view of one record batch of format 2, or of its header alone. Reading a field copies nothing; the int64 fields are numbers, exact up to
 * ±2^53. Setters write into the underlying bytes.
 */
export class RecordBatch {
  readonly #view: DataView;

  /** The batch that begins at `start`; at least its 61 bytes of header must be there. Nothing is checked: see {@link isValid}. */
  constructor(readonly bytes: Uint8Array, readonly start = 0) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
    if (this.#view.byteLength < HEADER_BYTES) throw new Error(`assertion: a batch header in ${this.#view.byteLength} bytes`);
  }

  get baseOffset(): number {
    return getInt64(this.#view, Offset.BASE_OFFSET);
  }
  set baseOffset(offset: number) {
    setInt64(this.#view, Offset.BASE_OFFSET, offset);
  }

  /** The length field: bytes behind itself. */
  get batchLength(): number {
    return this.#view.getInt32(Offset.LENGTH);
  }

  /** Bytes of the whole batch, as its length field has it. */
  get sizeInBytes(): number {
    return LOG_OVERHEAD + this.batchLength;
  }

  /** Not covered by the CRC; -1 in what a producer sends. */
  get partitionLeaderEpoch(): number {
    return this.#view.getInt32(Offset.PARTITION_LEADER_EPOCH);
  }
  set partitionLeaderEpoch(epoch: number) {
    this.#view.setInt32(Offset.PARTITION_LEADER_EPOCH, epoch);
  }

  get magic(): number {
    return this.#view.getInt8(Offset.MAGIC);
  }

  /** CRC-32C of everything from the attributes on, unsigned. */
  get crc(): number {
    return this.#view.getUint32(Offset.CRC);
  }

  get attributes(): number {
    return this.#view.getInt16(Offset.ATTRIBUTES);
  }

  /** The id in the attributes, 0 to 7; {@link compressionTypes} knows 0 to 4. */
  get compressionId(): number {
    return this.attributes & Attribute.COMPRESSION;
  }

  /** Throws {@link RecordsError} with UNKNOWN_SERVER_ERROR for an id that no codec has, as Kafka does. */
  get compressionType(): CompressionType {
    const type = compressionTypes[this.compressionId];
    if (type === undefined) throw new RecordsError(ErrorCode.UNKNOWN_SERVER_ERROR, `Unknown compression type id ${this.compressionId}.`);
    return type;
  }

  get timestampType(): TimestampType {
    return (this.attributes & Attribute.LOG_APPEND_TIME) === 0 ? "CreateTime" : "LogAppendTime";
  }

  get isTransactional(): boolean {
    return (this.attributes & Attribute.TRANSACTIONAL) !== 0;
  }

  /** Whether the one record is a control record (`control.ts`), which consumers do not see. */
  get isControl(): boolean {
    return (this.attributes & Attribute.CONTROL) !== 0;
  }

  /** Milliseconds since 1970 from which compaction may drop the batch's tombstones and markers (KIP-534), if it set that. */
  get deleteHorizonMs(): number | undefined {
    return (this.attributes & Attribute.DELETE_HORIZON) === 0 ? undefined : this.baseTimestamp;
  }

  get lastOffsetDelta(): number {
    return this.#view.getInt32(Offset.LAST_OFFSET_DELTA);
  }

  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta;
  }

  /** What the records' timestamp deltas add to. */
  get baseTimestamp(): number {
    return getInt64(this.#view, Offset.BASE_TIMESTAMP);
  }

  /** The largest timestamp of the records, or the time of the append for LogAppendTime. */
  get maxTimestamp(): number {
    return getInt64(this.#view, Offset.MAX_TIMESTAMP);
  }
  /** Recomputes the CRC, unless nothing changes. */
  set maxTimestamp(timestamp: number) {
    this.setMaxTimestamp(this.timestampType, timestamp);
  }

  get producerId(): number {
    return getInt64(this.#view, Offset.PRODUCER_ID);
  }

  get hasProducerId(): boolean {
    return this.producerId > NO_PRODUCER_ID;
  }

  get producerEpoch(): number {
    return this.#view.getInt16(Offset.PRODUCER_EPOCH);
  }

  get baseSequence(): number {
    return this.#view.getInt32(Offset.BASE_SEQUENCE);
  }

  get lastSequence(): number {
    const base = this.baseSequence;
    return base === NO_SEQUENCE ? NO_SEQUENCE : incrementSequence(base, this.lastOffsetDelta);
  }

  get recordCount(): number {
    return this.#view.getInt32(Offset.RECORD_COUNT);
  }

  /** Whether the batch is all there, is as long as a batch must be, and matches its CRC. */
  isValid(): boolean {
    const size = this.sizeInBytes;
    return size >= HEADER_BYTES && size <= this.#view.byteLength && this.crc === this.#computeCrc();
  }

  /** Sets timestamp type and max timestamp, and the CRC only if one of them changes. */
  setMaxTimestamp(type: TimestampType, timestamp: number): void {
    if (this.timestampType === type && this.maxTimestamp === timestamp) return;
    const attributes = this.attributes & KNOWN_ATTRIBUTES & ~Attribute.LOG_APPEND_TIME;
    this.#view.setInt16(Offset.ATTRIBUTES, type === "LogAppendTime" ? attributes | Attribute.LOG_APPEND_TIME : attributes);
    setInt64(this.#view, Offset.MAX_TIMESTAMP, timestamp);
    this.#view.setUint32(Offset.CRC, this.#computeCrc());
  }

  #computeCrc(): number {
    return crc32c(this.bytes, this.start + Offset.ATTRIBUTES, this.start + this.sizeInBytes);
  }

  /** The records section as it stands, a view; compressed if the batch is. */
  get recordsSection(): Uint8Array {
    return this.bytes.subarray(this.start + HEADER_BYTES, this.start + this.sizeInBytes);
  }

  /**
   * A reader at the first record. Decompresses a compressed batch, for which `codecs` must be given, to at most `maxBytes`.
   * Throws {@link RecordsError}; so does the reader at a bad record.
   */
  reader(codecs?: Codecs, maxBytes: number = MAX_DECOMPRESSED_BYTES): RecordReader {
    const type = this.compressionType;
    if (this.recordCount === 0) return new RecordReader(this.bytes, 0, 0, 0); // Kafka looks at nothing else then
    if (type === "none") return new RecordReader(this.bytes, this.start + HEADER_BYTES, this.start + this.sizeInBytes, this.recordCount);
    if (codecs === undefined) throw new Error(`assertion: a batch compressed with ${type} needs codecs`);
    const records = decompress(type, this.recordsSection, codecs, maxBytes);
    return new RecordReader(records, 0, records.length, this.recordCount);
  }

  /** The records one after the other, keys and values as views. Throws as {@link reader} does. */
  records(codecs?: Codecs, maxBytes?: number): IteratorObject<LogRecord, undefined> {
    return new RecordIterator(this, this.reader(codecs, maxBytes));
  }
}

/** Not a generator, which cannot be inlined where it is used: that takes 20 ns a record. */
class RecordIterator extends Iterator<LogRecord, undefined> {
  readonly #reader: RecordReader;
  readonly #baseOffset: number;
  readonly #baseTimestamp: number;
  readonly #logAppendTime: number | undefined;

  constructor(batch: RecordBatch, reader: RecordReader) {
    super();
    this.#reader = reader;
    this.#baseOffset = batch.baseOffset;
    this.#baseTimestamp = batch.baseTimestamp;
    this.#logAppendTime = batch.timestampType === "LogAppendTime" ? batch.maxTimestamp : undefined;
  }

  override next(): IteratorResult<LogRecord, undefined> {
    const reader = this.#reader;
    if (!reader.next()) return { done: true, value: undefined };
    const value = {
      offset: this.#baseOffset + reader.offsetDelta,
      timestamp: this.#logAppendTime ?? this.#baseTimestamp + reader.timestampDelta,
      key: reader.key(),
      value: reader.value(),
      headers: reader.headers(),
    };
    return { done: false, value };
  }
}

/**
 * Bytes of the batch that begins at `position`, if its header is there up to the magic; undefined if fewer bytes are there. Throws
 * {@link RecordsError} with CORRUPT_MESSAGE for an impossible length or magic (`ByteBufferLogInputStream.nextBatchSize`).
 */
export function batchSizeAt(bytes: Uint8Array, position: number): number | undefined {
  const left = bytes.length - position;
  if (left < LOG_OVERHEAD) return undefined;
  const at = position + Offset.LENGTH;
  const length = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  if (length < MIN_LENGTH) throw new RecordsError(ErrorCode.CORRUPT_MESSAGE, `A batch length of ${length} bytes.`);
  if (length > MAX_INT32 - LOG_OVERHEAD) {
    // Kafka's sum of the two overflows, which it reports as a failure of its own.
    throw new RecordsError(ErrorCode.UNKNOWN_SERVER_ERROR, `A batch length of ${length} bytes.`);
  }
  if (left <= Offset.MAGIC) return undefined;
  const magic = bytes[position + Offset.MAGIC];
  if (magic > MAGIC) throw new RecordsError(ErrorCode.CORRUPT_MESSAGE, `Unknown record format (magic) ${magic}.`);
  return LOG_OVERHEAD + length;
}
