import { Offset } from "../batch.ts";
import { joined, someBatch } from "./batches.ts";
import { header, SAME, type ValidatorRow } from "./row.ts";

const FORMAT_0 = "000000000000000000000011615054270000000000016b000000027631";
const FORMAT_1 = "000000000000000000000016d84a87b40108000001a3185c5000ffffffffffffffff";

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
  { name: "a message of format 0", bytes: () => Uint8Array.fromHex(FORMAT_0), kafka: "INVALID_RECORD" },
  { name: "a message of format 1", bytes: () => Uint8Array.fromHex(FORMAT_1), kafka: "INVALID_RECORD" },
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
