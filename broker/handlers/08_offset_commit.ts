import { ErrorCode } from "../../protocol/errors.ts";
import {
  OffsetCommit,
  type OffsetCommitRequest,
  type OffsetCommitRequestTopic,
  type OffsetCommitResponse,
  type OffsetCommitResponseTopic,
} from "../../protocol/generated/08_offset_commit.ts";
import { callerOf } from "../coordinator/group/caller.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import type { TopicNames } from "../metadata/topic_lookup.ts";

/** A topic of a request, by name, and the outcome of each of its partitions that was settled before the group was asked. */
interface Checked {
  readonly topic: OffsetCommitRequestTopic;
  readonly errors: ReadonlyMap<number, number>;
}

/**
 * Stores how far a group has come. Versions 0 and 1 went out with Kafka 4.0; 2 to 4 may say how long to keep the offsets; 6 brings leader epochs,
 * 7 static members, 9 the error for a group that does not exist, 10 topic ids. Kafka: `KafkaApis.handleOffsetCommitRequest`.
 */
export function offsetCommit(groups: GroupService, topics: TopicNames): Handler<OffsetCommitRequest, OffsetCommitResponse> {
  return {
    api: OffsetCommit,
    async handle(context, request) {
      if (!context.authorize("Read", "Group", request.groupId)) throw new KafkaError(ErrorCode.GROUP_AUTHORIZATION_FAILED);
      const named = request.topics.filter(({ partitions }) => partitions.length > 0);
      const checked = named.map((topic) => check(context, topics, topic));
      const accepted = checked.filter(isAccepted).map(({ topic, errors }) => {
        return { ...topic, partitions: topic.partitions.filter(({ partitionIndex }) => !errors.has(partitionIndex)) };
      });
      if (accepted.length === 0) return { throttleTimeMs: 0, topics: checked.map((one) => outcome(one, undefined)) };
      const committed = await groups.commitOffsets(callerOf(context), { ...request, topics: accepted });
      let next = 0;
      const responses = checked.map((one) => outcome(one, isAccepted(one) ? committed[next++] : undefined));
      return { throttleTimeMs: 0, topics: responses };
    },
    fail(request, code) {
      const failed = request.topics.map(({ name, topicId, partitions }) => ({
        name,
        topicId,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: code })),
      }));
      return { throttleTimeMs: 0, topics: failed };
    },
  };
}

/** Finds the topic and says which of its partitions may not be committed to. */
function check(context: RequestContext, topics: TopicNames, asked: OffsetCommitRequestTopic): Checked {
  const byId = context.apiVersion >= 10;
  const entry = byId ? topics.topicById(asked.topicId) : topics.topic(asked.name);
  // The id is stored with every commit, by whatever the client named the topic, as by Kafka 4.3.
  const topic = { ...asked, name: entry?.name ?? asked.name, topicId: entry?.id ?? asked.topicId };
  const all = (code: number): Checked => ({ topic, errors: new Map(asked.partitions.map(({ partitionIndex }) => [partitionIndex, code])) });
  if (byId && entry === undefined) return all(ErrorCode.UNKNOWN_TOPIC_ID);
  if (!context.authorize("Read", "Topic", topic.name)) return all(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
  if (entry === undefined) return all(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  const errors = new Map<number, number>();
  for (const { partitionIndex } of asked.partitions) {
    if (entry.partitions[partitionIndex] === undefined) errors.set(partitionIndex, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  }
  return { topic, errors };
}

/** Whether the group is asked about any of its partitions; a partition may be named twice. */
function isAccepted({ topic, errors }: Checked): boolean {
  return topic.partitions.some(({ partitionIndex }) => !errors.has(partitionIndex));
}

/** What was settled before and what the group said, in the order of the request. */
function outcome({ topic, errors }: Checked, committed: OffsetCommitResponseTopic | undefined): OffsetCommitResponseTopic {
  let next = 0;
  const partitions = topic.partitions.map(({ partitionIndex }) => {
    const errorCode = errors.get(partitionIndex);
    return errorCode === undefined ? committed!.partitions[next++] : { partitionIndex, errorCode };
  });
  return { name: topic.name, topicId: topic.topicId, partitions };
}
