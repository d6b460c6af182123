/** What no well-behaved client sends. Every case is a name and bytes; `expected/bad_input.json` holds what Apache Kafka 4.3.1 did with each. */
import { gzipSync } from "node:zlib";
import { Bytes, frame } from "./raw.ts";

/** Bytes for a connection of their own, and how to read an error code from the answer. */
export interface BadInput {
  readonly name: string;
  readonly bytes: () => Uint8Array;
  /** Position of the error code in the answer, counted from the correlation id; without one, an answer is only "answered". */
  readonly errorAt?: number;
}

const TOPIC = "bad-input";
const PRODUCE = 0;
const FETCH = 1;
const LIST_OFFSETS = 2;
const METADATA = 3;
const API_VERSIONS = 18;
const CREATE_TOPICS = 19;
const CORRELATION = 7;

function metadata(body: Uint8Array, version = 1): Uint8Array {
  return frame(METADATA, version, CORRELATION, body);
}

function lengthOnly(length: number): Uint8Array {
  return new Bytes().int32(length).raw(new Uint8Array(64)).done();
}

function random(seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: 300 }, () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16);
}

/** Produce v7 of one partition. The error code of its answer stands behind correlation id, counts, topic name and partition. */
function produce(
  records: Uint8Array | null,
  options: { acks?: number; topic?: string; partition?: number; size?: number; version?: number } = {},
): Uint8Array {
  const { acks = -1, topic = TOPIC, partition = 0, version = 7 } = options;
  const body = new Bytes();
  if (version >= 3) body.string(null);
  body.int16(acks).int32(10_000).int32(1).string(topic).int32(1).int32(partition);
  body.int32(options.size ?? records?.length ?? -1);
  return withBody(PRODUCE, version, body.done(), records ?? new Uint8Array(0));
}

/** A frame whose body is too long to be spread number by number. */
function withBody(apiKey: number, version: number, head: Uint8Array, tail: Uint8Array): Uint8Array {
  const start = frame(apiKey, version, CORRELATION, head);
  const whole = new Uint8Array(start.length + tail.length);
  whole.set(start);
  whole.set(tail, start.length);
  new DataView(whole.buffer).setInt32(0, whole.length - 4);
  return whole;
}

const PRODUCE_ERROR_AT = 4 + 4 + 2 + TOPIC.length + 4 + 4;

interface BatchOptions {
  readonly magic?: number;
  readonly attributes?: number;
  readonly recordCount?: number;
  readonly lastOffsetDelta?: number;
  readonly batchLength?: number;
  readonly baseOffset?: number;
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly maxTimestamp?: bigint;
  readonly crcOffBy?: number;
}

/** A v2 record batch around `records`, sound unless told otherwise. */
function batch(records: Uint8Array, count: number, options: BatchOptions = {}): Uint8Array {
  const now = BigInt(Date.now());
  const HEADER = 61;
  const bytes = new Uint8Array(HEADER + records.length);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, BigInt(options.baseOffset ?? 0));
  view.setInt32(8, options.batchLength ?? bytes.length - 12);
  view.setInt8(16, options.magic ?? 2);
  view.setInt16(21, options.attributes ?? 0);
  view.setInt32(23, options.lastOffsetDelta ?? count - 1);
  view.setBigInt64(27, now);
  view.setBigInt64(35, options.maxTimestamp ?? now);
  view.setBigInt64(43, options.producerId ?? -1n);
  view.setInt16(51, options.producerEpoch ?? -1);
  view.setInt32(53, options.baseSequence ?? -1);
  view.setInt32(57, options.recordCount ?? count);
  bytes.set(records, HEADER);
  view.setUint32(17, (crc32c(bytes.subarray(21)) + (options.crcOffBy ?? 0)) >>> 0);
  return bytes;
}

function record(
  offsetDelta: number,
  value: string,
  options: { length?: number; valueLength?: number; headerCount?: number } = {},
): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  const body = new Bytes().int8(0).varint(0).varint(offsetDelta).varint(-1).varint(options.valueLength ?? bytes.length).raw(bytes)
    .varint(options.headerCount ?? 0).done();
  return new Bytes().varint(options.length ?? body.length).raw(body).done();
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A gzip batch of under 300 KB whose one record is 256 MiB of zeros. */
function bomb(): Uint8Array {
  const size = 256 * 1024 * 1024;
  const head = new Bytes().int8(0).varint(0).varint(0).varint(-1).varint(size).done();
  const length = new Bytes().varint(head.length + size + 1).done();
  const whole = new Uint8Array(length.length + head.length + size + 1);
  whole.set(length);
  whole.set(head, length.length);
  return batch(gzipSync(whole), 1, { attributes: GZIP });
}

const GZIP = 1;
const SNAPPY = 2;
const LZ4 = 3;
const ZSTD = 4;
const LOG_APPEND_TIME = 8;
const TRANSACTIONAL = 16;
const CONTROL = 32;
const one = (): Uint8Array => record(0, "value");

/** `frame` with `more` bytes of rubbish inside, behind what its API knows. */
function prolonged(frame: Uint8Array, more: Uint8Array): Uint8Array {
  const longer = joined(frame, more);
  new DataView(longer.buffer).setInt32(0, longer.length - 4);
  return longer;
}

const FIND_COORDINATOR = 10;
const HEARTBEAT = 12;
const DESCRIBE_GROUPS = 15;

/** Fetch v12 of nothing, with these bytes for its tagged fields. */
function fetchWithTags(tags: Uint8Array): Uint8Array {
  const body = new Bytes().int32(-1).int32(0).int32(0).int32(1).int8(0).int32(0).int32(-1).int8(1).int8(1).compactString("");
  return frame(FETCH, 12, CORRELATION, body.raw(tags).done(), true);
}

/** Fetch v4 of one partition. */
function fetchFrom(offset: bigint): Uint8Array {
  const body = new Bytes().int32(-1).int32(0).int32(0).int32(1).int8(0).int32(1).string(TOPIC).int32(1).int32(0).int64(offset).int32(1);
  return frame(FETCH, 4, CORRELATION, body.done());
}

/** Sound requests of versions with and without tagged fields, to be prolonged. Heartbeat's answer says UNKNOWN_MEMBER_ID. */
const sound: readonly BadInput[] = [
  { name: "ApiVersions v0", bytes: () => frame(API_VERSIONS, 0, CORRELATION, new Uint8Array(0)), errorAt: 4 },
  {
    name: "ApiVersions v4",
    bytes: () => frame(API_VERSIONS, 4, CORRELATION, new Bytes().compactString("a").compactString("1").int8(0).done(), true),
    errorAt: 4,
  },
  { name: "Metadata v12", bytes: () => frame(METADATA, 12, CORRELATION, new Bytes().int8(1).int8(0).int8(0).int8(0).done(), true) },
  { name: "ListOffsets v1", bytes: () => frame(LIST_OFFSETS, 1, CORRELATION, new Bytes().int32(-1).int32(0).done()) },
  { name: "FindCoordinator v4", bytes: () => frame(FIND_COORDINATOR, 4, CORRELATION, new Bytes().int8(0).int8(1).int8(0).done(), true) },
  {
    name: "Heartbeat v0",
    bytes: () => frame(HEARTBEAT, 0, CORRELATION, new Bytes().string("none").int32(1).string("").done()),
    errorAt: 4,
  },
  { name: "CreateTopics v2", bytes: () => frame(CREATE_TOPICS, 2, CORRELATION, new Bytes().int32(0).int32(1000).int8(1).done()) },
  { name: "Fetch v12", bytes: () => fetchWithTags(Uint8Array.of(0)), errorAt: 9 },
  { name: "Produce v7", bytes: () => produce(batch(one(), 1)), errorAt: PRODUCE_ERROR_AT },
];

function tagged(name: string, ...tags: number[]): BadInput {
  return { name: `Fetch v12 with ${name}`, bytes: () => fetchWithTags(Uint8Array.from(tags)), errorAt: 9 };
}

function badBatch(name: string, records: () => Uint8Array): BadInput {
  return { name: `produce: ${name}`, bytes: () => produce(records()), errorAt: PRODUCE_ERROR_AT };
}

export const badInputs: readonly BadInput[] = [
  ...[1, 2, 3, 4, 5].map((seed): BadInput => ({ name: `random bytes ${seed}`, bytes: () => random(seed) })),
  { name: "an HTTP request", bytes: () => new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") },
  { name: "a TLS hello", bytes: () => Uint8Array.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]) },
  { name: "a frame of 2 GB", bytes: () => lengthOnly(0x7fffffff) },
  { name: "a frame of 101 MiB", bytes: () => lengthOnly(101 * 1024 * 1024) },
  { name: "a negative length", bytes: () => lengthOnly(-5) },
  { name: "an empty frame", bytes: () => lengthOnly(0) },
  { name: "a frame shorter than a header", bytes: () => lengthOnly(5) },
  { name: "an unknown API key", bytes: () => frame(9_999, 0, CORRELATION, new Uint8Array(4)) },
  { name: "a negative API key", bytes: () => frame(-1, 0, CORRELATION, new Uint8Array(4)) },
  { name: "a controller's API key", bytes: () => frame(52, 0, CORRELATION, new Uint8Array(4)) },
  { name: "Metadata in an unknown version", bytes: () => metadata(new Bytes().int32(0).done(), 99) },
  { name: "Metadata in a negative version", bytes: () => metadata(new Bytes().int32(0).done(), -1) },
  { name: "Fetch in a version no longer served", bytes: () => frame(FETCH, 3, CORRELATION, new Uint8Array(40)) },
  { name: "ApiVersions in an unknown version", bytes: () => frame(API_VERSIONS, 99, CORRELATION, new Uint8Array(3)), errorAt: 4 },
  { name: "ApiVersions v3 without a body", bytes: () => frame(API_VERSIONS, 3, CORRELATION, new Uint8Array(0), true), errorAt: 4 },
  {
    name: "ApiVersions v3 of a client without a name",
    bytes: () => frame(API_VERSIONS, 3, CORRELATION, new Bytes().compactString("").compactString("").int8(0).done(), true),
    errorAt: 4,
  },
  { name: "Metadata cut off", bytes: () => metadata(new Bytes().int32(1).int16(10).raw([65, 65]).done()) },
  { name: "Metadata without a body", bytes: () => metadata(new Uint8Array(0)) },
  { name: "Metadata with more topics than bytes", bytes: () => metadata(new Bytes().int32(0x7fffffff).done()) },
  { name: "Metadata with a topic name of negative length", bytes: () => metadata(new Bytes().int32(1).int16(-1).done()) },
  { name: "Metadata that is not UTF-8", bytes: () => metadata(new Bytes().int32(1).int16(2).raw([0xff, 0xfe]).done()) },
  { name: "Metadata with bytes left over", bytes: () => metadata(new Bytes().int32(0).raw([1, 2, 3]).done()) },
  ...sound.flatMap(({ name, bytes, errorAt }) => [
    { name: `${name} with a byte left over`, bytes: () => prolonged(bytes(), Uint8Array.of(7)), errorAt },
    { name: `${name} with 2000 bytes left over`, bytes: () => prolonged(bytes(), new Uint8Array(2000).fill(0xff)), errorAt },
    { name: `${name} with another request left over`, bytes: () => prolonged(bytes(), metadata(new Bytes().int32(0).done())), errorAt },
  ]),
  {
    name: "Metadata v12 with a tagged field in its header that nobody knows",
    bytes: () => frame(METADATA, 12, CORRELATION, Uint8Array.of(1, 99, 3, 1, 2, 3, 1, 0, 0, 0)),
  },
  {
    name: "Metadata v12 with a tagged field in its header that is longer than the frame",
    bytes: () => frame(METADATA, 12, CORRELATION, Uint8Array.of(1, 99, 90, 1, 2, 3, 1, 0, 0, 0)),
  },
  tagged("an unknown tagged field", 1, 99, 2, 5, 5),
  tagged("an unknown tagged field twice", 2, 99, 1, 5, 99, 1, 5),
  tagged("tagged fields in the wrong order", 2, 99, 1, 5, 98, 1, 5),
  tagged("a known tagged field twice", 2, 0, 2, 2, 97, 0, 2, 2, 98),
  tagged("a tagged field whose size is beyond the frame", 1, 99, 50, 5),
  tagged("a known tagged field that is shorter than its size", 1, 0, 4, 2, 97, 0, 0),
  tagged("a known tagged field that is longer than its size", 1, 0, 1, 2, 97),
  tagged("fewer tagged fields than it says", 3, 99, 1, 5),
  {
    name: "DescribeGroups v5 with a compact string of 32768 bytes",
    bytes: () =>
      frame(
        DESCRIBE_GROUPS,
        5,
        CORRELATION,
        joined(Uint8Array.of(2, 0x81, 0x80, 0x02), new Uint8Array(32768).fill(97), new Uint8Array(2)),
        true,
      ),
  },
  {
    name: "DescribeGroups v4 of a group with 20000 bytes that are no UTF-8",
    bytes: () =>
      frame(
        DESCRIBE_GROUPS,
        4,
        CORRELATION,
        joined(new Bytes().int32(1).int16(20000).done(), new Uint8Array(20000).fill(0xff), new Uint8Array(1)),
      ),
  },
  { name: "Fetch v4 from an offset beyond 2^53", bytes: () => fetchFrom(2n ** 60n), errorAt: 4 + 4 + 4 + 2 + TOPIC.length + 4 + 4 },
  {
    name: "Heartbeat v0 with null for a string that may not be null",
    bytes: () => frame(HEARTBEAT, 0, CORRELATION, new Bytes().int16(-1).int32(1).string("").done()),
  },
  { name: "Metadata v9 with a varint that never ends", bytes: () => frame(METADATA, 9, CORRELATION, new Uint8Array(20).fill(0xff), true) },
  { name: "CreateTopics cut off", bytes: () => frame(CREATE_TOPICS, 2, CORRELATION, new Bytes().int32(3).string("x").done()) },
  {
    name: "ListOffsets with a lying count",
    bytes: () => frame(LIST_OFFSETS, 1, CORRELATION, new Bytes().int32(-1).int32(1_000_000).done()),
  },
  { name: "produce: a version that is advertised but not served", bytes: () => produce(batch(one(), 1), { version: 2 }) },
  { name: "produce: acks 5", bytes: () => produce(batch(one(), 1), { acks: 5 }), errorAt: PRODUCE_ERROR_AT },
  { name: "produce: a partition that is not there", bytes: () => produce(batch(one(), 1), { partition: 99 }), errorAt: PRODUCE_ERROR_AT },
  { name: "produce: a negative partition", bytes: () => produce(batch(one(), 1), { partition: -1 }), errorAt: PRODUCE_ERROR_AT },
  {
    name: "produce: an invalid topic name",
    bytes: () => produce(batch(one(), 1), { topic: "bad/input" }),
    errorAt: PRODUCE_ERROR_AT,
  },
  { name: "produce: no records at all", bytes: () => produce(null), errorAt: PRODUCE_ERROR_AT },
  { name: "produce: zero bytes of records", bytes: () => produce(new Uint8Array(0)), errorAt: PRODUCE_ERROR_AT },
  { name: "produce: a records size that lies", bytes: () => produce(batch(one(), 1), { size: 1_000_000 }) },
  badBatch("a sound batch", () => batch(one(), 1)),
  badBatch("sound gzip", () => batch(gzipSync(one()), 1, { attributes: GZIP })),
  badBatch("a wrong CRC", () => batch(one(), 1, { crcOffBy: 1 })),
  badBatch("magic 1", () => batch(one(), 1, { magic: 1 })),
  badBatch("magic 3", () => batch(one(), 1, { magic: 3 })),
  badBatch("magic -1", () => batch(one(), 1, { magic: -1 })),
  badBatch("a batch length beyond the end", () => batch(one(), 1, { batchLength: 100_000 })),
  badBatch("a batch length of 0", () => batch(one(), 1, { batchLength: 0 })),
  badBatch("a negative batch length", () => batch(one(), 1, { batchLength: -1 })),
  badBatch("a batch cut off", () => batch(one(), 1).subarray(0, 64)),
  badBatch("20 bytes of rubbish", () => random(9).subarray(0, 20)),
  badBatch("two batches", () => joined(batch(one(), 1), batch(one(), 1))),
  badBatch("a count of records that is too high", () => batch(one(), 1, { recordCount: 5, lastOffsetDelta: 4 })),
  badBatch("a count of records that is too low", () => batch(joined(one(), record(1, "b")), 2, { recordCount: 1, lastOffsetDelta: 0 })),
  badBatch("a count of two billion records", () => batch(one(), 1, { recordCount: 0x7fffffff, lastOffsetDelta: 0x7ffffffe })),
  badBatch("a count that differs from the last offset", () => batch(one(), 1, { lastOffsetDelta: 9 })),
  badBatch("a negative count", () => batch(one(), 1, { recordCount: -1 })),
  badBatch("no record", () => batch(new Uint8Array(0), 0)),
  badBatch("offset deltas with a gap", () => batch(joined(one(), record(5, "b")), 2)),
  badBatch("offset deltas with a gap, in gzip", () => batch(gzipSync(joined(one(), record(5, "b"))), 2, { attributes: GZIP })),
  badBatch("a base offset of 5", () => batch(one(), 1, { baseOffset: 5 })),
  badBatch("a record longer than the batch", () => batch(record(0, "value", { length: 1_000 }), 1)),
  badBatch("a value longer than its record", () => batch(record(0, "value", { valueLength: 1_000 }), 1)),
  badBatch("more headers than bytes", () => batch(record(0, "value", { headerCount: 1_000_000 }), 1)),
  badBatch("a negative header count", () => batch(record(0, "value", { headerCount: -1 }), 1)),
  badBatch("gzip that is none", () => batch(one(), 1, { attributes: GZIP })),
  badBatch("snappy that is none", () => batch(one(), 1, { attributes: SNAPPY })),
  badBatch("lz4 that is none", () => batch(one(), 1, { attributes: LZ4 })),
  badBatch("zstd that is none", () => batch(one(), 1, { attributes: ZSTD })),
  {
    name: "produce: zstd in a version before it",
    bytes: () => produce(batch(one(), 1, { attributes: ZSTD }), { version: 6 }),
    errorAt: PRODUCE_ERROR_AT,
  },
  badBatch("compression type 7", () => batch(one(), 1, { attributes: 7 })),
  badBatch("gzip cut off", () => batch(gzipSync(one()).subarray(0, 15), 1, { attributes: GZIP })),
  badBatch("gzip with a lying count", () => batch(gzipSync(one()), 1, { attributes: GZIP, recordCount: 3, lastOffsetDelta: 2 })),
  badBatch("gzip with records left over", () => batch(gzipSync(joined(one(), record(1, "b"))), 1, { attributes: GZIP })),
  badBatch("log append time set by the client", () => batch(one(), 1, { attributes: LOG_APPEND_TIME })),
  badBatch("a control batch", () => batch(one(), 1, { attributes: CONTROL })),
  badBatch("a transactional batch outside of a transaction", () => {
    return batch(one(), 1, { attributes: TRANSACTIONAL, producerId: 999_999n, producerEpoch: 0, baseSequence: 0 });
  }),
  badBatch("a producer id without a sequence", () => batch(one(), 1, { producerId: 999_999n, producerEpoch: 0, baseSequence: -1 })),
  badBatch("a producer id with a negative epoch", () => batch(one(), 1, { producerId: 999_999n, producerEpoch: -1, baseSequence: 0 })),
  badBatch("a sequence that begins in the middle", () => batch(one(), 1, { producerId: 999_998n, producerEpoch: 0, baseSequence: 50 })),
  badBatch("a lying maximum timestamp", () => batch(one(), 1, { maxTimestamp: 5n })),
  badBatch("more than max.message.bytes", () => batch(record(0, "x".repeat(1_100_000)), 1)),
  badBatch("a compressed bomb", bomb),
];

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0x82f63b78 : byte >>> 1;
  return byte >>> 0;
});

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}
