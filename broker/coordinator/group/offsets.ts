import { ZERO_UUID } from "../../../protocol/mod.ts";
import type { OffsetCommitKey } from "../../../protocol/generated/records/offset_commit_key.ts";
import type { OffsetCommitValue } from "../../../protocol/generated/records/offset_commit_value.ts";
import type { OffsetFetchRequestTopics, OffsetFetchResponseTopics } from "../../../protocol/generated/09_offset_fetch.ts";

type Partitions = Map<number, OffsetCommitValue>;

/** The offsets that groups have committed: hard state, changed by replay only. Knows no members. Kafka: `OffsetMetadataManager`. */
export class CommittedOffsets {
  readonly #byGroup = new Map<string, Map<string, Partitions>>();

  replay({ group, topic, partition }: OffsetCommitKey, value: OffsetCommitValue | null): void {
    if (value === null) return this.#remove(group, topic, partition);
    const topics = this.#byGroup.get(group) ?? new Map<string, Partitions>();
    this.#byGroup.set(group, topics);
    const partitions = topics.get(topic) ?? new Map<number, OffsetCommitValue>();
    topics.set(topic, partitions);
    partitions.set(partition, value);
  }

  /** How many partitions of how many groups there are offsets for, all together. */
  get size(): number {
    let size = 0;
    for (const topics of this.#byGroup.values()) for (const partitions of topics.values()) size += partitions.size;
    return size;
  }

  /** Everything committed. */
  *entries(): Iterable<[OffsetCommitKey, OffsetCommitValue]> {
    for (const group of this.#byGroup.keys()) yield* this.of(group);
  }

  /** The answer to OffsetFetch for partitions: -1 where nothing is committed, or where it was for another topic of the same name. */
  fetch(group: string, topics: readonly OffsetFetchRequestTopics[]): OffsetFetchResponseTopics[] {
    const committed = this.#byGroup.get(group);
    return topics.map(({ name, topicId, partitionIndexes }) => ({
      name,
      topicId,
      partitions: partitionIndexes.map((partition) => {
        const value = committed?.get(name)?.get(partition);
        return describe(partition, value !== undefined && isOther(value.topicId, topicId) ? undefined : value);
      }),
    }));
  }

  /** The answer to OffsetFetch for everything. */
  fetchAll(group: string): OffsetFetchResponseTopics[] {
    return [...this.#byGroup.get(group) ?? []].map(([name, partitions]) => ({
      name,
      topicId: ZERO_UUID,
      partitions: [...partitions].map(([partition, value]) => describe(partition, value)),
    }));
  }

  /** What a group has committed. */
  *of(group: string): Iterable<[OffsetCommitKey, OffsetCommitValue]> {
    for (const [topic, partitions] of this.#byGroup.get(group) ?? []) {
      for (const [partition, value] of partitions) yield [{ group, topic, partition }, value];
    }
  }

  /** Whether something is committed for a partition. */
  isCommitted({ group, topic, partition }: OffsetCommitKey): boolean {
    return this.#byGroup.get(group)?.get(topic)?.has(partition) ?? false;
  }

  #remove(group: string, topic: string, partition: number): void {
    const topics = this.#byGroup.get(group);
    const partitions = topics?.get(topic);
    partitions?.delete(partition);
    if (partitions?.size === 0) topics!.delete(topic);
    if (topics?.size === 0) this.#byGroup.delete(group);
  }
}

function describe(partitionIndex: number, value: OffsetCommitValue | undefined): OffsetFetchResponseTopics["partitions"][number] {
  return {
    partitionIndex,
    committedOffset: value?.offset ?? -1,
    committedLeaderEpoch: value?.leaderEpoch ?? -1,
    metadata: value?.metadata ?? "",
    errorCode: 0,
  };
}

/** Whether two topic ids, as far as they are known, are those of different topics. */
function isOther(committed: string | undefined, asked: string): boolean {
  return committed !== undefined && committed !== ZERO_UUID && asked !== ZERO_UUID && committed !== asked;
}
