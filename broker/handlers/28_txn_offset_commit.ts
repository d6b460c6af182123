import { ErrorCode } from "../../protocol/errors.ts";
import {
  TxnOffsetCommit,
  type TxnOffsetCommitRequest,
  type TxnOffsetCommitRequestTopic,
  type TxnOffsetCommitResponse,
  type TxnOffsetCommitResponsePartition,
} from "../../protocol/generated/28_txn_offset_commit.ts";
import { callerOf } from "../coordinator/group/caller.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import type { TopicNames } from "../metadata/topic_lookup.ts";

/** Producers before it would break at COORDINATOR_LOAD_IN_PROGRESS (KAFKA-7296). */
const KNOWS_LOADING_VERSION = 2;

/**
 * Commits how far a group has come in a transaction: it counts when that does. Version 2 brings leader epochs, 3 fencing by member and generation (KIP-447), 4
 * TRANSACTION_ABORTABLE, 5 commits that the transaction need not have been told of (KIP-890). Kafka: `KafkaApis.handleTxnOffsetCommitRequest`.
 */
export function txnOffsetCommit(groups: GroupService, topics: TopicNames): Handler<TxnOffsetCommitRequest, TxnOffsetCommitResponse> {
  return {
    api: TxnOffsetCommit,
    async handle(context, request) {
      if (!context.authorize("Write", "TransactionalId", request.transactionalId)) {
        throw new KafkaError(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
      }
      if (!context.authorize("Read", "Group", request.groupId)) throw new KafkaError(ErrorCode.GROUP_AUTHORIZATION_FAILED);
      const { accepted, refused } = check(context, topics, request.topics);
      if (accepted.length === 0) return response(refused);
      try {
        const committed = await groups.commitTransactionalOffsets(callerOf(context), { ...request, topics: accepted });
        if (refused.size === 0) return { throttleTimeMs: 0, topics: committed };
        for (const { name, partitions } of committed) outcomesOf(refused, name).push(...partitions);
        return response(refused);
      } catch (error) {
        const isLoading = error instanceof KafkaError && error.code === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
        if (!isLoading || context.apiVersion >= KNOWS_LOADING_VERSION) throw error;
        throw new KafkaError(ErrorCode.COORDINATOR_NOT_AVAILABLE);
      }
    },
    fail(request, code) {
      const outcomes: Outcomes = new Map();
      for (const topic of request.topics) refuse(outcomes, topic.name, topic.partitions, code);
      return response(outcomes);
    },
  };
}

/** What becomes of each partition, by the topic's name. */
type Outcomes = Map<string, TxnOffsetCommitResponsePartition[]>;

/** What the group is asked, and what is settled before; topics of which nothing is asked are in neither. */
function check(
  context: RequestContext,
  topics: TopicNames,
  asked: readonly TxnOffsetCommitRequestTopic[],
): { accepted: TxnOffsetCommitRequestTopic[]; refused: Outcomes } {
  const accepted: TxnOffsetCommitRequestTopic[] = [];
  const refused: Outcomes = new Map();
  for (const { name, partitions } of asked) {
    const entry = topics.topic(name);
    if (!context.authorize("Read", "Topic", name)) {
      refuse(refused, name, partitions, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    } else if (entry === undefined) {
      refuse(refused, name, partitions, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    } else {
      const known = partitions.filter(({ partitionIndex }) => entry.partitions[partitionIndex] !== undefined);
      const unknown = partitions.filter(({ partitionIndex }) => entry.partitions[partitionIndex] === undefined);
      if (unknown.length > 0) refuse(refused, name, unknown, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
      if (known.length > 0) accepted.push({ name, partitions: known });
    }
  }
  return { accepted, refused };
}

function refuse(outcomes: Outcomes, topic: string, partitions: readonly { partitionIndex: number }[], errorCode: number): void {
  outcomesOf(outcomes, topic).push(...partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })));
}

function outcomesOf(outcomes: Outcomes, topic: string): TxnOffsetCommitResponsePartition[] {
  const known = outcomes.get(topic) ?? [];
  outcomes.set(topic, known);
  return known;
}

function response(outcomes: Outcomes): TxnOffsetCommitResponse {
  return { throttleTimeMs: 0, topics: Array.from(outcomes, ([name, partitions]) => ({ name, partitions })) };
}
