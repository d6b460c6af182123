import { someBatch } from "./batches.ts";
import { at, raw, SAME, type ValidatorRow } from "./row.ts";

const OFFSETS = "consumers would see offsets twice, out of order or not at all";
const MANY_SEVENTHS = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01];

/** What may be wrong inside a record. */
export const recordRows: readonly ValidatorRow[] = [
  {
    name: "record attributes",
    bytes: raw(1, { offsetDelta: 0, attributes: 0x7f }),
    kafka: "NONE",
    stored: "none CreateTime +0: 0+0; as sent",
  },
  {
    name: "null key and value",
    bytes: raw(1, { offsetDelta: 0, keyLength: -1, key: "", valueLength: -1, value: "" }),
    kafka: "NONE",
    stored: "none CreateTime +0: 0+0; as sent",
  },
  {
    name: "a key of length -2",
    bytes: raw(1, { offsetDelta: 0, keyLength: -2, key: "" }),
    kafka: "NONE",
    stored: "none CreateTime +0: 0+0; as sent",
  },
  { name: "a record longer than the batch", bytes: raw(1, { offsetDelta: 0, length: 100 }), kafka: "INVALID_RECORD" },
  { name: "a record length too small", bytes: raw(1, { offsetDelta: 0, length: 5 }), kafka: "INVALID_RECORD" },
  { name: "a record length too large", bytes: raw(2, { offsetDelta: 0, length: 9 }, { offsetDelta: 1 }), kafka: "INVALID_RECORD" },
  { name: "a negative record length", bytes: raw(1, { offsetDelta: 0, length: -8 }), kafka: "INVALID_RECORD" },
  { name: "an empty record", bytes: raw(1, { offsetDelta: 0, length: 0 }), kafka: "INVALID_RECORD" },
  { name: "a key beyond the record", bytes: raw(1, { offsetDelta: 0, keyLength: 60 }), kafka: "INVALID_RECORD" },
  { name: "a value beyond the record", bytes: raw(1, { offsetDelta: 0, valueLength: 60 }), kafka: "INVALID_RECORD" },
  { name: "a timestamp delta of eleven bytes", bytes: raw(1, { offsetDelta: 0, body: MANY_SEVENTHS }), kafka: "INVALID_RECORD" },
  { name: "an offset delta of eleven bytes", bytes: raw(1, { offsetDelta: 0, body: [0, ...MANY_SEVENTHS] }), kafka: "INVALID_RECORD" },
  { name: "a negative header count", bytes: raw(1, { offsetDelta: 0, headerCount: -1 }), kafka: "INVALID_RECORD" },
  { name: "a header count above the bytes", bytes: raw(1, { offsetDelta: 0, headerCount: 9 }), kafka: "INVALID_RECORD" },
  { name: "a header without a key", bytes: raw(1, { offsetDelta: 0, headerCount: 1, tail: [1, 1] }), kafka: "INVALID_RECORD" },
  {
    name: "a header with a null value",
    bytes: raw(1, { offsetDelta: 0, headerCount: 1, tail: [2, 0x68, 1] }),
    kafka: "NONE",
    stored: "none CreateTime +0: 0+0; as sent",
  },
  { name: "a byte behind the headers", bytes: raw(1, { offsetDelta: 0, tail: [0] }), kafka: "INVALID_RECORD" },
  {
    name: "offset deltas 1 2 3",
    bytes: raw(3, { offsetDelta: 1 }, { offsetDelta: 2 }, { offsetDelta: 3 }),
    kafka: "NONE",
    stored: "none CreateTime +0: 1+0 2+0 3+0; as sent",
    ours: { code: "INVALID_RECORD", why: OFFSETS },
  },
  {
    name: "offset deltas 0 2 1",
    bytes: raw(3, { offsetDelta: 0 }, { offsetDelta: 2 }, { offsetDelta: 1 }),
    kafka: "NONE",
    stored: "none CreateTime +0: 0+0 2+0 1+0; as sent",
    ours: { code: "INVALID_RECORD", why: OFFSETS },
  },
  {
    name: "offset deltas 0 0 0",
    bytes: raw(3, { offsetDelta: 0 }, { offsetDelta: 0 }, { offsetDelta: 0 }),
    kafka: "NONE",
    stored: "none CreateTime +0: 0+0 0+0 0+0; as sent",
    ours: { code: "INVALID_RECORD", why: OFFSETS },
  },
  {
    name: "a record without a key, compacted",
    bytes: at(0, 1),
    topic: { "cleanup.policy": "compact" },
    kafka: "INVALID_RECORD",
    recordErrors: [0, 1],
  },
  {
    name: "records with keys, compacted",
    bytes: (now) => someBatch(now),
    topic: { "cleanup.policy": "compact" },
    kafka: "NONE",
    stored: SAME,
  },
  {
    name: "an empty key, compacted",
    bytes: raw(1, { offsetDelta: 0, key: "" }),
    topic: { "cleanup.policy": "compact" },
    kafka: "NONE",
    stored: "none CreateTime +0: 0+0; as sent",
  },
  {
    name: "the second record without a key, compacted",
    bytes: raw(2, { offsetDelta: 0 }, { offsetDelta: 1, keyLength: -1, key: "" }),
    topic: { "cleanup.policy": "compact" },
    kafka: "INVALID_RECORD",
    recordErrors: [1],
  },
];
