import { ErrorCode } from "../../protocol/errors.ts";
import {
  ListConfigResources,
  type ListConfigResourcesRequest,
  type ListConfigResourcesResponse,
} from "../../protocol/generated/74_list_config_resources.ts";
import type { Handler } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import { type Catalogue, ConfigResourceType } from "../metadata/catalogue.ts";
import type { MetadataService } from "../metadata/service.ts";

/** In the order in which Kafka tells them. */
const { GROUP, CLIENT_METRICS, BROKER_LOGGER, BROKER, TOPIC } = ConfigResourceType;
const allTypes: readonly number[] = [GROUP, CLIENT_METRICS, BROKER_LOGGER, BROKER, TOPIC];

/** Lists what can be described: all topics and brokers, and the groups and subscriptions that have settings of their own (KIP-1000, KIP-1142). */
export function listConfigResources(
  metadata: Pick<MetadataService, "catalogue">,
  nodeIds: () => readonly number[],
): Handler<ListConfigResourcesRequest, ListConfigResourcesResponse> {
  return {
    api: ListConfigResources,
    handle(context, { resourceTypes }) {
      if (!context.authorize("DescribeConfigs", "Cluster", "kafka-cluster")) throw new KafkaError(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
      const known = context.apiVersion === 0 ? [CLIENT_METRICS] : allTypes;
      if (resourceTypes.some((type) => !known.includes(type))) throw new KafkaError(ErrorCode.UNSUPPORTED_VERSION);
      const asked = known.filter((type) => resourceTypes.length === 0 || resourceTypes.includes(type));
      const configResources = asked.flatMap((resourceType) =>
        namesOf(resourceType, metadata.catalogue, nodeIds()).map((resourceName) => ({ resourceName, resourceType }))
      );
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, configResources };
    },
    fail: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode, configResources: [] }),
  };
}

function namesOf(type: number, catalogue: Catalogue, nodeIds: readonly number[]): string[] {
  if (type === TOPIC) return Array.from(catalogue.topics(), ({ name }) => name);
  return type === BROKER || type === BROKER_LOGGER ? nodeIds.map(String) : catalogue.configured(type);
}
