import { ErrorCode } from "../../protocol/errors.ts";
import type { Refusal } from "../kafka_error.ts";
import type { ConfigRules } from "../metadata/alter_configs.ts";
import { ConfigResourceType } from "../metadata/catalogue.ts";
import { brokerConfig } from "./broker.ts";
import { invalidBroker } from "./broker_alteration.ts";
import { invalidClientMetrics } from "./client_metrics.ts";
import type { DynamicBrokerConfig } from "./dynamic_broker_config.ts";
import { invalidGroup } from "./group.ts";
import type { Rows } from "./row.ts";
import { invalidTopicConfigs, topicConfig } from "./topic.ts";

/** Of which resources settings can be appended to: Kafka's controller knows no lists of groups and client metrics (`KafkaRaftServer.configSchema`). */
const withLists: Readonly<Record<number, Rows>> = {
  [ConfigResourceType.TOPIC]: topicConfig,
  [ConfigResourceType.BROKER]: brokerConfig,
};

/** What settings of all kinds of resources are measured by. Kafka: `ControllerConfigurationValidator`, and `ConfigAdminManager` before it. */
export function configRules(broker: DynamicBrokerConfig): ConfigRules {
  return {
    problemOf(resourceType, resourceName, configs) {
      switch (resourceType) {
        case ConfigResourceType.BROKER:
          // Kafka means a wrong configuration and says a wrong request (KAFKA-13609).
          return problem(ErrorCode.INVALID_REQUEST, invalidBroker(configs, resourceName !== "", broker)) ??
            problem(ErrorCode.INVALID_CONFIG, invalidMinIsr(configs, resourceName !== ""));
        case ConfigResourceType.GROUP:
          return invalidGroup(resourceName, configs, broker.values);
        case ConfigResourceType.CLIENT_METRICS:
          return invalidClientMetrics(resourceName, configs);
        default:
          return problem(ErrorCode.INVALID_CONFIG, invalidTopicConfigs(configs));
      }
    },
    listDefault(resourceType, name) {
      const rows = withLists[resourceType] ?? {};
      if (!Object.hasOwn(rows, name) || rows[name].type !== "LIST") return null;
      return rows[name].initial ?? "";
    },
  };
}

/** One number counts for the whole cluster, and there always is one: Kafka's eligible leader replicas need that (KIP-966). */
function invalidMinIsr(configs: ReadonlyMap<string, string>, own: boolean): string | null {
  if (configs.has("min.insync.replicas") !== own) return null;
  return own ? "min.insync.replicas is set for all brokers, not for one" : "min.insync.replicas of all brokers can be changed, not removed";
}

function problem(errorCode: number, errorMessage: string | null): Refusal | null {
  return errorMessage === null ? null : { errorCode, errorMessage };
}
