/**
 * What Apache Kafka 4.3.1 answers to batches that a client produces, and what it then stores. `compat/validator-rows` sends every row to a live
 * broker and prints the rows whose `kafka` or `stored` differ from what is written here; the unit test runs them without one.
 */
import type { ErrorName } from "../errors.ts";
import { Attribute, Offset } from "./batch.ts";
import { buildBatch } from "./builder.ts";
import { type Codecs, compress, type CompressionType, compressionTypes } from "./compression.ts";
import { batchOf, edited, joined, type RawRecord, rawSection, someBatch, someRecords } from "./test_batches.ts";

/** The topic's configs by Kafka's names; those left out have Kafka's defaults. */
export interface RowTopic {
  readonly "compression.type"?: CompressionType | "uncompressed";
  readonly "cleanup.policy"?: "compact";
  readonly "max.message.bytes"?: number;
  readonly "message.timestamp.type"?: "LogAppendTime";
  readonly "message.timestamp.before.max.ms"?: number;
  readonly "message.timestamp.after.max.ms"?: number;
}

/** One case. */
export interface ValidatorRow {
  readonly name: string;
  readonly bytes: (now: number, codecs: Codecs) => Uint8Array;
  readonly topic?: RowTopic;
  /** Version of the Produce request; 8 if not given. */
  readonly version?: number;
  /** Kafka's answer. */
  readonly kafka: ErrorName;
  /** The records that Kafka names in its answer. */
  readonly recordErrors?: readonly number[];
  /** What Kafka stores, as {@link describeStored} writes it. */
  readonly stored?: string;
  /** Our answer where it differs on purpose. */
  readonly ours?: { readonly code: ErrorName; readonly why: string };
}

const HOUR = 3_600_000;
const SAME = "none CreateTime +2: 0+0 1+1 2+2; as sent";

function compressed(type: CompressionType): (now: number, codecs: Codecs) => Uint8Array {
  return (now, codecs) => someBatch(now, { compressionType: type, codecs });
}

function header(edit: (view: DataView, now: number) => void): (now: number) => Uint8Array {
  return (now) => edited(someBatch(now), (view) => edit(view, now));
}

function raw(count: number, ...records: readonly RawRecord[]): (now: number) => Uint8Array {
  return (now) => batchOf(rawSection(records), now, count);
}

function rawIn(type: CompressionType, count: number, ...records: readonly RawRecord[]): (now: number, codecs: Codecs) => Uint8Array {
  return (now, codecs) => section(type, count, compress(type, rawSection(records), codecs))(now);
}

function section(type: CompressionType, count: number, bytes: Uint8Array): (now: number) => Uint8Array {
  return (now) => batchOf(bytes, now, count, compressionTypes.indexOf(type));
}

function withAttributes(bits: number): (now: number) => Uint8Array {
  return header((view) => view.setInt16(Offset.ATTRIBUTES, bits));
}

function at(...offsets: readonly number[]): (now: number) => Uint8Array {
  return (now) => buildBatch(offsets.map((offset, i) => ({ timestamp: now + offset, key: null, value: new Uint8Array([i]) })));
}

/** The sizes and counts around a batch. */
const envelope: readonly ValidatorRow[] = [
  { name: "three records", bytes: (now) => someBatch(now), kafka: "NONE", stored: SAME },
  { name: "a leader epoch of the client's", bytes: (now) => someBatch(now, { partitionLeaderEpoch: 77 }), kafka: "NONE", stored: SAME },
  { name: "no bytes", bytes: () => new Uint8Array(0), kafka: "NONE" },
  { name: "half a header", bytes: (now) => someBatch(now).subarray(0, 20), kafka: "NONE" },
  { name: "all but the last byte", bytes: (now) => someBatch(now).subarray(0, -1), kafka: "NONE" },
  { name: "five bytes behind the batch", bytes: (now) => joined(someBatch(now), new Uint8Array(5)), kafka: "NONE" },
  { name: "half a batch behind the batch", bytes: (now) => joined(someBatch(now), someBatch(now).subarray(0, 80)), kafka: "NONE" },
  { name: "zeros behind the batch", bytes: (now) => joined(someBatch(now), new Uint8Array(64)), kafka: "NONE" },
  { name: "two batches", bytes: (now) => joined(someBatch(now), someBatch(now)), kafka: "NONE" },
  { name: "a negative length", bytes: header((view) => view.setInt32(Offset.LENGTH, -1)), kafka: "NONE" },
  { name: "a length of 13", bytes: header((view) => view.setInt32(Offset.LENGTH, 13)), kafka: "NONE" },
  { name: "a length of 14", bytes: (now) => header((view) => view.setInt32(Offset.LENGTH, 14))(now).subarray(0, 26), kafka: "NONE" },
  { name: "a length of 40", bytes: (now) => header((view) => view.setInt32(Offset.LENGTH, 40))(now).subarray(0, 52), kafka: "NONE" },
  { name: "a length of 2 GiB", bytes: header((view) => view.setInt32(Offset.LENGTH, 0x7fffffff)), kafka: "NONE" },
  { name: "magic 0", bytes: header((view) => view.setInt8(Offset.MAGIC, 0)), kafka: "NONE" },
  { name: "magic 1", bytes: header((view) => view.setInt8(Offset.MAGIC, 1)), kafka: "NONE" },
  { name: "magic 3", bytes: header((view) => view.setInt8(Offset.MAGIC, 3)), kafka: "NONE" },
  { name: "magic -1", bytes: header((view) => view.setInt8(Offset.MAGIC, -1)), kafka: "NONE" },
  {
    name: "a wrong CRC",
    bytes: (now) => {
      const batch = someBatch(now);
      batch[Offset.CRC] ^= 1;
      return batch;
    },
    kafka: "NONE",
  },
  { name: "base offset 5", bytes: (now) => someBatch(now, { baseOffset: 5 }), kafka: "NONE" },
  { name: "a batch above max.message.bytes", bytes: (now) => someBatch(now), topic: { "max.message.bytes": 100 }, kafka: "NONE" },
  {
    name: "a batch of exactly max.message.bytes",
    bytes: (now) => someBatch(now),
    topic: { "max.message.bytes": someBatch(1).length },
    kafka: "NONE",
  },
];

/** The header's fields. */
const headers: readonly ValidatorRow[] = [
  { name: "compression id 5", bytes: withAttributes(5), kafka: "NONE" },
  { name: "compression id 7", bytes: withAttributes(7), kafka: "NONE" },
  { name: "attribute bits 7 to 15", bytes: withAttributes(0x7f80), kafka: "NONE" },
  { name: "the delete horizon bit", bytes: withAttributes(Attribute.DELETE_HORIZON), kafka: "NONE" },
  { name: "the control bit", bytes: withAttributes(Attribute.CONTROL), kafka: "NONE" },
  {
    name: "the transactional bit without a transactional id",
    bytes: (now) => someBatch(now, { isTransactional: true, producerId: 4_000, producerEpoch: 0, baseSequence: 0 }),
    kafka: "NONE",
  },
  {
    name: "zstd in Produce version 6",
    bytes: compressed("zstd"),
    version: 6,
    kafka: "NONE",
  },
  { name: "zstd in Produce version 7", bytes: compressed("zstd"), version: 7, kafka: "NONE" },
  { name: "gzip in Produce version 3", bytes: compressed("gzip"), version: 3, kafka: "NONE" },
  { name: "a producer id without a sequence", bytes: (now) => someBatch(now, { producerId: 4_000, producerEpoch: 0 }), kafka: "NONE" },
  {
    name: "a producer id and sequence 0",
    bytes: (now) => someBatch(now, { producerId: 4_001, producerEpoch: 0, baseSequence: 0 }),
    kafka: "NONE",
  },
  {
    name: "a producer id above 2^53",
    bytes: (now) =>
      edited(
        someBatch(now, { producerId: 1, producerEpoch: 0, baseSequence: 0 }),
        (view) => view.setBigInt64(Offset.PRODUCER_ID, 2n ** 60n),
      ),
    kafka: "NONE",
  },
  { name: "a last offset delta of -1", bytes: header((view) => view.setInt32(Offset.LAST_OFFSET_DELTA, -1)), kafka: "NONE" },
  { name: "a last offset delta above the count", bytes: header((view) => view.setInt32(Offset.LAST_OFFSET_DELTA, 3)), kafka: "NONE" },
  { name: "a last offset delta below the count", bytes: header((view) => view.setInt32(Offset.LAST_OFFSET_DELTA, 1)), kafka: "NONE" },
  { name: "a count of 0", bytes: header((view) => view.setInt32(Offset.RECORD_COUNT, 0)), kafka: "NONE" },
  { name: "a count of -1", bytes: header((view) => view.setInt32(Offset.RECORD_COUNT, -1)), kafka: "NONE" },
  { name: "no records, as compaction leaves a batch", bytes: (now) => batchOf(new Uint8Array(0), now, 0), kafka: "NONE" },
  { name: "a count below the records", bytes: raw(2, { offsetDelta: 0 }, { offsetDelta: 1 }, { offsetDelta: 2 }), kafka: "NONE" },
  { name: "a count above the records", bytes: raw(3, { offsetDelta: 0 }, { offsetDelta: 1 }), kafka: "NONE" },
];

const MANY_SEVENTHS = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01];

/** What may be wrong inside a record. */
const records: readonly ValidatorRow[] = [
  { name: "record attributes", bytes: raw(1, { offsetDelta: 0, attributes: 0x7f }), kafka: "NONE" },
  { name: "null key and value", bytes: raw(1, { offsetDelta: 0, keyLength: -1, key: "", valueLength: -1, value: "" }), kafka: "NONE" },
  { name: "a key of length -2", bytes: raw(1, { offsetDelta: 0, keyLength: -2, key: "" }), kafka: "NONE" },
  { name: "a record longer than the batch", bytes: raw(1, { offsetDelta: 0, length: 100 }), kafka: "NONE" },
  { name: "a record length too small", bytes: raw(1, { offsetDelta: 0, length: 5 }), kafka: "NONE" },
  { name: "a record length too large", bytes: raw(2, { offsetDelta: 0, length: 9 }, { offsetDelta: 1 }), kafka: "NONE" },
  { name: "a negative record length", bytes: raw(1, { offsetDelta: 0, length: -8 }), kafka: "NONE" },
  { name: "an empty record", bytes: raw(1, { offsetDelta: 0, length: 0 }), kafka: "NONE" },
  { name: "a key beyond the record", bytes: raw(1, { offsetDelta: 0, keyLength: 60 }), kafka: "NONE" },
  { name: "a value beyond the record", bytes: raw(1, { offsetDelta: 0, valueLength: 60 }), kafka: "NONE" },
  { name: "a timestamp delta of eleven bytes", bytes: raw(1, { offsetDelta: 0, body: MANY_SEVENTHS }), kafka: "NONE" },
  { name: "an offset delta of eleven bytes", bytes: raw(1, { offsetDelta: 0, body: [0, ...MANY_SEVENTHS] }), kafka: "NONE" },
  { name: "a negative header count", bytes: raw(1, { offsetDelta: 0, headerCount: -1 }), kafka: "NONE" },
  { name: "a header count above the bytes", bytes: raw(1, { offsetDelta: 0, headerCount: 9 }), kafka: "NONE" },
  { name: "a header without a key", bytes: raw(1, { offsetDelta: 0, headerCount: 1, tail: [1, 1] }), kafka: "NONE" },
  { name: "a header with a null value", bytes: raw(1, { offsetDelta: 0, headerCount: 1, tail: [2, 0x68, 1] }), kafka: "NONE" },
  { name: "a byte behind the headers", bytes: raw(1, { offsetDelta: 0, tail: [0] }), kafka: "NONE" },
  { name: "offset deltas 1 2 3", bytes: raw(3, { offsetDelta: 1 }, { offsetDelta: 2 }, { offsetDelta: 3 }), kafka: "NONE" },
  { name: "offset deltas 0 2 1", bytes: raw(3, { offsetDelta: 0 }, { offsetDelta: 2 }, { offsetDelta: 1 }), kafka: "NONE" },
  { name: "offset deltas 0 0 0", bytes: raw(3, { offsetDelta: 0 }, { offsetDelta: 0 }, { offsetDelta: 0 }), kafka: "NONE" },
  { name: "a record without a key, compacted", bytes: at(0, 1), topic: { "cleanup.policy": "compact" }, kafka: "NONE" },
  { name: "records with keys, compacted", bytes: (now) => someBatch(now), topic: { "cleanup.policy": "compact" }, kafka: "NONE" },
  { name: "an empty key, compacted", bytes: raw(1, { offsetDelta: 0, key: "" }), topic: { "cleanup.policy": "compact" }, kafka: "NONE" },
  {
    name: "the second record without a key, compacted",
    bytes: raw(2, { offsetDelta: 0 }, { offsetDelta: 1, keyLength: -1, key: "" }),
    topic: { "cleanup.policy": "compact" },
    kafka: "NONE",
  },
];

/** Timestamps. */
const timestamps: readonly ValidatorRow[] = [
  {
    name: "max timestamp too large",
    bytes: header((view, now) => view.setBigInt64(Offset.MAX_TIMESTAMP, BigInt(now + 999))),
    kafka: "NONE",
  },
  { name: "max timestamp too small", bytes: header((view) => view.setBigInt64(Offset.MAX_TIMESTAMP, -1n)), kafka: "NONE" },
  {
    name: "max timestamp too large in gzip",
    bytes: (now, codecs) => edited(compressed("gzip")(now, codecs), (view) => view.setBigInt64(Offset.MAX_TIMESTAMP, BigInt(now + 999))),
    kafka: "NONE",
  },
  { name: "timestamps going backwards", bytes: at(0, -5, -3), kafka: "NONE" },
  {
    name: "no timestamps",
    bytes: () => buildBatch([{ timestamp: -1, key: null, value: null }, { timestamp: -1, key: null, value: null }]),
    kafka: "NONE",
  },
  {
    name: "timestamps before 1970",
    bytes: () => buildBatch([{ timestamp: 5, key: null, value: null }, { timestamp: -7, key: null, value: null }]),
    kafka: "NONE",
  },
  { name: "a timestamp two hours ahead", bytes: at(0, 2 * HOUR), kafka: "NONE" },
  { name: "a timestamp half an hour ahead", bytes: at(0, HOUR / 2), kafka: "NONE" },
  { name: "a timestamp too old", bytes: at(-2 * HOUR, 0), topic: { "message.timestamp.before.max.ms": HOUR }, kafka: "NONE" },
  {
    name: "no timestamp where old ones are refused",
    bytes: () => buildBatch([{ timestamp: -1, key: null, value: null }]),
    topic: { "message.timestamp.before.max.ms": HOUR },
    kafka: "NONE",
  },
  {
    name: "a timestamp beyond any clock",
    bytes: raw(1, { offsetDelta: 0, timestampDelta: 2 ** 51 }),
    topic: { "message.timestamp.after.max.ms": Number.MAX_SAFE_INTEGER },
    kafka: "NONE",
  },
  {
    name: "a timestamp ahead and a key missing, compacted",
    bytes: (now) =>
      buildBatch([{ timestamp: now, key: null, value: null }, { timestamp: now + 2 * HOUR, key: new Uint8Array(1), value: null }]),
    topic: { "cleanup.policy": "compact" },
    kafka: "NONE",
  },
  {
    name: "a timestamp ahead in gzip",
    bytes: (now, codecs) => buildBatch([...someRecords(now), ...someRecords(now + 2 * HOUR, 1)], { compressionType: "gzip", codecs }),
    kafka: "NONE",
  },
  { name: "LogAppendTime topic", bytes: at(0, 1, 2), topic: { "message.timestamp.type": "LogAppendTime" }, kafka: "NONE" },
  {
    name: "LogAppendTime topic, timestamps ahead",
    bytes: at(9 * HOUR),
    topic: { "message.timestamp.type": "LogAppendTime" },
    kafka: "NONE",
  },
  { name: "LogAppendTime topic, in zstd", bytes: compressed("zstd"), topic: { "message.timestamp.type": "LogAppendTime" }, kafka: "NONE" },
  { name: "LogAppendTime of the client's", bytes: withAttributes(Attribute.LOG_APPEND_TIME), kafka: "NONE" },
  {
    name: "LogAppendTime of the client's without a time",
    bytes: (now) => edited(someBatch(now, { logAppendTime: now }), (view) => view.setBigInt64(Offset.MAX_TIMESTAMP, -1n)),
    kafka: "NONE",
  },
  {
    name: "LogAppendTime topic, LogAppendTime of the client's",
    bytes: withAttributes(Attribute.LOG_APPEND_TIME),
    topic: { "message.timestamp.type": "LogAppendTime" },
    kafka: "NONE",
  },
];

const THREE: readonly RawRecord[] = [{ offsetDelta: 0 }, { offsetDelta: 1 }, { offsetDelta: 2 }];

/** A frame with one stored block of `THREE`; `flags`, header checksum and what follows the end mark as given. */
function lz4Frame(flags: number, checksum: number, tail: readonly number[] = []): Uint8Array {
  const content = rawSection(THREE);
  return joined(
    new Uint8Array([4, 0x22, 0x4d, 0x18, flags, 0x40, checksum, content.length, 0, 0, 0x80]),
    content,
    new Uint8Array([0, 0, 0, 0, ...tail]),
  );
}

/** Compression. */
const compression: readonly ValidatorRow[] = [
  { name: "gzip", bytes: compressed("gzip"), kafka: "NONE" },
  { name: "snappy", bytes: compressed("snappy"), kafka: "NONE" },
  { name: "lz4", bytes: compressed("lz4"), kafka: "NONE" },
  { name: "zstd", bytes: compressed("zstd"), kafka: "NONE" },
  {
    name: "snappy without xerial's frame",
    bytes: (now, codecs) => section("snappy", 3, codecs.snappy.compress(rawSection(THREE)))(now),
    kafka: "NONE",
  },
  { name: "bytes that are not gzip", bytes: section("gzip", 3, rawSection(THREE)), kafka: "NONE" },
  { name: "bytes that are not snappy", bytes: section("snappy", 3, new Uint8Array(40).fill(0xff)), kafka: "NONE" },
  { name: "bytes that are not lz4", bytes: section("lz4", 3, rawSection(THREE)), kafka: "NONE" },
  { name: "bytes that are not zstd", bytes: section("zstd", 3, rawSection(THREE)), kafka: "NONE" },
  ...(["gzip", "snappy", "lz4", "zstd"] as const).map((type): ValidatorRow => ({
    name: `${type} cut off`,
    bytes: (now, codecs) => section(type, 3, compress(type, rawSection(THREE), codecs).subarray(0, -9))(now),
    kafka: "NONE",
  })),
  {
    name: "gzip with bytes behind it",
    bytes: (now, codecs) => section("gzip", 3, joined(compress("gzip", rawSection(THREE), codecs), new Uint8Array(4)))(now),
    kafka: "NONE",
  },
  { name: "lz4 with bytes behind it", bytes: section("lz4", 3, lz4Frame(0x60, 0x82, [1, 2, 3])), kafka: "NONE" },
  { name: "lz4 with a wrong header checksum", bytes: section("lz4", 3, lz4Frame(0x60, 0x83)), kafka: "NONE" },
  { name: "lz4 with dependent blocks", bytes: section("lz4", 3, lz4Frame(0x40, 0xc0)), kafka: "NONE" },
  { name: "lz4 with a wrong content checksum", bytes: section("lz4", 3, lz4Frame(0x64, 0xa7, [1, 2, 3, 4])), kafka: "NONE" },
  { name: "gzip, a count below the records", bytes: rawIn("gzip", 2, ...THREE), kafka: "NONE" },
  { name: "gzip, a count above the records", bytes: rawIn("gzip", 4, ...THREE), kafka: "NONE" },
  { name: "gzip, a record length too large", bytes: rawIn("gzip", 2, { offsetDelta: 0, length: 9 }, { offsetDelta: 1 }), kafka: "NONE" },
  { name: "gzip, a negative record length", bytes: rawIn("gzip", 1, { offsetDelta: 0, length: -8 }), kafka: "NONE" },
  { name: "gzip, a key beyond the records", bytes: rawIn("gzip", 1, { offsetDelta: 0, keyLength: 60 }), kafka: "NONE" },
  { name: "gzip, a negative header count", bytes: rawIn("gzip", 1, { offsetDelta: 0, headerCount: -1 }), kafka: "NONE" },
  { name: "gzip, a byte behind the headers", bytes: rawIn("gzip", 1, { offsetDelta: 0, tail: [0] }), kafka: "NONE" },
  { name: "gzip, offset deltas 1 2 3", bytes: rawIn("gzip", 3, { offsetDelta: 1 }, { offsetDelta: 2 }, { offsetDelta: 3 }), kafka: "NONE" },
  { name: "gzip, offset deltas 0 2 1", bytes: rawIn("gzip", 3, { offsetDelta: 0 }, { offsetDelta: 2 }, { offsetDelta: 1 }), kafka: "NONE" },
  {
    name: "gzip, no key, compacted",
    bytes: rawIn("gzip", 1, { offsetDelta: 0, keyLength: -1, key: "" }),
    topic: { "cleanup.policy": "compact" },
    kafka: "NONE",
  },
  { name: "topic with gzip", bytes: (now) => someBatch(now), topic: { "compression.type": "gzip" }, kafka: "NONE" },
  { name: "topic with gzip, in gzip", bytes: compressed("gzip"), topic: { "compression.type": "gzip" }, kafka: "NONE" },
  { name: "topic with lz4, in zstd", bytes: compressed("zstd"), topic: { "compression.type": "lz4" }, kafka: "NONE" },
  { name: "topic with snappy, in lz4", bytes: compressed("lz4"), topic: { "compression.type": "snappy" }, kafka: "NONE" },
  { name: "topic without compression, in gzip", bytes: compressed("gzip"), topic: { "compression.type": "uncompressed" }, kafka: "NONE" },
  {
    name: "topic with zstd, offset deltas 1 2 3",
    bytes: raw(3, { offsetDelta: 1 }, { offsetDelta: 2 }, { offsetDelta: 3 }),
    topic: { "compression.type": "zstd" },
    kafka: "NONE",
  },
  {
    name: "topic with zstd, a record length too large",
    bytes: raw(2, { offsetDelta: 0, length: 9 }, { offsetDelta: 1 }),
    topic: { "compression.type": "zstd" },
    kafka: "NONE",
  },
  {
    name: "topic with zstd and LogAppendTime",
    bytes: (now) => someBatch(now),
    topic: { "compression.type": "zstd", "message.timestamp.type": "LogAppendTime" },
    kafka: "NONE",
  },
  {
    name: "topic without compression, too large once it is gone",
    bytes: (now, codecs) => buildBatch([{ timestamp: now, key: null, value: new Uint8Array(5_000) }], { compressionType: "zstd", codecs }),
    topic: { "compression.type": "uncompressed", "max.message.bytes": 1_000 },
    kafka: "NONE",
  },
  {
    name: "a record that grows to 65 MiB",
    bytes: (now, codecs) =>
      buildBatch([{ timestamp: now, key: null, value: new Uint8Array(65 << 20) }], { compressionType: "zstd", codecs }),
    kafka: "NONE",
  },
];

/** All rows. */
export const validatorRows: readonly ValidatorRow[] = [...envelope, ...headers, ...records, ...timestamps, ...compression];
