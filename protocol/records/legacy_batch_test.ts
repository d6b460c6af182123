import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoCompression } from "../../platform/deno/mod.ts";
import { ErrorCode } from "../errors.ts";
import { RecordBatch } from "./batch.ts";
import { batches, batchesOfAnyFormat } from "./batches.ts";
import { crc32 } from "./crc32.ts";
import type { LegacyBatch } from "./legacy_batch.ts";
import type { LogRecord } from "./record.ts";
import { joined, someBatch } from "./testdata/batches.ts";

const NOW = 1_800_000_000_000;
const CRC_POSITION = 12;
const ATTRIBUTES_POSITION = 17;
const { INVALID_RECORD, CORRUPT_MESSAGE, MESSAGE_TOO_LARGE, UNKNOWN_SERVER_ERROR } = ErrorCode;

const hex = (text: string): Uint8Array =>
  Uint8Array.fromHex(text.trim().split("\n").map((line) => line.split("|")[0].replaceAll(" ", "")).join(""));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** As Kafka 0.9 stored it. */
const FORMAT_0 = hex(`
  00 00 00 00 00 00 00 05 | offset 5
  00 00 00 11             | size 17
  61 50 54 27             | CRC-32 of all that follows
  00                      | magic
  00                      | attributes
  00 00 00 01 6b          | key "k"
  00 00 00 02 76 31       | value "v1"`);

/** As Kafka 0.10 stored it. */
const FORMAT_1 = hex(`
  00 00 00 00 00 00 00 06 | offset 6
  00 00 00 16             | size 22
  d8 4a 87 b4             | CRC-32
  01                      | magic
  08                      | attributes: LogAppendTime
  00 00 01 a3 18 5c 50 00 | timestamp 1,800,000,000,000
  ff ff ff ff             | no key
  ff ff ff ff             | no value`);

interface Message {
  readonly offset?: number;
  readonly magic?: number;
  readonly attributes?: number;
  readonly timestamp?: number;
  readonly key?: Uint8Array | null;
  readonly value?: Uint8Array | null;
}

/** A message field by field, with its CRC. */
function message({ offset = 0, magic = 1, attributes = 0, timestamp = NOW, key = null, value = bytes("v") }: Message): Uint8Array {
  const keyStart = magic === 0 ? 18 : 26;
  const whole = new Uint8Array(keyStart + 8 + (key?.length ?? 0) + (value?.length ?? 0));
  const view = new DataView(whole.buffer);
  view.setBigInt64(0, BigInt(offset));
  view.setInt32(8, whole.length - 12);
  view.setInt8(16, magic);
  view.setInt8(ATTRIBUTES_POSITION, attributes);
  if (magic !== 0) view.setBigInt64(18, BigInt(timestamp));
  view.setInt32(keyStart, key?.length ?? -1);
  whole.set(key ?? [], keyStart + 4);
  const valueStart = keyStart + 4 + (key?.length ?? 0);
  view.setInt32(valueStart, value?.length ?? -1);
  whole.set(value ?? [], valueStart + 4);
  view.setUint32(CRC_POSITION, crc32(whole, 16, whole.length));
  return whole;
}

/** Messages in a wrapper, gzipped. */
function wrapper(wrapping: Message, ...messages: readonly Uint8Array[]): Uint8Array {
  return message({ attributes: 1, ...wrapping, value: denoCompression.gzip.compress(joined(...messages)) });
}

const only = (set: Uint8Array): LegacyBatch => {
  const [batch, second] = batchesOfAnyFormat(set);
  assert.ok(!(batch instanceof RecordBatch) && second === undefined);
  return batch;
};
const read = (set: Uint8Array, maxBytes?: number): LogRecord[] => [...only(set).records(denoCompression, maxBytes)];
const offsets = (set: Uint8Array): number[] => read(set).map((record) => record.offset);

describe("a message", () => {
  it("of format 0 has no timestamp", () => {
    const batch = only(FORMAT_0);
    assert.ok(batch.isValid());
    const { magic, sizeInBytes, lastOffset, compressionType, timestampType, maxTimestamp } = batch;
    assert.deepEqual([magic, sizeInBytes, lastOffset, compressionType, timestampType, maxTimestamp], [
      0,
      29,
      5,
      "none",
      "NoTimestampType",
      -1,
    ]);
    assert.deepEqual([...batch.records()], [{ offset: 5, timestamp: -1, key: bytes("k"), value: bytes("v1"), headers: [] }]);
  });

  it("of format 1 has one", () => {
    const batch = only(FORMAT_1);
    assert.ok(batch.isValid());
    assert.equal(batch.timestampType, "LogAppendTime");
    assert.deepEqual([...batch.records()], [{ offset: 6, timestamp: NOW, key: null, value: null, headers: [] }]);
  });

  it("is read without copying", () => {
    const [record] = only(FORMAT_0).records();
    assert.equal(record.key?.buffer, FORMAT_0.buffer);
    assert.equal(record.value?.buffer, FORMAT_0.buffer);
  });

  it("is not valid with any bit flipped from the CRC on", () => {
    const copy = FORMAT_1.slice();
    for (let bit = CRC_POSITION * 8; bit < copy.length * 8; bit++) {
      // Another magic may be another format.
      if (bit >> 3 === 16) continue;
      copy[bit >> 3] ^= 1 << (bit & 7);
      assert.equal(only(copy).isValid(), false, `bit ${bit}`);
      copy[bit >> 3] ^= 1 << (bit & 7);
    }
  });

  it("is refused where its fields reach beyond its end", () => {
    for (const [position, length] of [[18, 5], [18, 0x7fffffff], [23, 3], [18, -1]]) {
      const copy = FORMAT_0.slice();
      new DataView(copy.buffer).setInt32(position, length);
      assert.throws(() => read(copy), { name: "RecordsError", code: INVALID_RECORD }, `${length} at ${position}`);
    }
    const short = FORMAT_1.slice(0, 12 + 14);
    new DataView(short.buffer).setInt32(8, 14);
    assert.throws(() => read(short), { name: "RecordsError", code: INVALID_RECORD });
  });

  it("with a compression that no format has is refused as Kafka does", () => {
    assert.throws(() => read(message({ attributes: 5 })), { name: "RecordsError", code: UNKNOWN_SERVER_ERROR });
  });
});

describe("a wrapper", () => {
  it("of format 0 holds absolute offsets", () => {
    const inner = [3, 7, 8].map((offset) => message({ magic: 0, offset }));
    assert.deepEqual(offsets(wrapper({ magic: 0, offset: 8 }, ...inner)), [3, 7, 8]);
  });

  it("of format 1 holds offsets relative to its first, and has that of its last", () => {
    const inner = [0, 2, 3].map((offset) => message({ offset }));
    assert.deepEqual(offsets(wrapper({ offset: 1003 }, ...inner)), [1000, 1002, 1003]);
  });

  it("of offset 0, as librdkafka sent it, holds them as they are", () => {
    const inner = [0, 1].map((offset) => message({ offset }));
    assert.deepEqual(offsets(wrapper({ offset: 0 }, ...inner)), [0, 1]);
  });

  it("gives its timestamp to its records if that is the broker's", () => {
    const inner = [message({ offset: 0, timestamp: 7 }), message({ offset: 1, timestamp: 8 })];
    const times = (attributes: number) => read(wrapper({ offset: 1, attributes }, ...inner)).map((record) => record.timestamp);
    assert.deepEqual(times(1), [7, 8]);
    assert.deepEqual(times(1 | 8), [NOW, NOW]);
  });

  it("may hold messages of the other format, which keep what theirs has", () => {
    const times = (set: Uint8Array) => read(set).map(({ offset, timestamp }) => [offset, timestamp]);
    assert.deepEqual(times(wrapper({ magic: 0, offset: 5 }, message({ offset: 5 }))), [[5, NOW]]);
    const both = [message({ magic: 0 }), message({ offset: 1, timestamp: 5 })];
    assert.deepEqual(times(wrapper({ offset: 3, attributes: 1 | 8 }, ...both)), [[2, -1], [3, NOW]]);
  });

  it("of format 0 may hold LZ4 whose header's checksum is wrong; of format 1 it may not", () => {
    const value = denoCompression.lz4.compress(message({ magic: 0, offset: 4 }));
    value[6] ^= 0xff;
    const wrapped = (magic: number): Uint8Array => message({ magic, attributes: 3, offset: 4, value });
    assert.deepEqual(offsets(wrapped(0)), [4]);
    assert.throws(() => read(wrapped(1)), { name: "RecordsError", code: UNKNOWN_SERVER_ERROR });
  });

  it("may end with an incomplete message, which is left out", () => {
    assert.deepEqual(offsets(wrapper({ offset: 9 }, message({ offset: 0 }), message({ offset: 1 }).subarray(0, 20))), [9]);
  });

  const refused: readonly (readonly [what: string, set: Uint8Array, code: number])[] = [
    ["in zstd", message({ attributes: 4, value: denoCompression.zstd.compress(message({})) }), INVALID_RECORD],
    ["without a value", message({ attributes: 1, value: null }), INVALID_RECORD],
    ["of no messages", wrapper({}), INVALID_RECORD],
    ["in a wrapper", wrapper({}, wrapper({}, message({}))), INVALID_RECORD],
    ["with an offset below that of its messages", wrapper({ offset: 1 }, message({ offset: 2 })), INVALID_RECORD],
    ["of messages of format 2", wrapper({}, message({ magic: 2 })), INVALID_RECORD],
    ["of a message that is too short", wrapper({}, new Uint8Array(30)), CORRUPT_MESSAGE],
    ["of bytes that are not gzip", message({ attributes: 1 }), UNKNOWN_SERVER_ERROR],
  ];
  for (const [what, set, code] of refused) {
    it(`${what} is refused`, () => assert.throws(() => read(set), { name: "RecordsError", code }));
  }

  it("stops at the limit", () => {
    const inner = message({ value: new Uint8Array(1 << 20) });
    const bomb = wrapper({}, inner);
    assert.equal(read(bomb, inner.length).length, 1);
    assert.throws(() => read(bomb, inner.length - 1), { name: "RecordsError", code: MESSAGE_TOO_LARGE });
  });
});

describe("a log of several formats", () => {
  const log = joined(
    FORMAT_0,
    FORMAT_1,
    wrapper({ offset: 8 }, message({ offset: 0 }), message({ offset: 1 })),
    someBatch(NOW, { baseOffset: 9 }),
  );

  it("has records of one shape", () => {
    const records = [...batchesOfAnyFormat(log)].flatMap((batch) => [...batch.records(denoCompression)]);
    assert.deepEqual(records.map((record) => record.offset), [5, 6, 7, 8, 9, 10, 11]);
    for (const record of records) assert.deepEqual(Object.keys(record), ["offset", "timestamp", "key", "value", "headers"]);
  });

  it("is read up to an incomplete batch", () => {
    const sizes = [...batchesOfAnyFormat(log)].map((batch) => batch.sizeInBytes);
    for (let length = 0; length < log.length; length++) {
      let whole = 0;
      for (let end = 0; whole < sizes.length && end + sizes[whole] <= length; whole++) end += sizes[whole];
      assert.equal([...batchesOfAnyFormat(log.subarray(0, length))].length, whole, `${length} bytes`);
    }
  });

  it("is refused where only format 2 may stand", () => {
    assert.throws(() => [...batches(log)], { name: "RecordsError", code: CORRUPT_MESSAGE });
  });
});
