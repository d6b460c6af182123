import { ErrorCode } from "../../../protocol/errors.ts";
import type {
  OffsetCommitRequest,
  OffsetCommitRequestPartition,
  OffsetCommitRequestTopic,
  OffsetCommitResponseTopic,
} from "../../../protocol/generated/08_offset_commit.ts";
import type { TxnOffsetCommitRequest, TxnOffsetCommitResponseTopic } from "../../../protocol/generated/28_txn_offset_commit.ts";
import { ZERO_UUID } from "../../../protocol/mod.ts";
import { KafkaError } from "../../kafka_error.ts";
import type { Decision } from "../shard.ts";
import type { ClassicGroup } from "./classic/group.ts";
import type { Caller, GroupEnvironment } from "./environment.ts";
import { checkFits, type GroupRecord } from "./records.ts";

/** `retentionTimeMs` of a commit that leaves it to the broker how long it is kept. */
const DEFAULT_RETENTION = -1;

/**
 * OffsetCommit, once it is settled that the group accepts it: a record for each partition. Kafka: `OffsetMetadataManager.commitOffset`.
 * Throws UNKNOWN_SERVER_ERROR, as Kafka answers, for more than the log takes in one batch.
 */
export function commitOffsets(
  environment: GroupEnvironment,
  request: OffsetCommitRequest,
): Decision<OffsetCommitResponseTopic[], GroupRecord> {
  const now = environment.clock.now();
  // A time beyond what a number holds is never reached; in Kafka the sum turns negative, and the offset is gone with the next check.
  const expireTimestamp = request.retentionTimeMs === DEFAULT_RETENTION
    ? -1
    : Math.min(now + request.retentionTimeMs, Number.MAX_SAFE_INTEGER);
  return commitTopics(environment, request.groupId, request.topics, now, expireTimestamp);
}

/** TxnOffsetCommit, once it is settled that the group accepts it, as {@link commitOffsets}. Kafka: `OffsetMetadataManager.commitTransactionalOffset`. */
export function commitTransactionalOffsets(
  environment: GroupEnvironment,
  request: TxnOffsetCommitRequest,
): Decision<TxnOffsetCommitResponseTopic[], GroupRecord> {
  const topics = request.topics.map((topic) => ({ ...topic, topicId: ZERO_UUID }));
  return commitTopics(environment, request.groupId, topics, environment.clock.now(), -1);
}

function commitTopics(
  { settings }: GroupEnvironment,
  group: string,
  topics: readonly OffsetCommitRequestTopic[],
  now: number,
  expireTimestamp: number,
): { response: OffsetCommitResponseTopic[]; records: GroupRecord[] } {
  const records: GroupRecord[] = [];
  const response = topics.map((topic) => ({
    name: topic.name,
    topicId: topic.topicId,
    partitions: topic.partitions.map((partition) => {
      const { partitionIndex, committedMetadata } = partition;
      if ((committedMetadata?.length ?? 0) > settings.offsetMetadataMaxBytes) {
        return { partitionIndex, errorCode: ErrorCode.OFFSET_METADATA_TOO_LARGE };
      }
      records.push(commitRecord(group, topic, partition, now, expireTimestamp));
      return { partitionIndex, errorCode: ErrorCode.NONE };
    }),
  }));
  checkFits(records, settings.maxBatchBytes);
  return { response, records };
}

/**
 * Whether a group accepts a commit. Consumers that assign themselves, and administrators, commit without a member id and only while the group
 * has no members. Kafka: `ClassicGroup.validateOffsetCommit`, and `OffsetMetadataManager.validateOffsetCommit` for a group that does not exist.
 */
export function checkCommit(group: ClassicGroup | undefined, caller: Caller, request: OffsetCommitRequest): void {
  const { memberId, groupInstanceId, generationIdOrMemberEpoch: generation } = request;
  if (group === undefined) {
    if (generation < 0) return;
    throw new KafkaError(caller.apiVersion >= 9 ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION);
  }
  if (generation < 0 && group.state === "Empty") return;
  if (generation < 0 && memberId === "" && groupInstanceId === null) throw new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID);
  group.member(memberId, groupInstanceId);
  if (generation !== group.generation) throw new KafkaError(ErrorCode.ILLEGAL_GENERATION);
  // The member knows the newest generation but not yet what it is assigned: it cannot have read anything.
  if (group.state === "CompletingRebalance") throw new KafkaError(ErrorCode.REBALANCE_IN_PROGRESS);
}

/**
 * The same for a commit in a transaction, which a consumer that knows no members sends without any (KIP-447), and which is accepted while the generation is not yet
 * assigned. Kafka: `OffsetMetadataManager.validateTransactionalOffsetCommit`.
 */
export function checkTransactionalCommit(
  group: ClassicGroup | undefined,
  { memberId, groupInstanceId, generationId }: Pick<TxnOffsetCommitRequest, "memberId" | "groupInstanceId" | "generationId">,
): void {
  if (group === undefined) {
    if (generationId < 0) return;
    throw new KafkaError(ErrorCode.ILLEGAL_GENERATION);
  }
  if (generationId < 0 && (group.state === "Empty" || (memberId === "" && groupInstanceId === null))) return;
  group.member(memberId, groupInstanceId);
  if (generationId !== group.generation) throw new KafkaError(ErrorCode.ILLEGAL_GENERATION);
}

function commitRecord(
  group: string,
  { name: topic, topicId }: OffsetCommitRequestTopic,
  { partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: leaderEpoch, committedMetadata }:
    OffsetCommitRequestPartition,
  commitTimestamp: number,
  expireTimestamp: number,
): GroupRecord {
  const value = { offset, leaderEpoch, metadata: committedMetadata ?? "", commitTimestamp, expireTimestamp, topicId };
  return { type: "OffsetCommit", key: { group, topic, partition }, value };
}
