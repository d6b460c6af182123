import {
  type CreatableTopicConfigs,
  type CreatableTopicResult,
  CreateTopics,
  type CreateTopicsRequest,
  type CreateTopicsResponse,
} from "../../protocol/generated/19_create_topics.ts";
import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import { describeTopic } from "../config/describe.ts";
import type { DynamicBrokerConfig } from "../config/dynamic_broker_config.ts";
import { requireTime } from "../cluster_requests.ts";
import type { Handler, RequestContext } from "../handler.ts";
import type { Creation } from "../metadata/create_topics.ts";
import type { MetadataService } from "../metadata/service.ts";

/** Creates topics. Each has an outcome of its own; those that are created exist, and can be written, when the answer leaves. */
export function createTopics(
  metadata: MetadataService,
  broker: DynamicBrokerConfig,
): Handler<CreateTopicsRequest, CreateTopicsResponse> {
  return {
    api: CreateTopics,
    async handle(context, request) {
      requireTime(request.timeoutMs);
      const mayCreateAll = context.authorize("Create", "Cluster", "kafka-cluster");
      const allowed = request.topics.filter(({ name }) => mayCreateAll || context.authorize("Create", "Topic", name));
      const creations = await metadata.createTopics(allowed, request.validateOnly);
      const refusals = request.topics.filter((topic) => !allowed.includes(topic)).map(({ name }) =>
        refused(name, ErrorCode.TOPIC_AUTHORIZATION_FAILED, "Authorization failed.")
      );
      const results = creations.map((creation) => resultOf(context, creation, overridesOf(request, creation.name), broker));
      return { throttleTimeMs: 0, topics: [...refusals, ...results] };
    },
    fail: (request, code, message) => ({ throttleTimeMs: 0, topics: request.topics.map(({ name }) => refused(name, code, message)) }),
  };
}

function overridesOf(request: CreateTopicsRequest, name: string): Map<string, string> {
  const { configs } = request.topics.find((topic) => topic.name === name)!;
  return new Map(configs.flatMap(({ name, value }) => value === null ? [] : [[name, value]]));
}

function resultOf(
  context: RequestContext,
  creation: Creation,
  overrides: ReadonlyMap<string, string>,
  broker: DynamicBrokerConfig,
): CreatableTopicResult {
  const { name, errorCode, errorMessage, topicId, numPartitions, replicationFactor } = creation;
  if (errorCode !== ErrorCode.NONE) return refused(name, errorCode, errorMessage);
  if (!context.authorize("DescribeConfigs", "Topic", name)) {
    return { ...refused(name, ErrorCode.NONE, null), topicId, topicConfigErrorCode: ErrorCode.TOPIC_AUTHORIZATION_FAILED };
  }
  return { name, topicId, errorCode, errorMessage, numPartitions, replicationFactor, configs: describe(overrides, broker) };
}

/** The configuration that the topic has, default by default (KIP-525). */
function describe(overrides: ReadonlyMap<string, string>, broker: DynamicBrokerConfig): CreatableTopicConfigs[] {
  return describeTopic(overrides, broker).map(({ name, value, readOnly, origin, isSensitive }) => {
    return { name, value, readOnly, configSource: origin, isSensitive };
  });
}

function refused(name: string, errorCode: number, errorMessage: string | null): CreatableTopicResult {
  return { name, topicId: ZERO_UUID, errorCode, errorMessage, numPartitions: -1, replicationFactor: -1, configs: [] };
}
