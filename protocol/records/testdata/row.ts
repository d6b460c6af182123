import type { ErrorName } from "../../errors.ts";
import { Offset } from "../batch.ts";
import { buildBatch } from "../builder.ts";
import { type Codecs, compress, type CompressionType, compressionTypes } from "../compression.ts";
import { batchOf, edited, type RawRecord, rawSection, someBatch } from "./batches.ts";

/** The topic's configs by Kafka's names; those left out have Kafka's defaults. */
export interface RowTopic {
  readonly "compression.type"?: CompressionType | "uncompressed";
  readonly "cleanup.policy"?: "compact";
  readonly "max.message.bytes"?: number;
  readonly "message.timestamp.type"?: "LogAppendTime";
  readonly "message.timestamp.before.max.ms"?: number;
  readonly "message.timestamp.after.max.ms"?: number;
}

/** One case. */
export interface ValidatorRow {
  readonly name: string;
  readonly bytes: (now: number, codecs: Codecs) => Uint8Array;
  readonly topic?: RowTopic;
  /** Version of the Produce request; 8 if not given. */
  readonly version?: number;
  /** Kafka's answer. */
  readonly kafka: ErrorName;
  /** The records that Kafka names in its answer. */
  readonly recordErrors?: readonly number[];
  /** What Kafka stores, as {@link describeStored} writes it. */
  readonly stored?: string;
  /** Our answer where it differs on purpose. */
  readonly ours?: { readonly code: ErrorName; readonly why: string };
}

/** Three good records as a log stores them if nothing is changed. */
export const SAME = "none CreateTime +2: 0+0 1+1 2+2; as sent";

/** Milliseconds. */
export const HOUR = 3_600_000;

/** Three good records in that compression. */
export function compressed(type: CompressionType): (now: number, codecs: Codecs) => Uint8Array {
  return (now, codecs) => someBatch(now, { compressionType: type, codecs });
}

/** Three good records whose header `edit` has changed. */
export function header(edit: (view: DataView, now: number) => void): (now: number) => Uint8Array {
  return (now) => edited(someBatch(now), (view) => edit(view, now));
}

/** Records field by field, for `count` of which the header speaks. */
export function raw(count: number, ...records: readonly RawRecord[]): (now: number) => Uint8Array {
  return (now) => batchOf(rawSection(records), now, count);
}

/** The same, compressed. */
export function rawIn(type: CompressionType, count: number, ...records: readonly RawRecord[]): (now: number, codecs: Codecs) => Uint8Array {
  return (now, codecs) => section(type, count, compress(type, rawSection(records), codecs))(now);
}

/** A batch of that compression whose records section is `bytes`. */
export function section(type: CompressionType, count: number, bytes: Uint8Array): (now: number) => Uint8Array {
  return (now) => batchOf(bytes, now, count, compressionTypes.indexOf(type));
}

/** Three good records with those attributes. */
export function withAttributes(bits: number): (now: number) => Uint8Array {
  return header((view) => view.setInt16(Offset.ATTRIBUTES, bits));
}

/** Records without keys at those times, relative to `now`. */
export function at(...offsets: readonly number[]): (now: number) => Uint8Array {
  return (now) => buildBatch(offsets.map((offset, i) => ({ timestamp: now + offset, key: null, value: new Uint8Array([i]) })));
}
