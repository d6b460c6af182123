import { ErrorCode, ZERO_UUID } from "../../../protocol/mod.ts";
import type { OffsetCommitKey } from "../../../protocol/generated/records/offset_commit_key.ts";
import type { OffsetCommitValue } from "../../../protocol/generated/records/offset_commit_value.ts";
import type { OffsetFetchRequestTopics, OffsetFetchResponseTopics } from "../../../protocol/generated/09_offset_fetch.ts";
import { NO_PRODUCER_ID } from "../../../protocol/records/mod.ts";
import { ByPartition } from "./by_partition.ts";

/** What was committed, and where its record stands. */
export interface CommittedOffset extends OffsetCommitValue {
  readonly recordOffset: number;
}

/**
 * The offsets that groups have committed, those too of transactions that are open, which count when these are committed: hard state, changed by replay only. Knows no
 * members. Kafka: `OffsetMetadataManager`.
 */
export class CommittedOffsets {
  readonly #committed = new ByPartition<CommittedOffset>();
  /** Of transactions that are open, by producer id. */
  readonly #pending = new Map<number, ByPartition<CommittedOffset>>();
  /** The producers that have something pending for a partition. */
  readonly #producers = new ByPartition<Set<number>>();

  /** `producerId` is that of a transaction, or -1. A tombstone takes away what is pending too. */
  replay(key: OffsetCommitKey, value: OffsetCommitValue | null, recordOffset: number, producerId: number): void {
    if (value === null) return this.#remove(key);
    const committed = { ...value, recordOffset };
    if (producerId === NO_PRODUCER_ID) return this.#committed.set(key, committed);
    const pending = this.#pending.get(producerId) ?? new ByPartition<CommittedOffset>();
    this.#pending.set(producerId, pending);
    pending.set(key, committed);
    const producers = this.#producers.get(key);
    if (producers === undefined) this.#producers.set(key, new Set([producerId]));
    else producers.add(producerId);
  }

  /** What the producer's transaction has committed counts, unless there is something newer, or is gone. */
  replayEndTransactionMarker(producerId: number, committed: boolean): void {
    const pending = this.#pending.get(producerId);
    if (pending === undefined) return;
    this.#pending.delete(producerId);
    for (const [key, value] of pending.entries()) {
      const producers = this.#producers.get(key)!;
      producers.delete(producerId);
      if (producers.size === 0) this.#producers.delete(key);
      const known = this.#committed.get(key);
      if (committed && (known === undefined || known.recordOffset < value.recordOffset)) this.#committed.set(key, value);
    }
  }

  /** How many partitions of how many groups there are offsets for, all together, other than pending ones. */
  get size(): number {
    return this.#committed.size;
  }

  /** Everything committed. */
  entries(): Iterable<[OffsetCommitKey, CommittedOffset]> {
    return this.#committed.entries();
  }

  /** What is pending. */
  *pending(): Iterable<[producerId: number, OffsetCommitKey, CommittedOffset]> {
    for (const [producerId, pending] of this.#pending) for (const [key, value] of pending.entries()) yield [producerId, key, value];
  }

  /**
   * The answer to OffsetFetch for partitions: -1 where nothing is committed, or where it was for another topic of the same name; UNSTABLE_OFFSET_COMMIT, with
   * `requireStable`, where something is pending (KIP-447).
   */
  fetch(group: string, topics: readonly OffsetFetchRequestTopics[], requireStable: boolean): OffsetFetchResponseTopics[] {
    return topics.map(({ name, topicId, partitionIndexes }) => ({
      name,
      topicId,
      partitions: partitionIndexes.map((partition) => {
        const key = { group, topic: name, partition };
        if (requireStable && this.isPending(key)) return unstable(partition);
        const value = this.#committed.get(key);
        return describe(partition, value !== undefined && isOther(value.topicId, topicId) ? undefined : value);
      }),
    }));
  }

  /** The answer to OffsetFetch for everything; what is only pending is left out. */
  fetchAll(group: string, requireStable: boolean): OffsetFetchResponseTopics[] {
    return [...this.#committed.topics(group)].map(([topic, partitions]) => ({
      name: topic,
      topicId: ZERO_UUID,
      partitions: [...partitions].map(([partition, value]) => {
        return requireStable && this.isPending({ group, topic, partition }) ? unstable(partition) : describe(partition, value);
      }),
    }));
  }

  /** What a group has committed. */
  of(group: string): Iterable<[OffsetCommitKey, CommittedOffset]> {
    return this.#committed.of(group);
  }

  /** The partitions for which a group has something committed or pending. */
  *keysOf(group: string): Iterable<OffsetCommitKey> {
    for (const [key] of this.#committed.of(group)) yield key;
    for (const [key] of this.#producers.of(group)) if (this.#committed.get(key) === undefined) yield key;
  }

  /** The partitions for which something is committed or pending. */
  *keys(): Iterable<OffsetCommitKey> {
    for (const [key] of this.#committed.entries()) yield key;
    for (const [key] of this.#producers.entries()) if (this.#committed.get(key) === undefined) yield key;
  }

  /** Whether something is committed or pending for a partition. */
  has(key: OffsetCommitKey): boolean {
    return this.#committed.get(key) !== undefined || this.isPending(key);
  }

  isPending(key: OffsetCommitKey): boolean {
    return this.#producers.get(key) !== undefined;
  }

  hasPending(group: string): boolean {
    return this.#producers.hasGroup(group);
  }

  #remove(key: OffsetCommitKey): void {
    this.#committed.delete(key);
    for (const producerId of this.#producers.get(key) ?? []) {
      const pending = this.#pending.get(producerId)!;
      pending.delete(key);
      if (pending.size === 0) this.#pending.delete(producerId);
    }
    this.#producers.delete(key);
  }
}

function describe(partitionIndex: number, value: OffsetCommitValue | undefined): OffsetFetchResponseTopics["partitions"][number] {
  return {
    partitionIndex,
    committedOffset: value?.offset ?? -1,
    committedLeaderEpoch: value?.leaderEpoch ?? -1,
    metadata: value?.metadata ?? "",
    errorCode: ErrorCode.NONE,
  };
}

function unstable(partitionIndex: number): OffsetFetchResponseTopics["partitions"][number] {
  return { ...describe(partitionIndex, undefined), errorCode: ErrorCode.UNSTABLE_OFFSET_COMMIT };
}

/** Whether two topic ids, as far as they are known, are those of different topics. */
function isOther(committed: string | undefined, asked: string): boolean {
  return committed !== undefined && committed !== ZERO_UUID && asked !== ZERO_UUID && committed !== asked;
}
