import type { Compression } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { type RecordBatch, RecordsError } from "../protocol/records/mod.ts";
import type { Segment } from "./segment.ts";

const WINDOW_BYTES = 1 << 16;

/** A record found by its timestamp, as ListOffsets answers it. */
export interface TimestampAndOffset {
  readonly timestamp: number;
  readonly offset: number;
  /** -1 if the batch has none. */
  readonly leaderEpoch: number;
}

/** The first record, from `startOffset` on, whose timestamp is at least `timestamp` (`UnifiedLog.searchOffsetInLocalLog`). */
export function findByTimestamp(
  segments: readonly Segment[],
  timestamp: number,
  startOffset: number,
  codecs: Compression,
): TimestampAndOffset | null {
  const window = new Uint8Array(WINDOW_BYTES);
  for (const segment of segments) {
    const from = segment.batches.positionForTimestamp(timestamp, startOffset);
    if (from === null) continue;
    for (const cursor of segment.batches.allFrom(from, window)) {
      if (cursor.batch.lastOffset < startOffset) continue;
      const batch = sound(cursor.whole());
      const found = batch.maxTimestamp < timestamp ? null : firstRecord(batch, timestamp, startOffset, codecs);
      if (found !== null) return found;
    }
  }
  return null;
}

/** The first record that has the largest timestamp of all (ListOffsets' MAX_TIMESTAMP, KIP-734), or null in an empty log. */
export function findMaxTimestamp(segments: readonly Segment[], codecs: Compression): TimestampAndOffset | null {
  let latest: Segment | null = null;
  for (const segment of segments) {
    if (segment.size > 0 && (latest === null || segment.maxTimestamp > latest.maxTimestamp)) latest = segment;
  }
  const place = latest?.batches.find(latest.maxTimestampOffset) ?? null;
  if (latest === null || place === null) return null;
  const cursor = latest.batches.cursorFrom(place, new Uint8Array(WINDOW_BYTES));
  return cursor.next() ? firstRecord(sound(cursor.whole()), latest.maxTimestamp, 0, codecs) : null;
}

/** The batch, if it is as it was written: unlike those who fetch it, nobody checks what is answered out of it. */
function sound(batch: RecordBatch): RecordBatch {
  if (batch.isValid()) return batch;
  throw new RecordsError(ErrorCode.CORRUPT_MESSAGE, `The batch at offset ${batch.baseOffset} is damaged.`);
}

function firstRecord(batch: RecordBatch, timestamp: number, startOffset: number, codecs: Compression): TimestampAndOffset | null {
  for (const record of batch.records(codecs)) {
    if (record.timestamp >= timestamp && record.offset >= startOffset) {
      return { timestamp: record.timestamp, offset: record.offset, leaderEpoch: batch.partitionLeaderEpoch };
    }
  }
  return null;
}
