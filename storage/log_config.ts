import type { Random } from "../platform/mod.ts";
import type { CompressionType, TimestampType } from "../protocol/records/mod.ts";

/** The topic configs that a log obeys (Kafka's `LogConfig`), each named after its key. Sizes are bytes, times milliseconds. */
export interface LogConfig {
  /** `segment.bytes`: a segment that would grow beyond this is followed by a new one; no append may be larger. At most 2^31-1. */
  readonly segmentBytes: number;
  /** `segment.ms`: the most that the timestamps of one segment span, from its first batch on. */
  readonly segmentMs: number;
  /** `segment.jitter.ms`: each segment takes a random part of this off `segmentMs`. */
  readonly segmentJitterMs: number;
  /** `index.interval.bytes`: the index gets an entry after more than this. */
  readonly indexIntervalBytes: number;
  /** `segment.index.bytes`: an index that cannot grow within this ends its segment. */
  readonly segmentIndexBytes: number;
  /** `max.message.bytes`: the largest batch that may be appended. */
  readonly maxMessageBytes: number;
  /** `message.timestamp.type` */
  readonly messageTimestampType: TimestampType;
  /** `message.timestamp.before.max.ms` */
  readonly messageTimestampBeforeMaxMs: number;
  /** `message.timestamp.after.max.ms` */
  readonly messageTimestampAfterMaxMs: number;
  /** `compression.type` */
  readonly compressionType: CompressionType | "producer";
  /** `compression.<type>.level` of that type, if it has levels: used when a batch is compressed anew. The LZ4 of `platform/` has but the fast one. */
  readonly compressionLevel?: number;
  /** Whether `cleanup.policy` has `compact`: every record needs a key. */
  readonly compact: boolean;
  /** Whether `cleanup.policy` has `delete`: old segments go. */
  readonly delete: boolean;
  /** `retention.bytes`: what the segments of a log may have without the oldest of them going; -1 for no limit. */
  readonly retentionBytes: number;
  /** `retention.ms`: how long after its newest record a segment is kept; -1 for ever. */
  readonly retentionMs: number;
  /** `min.cleanable.dirty.ratio`: which part of a log has to be new to be compacted. */
  readonly minCleanableDirtyRatio: number;
  /** `min.compaction.lag.ms`: what is younger is not compacted. */
  readonly minCompactionLagMs: number;
  /** `max.compaction.lag.ms`: what is older is compacted, however little it is. */
  readonly maxCompactionLagMs: number;
  /** `delete.retention.ms`: how long compaction keeps tombstones and markers after it first saw them. */
  readonly deleteRetentionMs: number;
  /** `file.delete.delay.ms`: how long the files of a segment that is gone are kept for those who read them. */
  readonly fileDeleteDelayMs: number;
}

/** The defaults of Kafka 4.3.1. Where Kafka's is 2^63-1, the largest safe integer stands for it. */
export const defaultLogConfig: LogConfig = Object.freeze({
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  segmentJitterMs: 0,
  indexIntervalBytes: 4096,
  segmentIndexBytes: 10_485_760,
  maxMessageBytes: 1_048_588,
  messageTimestampType: "CreateTime",
  messageTimestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  messageTimestampAfterMaxMs: 3_600_000,
  compressionType: "producer",
  compact: false,
  delete: true,
  retentionBytes: -1,
  retentionMs: 604_800_000,
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
  deleteRetentionMs: 86_400_000,
  fileDeleteDelayMs: 60_000,
});

/** The most that the timestamps of one segment span: what has to be compacted soon may not stay in the active segment (`LogConfig.maxSegmentMs`). */
export function maxSegmentMs({ compact, maxCompactionLagMs, segmentMs }: LogConfig): number {
  return compact ? Math.min(maxCompactionLagMs, segmentMs) : segmentMs;
}

/** How many milliseconds earlier a new segment ends by time (`LogConfig.randomSegmentJitter`, whose numbers have 31 bits). */
export function randomSegmentJitter({ segmentJitterMs, segmentMs }: LogConfig, random: Random): number {
  return segmentJitterMs === 0 ? 0 : random.below(Math.min(segmentJitterMs, segmentMs, 2 ** 31));
}
