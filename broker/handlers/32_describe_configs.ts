import { ErrorCode, errorMessage } from "../../protocol/errors.ts";
import {
  DescribeConfigs,
  type DescribeConfigsRequest,
  type DescribeConfigsResource,
  type DescribeConfigsResourceResult,
  type DescribeConfigsResponse,
  type DescribeConfigsResult,
} from "../../protocol/generated/32_describe_configs.ts";
import type { Logger } from "../../platform/mod.ts";
import {
  ConfigOrigin,
  describeBroker,
  describeBrokers,
  describeClientMetrics,
  type DescribedConfig,
  describeGroup,
  describeTopic,
} from "../config/describe.ts";
import type { DynamicBrokerConfig } from "../config/dynamic_broker_config.ts";
import { configDenial, wrongBroker } from "../config_resource.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { fitting, KafkaError } from "../kafka_error.ts";
import { ConfigResourceType } from "../metadata/catalogue.ts";
import { invalidTopicName } from "../metadata/topic_names.ts";
import { describeRootLogger } from "../root_logger.ts";

/** What DescribeConfigs tells of. */
export interface ConfigSource {
  readonly logger: Pick<Logger, "level">;
  /** The properties of a node. */
  broker(nodeId: number): DynamicBrokerConfig;
  /** The overrides of a topic, or null when there is none of that name. */
  topicOverrides(topic: string): ReadonlyMap<string, string> | null;
  /** What was set of another resource. */
  overrides(resourceType: number, name: string): ReadonlyMap<string, string>;
}

/** Lists the properties of topics, the broker, its logger, groups and client metrics subscriptions (KIP-133, KIP-226, KIP-569, KIP-714). One resource that fails does not fail the others. */
export function describeConfigs(source: ConfigSource): Handler<DescribeConfigsRequest, DescribeConfigsResponse> {
  return {
    api: DescribeConfigs,
    gaps: ["a server.properties' settings of plug-ins and single listeners are not listed"],
    handle(context, request) {
      const types: readonly number[] = Object.values(ConfigResourceType);
      // One resource of a type that Kafka has not spoils the request, as there.
      if (request.resources.some(({ resourceType }) => !types.includes(resourceType))) throw new KafkaError(ErrorCode.INVALID_REQUEST);
      return { throttleTimeMs: 0, results: request.resources.map((resource) => describe(source, context, request, resource)) };
    },
    fail: (request, code, message) => ({
      throttleTimeMs: 0,
      results: request.resources.map((resource) => result(resource, code, message ?? errorMessage(code), [])),
    }),
  };
}

function describe(
  source: ConfigSource,
  context: RequestContext,
  request: DescribeConfigsRequest,
  resource: DescribeConfigsResource,
): DescribeConfigsResult {
  const denied = configDenial(context, "DescribeConfigs", resource);
  if (denied !== ErrorCode.NONE) return result(resource, denied, errorMessage(denied), []);
  const configs = resourceConfigs(source, resource, context.connection.nodeId);
  if (!Array.isArray(configs)) return result(resource, configs.code, fitting(configs.message), []);
  const { configurationKeys: keys } = resource;
  const asked = keys === null || keys.length === 0 ? configs : configs.filter(({ name }) => keys.includes(name));
  // Kafka leaves the message empty where others send null.
  return result(resource, ErrorCode.NONE, "", asked.map((config) => entry(config, request)));
}

interface Refusal {
  readonly code: number;
  readonly message: string;
}

/** As the node `nodeId` tells them, which is the one that was asked: a broker knows its own settings only. */
function resourceConfigs(
  source: ConfigSource,
  { resourceType, resourceName: name }: DescribeConfigsResource,
  nodeId: number,
): DescribedConfig[] | Refusal {
  const broker = source.broker(nodeId);
  switch (resourceType) {
    case ConfigResourceType.TOPIC: {
      const invalid = invalidTopicName(name);
      if (invalid !== null) return { code: ErrorCode.INVALID_TOPIC_EXCEPTION, message: `Topic name is invalid: ${invalid}` };
      const overrides = source.topicOverrides(name);
      return overrides === null ? { code: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, message: "" } : describeTopic(overrides, broker);
    }
    case ConfigResourceType.BROKER:
      if (name === "") return describeBrokers(broker);
      return wrongNode(nodeId, name, " or empty string,") ?? describeBroker(broker);
    case ConfigResourceType.BROKER_LOGGER:
      if (name === "") return refused("Broker id must not be empty");
      return wrongNode(nodeId, name) ?? [describeRootLogger(source.logger)];
    case ConfigResourceType.GROUP:
      return name === "" ? refused("Group name must not be empty") : describeGroup(source.overrides(resourceType, name), broker);
    default:
      if (name === "") return refused("Client metrics subscription name must not be empty");
      return describeClientMetrics(source.overrides(resourceType, name));
  }
}

function wrongNode(nodeId: number, name: string, orElse?: string): Refusal | null {
  const wrong = wrongBroker(name, nodeId, orElse);
  return wrong === null ? null : refused(wrong);
}

function refused(message: string): Refusal {
  return { code: ErrorCode.INVALID_REQUEST, message };
}

function entry(config: DescribedConfig, request: DescribeConfigsRequest): DescribeConfigsResourceResult {
  const { name, value, readOnly, isSensitive, origin, type } = config;
  return {
    name,
    value,
    readOnly,
    configSource: origin,
    isSensitive,
    synonyms: request.includeSynonyms ? [...config.synonyms] : [],
    configType: type,
    // A logger has none, which is said whether or not it is asked for, as by Kafka.
    documentation: request.includeDocumentation || origin === ConfigOrigin.BROKER_LOGGER ? config.doc : null,
  };
}

function result(
  { resourceType, resourceName }: DescribeConfigsResource,
  errorCode: number,
  errorMessage: string,
  configs: DescribeConfigsResourceResult[],
): DescribeConfigsResult {
  return { errorCode, errorMessage, resourceType, resourceName, configs };
}
