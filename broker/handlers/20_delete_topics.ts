import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import {
  type DeletableTopicResult,
  DeleteTopics,
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
} from "../../protocol/generated/20_delete_topics.ts";
import { requireTime } from "../cluster_requests.ts";
import type { Handler, RequestContext } from "../handler.ts";
import type { TopicEntry } from "../metadata/catalogue.ts";
import type { MetadataService } from "../metadata/service.ts";

/** A topic to delete: by name, or by id (from version 6 on). */
interface Target {
  readonly name: string | null;
  readonly topicId: string;
}

/** Deletes topics and their files. Kafka: `ControllerApis.deleteTopics`. */
export function deleteTopics(metadata: MetadataService, enabled: boolean): Handler<DeleteTopicsRequest, DeleteTopicsResponse> {
  return {
    api: DeleteTopics,
    async handle(context, request) {
      requireTime(request.timeoutMs);
      const targets = targetsOf(request);
      if (!enabled) {
        const code = context.apiVersion < 3 ? ErrorCode.INVALID_REQUEST : ErrorCode.TOPIC_DELETION_DISABLED;
        return { throttleTimeMs: 0, responses: targets.map((target) => result(target, code)) };
      }
      const deleted: TopicEntry[] = [];
      // Who names a topic twice is told so once.
      const distinct = new Map(targets.map((target) => [`${target.name} ${target.topicId}`, target]));
      const find = ({ name, topicId }: Target) => name === null ? metadata.catalogue.topicById(topicId) : metadata.catalogue.topic(name);
      const named = new Set(targets.flatMap((target) => target.name === null ? [] : find(target)?.id ?? []));
      const responses = [...distinct.values()].flatMap((target) => {
        const outcome = decide(context, targets, target, find(target));
        // Nothing is deleted that is named by its name too; the answer to that tells of both.
        if (target.name === null && outcome.errorCode === ErrorCode.NONE && named.has(target.topicId)) return [];
        if (outcome.errorCode === ErrorCode.NONE) deleted.push(find(target)!);
        return [outcome];
      });
      await metadata.deleteTopics(deleted);
      return { throttleTimeMs: 0, responses };
    },
    fail: (request, code, message) => ({ throttleTimeMs: 0, responses: targetsOf(request).map((target) => result(target, code, message)) }),
  };
}

function targetsOf(request: DeleteTopicsRequest): Target[] {
  return [...request.topicNames.map((name) => ({ name, topicId: ZERO_UUID })), ...request.topics];
}

function decide(context: RequestContext, targets: readonly Target[], target: Target, topic: TopicEntry | undefined): DeletableTopicResult {
  const { name, topicId } = target;
  if (name === null && topicId === ZERO_UUID) return result(target, ErrorCode.INVALID_REQUEST, "Neither topic name nor id were specified.");
  if (name !== null && topicId !== ZERO_UUID) {
    return result(target, ErrorCode.INVALID_REQUEST, "You may not specify both topic name and topic id.");
  }
  const same = targets.filter((other) => name === null ? other.topicId === topicId : other.name === name);
  if (same.length > 1) return result(target, ErrorCode.INVALID_REQUEST, `Duplicate topic ${name === null ? "id" : "name"}.`);
  if (topic === undefined) {
    const [code, message] = name === null
      ? [ErrorCode.UNKNOWN_TOPIC_ID, "This server does not host this topic ID."]
      : [ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition."];
    return result(target, code, message);
  }
  if (name !== null && targets.some((other) => other.name === null && other.topicId === topic.id)) {
    return result(
      { name, topicId: topic.id },
      ErrorCode.INVALID_REQUEST,
      "The provided topic name maps to an ID that was already supplied.",
    );
  }
  // Who may not see a topic is not told its name.
  if (!context.authorize("Describe", "Topic", topic.name)) return result(target, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
  const known = { name: topic.name, topicId: topic.id };
  return result(known, context.authorize("Delete", "Topic", topic.name) ? ErrorCode.NONE : ErrorCode.TOPIC_AUTHORIZATION_FAILED);
}

function result({ name, topicId }: Target, errorCode: number, errorMessage: string | null = null): DeletableTopicResult {
  return { name, topicId, errorCode, errorMessage };
}
