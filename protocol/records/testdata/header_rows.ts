import { Attribute, Offset } from "../batch.ts";
import type { BatchOptions } from "../builder.ts";
import { batchOf, edited, someBatch } from "./batches.ts";
import { compressed, header, HOUR, raw, rawIn, SAME, type ValidatorRow, withAttributes } from "./row.ts";

const { LOG_APPEND_TIME, TRANSACTIONAL, CONTROL, DELETE_HORIZON } = Attribute;
const GZIP_SAME = "gzip CreateTime +2: 0+0 1+1 2+2; as sent";

/** Three good records in gzip whose header `edit` has changed. */
function gzipHeader(edit: (view: DataView, now: number) => void): ValidatorRow["bytes"] {
  return (now, codecs) => edited(compressed("gzip")(now, codecs), (view) => edit(view, now));
}

/** Three good records of that producer. */
function from(producer: BatchOptions): ValidatorRow["bytes"] {
  return (now) => someBatch(now, producer);
}

/** The header's fields, in their order. */
export const headerRows: readonly ValidatorRow[] = [
  { name: "base offset -1", bytes: (now) => someBatch(now, { baseOffset: -1 }), kafka: "INVALID_RECORD" },
  { name: "a leader epoch of -5", bytes: (now) => someBatch(now, { partitionLeaderEpoch: -5 }), kafka: "NONE", stored: SAME },
  {
    name: "a wrong CRC in gzip",
    bytes: (now, codecs) => {
      const batch = compressed("gzip")(now, codecs);
      batch[Offset.CRC + 3] ^= 1;
      return batch;
    },
    kafka: "CORRUPT_MESSAGE",
  },
  { name: "compression id 5", bytes: withAttributes(5), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "compression id 7", bytes: withAttributes(7), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "compression id 6", bytes: withAttributes(6), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "gzip's id over records that are not compressed", bytes: withAttributes(1), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "no compression's id over gzip", bytes: gzipHeader((view) => view.setInt16(Offset.ATTRIBUTES, 0)), kafka: "INVALID_RECORD" },
  {
    name: "zstd in Produce version 6",
    bytes: compressed("zstd"),
    version: 6,
    kafka: "UNSUPPORTED_COMPRESSION_TYPE",
  },
  {
    name: "zstd in Produce version 7",
    bytes: compressed("zstd"),
    version: 7,
    kafka: "NONE",
    stored: "zstd CreateTime +2: 0+0 1+1 2+2; as sent",
  },
  {
    name: "gzip in Produce version 3",
    bytes: compressed("gzip"),
    version: 3,
    kafka: "NONE",
    stored: "gzip CreateTime +2: 0+0 1+1 2+2; as sent",
  },
  { name: "attribute bits 7 to 15", bytes: withAttributes(0x7f80), kafka: "NONE", stored: SAME },
  { name: "attribute bit 15", bytes: header((view) => view.setInt16(Offset.ATTRIBUTES, -0x8000)), kafka: "NONE", stored: SAME },
  {
    name: "attribute bits 7 to 15, and a max timestamp to correct",
    bytes: header((view) => {
      view.setInt16(Offset.ATTRIBUTES, 0x7f80);
      view.setBigInt64(Offset.MAX_TIMESTAMP, 0n);
    }),
    kafka: "NONE",
    stored: "none CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "attribute bits 7 to 15, topic with gzip",
    bytes: withAttributes(0x7f80),
    topic: { "compression.type": "gzip" },
    kafka: "NONE",
    stored: "gzip CreateTime +2: 0+0 1+1 2+2",
  },
  { name: "the delete horizon bit", bytes: withAttributes(DELETE_HORIZON), kafka: "NONE", stored: SAME },
  {
    name: "the delete horizon bit in gzip",
    bytes: gzipHeader((view) => view.setInt16(Offset.ATTRIBUTES, 1 | DELETE_HORIZON)),
    kafka: "NONE",
    stored: GZIP_SAME,
  },
  {
    name: "the delete horizon bit, topic with gzip",
    bytes: withAttributes(DELETE_HORIZON),
    topic: { "compression.type": "gzip" },
    kafka: "NONE",
    stored: "gzip CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "the delete horizon bit, LogAppendTime topic",
    bytes: withAttributes(DELETE_HORIZON),
    topic: { "message.timestamp.type": "LogAppendTime" },
    kafka: "NONE",
    stored: "none LogAppendTime +append: 0+append 1+append 2+append; flags 64",
  },
  {
    name: "the delete horizon bit and LogAppendTime of the client's",
    bytes: withAttributes(DELETE_HORIZON | LOG_APPEND_TIME),
    kafka: "NONE",
    stored: "none CreateTime +2: 0+0 1+1 2+2; flags 64",
  },
  { name: "the control bit", bytes: withAttributes(CONTROL), kafka: "INVALID_RECORD" },
  {
    name: "the control bit in gzip",
    bytes: gzipHeader((view) => view.setInt16(Offset.ATTRIBUTES, 1 | CONTROL)),
    kafka: "INVALID_RECORD",
  },
  {
    name: "the control bit and a producer id",
    bytes: (now) =>
      edited(someBatch(now, { producerId: 4_010, producerEpoch: 0, baseSequence: 0 }), (view) => view.setInt16(Offset.ATTRIBUTES, CONTROL)),
    kafka: "INVALID_RECORD",
  },
  {
    name: "the transactional bit without a transactional id",
    bytes: (now) => someBatch(now, { isTransactional: true, producerId: 4_000, producerEpoch: 0, baseSequence: 0 }),
    kafka: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
    ours: { code: "NONE", why: "the Produce handler refuses it, before validation" },
  },
  {
    name: "the transactional bit without a producer id",
    bytes: withAttributes(TRANSACTIONAL),
    kafka: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
    ours: { code: "NONE", why: "the Produce handler refuses it, before validation" },
  },
  { name: "a last offset delta of -1", bytes: header((view) => view.setInt32(Offset.LAST_OFFSET_DELTA, -1)), kafka: "INVALID_RECORD" },
  {
    name: "a last offset delta above the count",
    bytes: header((view) => view.setInt32(Offset.LAST_OFFSET_DELTA, 3)),
    kafka: "INVALID_RECORD",
  },
  {
    name: "a last offset delta below the count",
    bytes: header((view) => view.setInt32(Offset.LAST_OFFSET_DELTA, 1)),
    kafka: "INVALID_RECORD",
  },
  {
    name: "a last offset delta of -1 in gzip",
    bytes: gzipHeader((view) => view.setInt32(Offset.LAST_OFFSET_DELTA, -1)),
    kafka: "INVALID_RECORD",
  },
  {
    name: "a last offset delta above the count in gzip",
    bytes: gzipHeader((view) => view.setInt32(Offset.LAST_OFFSET_DELTA, 3)),
    kafka: "INVALID_RECORD",
  },
  {
    name: "a last offset delta and a count of 2^31-1",
    bytes: header((view) => {
      view.setInt32(Offset.LAST_OFFSET_DELTA, 0x7ffffffe);
      view.setInt32(Offset.RECORD_COUNT, 0x7fffffff);
    }),
    kafka: "INVALID_RECORD",
  },
  {
    name: "a last offset delta and a count of 2^31-1 in gzip",
    bytes: gzipHeader((view) => {
      view.setInt32(Offset.LAST_OFFSET_DELTA, 0x7ffffffe);
      view.setInt32(Offset.RECORD_COUNT, 0x7fffffff);
    }),
    kafka: "INVALID_RECORD",
  },
  {
    name: "a last offset delta and a count one above the records",
    bytes: raw(4, { offsetDelta: 0 }, { offsetDelta: 1 }, { offsetDelta: 2 }),
    kafka: "INVALID_RECORD",
  },
  {
    name: "a count of 0 and a last offset delta of -1",
    bytes: header((view) => {
      view.setInt32(Offset.LAST_OFFSET_DELTA, -1);
      view.setInt32(Offset.RECORD_COUNT, 0);
    }),
    kafka: "INVALID_RECORD",
  },
  { name: "a count of 0", bytes: header((view) => view.setInt32(Offset.RECORD_COUNT, 0)), kafka: "INVALID_RECORD" },
  { name: "a count of -1", bytes: header((view) => view.setInt32(Offset.RECORD_COUNT, -1)), kafka: "INVALID_RECORD" },
  { name: "a count below the records", bytes: raw(2, { offsetDelta: 0 }, { offsetDelta: 1 }, { offsetDelta: 2 }), kafka: "INVALID_RECORD" },
  { name: "a count above the records", bytes: raw(3, { offsetDelta: 0 }, { offsetDelta: 1 }), kafka: "INVALID_RECORD" },
  { name: "a count of 0 in gzip", bytes: gzipHeader((view) => view.setInt32(Offset.RECORD_COUNT, 0)), kafka: "INVALID_RECORD" },
  { name: "a count of -1 in gzip", bytes: gzipHeader((view) => view.setInt32(Offset.RECORD_COUNT, -1)), kafka: "INVALID_RECORD" },
  { name: "no records, as compaction leaves a batch", bytes: (now) => batchOf(new Uint8Array(0), now, 0), kafka: "INVALID_RECORD" },
  { name: "no records in gzip", bytes: rawIn("gzip", 0), kafka: "INVALID_RECORD" },
  {
    name: "a base timestamp an hour early",
    bytes: header((view, now) => view.setBigInt64(Offset.BASE_TIMESTAMP, BigInt(now - HOUR))),
    kafka: "NONE",
    stored: "none CreateTime -3599998: 0-3600000 1-3599999 2-3599998",
  },
  {
    name: "a base timestamp of -1",
    bytes: header((view) => view.setBigInt64(Offset.BASE_TIMESTAMP, -1n)),
    kafka: "NONE",
    stored: "none CreateTime =1: 0=-1 1=0 2=1",
  },
  {
    name: "a base timestamp of -1000",
    bytes: header((view) => view.setBigInt64(Offset.BASE_TIMESTAMP, -1000n)),
    kafka: "NONE",
    stored: "none CreateTime =-1: 0=-1000 1=-999 2=-998",
  },
  {
    name: "a base timestamp of 2^63-1",
    bytes: header((view) => view.setBigInt64(Offset.BASE_TIMESTAMP, 2n ** 63n - 1n)),
    kafka: "INVALID_TIMESTAMP",
    recordErrors: [0, 1, 2],
  },
  {
    name: "a base timestamp of -2^63",
    bytes: header((view) => view.setBigInt64(Offset.BASE_TIMESTAMP, -(2n ** 63n))),
    kafka: "INVALID_TIMESTAMP",
    recordErrors: [0, 1, 2],
  },
  {
    name: "a base timestamp of 2^63-1, LogAppendTime topic",
    bytes: header((view) => view.setBigInt64(Offset.BASE_TIMESTAMP, 2n ** 63n - 1n)),
    topic: { "message.timestamp.type": "LogAppendTime" },
    kafka: "NONE",
    stored: "none LogAppendTime +append: 0+append 1+append 2+append",
  },
  {
    name: "a max timestamp of 2^63-1",
    bytes: header((view) => view.setBigInt64(Offset.MAX_TIMESTAMP, 2n ** 63n - 1n)),
    kafka: "NONE",
    stored: "none CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "a max timestamp of -2^63 in gzip",
    bytes: gzipHeader((view) => view.setBigInt64(Offset.MAX_TIMESTAMP, -(2n ** 63n))),
    kafka: "NONE",
    stored: "gzip CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "a max timestamp, and LogAppendTime of the client's, an hour and a half ahead",
    bytes: header((view, now) => {
      view.setInt16(Offset.ATTRIBUTES, LOG_APPEND_TIME);
      view.setBigInt64(Offset.MAX_TIMESTAMP, BigInt(now + 1.5 * HOUR));
    }),
    kafka: "INVALID_TIMESTAMP",
    recordErrors: [0, 1, 2],
  },
  {
    name: "a producer id without a sequence",
    bytes: (now) => someBatch(now, { producerId: 4_000, producerEpoch: 0 }),
    kafka: "INVALID_RECORD",
  },
  {
    name: "a producer id and sequence 0",
    bytes: (now) => someBatch(now, { producerId: 4_001, producerEpoch: 0, baseSequence: 0 }),
    kafka: "NONE",
    stored: SAME,
  },
  {
    name: "a producer id above 2^53",
    bytes: (now) =>
      edited(
        someBatch(now, { producerId: 1, producerEpoch: 0, baseSequence: 0 }),
        (view) => view.setBigInt64(Offset.PRODUCER_ID, 2n ** 60n),
      ),
    kafka: "NONE",
    stored: SAME,
    ours: { code: "INVALID_RECORD", why: "producer ids are numbers here" },
  },
  { name: "a producer id of -2", bytes: from({ producerId: -2, producerEpoch: 0, baseSequence: 0 }), kafka: "NONE", stored: SAME },
  { name: "a producer id of 0", bytes: from({ producerId: 0, producerEpoch: 0, baseSequence: 0 }), kafka: "NONE", stored: SAME },
  { name: "a producer id without an epoch", bytes: from({ producerId: 4_011, baseSequence: 0 }), kafka: "NONE", stored: SAME },
  {
    name: "a producer id with epoch -2",
    bytes: from({ producerId: 4_012, producerEpoch: -2, baseSequence: 0 }),
    kafka: "INVALID_PRODUCER_EPOCH",
    ours: { code: "NONE", why: "the log's producer state refuses it, after validation" },
  },
  {
    name: "a producer id with epoch 32767",
    bytes: from({ producerId: 4_013, producerEpoch: 0x7fff, baseSequence: 0 }),
    kafka: "NONE",
    stored: SAME,
  },
  {
    name: "an epoch and a sequence without a producer id",
    bytes: from({ producerEpoch: 3, baseSequence: 5 }),
    kafka: "NONE",
    stored: SAME,
  },
  {
    name: "a producer id with sequence -2",
    bytes: from({ producerId: 4_014, producerEpoch: 0, baseSequence: -2 }),
    kafka: "INVALID_RECORD",
  },
  {
    name: "a producer id that begins with sequence 7",
    bytes: from({ producerId: 4_015, producerEpoch: 0, baseSequence: 7 }),
    kafka: "NONE",
    stored: SAME,
  },
  {
    name: "a producer id that begins with sequence 2^31-1",
    bytes: from({ producerId: 4_016, producerEpoch: 0, baseSequence: 0x7fffffff }),
    kafka: "NONE",
    stored: SAME,
  },
  {
    name: "a producer id in gzip, topic with zstd",
    bytes: (now, codecs) => someBatch(now, { producerId: 4_017, producerEpoch: 2, baseSequence: 9, compressionType: "gzip", codecs }),
    topic: { "compression.type": "zstd" },
    kafka: "NONE",
    stored: "zstd CreateTime +2: 0+0 1+1 2+2; producer 4017, 2, 9",
  },
];
