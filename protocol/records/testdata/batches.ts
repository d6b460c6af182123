/** Batches as no client of good faith sends them, for tests: by hand, field by field. */
import { Attribute, HEADER_BYTES, LOG_OVERHEAD, Offset, RecordBatch } from "../batch.ts";
import { type BatchOptions, buildBatch, type NewRecord } from "../builder.ts";
import type { Codecs } from "../compression.ts";
import { crc32c } from "../crc32c.ts";
import { RecordsError } from "../records_error.ts";
import { writeVarint, writeVarlong } from "../varint.ts";

const encoder = new TextEncoder();

/** `count` records with key, value and one header, a millisecond apart from `now` on. */
export function someRecords(now: number, count = 3): NewRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    timestamp: now + i,
    key: encoder.encode(`key-${i}`),
    value: encoder.encode(`value-${i} ${"x".repeat(40)}`),
    headers: [{ key: "h", value: new Uint8Array([i]) }],
  }));
}

/** A batch of {@link someRecords}. */
export function someBatch(now: number, options: BatchOptions = {}): Uint8Array {
  return buildBatch(someRecords(now), options);
}

/** A copy of `batch` on which `edit` has worked, with a CRC that is right again. */
export function edited(batch: Uint8Array, edit: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const copy = batch.slice();
  const view = new DataView(copy.buffer);
  edit(view, copy);
  view.setUint32(Offset.CRC, crc32c(copy, Offset.ATTRIBUTES));
  return copy;
}

/** A record field by field; what is left out is as it ought to be. */
export interface RawRecord {
  readonly length?: number;
  readonly attributes?: number;
  readonly timestampDelta?: number;
  readonly offsetDelta: number;
  readonly keyLength?: number;
  readonly key?: string;
  readonly valueLength?: number;
  readonly value?: string;
  readonly headerCount?: number;
  /** What stands behind the header count. */
  readonly tail?: readonly number[];
  /** Instead of everything behind the attributes. */
  readonly body?: readonly number[];
}

/** The bytes of a record, wrong in every way that `record` asks for. */
function rawRecord(record: RawRecord): Uint8Array {
  const body = new Uint8Array(256);
  body[0] = record.attributes ?? 0;
  let end = 1;
  if (record.body !== undefined) {
    body.set(record.body, end);
    end += record.body.length;
  } else {
    end = writeVarlong(body, end, record.timestampDelta ?? 0);
    end = writeVarint(body, end, record.offsetDelta);
    end = writeField(body, end, record.key ?? "k", record.keyLength);
    end = writeField(body, end, record.value ?? "v", record.valueLength);
    end = writeVarint(body, end, record.headerCount ?? 0);
    body.set(record.tail ?? [], end);
    end += record.tail?.length ?? 0;
  }
  const whole = new Uint8Array(end + 5);
  const start = writeVarint(whole, 0, record.length ?? end);
  whole.set(body.subarray(0, end), start);
  return whole.subarray(0, start + end);
}

function writeField(body: Uint8Array, start: number, text: string, length: number | undefined): number {
  const bytes = encoder.encode(text);
  const end = writeVarint(body, start, length ?? bytes.length);
  body.set(bytes, end);
  return end + bytes.length;
}

/** The records section of such records. */
export function rawSection(records: readonly RawRecord[]): Uint8Array {
  const parts = records.map(rawRecord);
  const section = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    section.set(part, position);
    position += part.length;
  }
  return section;
}

/** A batch with that records section, whose header speaks of `count` records; `attributes` are 0 or the compression's id. */
export function batchOf(section: Uint8Array, now: number, count: number, attributes = 0): Uint8Array {
  const batch = new Uint8Array(HEADER_BYTES + section.length);
  batch.set(someBatch(now).subarray(0, HEADER_BYTES));
  batch.set(section, HEADER_BYTES);
  return edited(batch, (view) => {
    view.setInt32(Offset.LENGTH, batch.length - LOG_OVERHEAD);
    view.setInt16(Offset.ATTRIBUTES, attributes);
    view.setInt32(Offset.LAST_OFFSET_DELTA, count - 1);
    view.setInt32(Offset.RECORD_COUNT, count);
    view.setBigInt64(Offset.MAX_TIMESTAMP, BigInt(now));
  });
}

/** Several arrays as one. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/**
 * What a log stores of the batch `sent`, in one line: compression, timestamp type, max timestamp, offset and timestamp of each record (relative to
 * `now`; LogAppendTime's as `append`), and `as sent` if nothing from the magic on has changed, else the flags and the producer, if there are any.
 */
export function describeStored(stored: Uint8Array, sent: Uint8Array, now: number, codecs: Codecs): string {
  const batch = new RecordBatch(stored);
  const byBroker = batch.timestampType === "LogAppendTime";
  const time = (timestamp: number) => {
    if (byBroker) return "+append";
    if (timestamp < 1_000_000) return `=${timestamp}`;
    return timestamp < now ? `-${now - timestamp}` : `+${timestamp - now}`;
  };
  const same = stored.every((byte, i) => i < Offset.MAGIC || byte === sent[i]);
  const header = `${batch.compressionType} ${batch.timestampType} ${time(batch.maxTimestamp)}`;
  return `${header}: ${describeRecords(batch, codecs, time)}${same ? "; as sent" : describeRest(batch)}`;
}

function describeRest(batch: RecordBatch): string {
  const flags = batch.attributes & ~(Attribute.COMPRESSION | Attribute.LOG_APPEND_TIME);
  const producer = batch.hasProducerId ? `; producer ${batch.producerId}, ${batch.producerEpoch}, ${batch.baseSequence}` : "";
  return `${flags === 0 ? "" : `; flags ${flags}`}${producer}`;
}

function describeRecords(batch: RecordBatch, codecs: Codecs, time: (timestamp: number) => string): string {
  try {
    return [...batch.records(codecs, 1 << 28)].map((record) => `${record.offset}${time(record.timestamp)}`).join(" ");
  } catch (error) {
    if (error instanceof RecordsError) return "unreadable";
    throw error;
  }
}
