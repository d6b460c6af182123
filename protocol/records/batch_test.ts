import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoCompression } from "../../platform/deno/mod.ts";
import { HEADER_BYTES, incrementSequence, RecordBatch } from "./batch.ts";
import { batches } from "./batches.ts";
import { BatchBuilder, buildBatch, emptyBatch } from "./builder.ts";
import {
  controlRecordKey,
  ControlRecordType,
  endTransactionMarkerValue,
  parseControlRecordType,
  parseEndTransactionMarker,
} from "./control.ts";
import { edited, joined, someBatch } from "./testdata/batches.ts";
import { randomBatches } from "./testdata/random_batches.ts";

const NOW = 1_800_000_000_000;

/** A transactional batch of two records at offset 5, by hand after KIP-98. */
const FIXTURE = `
  00 00 00 00 00 00 00 05 | base offset 5
  00 00 00 48             | length 72
  00 00 00 02             | partition leader epoch 2
  02                      | magic
  6e 35 e8 d4             | CRC-32C of all that follows
  00 10                   | attributes: transactional
  00 00 00 01             | last offset delta 1
  00 00 01 a3 18 5c 50 00 | base timestamp 1,800,000,000,000
  00 00 01 a3 18 5c 50 03 | max timestamp, 3 ms later
  00 00 00 00 00 00 03 e8 | producer id 1000
  00 07                   | producer epoch 7
  7f ff ff ff             | base sequence 2^31-1
  00 00 00 02             | two records
  1e                      | length 15
  00                      | attributes
  00                      | timestamp delta 0
  00                      | offset delta 0
  02 6b                   | key "k"
  04 76 31                | value "v1"
  04                      | two headers
  02 68 00                | "h", an empty value
  02 68 01                | "h" again, null
  0c                      | length 6
  00                      | attributes
  06                      | timestamp delta 3
  02                      | offset delta 1
  01                      | no key
  01                      | no value
  00                      | no headers`;

const fixture = Uint8Array.fromHex(FIXTURE.trim().split("\n").map((line) => line.split("|")[0].replaceAll(" ", "")).join(""));
const bytes = (text: string) => new TextEncoder().encode(text);
const RECORDS = [
  { timestamp: NOW, key: bytes("k"), value: bytes("v1"), headers: [{ key: "h", value: bytes("") }, { key: "h", value: null }] },
  { timestamp: NOW + 3, key: null, value: null, headers: [] },
];

describe("the fixture", () => {
  it("is read", () => {
    const batch = new RecordBatch(fixture);
    const { baseOffset, partitionLeaderEpoch, magic, compressionType, timestampType, isTransactional, isControl, deleteHorizonMs } = batch;
    assert.deepEqual(
      { baseOffset, partitionLeaderEpoch, magic, compressionType, timestampType, isTransactional, isControl, deleteHorizonMs },
      {
        baseOffset: 5,
        partitionLeaderEpoch: 2,
        magic: 2,
        compressionType: "none",
        timestampType: "CreateTime",
        isTransactional: true,
        isControl: false,
        deleteHorizonMs: undefined,
      },
    );
    const { lastOffset, baseTimestamp, maxTimestamp, producerId, producerEpoch, baseSequence, lastSequence, recordCount, sizeInBytes } =
      batch;
    assert.deepEqual(
      { lastOffset, baseTimestamp, maxTimestamp, producerId, producerEpoch, baseSequence, lastSequence, recordCount, sizeInBytes },
      {
        lastOffset: 6,
        baseTimestamp: NOW,
        maxTimestamp: NOW + 3,
        producerId: 1000,
        producerEpoch: 7,
        baseSequence: 0x7fffffff,
        lastSequence: 0,
        recordCount: 2,
        sizeInBytes: 84,
      },
    );
    assert.ok(batch.isValid());
    assert.deepEqual([...batch.records()], RECORDS.map((record, i) => ({ offset: 5 + i, ...record })));
  });

  it("is written", () => {
    const options = {
      baseOffset: 5,
      partitionLeaderEpoch: 2,
      isTransactional: true,
      producerId: 1000,
      producerEpoch: 7,
      baseSequence: 0x7fffffff,
    };
    assert.deepEqual(buildBatch(RECORDS, options), fixture);
  });

  it("is read without copying", () => {
    const [record] = new RecordBatch(fixture).records();
    assert.equal(record.value?.buffer, fixture.buffer);
  });
});

describe("RecordBatch", () => {
  it("computes the CRC only when timestamp type or max timestamp change", () => {
    const batch = new RecordBatch(fixture.slice());
    batch.baseOffset = 2 ** 52 + 1;
    batch.partitionLeaderEpoch = 9;
    batch.maxTimestamp = NOW + 3;
    assert.equal(batch.baseOffset, 2 ** 52 + 1);
    assert.equal(batch.crc, new RecordBatch(fixture).crc);
    batch.setMaxTimestamp("LogAppendTime", NOW + 100);
    assert.ok(batch.isValid());
    assert.notEqual(batch.crc, new RecordBatch(fixture).crc);
    assert.deepEqual([...batch.records()].map((record) => record.timestamp), [NOW + 100, NOW + 100]);
    batch.setMaxTimestamp("CreateTime", NOW + 3);
    assert.deepEqual(batch.bytes.subarray(16), fixture.subarray(16));
  });

  it("may stand inside other bytes", () => {
    const batch = new RecordBatch(joined(new Uint8Array(7), fixture, new Uint8Array(9)), 7);
    assert.ok(batch.isValid());
    assert.equal([...batch.records()].length, 2);
  });

  it("may be a header alone, which is not valid", () => {
    const batch = new RecordBatch(fixture.subarray(0, HEADER_BYTES));
    assert.equal(batch.lastOffset, 6);
    assert.equal(batch.isValid(), false);
    assert.throws(() => new RecordBatch(fixture.subarray(0, HEADER_BYTES - 1)), /assertion/);
  });

  it("counts sequences through 2^31-1 to 0", () => {
    assert.equal(incrementSequence(0x7fffffff, 1), 0);
    assert.equal(incrementSequence(0x7ffffffe, 1), 0x7fffffff);
    assert.equal(incrementSequence(0x7ffffffe, 5), 3);
  });
});

it("a header's key may begin with a byte order mark", () => {
  const headers = [{ key: "\ufeffkey", value: null }, { key: "\ufeff", value: null }];
  const [record] = new RecordBatch(buildBatch([{ timestamp: NOW, key: null, value: null, headers }])).records();
  assert.deepEqual(record.headers, headers);
});

it("a count below zero is refused", () => {
  const bytes = edited(fixture, (view) => view.setInt32(57, -1));
  assert.throws(() => [...new RecordBatch(bytes).records()], { name: "RecordsError", code: 87 });
});

describe("batches", () => {
  it("leaves out an incomplete one at the end", () => {
    const two = joined(fixture, someBatch(NOW));
    for (let length = 0; length <= two.length; length++) {
      const whole = length < fixture.length ? 0 : length < two.length ? 1 : 2;
      assert.equal([...batches(two.subarray(0, length))].length, whole, `${length} bytes`);
    }
  });

  it("throws at what cannot be a batch", () => {
    const broken = joined(fixture, fixture);
    broken[fixture.length + 16] = 1;
    const found = batches(broken);
    assert.equal(found.next().value?.baseOffset, 5);
    assert.throws(() => found.next(), { name: "RecordsError", code: 2 });
    broken.set([0xff, 0xff, 0xff, 0xff], fixture.length + 8);
    assert.throws(() => [...batches(broken)], { name: "RecordsError", code: 2 });
  });
});

describe("a batch that compaction has worked on", () => {
  const [first, second] = RECORDS;

  it("may have gaps, and end behind its last record", () => {
    const builder = new BatchBuilder({ baseOffset: 100, lastOffset: 120 });
    builder.appendWithOffset(103, first);
    builder.append(second);
    assert.throws(() => builder.appendWithOffset(104, second), /assertion/);
    const batch = new RecordBatch(builder.build());
    assert.deepEqual([...batch.records()], [{ offset: 103, ...first }, { offset: 104, ...second }]);
    assert.deepEqual([batch.baseOffset, batch.lastOffset, batch.lastOffsetDelta, batch.recordCount], [100, 120, 20, 2]);
    assert.throws(() => buildBatch(RECORDS, { baseOffset: 100, lastOffset: 100 }), /assertion/);
  });

  it("has its delete horizon where the base timestamp stood, and its records' timestamps still", () => {
    const batch = new RecordBatch(buildBatch(RECORDS, { deleteHorizonMs: NOW + 86_400_000 }));
    assert.equal(batch.deleteHorizonMs, NOW + 86_400_000);
    assert.equal(batch.maxTimestamp, NOW + 3);
    assert.deepEqual([...batch.records()].map((record) => record.timestamp), [NOW, NOW + 3]);
  });

  it("may be a header that keeps what its producer's state needs", () => {
    const whole = new RecordBatch(
      buildBatch(RECORDS, { compressionType: "gzip", codecs: denoCompression, producerId: 9, baseSequence: 4 }),
    );
    const batch = new RecordBatch(emptyBatch(whole));
    assert.ok(batch.isValid());
    assert.deepEqual([batch.sizeInBytes, batch.recordCount, batch.compressionType], [HEADER_BYTES, 0, "none"]);
    assert.deepEqual([batch.lastOffset, batch.producerId, batch.lastSequence, batch.maxTimestamp], [1, 9, 5, NOW + 3]);
    assert.deepEqual([...batch.records()], []);
  });

  it("may say that it is compressed and have nothing to decompress", () => {
    const bytes = edited(emptyBatch(new RecordBatch(fixture)), (view) => view.setInt16(21, 1));
    assert.deepEqual([...new RecordBatch(bytes).records(denoCompression)], []);
  });
});

describe("payloads", () => {
  it("are copied once by the builder: into the buffer that is the batch", () => {
    const value = new Uint8Array(1_000).fill(7);
    const builder = new BatchBuilder({}, 2_000);
    builder.append({ timestamp: NOW, key: null, value });
    value.fill(0xee); // the caller may have it back
    const bytes = builder.build();
    assert.equal(bytes.buffer.byteLength, 2_000);
    assert.deepEqual([...new RecordBatch(bytes).records()][0].value, new Uint8Array(1_000).fill(7));
  });

  it("are views when read: what overwrites the batch shows in them", () => {
    const bytes = buildBatch([{ ...RECORDS[0], key: new Uint8Array(9), value: new Uint8Array(90) }]);
    const [{ key, value, headers }] = new RecordBatch(bytes).records();
    bytes.fill(0xee);
    assert.deepEqual([key, value, headers[0].value].map((view) => view?.buffer === bytes.buffer), [true, true, true]);
    assert.ok(value?.every((byte) => byte === 0xee));
  });

  it("of a compressed batch are views of what is decompressed once, and only when it is read", () => {
    let decompressions = 0;
    const zstd = {
      ...denoCompression.zstd,
      decompress(bytes: Uint8Array, maxBytes: number): Uint8Array {
        decompressions++;
        return denoCompression.zstd.decompress(bytes, maxBytes);
      },
    };
    const batch = new RecordBatch(someBatch(NOW, { compressionType: "zstd", codecs: denoCompression }));
    assert.ok(batch.isValid() && batch.recordCount === 3 && decompressions === 0);
    const records = [...batch.records({ ...denoCompression, zstd })];
    assert.equal(decompressions, 1);
    assert.equal(new Set(records.flatMap(({ key, value }) => [key?.buffer, value?.buffer])).size, 1);
  });
});

describe("random batches", () => {
  it("are read as they were built", () => {
    const seen = new Set<string>();
    for (const { type, records, bytes } of randomBatches(7, 300, denoCompression)) {
      const batch = new RecordBatch(bytes);
      seen.add(type);
      assert.ok(batch.isValid());
      assert.deepEqual([...batch.records(denoCompression)], records);
    }
    assert.equal(seen.size, 5);
  });
});

describe("control records", () => {
  it("have the key and value of Kafka's markers", () => {
    assert.equal(controlRecordKey(ControlRecordType.COMMIT).toHex(), "00000001");
    assert.equal(endTransactionMarkerValue(258).toHex(), "000000000102");
    const key = controlRecordKey(ControlRecordType.ABORT);
    assert.deepEqual(parseEndTransactionMarker(key, endTransactionMarkerValue(258)), { type: 0, coordinatorEpoch: 258 });
    assert.equal(parseEndTransactionMarker(controlRecordKey(ControlRecordType.LEADER_CHANGE), null), undefined);
  });

  it("are refused when they are too short or of a negative version", () => {
    assert.throws(() => parseControlRecordType(null), { name: "RecordsError", code: 87 });
    assert.throws(() => parseControlRecordType(new Uint8Array(3)), { name: "RecordsError", code: 87 });
    assert.throws(() => parseControlRecordType(Uint8Array.fromHex("ffff0001")), { name: "RecordsError", code: 87 });
    assert.throws(() => parseEndTransactionMarker(controlRecordKey(1), new Uint8Array(5)), { name: "RecordsError", code: 87 });
    assert.equal(parseControlRecordType(Uint8Array.fromHex("00010063")), 99);
  });
});
