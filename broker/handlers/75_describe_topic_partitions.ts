import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import {
  DescribeTopicPartitions,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsRequestCursor,
  type DescribeTopicPartitionsResponse,
  type DescribeTopicPartitionsResponsePartition,
  type DescribeTopicPartitionsResponseTopic,
} from "../../protocol/generated/75_describe_topic_partitions.ts";
import { authorizedOperations, NOT_ASKED } from "../authorized_operations.ts";
import type { ClusterView } from "../cluster.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import type { TopicEntry } from "../metadata/catalogue.ts";
import type { MetadataService } from "../metadata/service.ts";
import { invalidTopicName, isInternal } from "../metadata/topic_names.ts";
import { describePartition } from "../partition_state.ts";

/**
 * Describes topics in the order of their names, so many partitions in an answer, and says where the next one goes on (KIP-966). `limit` is
 * `max.request.partition.size.limit`. Kafka: `DescribeTopicPartitionsRequestHandler`.
 */
export function describeTopicPartitions(
  metadata: MetadataService,
  cluster: ClusterView,
  limit: number,
): Handler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> {
  return {
    api: DescribeTopicPartitions,
    handle(context, { topics, cursor, responsePartitionLimit }) {
      const all = topics.length === 0;
      const asked = all ? Array.from(metadata.catalogue.topics(), ({ name }) => name) : topics.map(({ name }) => name);
      const names = [...new Set(asked)].filter((name) => cursor === null || name >= cursor.topicName).sort();
      checkCursor(cursor, all ? null : names);
      const allowed = names.filter((name) => context.authorize("Describe", "Topic", name));
      const page = pageOf(metadata, cluster, allowed, cursor, Math.max(1, Math.min(limit, responsePartitionLimit)));
      for (const topic of page.topics) topic.topicAuthorizedOperations = authorizedOperations(context, "Topic", topic.name!);
      return { throttleTimeMs: 0, topics: [...page.topics, ...denied(context, all ? [] : names)], nextCursor: page.nextCursor };
    },
    fail: ({ topics }, code) => ({ throttleTimeMs: 0, topics: topics.map(({ name }) => failed(name, code)), nextCursor: null }),
  };
}

/** Throws INVALID_REQUEST for a cursor that cannot be of an answer to such a request. `names`: the topics asked for from the cursor on, or null for all. */
function checkCursor(cursor: DescribeTopicPartitionsRequestCursor | null, names: readonly string[] | null): void {
  if (cursor === null) return;
  if (names !== null && !names.includes(cursor.topicName)) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, "The topic of the cursor is not among the topics.");
  }
  if (cursor.partitionIndex < 0) throw new KafkaError(ErrorCode.INVALID_REQUEST, "The partition of the cursor is negative.");
}

/** What fits into an answer of `limit` partitions, and where the next begins. */
function pageOf(
  metadata: MetadataService,
  cluster: ClusterView,
  names: readonly string[],
  cursor: DescribeTopicPartitionsRequestCursor | null,
  limit: number,
): Pick<DescribeTopicPartitionsResponse, "topics" | "nextCursor"> {
  const topics: DescribeTopicPartitionsResponseTopic[] = [];
  let room = limit;
  for (const topicName of names) {
    if (room === 0) return { topics, nextCursor: { topicName, partitionIndex: 0 } };
    const topic = metadata.catalogue.topic(topicName);
    if (topic === undefined) {
      topics.push(
        failed(topicName, invalidTopicName(topicName) === null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION),
      );
      continue;
    }
    const from = topicName === cursor?.topicName ? cursor.partitionIndex : 0;
    const partitions = describe(metadata, cluster, topic, from, room);
    topics.push({ ...failed(topicName, ErrorCode.NONE), topicId: topic.id, partitions });
    if (from + partitions.length < topic.partitions.length) {
      return { topics, nextCursor: { topicName, partitionIndex: from + partitions.length } };
    }
    room -= partitions.length;
  }
  return { topics, nextCursor: null };
}

function describe(
  metadata: MetadataService,
  cluster: ClusterView,
  topic: TopicEntry,
  from: number,
  count: number,
): DescribeTopicPartitionsResponsePartition[] {
  return topic.partitions.slice(from, from + count).map((partition) => {
    const { elr, lastKnownElr } = partition;
    const described = describePartition(metadata, cluster, topic, partition);
    // Who has no leader is told so by its id here, and by an error only in Metadata.
    return { ...described, errorCode: ErrorCode.NONE, eligibleLeaderReplicas: [...elr], lastKnownElr: [...lastKnownElr] };
  });
}

function denied(context: RequestContext, names: readonly string[]): DescribeTopicPartitionsResponseTopic[] {
  return names.filter((name) => !context.authorize("Describe", "Topic", name)).map((name) => ({
    ...failed(name, ErrorCode.TOPIC_AUTHORIZATION_FAILED),
    isInternal: false,
  }));
}

function failed(name: string, errorCode: number): DescribeTopicPartitionsResponseTopic {
  return { errorCode, name, topicId: ZERO_UUID, isInternal: isInternal(name), partitions: [], topicAuthorizedOperations: NOT_ASKED };
}
