import { ErrorCode } from "../../../protocol/errors.ts";
import type { OffsetDeleteRequestTopic, OffsetDeleteResponseTopic } from "../../../protocol/generated/47_offset_delete.ts";
import { KafkaError } from "../../kafka_error.ts";
import type { Decision } from "../shard.ts";
import type { ClassicGroup } from "./classic/group.ts";
import type { CommittedOffsets } from "./offsets.ts";
import { batchOf, checkFits, type GroupRecord, groupTombstone } from "./records.ts";

/**
 * DeleteGroups, for one group: its offsets, then itself; answers whether that was all or another batch is needed. Throws NON_EMPTY_GROUP.
 * Kafka: `GroupCoordinatorShard.deleteGroups`, which refuses what does not fit into one batch.
 */
export function deleteGroup(group: ClassicGroup, offsets: CommittedOffsets, maxBatchBytes: number): Decision<boolean, GroupRecord> {
  if (group.state !== "Empty") throw new KafkaError(ErrorCode.NON_EMPTY_GROUP);
  const { records, complete } = batchOf(tombstonesOf(offsets, group.groupId), maxBatchBytes);
  if (complete) records.push(groupTombstone(group.groupId));
  return { response: complete, records };
}

/**
 * OffsetDelete: refused for topics that a consumer of the group subscribes to, and as a whole while others than consumers are members.
 * Kafka: `OffsetMetadataManager.deleteOffsets`.
 */
export function deleteOffsets(
  group: ClassicGroup,
  offsets: CommittedOffsets,
  topics: readonly OffsetDeleteRequestTopic[],
  maxBatchBytes: number,
): Decision<OffsetDeleteResponseTopic[], GroupRecord> {
  if (group.state !== "Empty" && !group.isOfConsumers) throw new KafkaError(ErrorCode.NON_EMPTY_GROUP);
  const records: GroupRecord[] = [];
  const response = topics.map(({ name, partitions }) => {
    const errorCode = group.isSubscribedTo(name) ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
    for (const { partitionIndex: partition } of partitions) {
      const key = { group: group.groupId, topic: name, partition };
      if (errorCode === ErrorCode.NONE && offsets.has(key)) records.push({ type: "OffsetCommit", key, value: null });
    }
    return { name, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) };
  });
  checkFits(records, maxBatchBytes);
  return { response, records };
}

/** Removes what was committed for deleted topics, a batch at a time; answers whether there was any. Kafka: `onPartitionsDeleted`. */
export function forgetTopics(
  names: ReadonlySet<string>,
  offsets: CommittedOffsets,
  maxBatchBytes: number,
): Decision<boolean, GroupRecord> {
  const { records } = batchOf(tombstonesFor(offsets, names), maxBatchBytes);
  return { response: records.length > 0, records };
}

function* tombstonesOf(offsets: CommittedOffsets, group: string): Iterable<GroupRecord> {
  for (const key of offsets.keysOf(group)) yield { type: "OffsetCommit", key, value: null };
}

function* tombstonesFor(offsets: CommittedOffsets, topics: ReadonlySet<string>): Iterable<GroupRecord> {
  for (const key of offsets.keys()) {
    if (topics.has(key.topic)) yield { type: "OffsetCommit", key, value: null };
  }
}
