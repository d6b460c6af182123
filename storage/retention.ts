import type { LogConfig } from "./log_config.ts";
import type { Segment } from "./segment.ts";

/** What of a log must stay whatever its age and size. */
export interface RetentionBounds {
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  /** Nothing at or above it is deleted. */
  readonly highWatermark: number;
  /** The time now. */
  readonly now: number;
}

/**
 * How many segments, counted from the oldest, need not be kept: those below the log start offset, and where `cleanup.policy` has `delete`, those that
 * `retention.bytes` and `retention.ms` give up. It may be all of them. Kafka: `UnifiedLog.deleteOldSegments`.
 */
export function expiredSegments(segments: readonly Segment[], config: LogConfig, bounds: RetentionBounds): number {
  const ends = segments.map((_, index) => segments[index + 1]?.baseOffset ?? bounds.logEndOffset);
  const count = (from: number, isExpired: (segment: Segment, index: number) => boolean): number => {
    let index = from;
    while (index < segments.length && ends[index] <= bounds.highWatermark && isExpired(segments[index], index)) {
      if (index === segments.length - 1 && segments[index].size === 0) break;
      index++;
    }
    return index;
  };
  const belowStart = count(0, (_, index) => index < segments.length - 1 && ends[index] <= bounds.logStartOffset);
  if (!config.delete) return belowStart;
  let excess = segments.slice(belowStart).reduce((sum, { size }) => sum + size, 0) - config.retentionBytes;
  const tooLarge = config.retentionBytes < 0 ? belowStart : count(belowStart, ({ size }) => (excess -= size) >= 0);
  return config.retentionMs < 0 ? tooLarge : count(tooLarge, (segment) => bounds.now - segment.largestTimestamp > config.retentionMs);
}
