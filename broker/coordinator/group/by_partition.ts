import type { OffsetCommitKey } from "../../../protocol/generated/records/offset_commit_key.ts";

/** Something for partitions that groups read. */
export class ByPartition<Value> {
  readonly #byGroup = new Map<string, Map<string, Map<number, Value>>>();

  get size(): number {
    let size = 0;
    for (const topics of this.#byGroup.values()) for (const partitions of topics.values()) size += partitions.size;
    return size;
  }

  get({ group, topic, partition }: OffsetCommitKey): Value | undefined {
    return this.#byGroup.get(group)?.get(topic)?.get(partition);
  }

  set({ group, topic, partition }: OffsetCommitKey, value: Value): void {
    const topics = this.#byGroup.get(group) ?? new Map<string, Map<number, Value>>();
    this.#byGroup.set(group, topics);
    const partitions = topics.get(topic) ?? new Map<number, Value>();
    topics.set(topic, partitions);
    partitions.set(partition, value);
  }

  delete({ group, topic, partition }: OffsetCommitKey): void {
    const topics = this.#byGroup.get(group);
    const partitions = topics?.get(topic);
    partitions?.delete(partition);
    if (partitions?.size === 0) topics!.delete(topic);
    if (topics?.size === 0) this.#byGroup.delete(group);
  }

  hasGroup(group: string): boolean {
    return this.#byGroup.has(group);
  }

  /** By topic and partition. */
  topics(group: string): ReadonlyMap<string, ReadonlyMap<number, Value>> {
    return this.#byGroup.get(group) ?? new Map();
  }

  *of(group: string): Iterable<[OffsetCommitKey, Value]> {
    for (const [topic, partitions] of this.topics(group)) {
      for (const [partition, value] of partitions) yield [{ group, topic, partition }, value];
    }
  }

  *entries(): Iterable<[OffsetCommitKey, Value]> {
    for (const group of this.#byGroup.keys()) yield* this.of(group);
  }
}
