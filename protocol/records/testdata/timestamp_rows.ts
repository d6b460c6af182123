import { Attribute, Offset } from "../batch.ts";
import { buildBatch } from "../builder.ts";
import { edited, someBatch, someRecords } from "./batches.ts";
import { at, compressed, header, HOUR, raw, type ValidatorRow, withAttributes } from "./row.ts";

/** Timestamps. */
export const timestampRows: readonly ValidatorRow[] = [
  {
    name: "max timestamp too large",
    bytes: header((view, now) => view.setBigInt64(Offset.MAX_TIMESTAMP, BigInt(now + 999))),
    kafka: "NONE",
    stored: "none CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "max timestamp too small",
    bytes: header((view) => view.setBigInt64(Offset.MAX_TIMESTAMP, -1n)),
    kafka: "NONE",
    stored: "none CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "max timestamp too large in gzip",
    bytes: (now, codecs) => edited(compressed("gzip")(now, codecs), (view) => view.setBigInt64(Offset.MAX_TIMESTAMP, BigInt(now + 999))),
    kafka: "NONE",
    stored: "gzip CreateTime +2: 0+0 1+1 2+2",
  },
  { name: "timestamps going backwards", bytes: at(0, -5, -3), kafka: "NONE", stored: "none CreateTime +0: 0+0 1-5 2-3; as sent" },
  {
    name: "no timestamps",
    bytes: () => buildBatch([{ timestamp: -1, key: null, value: null }, { timestamp: -1, key: null, value: null }]),
    kafka: "NONE",
    stored: "none CreateTime =-1: 0=-1 1=-1; as sent",
  },
  {
    name: "timestamps before 1970",
    bytes: () => buildBatch([{ timestamp: 5, key: null, value: null }, { timestamp: -7, key: null, value: null }]),
    kafka: "NONE",
    stored: "none CreateTime =5: 0=5 1=-7; as sent",
  },
  { name: "a timestamp two hours ahead", bytes: at(0, 2 * HOUR), kafka: "INVALID_TIMESTAMP", recordErrors: [1] },
  {
    name: "a timestamp half an hour ahead",
    bytes: at(0, HOUR / 2),
    kafka: "NONE",
    stored: "none CreateTime +1800000: 0+0 1+1800000; as sent",
  },
  {
    name: "a timestamp too old",
    bytes: at(-2 * HOUR, 0),
    topic: { "message.timestamp.before.max.ms": HOUR },
    kafka: "INVALID_TIMESTAMP",
    recordErrors: [0],
  },
  {
    name: "no timestamp where old ones are refused",
    bytes: () => buildBatch([{ timestamp: -1, key: null, value: null }]),
    topic: { "message.timestamp.before.max.ms": HOUR },
    kafka: "NONE",
    stored: "none CreateTime =-1: 0=-1; as sent",
  },
  {
    name: "a timestamp 70,000 years ahead where that is allowed",
    bytes: raw(1, { offsetDelta: 0, timestampDelta: 2 ** 51 }),
    topic: { "message.timestamp.after.max.ms": Number.MAX_SAFE_INTEGER },
    kafka: "NONE",
    stored: "none CreateTime +2251799813685248: 0+2251799813685248",
  },
  {
    name: "a timestamp ahead and a key missing, compacted",
    bytes: (now) =>
      buildBatch([{ timestamp: now, key: null, value: null }, { timestamp: now + 2 * HOUR, key: new Uint8Array(1), value: null }]),
    topic: { "cleanup.policy": "compact" },
    kafka: "INVALID_TIMESTAMP",
    recordErrors: [0, 1],
  },
  {
    name: "a timestamp ahead in gzip",
    bytes: (now, codecs) => buildBatch([...someRecords(now), ...someRecords(now + 2 * HOUR, 1)], { compressionType: "gzip", codecs }),
    kafka: "INVALID_TIMESTAMP",
    recordErrors: [3],
  },
  {
    name: "LogAppendTime topic",
    bytes: at(0, 1, 2),
    topic: { "message.timestamp.type": "LogAppendTime" },
    kafka: "NONE",
    stored: "none LogAppendTime +append: 0+append 1+append 2+append",
  },
  {
    name: "LogAppendTime topic, timestamps ahead",
    bytes: at(9 * HOUR),
    topic: { "message.timestamp.type": "LogAppendTime" },
    kafka: "NONE",
    stored: "none LogAppendTime +append: 0+append",
  },
  {
    name: "LogAppendTime topic, in zstd",
    bytes: compressed("zstd"),
    topic: { "message.timestamp.type": "LogAppendTime" },
    kafka: "NONE",
    stored: "zstd LogAppendTime +append: 0+append 1+append 2+append",
  },
  {
    name: "LogAppendTime of the client's",
    bytes: withAttributes(Attribute.LOG_APPEND_TIME),
    kafka: "NONE",
    stored: "none CreateTime +2: 0+0 1+1 2+2",
  },
  {
    name: "LogAppendTime of the client's without a time",
    bytes: (now) => edited(someBatch(now, { logAppendTime: now }), (view) => view.setBigInt64(Offset.MAX_TIMESTAMP, -1n)),
    kafka: "INVALID_TIMESTAMP",
    recordErrors: [0, 1, 2],
  },
  {
    name: "LogAppendTime topic, LogAppendTime of the client's",
    bytes: withAttributes(Attribute.LOG_APPEND_TIME),
    topic: { "message.timestamp.type": "LogAppendTime" },
    kafka: "INVALID_TIMESTAMP",
    recordErrors: [0, 1, 2],
  },
];
