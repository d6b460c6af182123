import { crc32c } from "../protocol/records/mod.ts";
import type { Damage } from "./damage.ts";
import type { EpochEntry } from "./leader_epochs.ts";
import type { ProducerEntry } from "./producer_entry.ts";

/** How many entries an index file has, and the CRC-32C of each block of them (see `sparse_index.ts`). */
export interface IndexExtent {
  readonly entries: number;
  readonly crcs: readonly number[];
}

/** What there is to know of a segment's batches, up to a point. */
export interface SegmentSummary {
  /** Bytes of the batches. */
  readonly size: number;
  /** The last offset, -1 without batches. */
  readonly lastOffset: number;
  /** The largest timestamp of the first batch. */
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  /** The last offset of the first batch that has `maxTimestamp`. */
  readonly maxTimestampOffset: number;
  /** CRC-32C of what the batches' own checksums leave out, one batch after the other: base offsets, lengths, leader epochs, formats. */
  readonly headersCrc: number;
  readonly offsetIndex: IndexExtent;
  readonly timeIndex: IndexExtent;
  readonly damage: readonly Damage[];
  /** Null: nobody knows. */
  readonly transactionIndex: IndexExtent | null;
}

/**
 * All that reading a log from its beginning to some point would tell, so that whoever opens it reads on from there. A segment has one beside it: up to its
 * end when the segment is full, else up to what was durable lately. It is a cache: what it says is either certain or not believed.
 */
export interface LogCheckpoint {
  /** The offset behind the last batch. */
  readonly nextOffset: number;
  readonly segment: SegmentSummary;
  readonly epochs: readonly EpochEntry[];
  readonly producers: readonly (readonly [producerId: number, entry: Omit<ProducerEntry, "wroteAt">])[];
}

const VERSION = 3;
const CRC_DIGITS = 8;
/** The digits, the space behind them and the end of the line. */
const FRAME_CHARACTERS = CRC_DIGITS + 2;
/** A checkpoint takes a multiple of so many bytes. */
const ROOM = 512;
const encoder = new TextEncoder();

/** A line: CRC-32C in eight hexadecimal digits, a space, JSON of version and checkpoint, and spaces, so that the next one rarely takes less room. */
export function encodeCheckpoint(checkpoint: LogCheckpoint): Uint8Array {
  const text = JSON.stringify({ version: VERSION, ...checkpoint });
  const json = text.padEnd(Math.ceil((text.length + FRAME_CHARACTERS) / ROOM) * ROOM - FRAME_CHARACTERS);
  return encoder.encode(`${checksum(encoder.encode(json))} ${json}\n`);
}

/** The checkpoint, or null where a bit of it is wrong or another version wrote it. */
export function decodeCheckpoint(bytes: Uint8Array): LogCheckpoint | null {
  const json = bytes.subarray(CRC_DIGITS + 1, -1);
  const rest = String.fromCharCode(...bytes.subarray(0, CRC_DIGITS + 1), bytes.at(-1) ?? 0);
  if (json.length === 0 || rest !== `${checksum(json)} \n`) return null;
  const { version, ...checkpoint } = JSON.parse(new TextDecoder().decode(json));
  return version === VERSION ? checkpoint : null;
}

function checksum(bytes: Uint8Array): string {
  return crc32c(bytes).toString(16).padStart(CRC_DIGITS, "0");
}
