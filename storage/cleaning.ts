import type { LogConfig } from "./log_config.ts";
import type { LogSegments } from "./log_segments.ts";
import type { Segment } from "./segment.ts";

/** What of a log could be compacted now (Kafka: `LogToClean`). */
export interface Cleanable {
  /** Everything below has been compacted, each key against all others. */
  readonly firstDirtyOffset: number;
  /** Where the first segment begins that must not be touched. */
  readonly firstUncleanableOffset: number;
  /** Bytes from the first dirty segment on, and their part of all that may be touched. */
  readonly bytes: number;
  readonly ratio: number;
  /** A record has waited longer than `max.compaction.lag.ms`. */
  readonly isOverdue: boolean;
}

/** What {@link cleanableOf} asks of a log. */
interface LogBounds {
  readonly config: LogConfig;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly lastStableOffset: number;
  /** What is not durable yet is not touched: a copy must not outlive what it was made of. */
  readonly recoveryPoint: number;
  /** The time now. */
  readonly now: number;
}

/**
 * What of a log could be compacted, if it was up to `dirtyFrom` before: whole segments below the active one, the last stable offset, and whatever is younger than
 * `min.compaction.lag.ms`. Kafka: `LogCleanerManager.cleanableOffsets`, `calculateCleanableBytes`, `maxCompactionDelay`.
 */
export function cleanableOf(segments: LogSegments, dirtyFrom: number | undefined, bounds: LogBounds): Cleanable {
  const { config, logStartOffset, logEndOffset, now } = bounds;
  const isKnown = dirtyFrom !== undefined && dirtyFrom >= logStartOffset && dirtyFrom <= logEndOffset;
  const firstDirtyOffset = isKnown ? dirtyFrom : logStartOffset;
  const activeOffset = segments.active?.baseOffset ?? logEndOffset;
  const dirty = segments.between(firstDirtyOffset, activeOffset);
  const tooYoung = config.minCompactionLagMs > 0
    ? dirty.find((segment) => segment.largestTimestamp > now - config.minCompactionLagMs)
    : null;
  const limit = Math.min(bounds.lastStableOffset, bounds.recoveryPoint, activeOffset, tooYoung?.baseOffset ?? Infinity);
  const firstUncleanableOffset = Math.max(firstDirtyOffset, limit) < activeOffset
    ? segments.between(Math.max(firstDirtyOffset, limit), activeOffset)[0].baseOffset
    : activeOffset;
  const bytes = sizeOf(segments.between(Math.min(firstDirtyOffset, firstUncleanableOffset), firstUncleanableOffset));
  const total = bytes + sizeOf(segments.between(0, firstDirtyOffset));
  const waiting = dirty.map(({ firstTimestamp }) => firstTimestamp).filter((timestamp) => timestamp > 0);
  const isOverdue = waiting.some((timestamp) => timestamp < now - config.maxCompactionLagMs);
  return { firstDirtyOffset, firstUncleanableOffset, bytes, ratio: total === 0 ? 0 : bytes / total, isOverdue };
}

/** Whether it is time to compact (`LogCleanerManager.grabFilthiestCompactedLog`). */
export function isDue({ bytes, ratio, isOverdue }: Cleanable, config: LogConfig): boolean {
  return (isOverdue && bytes > 0) || ratio > config.minCleanableDirtyRatio;
}

const MAX_RELATIVE = 0x7fffffff;

/**
 * Which segments become one: as many in a row as together stay within `segment.bytes`, and their indexes within `segment.index.bytes`.
 * Kafka: `Cleaner.groupSegmentsBySize`. @param endOffset where the last of them ends
 */
export function groupsOf(segments: readonly Segment[], config: LogConfig, endOffset: number): Segment[][] {
  const groups: Segment[][] = [];
  let total = { size: 0, offsetIndex: 0, timeIndex: 0 };
  for (const [index, segment] of segments.entries()) {
    const group = groups.at(-1);
    const more = { size: segment.size, ...segment.indexSizes };
    const sum = {
      size: total.size + more.size,
      offsetIndex: total.offsetIndex + more.offsetIndex,
      timeIndex: total.timeIndex + more.timeIndex,
    };
    const lastOffset = (segments[index + 1]?.baseOffset ?? endOffset) - 1;
    const fits = group !== undefined && sum.size <= config.segmentBytes && sum.offsetIndex <= config.segmentIndexBytes &&
      sum.timeIndex <= config.segmentIndexBytes && (segment.size === 0 || lastOffset - group[0].baseOffset <= MAX_RELATIVE);
    if (fits) group.push(segment);
    else groups.push([segment]);
    total = fits ? sum : more;
  }
  return groups;
}

function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { size }) => sum + size, 0);
}
