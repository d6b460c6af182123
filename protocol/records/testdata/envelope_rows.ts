import { Attribute, Offset } from "../batch.ts";
import { batchOf, edited, joined, someBatch } from "./batches.ts";
import { compressed, header, raw, SAME, type ValidatorRow, withAttributes } from "./row.ts";

/** The sizes and counts around a batch. */
export const envelopeRows: readonly ValidatorRow[] = [
  { name: "three records", bytes: (now) => someBatch(now), kafka: "NONE", stored: SAME },
  { name: "a leader epoch of the client's", bytes: (now) => someBatch(now, { partitionLeaderEpoch: 77 }), kafka: "NONE", stored: SAME },
  { name: "no bytes", bytes: () => new Uint8Array(0), kafka: "INVALID_RECORD" },
  { name: "half a header", bytes: (now) => someBatch(now).subarray(0, 20), kafka: "INVALID_RECORD" },
  { name: "all but the last byte", bytes: (now) => someBatch(now).subarray(0, -1), kafka: "INVALID_RECORD" },
  { name: "five bytes behind the batch", bytes: (now) => joined(someBatch(now), new Uint8Array(5)), kafka: "NONE", stored: SAME },
  {
    name: "half a batch behind the batch",
    bytes: (now) => joined(someBatch(now), someBatch(now).subarray(0, 80)),
    kafka: "NONE",
    stored: SAME,
  },
  { name: "zeros behind the batch", bytes: (now) => joined(someBatch(now), new Uint8Array(64)), kafka: "CORRUPT_MESSAGE" },
  { name: "two batches", bytes: (now) => joined(someBatch(now), someBatch(now)), kafka: "INVALID_RECORD" },
  { name: "a negative length", bytes: header((view) => view.setInt32(Offset.LENGTH, -1)), kafka: "CORRUPT_MESSAGE" },
  { name: "a length of 13", bytes: header((view) => view.setInt32(Offset.LENGTH, 13)), kafka: "CORRUPT_MESSAGE" },
  {
    name: "a length of 14",
    bytes: (now) => header((view) => view.setInt32(Offset.LENGTH, 14))(now).subarray(0, 26),
    kafka: "UNKNOWN_SERVER_ERROR",
  },
  {
    name: "a length of 40",
    bytes: (now) => header((view) => view.setInt32(Offset.LENGTH, 40))(now).subarray(0, 52),
    kafka: "CORRUPT_MESSAGE",
  },
  { name: "a length of 2 GiB", bytes: header((view) => view.setInt32(Offset.LENGTH, 0x7fffffff)), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "magic 0", bytes: header((view) => view.setInt8(Offset.MAGIC, 0)), kafka: "INVALID_RECORD" },
  { name: "magic 1", bytes: header((view) => view.setInt8(Offset.MAGIC, 1)), kafka: "INVALID_RECORD" },
  { name: "magic 3", bytes: header((view) => view.setInt8(Offset.MAGIC, 3)), kafka: "CORRUPT_MESSAGE" },
  { name: "magic -1", bytes: header((view) => view.setInt8(Offset.MAGIC, -1)), kafka: "CORRUPT_MESSAGE" },
  {
    name: "a wrong CRC",
    bytes: (now) => {
      const batch = someBatch(now);
      batch[Offset.CRC] ^= 1;
      return batch;
    },
    kafka: "CORRUPT_MESSAGE",
  },
  { name: "base offset 5", bytes: (now) => someBatch(now, { baseOffset: 5 }), kafka: "INVALID_RECORD" },
  {
    name: "a batch above max.message.bytes",
    bytes: (now) => someBatch(now),
    topic: { "max.message.bytes": 100 },
    kafka: "MESSAGE_TOO_LARGE",
  },
  {
    name: "a batch of exactly max.message.bytes",
    bytes: (now) => someBatch(now),
    topic: { "max.message.bytes": someBatch(1).length },
    kafka: "NONE",
    stored: SAME,
  },
];

/** The header's fields. */
export const headerRows: readonly ValidatorRow[] = [
  { name: "compression id 5", bytes: withAttributes(5), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "compression id 7", bytes: withAttributes(7), kafka: "UNKNOWN_SERVER_ERROR" },
  { name: "attribute bits 7 to 15", bytes: withAttributes(0x7f80), kafka: "NONE", stored: SAME },
  { name: "the delete horizon bit", bytes: withAttributes(Attribute.DELETE_HORIZON), kafka: "NONE", stored: SAME },
  { name: "the control bit", bytes: withAttributes(Attribute.CONTROL), kafka: "INVALID_RECORD" },
  {
    name: "the transactional bit without a transactional id",
    bytes: (now) => someBatch(now, { isTransactional: true, producerId: 4_000, producerEpoch: 0, baseSequence: 0 }),
    kafka: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
    ours: { code: "NONE", why: "the Produce handler refuses it, before validation" },
  },
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
  { name: "a count of 0", bytes: header((view) => view.setInt32(Offset.RECORD_COUNT, 0)), kafka: "INVALID_RECORD" },
  { name: "a count of -1", bytes: header((view) => view.setInt32(Offset.RECORD_COUNT, -1)), kafka: "INVALID_RECORD" },
  { name: "no records, as compaction leaves a batch", bytes: (now) => batchOf(new Uint8Array(0), now, 0), kafka: "INVALID_RECORD" },
  { name: "a count below the records", bytes: raw(2, { offsetDelta: 0 }, { offsetDelta: 1 }, { offsetDelta: 2 }), kafka: "INVALID_RECORD" },
  { name: "a count above the records", bytes: raw(3, { offsetDelta: 0 }, { offsetDelta: 1 }), kafka: "INVALID_RECORD" },
];
