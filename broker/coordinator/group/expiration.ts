import { unhurried } from "../../../platform/mod.ts";
import type { OffsetCommitValue } from "../../../protocol/generated/records/offset_commit_value.ts";
import type { Decision } from "../shard.ts";
import type { ClassicGroup } from "./classic/group.ts";
import type { GroupEnvironment } from "./environment.ts";
import type { CommittedOffsets } from "./offsets.ts";
import { batchOf, type GroupRecord, groupTombstone } from "./records.ts";

/** The name of the timer. Kafka: `GroupCoordinatorShard.GROUP_EXPIRATION_KEY`. */
const TIMER = "expire-group-metadata";

/**
 * Forgets offsets that nobody has needed for `offsets.retention.minutes`, and groups without members and offsets (KIP-211), every
 * `offsets.retention.check.interval.ms`. Kafka: `GroupCoordinatorShard.cleanupGroupMetadata`.
 */
export class Expiration {
  readonly #groups: () => Iterable<ClassicGroup>;
  readonly #offsets: CommittedOffsets;
  readonly #environment: GroupEnvironment;
  readonly #now: () => number;

  constructor(groups: () => Iterable<ClassicGroup>, offsets: CommittedOffsets, environment: GroupEnvironment) {
    this.#groups = groups;
    this.#offsets = offsets;
    this.#environment = environment;
    this.#now = unhurried(environment.clock);
  }

  /** Looks for what has expired when the interval is over, and from then on. */
  schedule(delayMs: number = this.#environment.settings.offsetsRetentionCheckIntervalMs): void {
    this.#environment.timers.schedule(TIMER, delayMs, () => this.#expire());
  }

  /** One batch of tombstones; where that is not all, the next one comes at once, unless this one cannot be written. */
  #expire(): Decision<void, GroupRecord> {
    const { settings, logger, canWrite } = this.#environment;
    const { records, complete } = batchOf(this.#expired(), settings.maxBatchBytes);
    if (records.length > 0) logger.info("offsets and groups have expired", { tombstones: records.length });
    this.schedule(complete || !canWrite() ? undefined : 0);
    return { response: undefined, records };
  }

  *#expired(): Iterable<GroupRecord> {
    const { settings } = this.#environment;
    const now = this.#now();
    for (const group of this.#groups()) {
      const kept = baseTimestamp(group);
      let hasOffsets = this.#offsets.hasPending(group.groupId);
      for (const [key, value] of this.#offsets.of(group.groupId)) {
        const isKept = kept === null || group.isSubscribedTo(key.topic) || this.#offsets.isPending(key);
        if (isKept || !isExpired(value, kept(value), now, settings.offsetsRetentionMs)) {
          hasOffsets = true;
        } else {
          yield { type: "OffsetCommit", key, value: null };
        }
      }
      if (!hasOffsets && group.state === "Empty") yield groupTombstone(group.groupId);
    }
  }
}

/**
 * Since when the offsets of a group are kept, in milliseconds: since it is empty, or since each was committed where only offsets are known of
 * the group or its consumers are known to read other topics; null when nothing expires. Kafka: `ClassicGroup.offsetExpirationCondition`.
 */
function baseTimestamp(group: ClassicGroup): ((value: OffsetCommitValue) => number) | null {
  const sinceCommit = (value: OffsetCommitValue): number => value.commitTimestamp;
  if (group.protocolType === null) return sinceCommit;
  // Group records of long ago do not say since when the group is in its state.
  if (group.state === "Empty") return group.stateTimestamp === -1 ? sinceCommit : () => group.stateTimestamp;
  return group.state === "Stable" && group.knowsSubscriptions ? sinceCommit : null;
}

/** Clients of long ago said themselves how long to keep an offset. Kafka: `OffsetExpirationConditionImpl`. */
function isExpired({ expireTimestamp }: OffsetCommitValue, base: number, now: number, retentionMs: number): boolean {
  return expireTimestamp === -1 ? now - base >= retentionMs : now >= expireTimestamp;
}
