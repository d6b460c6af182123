import {
  Attribute,
  HEADER_BYTES,
  LOG_OVERHEAD,
  MAGIC,
  NO_PARTITION_LEADER_EPOCH,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  NO_TIMESTAMP,
  Offset,
  type RecordBatch,
  type TimestampType,
} from "./batch.ts";
import { type Codecs, compress, type CompressionType, compressionTypes } from "./compression.ts";
import { crc32c } from "./crc32c.ts";
import { setInt64 } from "./int64.ts";
import type { RecordHeader } from "./record.ts";
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from "./varint.ts";

/** A record to be written. */
export interface NewRecord {
  /** Milliseconds since 1970; -1 for none. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
}

/** What a batch's header says; every default is "none", as in what a plain producer sends. */
export interface BatchOptions {
  readonly baseOffset?: number;
  /** Of a batch whose last records compaction has taken; the last record's if not given (`MemoryRecordsBuilder.overrideLastOffset`). */
  readonly lastOffset?: number;
  readonly partitionLeaderEpoch?: number;
  /** Anything but `none` needs `codecs`. */
  readonly compressionType?: CompressionType;
  readonly compressionLevel?: number;
  readonly codecs?: Codecs;
  /** Given for LogAppendTime: the broker's clock, which becomes the max timestamp. */
  readonly logAppendTime?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  /** Milliseconds since 1970 from which compaction may drop the batch's tombstones and markers (KIP-534). It takes the base timestamp's place. */
  readonly deleteHorizonMs?: number;
}

const MAX_INT32 = 0x7fffffff;
const encoder = new TextEncoder();
const NO_HEADERS: readonly RecordHeader[] = [];

/**
 * Builds one record batch of format 2, byte for byte as Kafka's `MemoryRecordsBuilder` does. A payload is copied once, to where it stands in the
 * batch; if `space` suffices and nothing is compressed, {@link build} answers that same buffer.
 */
export class BatchBuilder {
  #bytes: Uint8Array;
  #position = HEADER_BYTES;
  #count = 0;
  readonly #baseOffset: number;
  #nextOffset: number;
  #baseTimestamp: number | undefined;
  #maxTimestamp = NO_TIMESTAMP;

  /** `space`: a buffer to begin with, of which nothing is kept, or how large a new one is to be; another takes its place as needed. */
  constructor(readonly options: BatchOptions = {}, space: Uint8Array | number = 512) {
    this.#bytes = typeof space === "number" ? new Uint8Array(Math.max(space, HEADER_BYTES)) : space;
    this.#baseOffset = this.#nextOffset = options.baseOffset ?? 0;
    this.#baseTimestamp = options.deleteHorizonMs;
  }

  get recordCount(): number {
    return this.#count;
  }

  /** Bytes so far, before compression. */
  get sizeInBytes(): number {
    return this.#position;
  }

  /** The next record, at the offset behind the one before. */
  append(record: NewRecord): void {
    this.appendWithOffset(this.#nextOffset, record);
  }

  /** The next record, at an offset above the one before: compaction leaves gaps. */
  appendWithOffset(offset: number, record: NewRecord): void {
    const offsetDelta = offset - this.#baseOffset;
    if (!(offset >= this.#nextOffset && offsetDelta <= MAX_INT32)) throw new Error(`assertion: offset ${offset}, not ${this.#nextOffset}`);
    const { timestamp, key, value, headers = NO_HEADERS } = record;
    this.#baseTimestamp ??= timestamp;
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
    const timestampDelta = timestamp - this.#baseTimestamp;
    const headerKeys = headers.length === 0 ? [] : headers.map((header) => encoder.encode(header.key));
    const bodyBytes = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta) + sizeOfBytes(key) + sizeOfBytes(value) +
      sizeOfVarint(headers.length) + headers.reduce((sum, header, i) => sum + sizeOfBytes(headerKeys[i]) + sizeOfBytes(header.value), 0);
    this.#reserve(sizeOfVarint(bodyBytes) + bodyBytes);
    const bytes = this.#bytes;
    let position = writeVarint(bytes, this.#position, bodyBytes);
    bytes[position++] = 0; // attributes: none are defined
    position = writeVarlong(bytes, position, timestampDelta);
    position = writeVarint(bytes, position, offsetDelta);
    position = writeBytes(bytes, position, key);
    position = writeBytes(bytes, position, value);
    position = writeVarint(bytes, position, headers.length);
    for (let i = 0; i < headers.length; i++) {
      position = writeBytes(bytes, position, headerKeys[i]);
      position = writeBytes(bytes, position, headers[i].value);
    }
    this.#position = position;
    this.#nextOffset = offset + 1;
    this.#count++;
  }

  #reserve(more: number): void {
    const needed = this.#position + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#position));
    this.#bytes = grown;
  }

  /** The finished batch. The builder must not be used afterwards. */
  build(): Uint8Array {
    if (this.#count === 0) throw new Error("assertion: a batch without records");
    const { compressionType = "none", compressionLevel, codecs } = this.options;
    if (compressionType === "none") return this.#finish(this.#bytes.subarray(0, this.#position));
    if (codecs === undefined) throw new Error(`assertion: compression with ${compressionType} needs codecs`);
    const records = compress(compressionType, this.#bytes.subarray(HEADER_BYTES, this.#position), codecs, compressionLevel);
    const batch = new Uint8Array(HEADER_BYTES + records.length);
    batch.set(records, HEADER_BYTES);
    return this.#finish(batch);
  }

  #finish(batch: Uint8Array): Uint8Array {
    const options = this.options;
    const lastOffset = options.lastOffset ?? this.#nextOffset - 1;
    if (!(lastOffset >= this.#nextOffset - 1 && lastOffset - this.#baseOffset <= MAX_INT32)) {
      throw new Error(`assertion: last offset ${lastOffset}, where the last record has ${this.#nextOffset - 1}`);
    }
    const view = new DataView(batch.buffer, batch.byteOffset, batch.length);
    setInt64(view, Offset.BASE_OFFSET, this.#baseOffset);
    view.setInt32(Offset.LENGTH, batch.length - LOG_OVERHEAD);
    view.setInt32(Offset.PARTITION_LEADER_EPOCH, options.partitionLeaderEpoch ?? NO_PARTITION_LEADER_EPOCH);
    view.setInt8(Offset.MAGIC, MAGIC);
    view.setInt16(Offset.ATTRIBUTES, attributesOf(options));
    view.setInt32(Offset.LAST_OFFSET_DELTA, lastOffset - this.#baseOffset);
    setInt64(view, Offset.BASE_TIMESTAMP, this.#baseTimestamp ?? NO_TIMESTAMP);
    setInt64(view, Offset.MAX_TIMESTAMP, options.logAppendTime ?? this.#maxTimestamp);
    setInt64(view, Offset.PRODUCER_ID, options.producerId ?? NO_PRODUCER_ID);
    view.setInt16(Offset.PRODUCER_EPOCH, options.producerEpoch ?? NO_PRODUCER_EPOCH);
    view.setInt32(Offset.BASE_SEQUENCE, options.baseSequence ?? NO_SEQUENCE);
    view.setInt32(Offset.RECORD_COUNT, this.#count);
    view.setUint32(Offset.CRC, crc32c(batch, Offset.ATTRIBUTES));
    return batch;
  }
}

/** One batch of `records`, of which there must be at least one. `space` as {@link BatchBuilder} takes it. */
export function buildBatch(records: Iterable<NewRecord>, options: BatchOptions = {}, space?: Uint8Array): Uint8Array {
  const builder = new BatchBuilder(options, space);
  for (const record of records) builder.append(record);
  return builder.build();
}

/**
 * What compaction keeps of a batch of which no record is left but which its producer's state needs: the header, uncompressed and without base
 * timestamp (`DefaultRecordBatch.writeEmptyHeader`).
 */
export function emptyBatch(batch: RecordBatch): Uint8Array {
  const header = batch.bytes.slice(batch.start, batch.start + HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setInt32(Offset.LENGTH, HEADER_BYTES - LOG_OVERHEAD);
  view.setInt16(Offset.ATTRIBUTES, batch.attributes & (Attribute.LOG_APPEND_TIME | Attribute.TRANSACTIONAL | Attribute.CONTROL));
  setInt64(view, Offset.BASE_TIMESTAMP, NO_TIMESTAMP);
  view.setInt32(Offset.RECORD_COUNT, 0);
  view.setUint32(Offset.CRC, crc32c(header, Offset.ATTRIBUTES));
  return header;
}

function attributesOf(options: BatchOptions): number {
  const timestampType: TimestampType = options.logAppendTime === undefined ? "CreateTime" : "LogAppendTime";
  return compressionTypes.indexOf(options.compressionType ?? "none") |
    (timestampType === "LogAppendTime" ? Attribute.LOG_APPEND_TIME : 0) |
    (options.isTransactional === true ? Attribute.TRANSACTIONAL : 0) |
    (options.isControl === true ? Attribute.CONTROL : 0) |
    (options.deleteHorizonMs === undefined ? 0 : Attribute.DELETE_HORIZON);
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;
}

function writeBytes(target: Uint8Array, position: number, bytes: Uint8Array | null): number {
  if (bytes === null) return writeVarint(target, position, -1);
  const start = writeVarint(target, position, bytes.length);
  target.set(bytes, start);
  return start + bytes.length;
}
