import { buildBatch } from "../builder.ts";
import { compress, type CompressionType } from "../compression.ts";
import { joined, type RawRecord, rawSection, someBatch } from "./batches.ts";
import { compressed, raw, rawIn, section, type ValidatorRow } from "./row.ts";

const UNREADABLE = "Kafka skips the lengths of compressed records, and no consumer can read the batch it then stores";
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

/** `THREE`, each compressed by itself. */
function streams(type: CompressionType): ValidatorRow["bytes"] {
  return (now, codecs) => section(type, 3, joined(...THREE.map((record) => compress(type, rawSection([record]), codecs))))(now);
}

/** A frame of xerial's with another version in its header. */
function xerial(frame: Uint8Array, version: number): Uint8Array {
  const copy = frame.slice();
  new DataView(copy.buffer).setInt32(8, version);
  return copy;
}

/** Compression. */
export const compressionRows: readonly ValidatorRow[] = [
  { name: "gzip", bytes: compressed("gzip"), kafka: "NONE", stored: "gzip CreateTime +2: 0+0 1+1 2+2; as sent" },
  { name: "snappy", bytes: compressed("snappy"), kafka: "NONE", stored: "snappy CreateTime +2: 0+0 1+1 2+2; as sent" },
  { name: "lz4", bytes: compressed("lz4"), kafka: "NONE", stored: "lz4 CreateTime +2: 0+0 1+1 2+2; as sent" },
  { name: "zstd", bytes: compressed("zstd"), kafka: "NONE", stored: "zstd CreateTime +2: 0+0 1+1 2+2; as sent" },
  {
    name: "snappy without xerial's frame",
    bytes: (now, codecs) => section("snappy", 3, codecs.snappy.compress(rawSection(THREE)))(now),
    kafka: "NONE",
    stored: "snappy CreateTime +0: 0+0 1+0 2+0; as sent",
  },
  { name: "bytes that are not gzip", bytes: section("gzip", 3, rawSection(THREE)), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "bytes that are not snappy", bytes: section("snappy", 3, new Uint8Array(40).fill(0xff)), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "bytes that are not lz4", bytes: section("lz4", 3, rawSection(THREE)), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "bytes that are not zstd", bytes: section("zstd", 3, rawSection(THREE)), kafka: "UNKNOWN_SERVER_ERROR" },
  ...(["gzip", "snappy", "lz4", "zstd"] as const).map((type): ValidatorRow => ({
    name: `${type} cut off`,
    bytes: (now, codecs) => section(type, 3, compress(type, rawSection(THREE), codecs).subarray(0, -9))(now),
    kafka: "UNKNOWN_SERVER_ERROR",
  })),
  {
    name: "gzip with bytes behind it",
    bytes: (now, codecs) => section("gzip", 3, joined(compress("gzip", rawSection(THREE), codecs), new Uint8Array(4)))(now),
    kafka: "NONE",
    stored: "gzip CreateTime +0: 0+0 1+0 2+0; as sent",
  },
  {
    name: "lz4 with bytes behind it",
    bytes: section("lz4", 3, lz4Frame(0x60, 0x82, [1, 2, 3])),
    kafka: "NONE",
    stored: "lz4 CreateTime +0: 0+0 1+0 2+0; as sent",
  },
  { name: "lz4 with a wrong header checksum", bytes: section("lz4", 3, lz4Frame(0x60, 0x83)), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "lz4 with dependent blocks", bytes: section("lz4", 3, lz4Frame(0x40, 0xc0)), kafka: "UNKNOWN_SERVER_ERROR" },
  {
    name: "lz4 with a wrong content checksum",
    bytes: section("lz4", 3, lz4Frame(0x64, 0xa7, [1, 2, 3, 4])),
    kafka: "NONE",
    stored: "lz4 CreateTime +0: 0+0 1+0 2+0; as sent",
  },
  ...(["gzip", "snappy", "zstd"] as const).map((type): ValidatorRow => ({
    name: `${type}, one stream behind the other`,
    bytes: streams(type),
    kafka: "NONE",
    stored: `${type} CreateTime +0: 0+0 1+0 2+0; as sent`,
  })),
  { name: "lz4, one stream behind the other", bytes: streams("lz4"), kafka: "INVALID_RECORD" },
  {
    name: "snappy, a block of no bytes",
    bytes: (now, codecs) => section("snappy", 3, joined(compress("snappy", rawSection(THREE), codecs), new Uint8Array(4)))(now),
    kafka: "UNKNOWN_SERVER_ERROR",
  },
  {
    name: "snappy, a cut length of a block",
    bytes: (now, codecs) => section("snappy", 3, joined(compress("snappy", rawSection(THREE), codecs), new Uint8Array(3)))(now),
    kafka: "NONE",
    stored: "snappy CreateTime +0: 0+0 1+0 2+0; as sent",
  },
  ...[0, 2, 256].map((version): ValidatorRow => ({
    name: `snappy, version ${version} of xerial's frame`,
    bytes: (now, codecs) => section("snappy", 3, xerial(compress("snappy", rawSection(THREE), codecs), version))(now),
    kafka: "NONE",
    stored: "snappy CreateTime +0: 0+0 1+0 2+0; as sent",
  })),
  {
    name: "snappy, xerial's header alone",
    bytes: (now, codecs) => section("snappy", 3, compress("snappy", new Uint8Array(0), codecs))(now),
    kafka: "INVALID_RECORD",
  },
  {
    name: "snappy, half of xerial's header",
    bytes: (now, codecs) => section("snappy", 3, compress("snappy", new Uint8Array(0), codecs).subarray(0, 12))(now),
    kafka: "UNKNOWN_SERVER_ERROR",
  },
  { name: "gzip, a count below the records", bytes: rawIn("gzip", 2, ...THREE), kafka: "INVALID_RECORD" },
  { name: "gzip, a count above the records", bytes: rawIn("gzip", 4, ...THREE), kafka: "INVALID_RECORD" },
  {
    name: "gzip, a record length too large",
    bytes: rawIn("gzip", 2, { offsetDelta: 0, length: 9 }, { offsetDelta: 1 }),
    kafka: "NONE",
    stored: "gzip CreateTime +0: unreadable; as sent",
    ours: { code: "INVALID_RECORD", why: UNREADABLE },
  },
  {
    name: "gzip, a negative record length",
    bytes: rawIn("gzip", 1, { offsetDelta: 0, length: -8 }),
    kafka: "NONE",
    stored: "gzip CreateTime +0: unreadable; as sent",
    ours: { code: "INVALID_RECORD", why: UNREADABLE },
  },
  { name: "gzip, a key beyond the records", bytes: rawIn("gzip", 1, { offsetDelta: 0, keyLength: 60 }), kafka: "INVALID_RECORD" },
  { name: "gzip, a negative header count", bytes: rawIn("gzip", 1, { offsetDelta: 0, headerCount: -1 }), kafka: "INVALID_RECORD" },
  { name: "gzip, a byte behind the headers", bytes: rawIn("gzip", 1, { offsetDelta: 0, tail: [0] }), kafka: "INVALID_RECORD" },
  {
    name: "gzip, offset deltas 1 2 3",
    bytes: rawIn("gzip", 3, { offsetDelta: 1 }, { offsetDelta: 2 }, { offsetDelta: 3 }),
    kafka: "UNKNOWN_SERVER_ERROR",
  },
  {
    name: "gzip, offset deltas 0 2 1",
    bytes: rawIn("gzip", 3, { offsetDelta: 0 }, { offsetDelta: 2 }, { offsetDelta: 1 }),
    kafka: "UNKNOWN_SERVER_ERROR",
  },
  {
    name: "gzip, no key, compacted",
    bytes: rawIn("gzip", 1, { offsetDelta: 0, keyLength: -1, key: "" }),
    topic: { "cleanup.policy": "compact" },
    kafka: "INVALID_RECORD",
    recordErrors: [0],
  },
  {
    name: "topic with gzip",
    bytes: (now) => someBatch(now),
    topic: { "compression.type": "gzip" },
    kafka: "NONE",
    stored: "gzip CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "topic with gzip, in gzip",
    bytes: compressed("gzip"),
    topic: { "compression.type": "gzip" },
    kafka: "NONE",
    stored: "gzip CreateTime +2: 0+0 1+1 2+2; as sent",
  },
  {
    name: "topic with lz4, in zstd",
    bytes: compressed("zstd"),
    topic: { "compression.type": "lz4" },
    kafka: "NONE",
    stored: "lz4 CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "topic with snappy, in lz4",
    bytes: compressed("lz4"),
    topic: { "compression.type": "snappy" },
    kafka: "NONE",
    stored: "snappy CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "topic without compression, in gzip",
    bytes: compressed("gzip"),
    topic: { "compression.type": "uncompressed" },
    kafka: "NONE",
    stored: "none CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "topic with zstd, offset deltas 1 2 3",
    bytes: raw(3, { offsetDelta: 1 }, { offsetDelta: 2 }, { offsetDelta: 3 }),
    topic: { "compression.type": "zstd" },
    kafka: "NONE",
    stored: "zstd CreateTime +0: 0+0 1+0 2+0",
  },
  {
    name: "topic with zstd, a record length too large",
    bytes: raw(2, { offsetDelta: 0, length: 9 }, { offsetDelta: 1 }),
    topic: { "compression.type": "zstd" },
    kafka: "INVALID_RECORD",
  },
  {
    name: "topic with zstd and LogAppendTime",
    bytes: (now) => someBatch(now),
    topic: { "compression.type": "zstd", "message.timestamp.type": "LogAppendTime" },
    kafka: "NONE",
    stored: "zstd LogAppendTime +append: 0+append 1+append 2+append",
  },
  {
    name: "topic without compression, too large once it is gone",
    bytes: (now, codecs) => buildBatch([{ timestamp: now, key: null, value: new Uint8Array(5_000) }], { compressionType: "zstd", codecs }),
    topic: { "compression.type": "uncompressed", "max.message.bytes": 1_000 },
    kafka: "MESSAGE_TOO_LARGE",
  },
  {
    name: "a record that grows to 65 MiB",
    bytes: (now, codecs) =>
      buildBatch([{ timestamp: now, key: null, value: new Uint8Array(65 << 20) }], { compressionType: "zstd", codecs }),
    kafka: "NONE",
    stored: "zstd CreateTime +0: 0+0; as sent",
    ours: { code: "MESSAGE_TOO_LARGE", why: "decompression is bounded" },
  },
];
