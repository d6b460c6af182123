import { ErrorCode } from "../../protocol/errors.ts";
import {
  OffsetDelete,
  type OffsetDeleteRequest,
  type OffsetDeleteRequestTopic,
  type OffsetDeleteResponse,
} from "../../protocol/generated/47_offset_delete.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import type { TopicNames } from "../metadata/topic_lookup.ts";

/**
 * Deletes what a group has committed for partitions. Topics that its consumers subscribe to are refused one by one; an error of the group as a
 * whole comes without topics. Kafka: `KafkaApis.handleOffsetDeleteRequest`.
 */
export function offsetDelete(groups: GroupService, topics: TopicNames): Handler<OffsetDeleteRequest, OffsetDeleteResponse> {
  return {
    api: OffsetDelete,
    async handle(context, request) {
      if (!context.authorize("Delete", "Group", request.groupId)) throw new KafkaError(ErrorCode.GROUP_AUTHORIZATION_FAILED);
      // A topic that is there is not answered for where nothing is asked of it, one that is not there is.
      const named = request.topics.filter(({ name, partitions }) => partitions.length > 0 || topics.topic(name) === undefined);
      const errors = named.map((topic) => check(context, topics, topic));
      const accepted = named.map((topic, index) => ({
        ...topic,
        partitions: topic.partitions.filter(({ partitionIndex }) => !errors[index].has(partitionIndex)),
      }));
      const deleted = await groups.deleteOffsets(request.groupId, accepted);
      const responses = named.map(({ name, partitions }, index) => {
        const outcomes = deleted[index].partitions.values();
        return {
          name,
          partitions: partitions.map(({ partitionIndex }) => {
            const errorCode = errors[index].get(partitionIndex);
            return errorCode === undefined ? outcomes.next().value! : { partitionIndex, errorCode };
          }),
        };
      });
      return { errorCode: ErrorCode.NONE, throttleTimeMs: 0, topics: responses };
    },
    fail: (_request, code) => ({ errorCode: code, throttleTimeMs: 0, topics: [] }),
  };
}

/** The partitions of a topic whose outcome is settled before the group is asked. */
function check(context: RequestContext, topics: TopicNames, { name, partitions }: OffsetDeleteRequestTopic): Map<number, number> {
  const entry = topics.topic(name);
  const errors = new Map<number, number>();
  for (const { partitionIndex } of partitions) {
    if (!context.authorize("Read", "Topic", name)) errors.set(partitionIndex, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    else if (entry?.partitions[partitionIndex] === undefined) errors.set(partitionIndex, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  }
  return errors;
}
