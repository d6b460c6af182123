import { ErrorCode } from "../protocol/errors.ts";
import type { Operation, RequestContext } from "./handler.ts";
import type { Partition, Partitions } from "./partitions.ts";

/** How a request names a topic: by id where its version does so (KIP-516), else by name. */
export interface TopicReference {
  readonly name: string;
  readonly topicId: string;
  readonly byId: boolean;
}

/** The partition that a request names, or the code of the error that keeps it from it. Who may not touch a topic does not learn whether it exists. */
export function lookUp(
  partitions: Partitions,
  context: RequestContext,
  operation: Operation,
  topic: TopicReference,
  index: number,
): Partition | ErrorCode {
  if (!topic.byId) {
    return context.authorize(operation, "Topic", topic.name) ? partitions.find(topic.name, index) : ErrorCode.TOPIC_AUTHORIZATION_FAILED;
  }
  const found = partitions.findById(topic.topicId, index);
  if (typeof found === "number" || context.authorize(operation, "Topic", found.topic)) return found;
  return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
}
