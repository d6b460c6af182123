import { ApiVersions } from "../../../protocol/generated/18_api_versions.ts";
import { DescribeConfigs } from "../../../protocol/generated/32_describe_configs.ts";
import {
  AlterConfigs,
  type AlterConfigsRequest,
  type AlterConfigsResource,
  type AlterConfigsResourceResponse,
} from "../../../protocol/generated/33_alter_configs.ts";
import {
  IncrementalAlterConfigs,
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResource,
} from "../../../protocol/generated/44_incremental_alter_configs.ts";
import { DescribeClientQuotas } from "../../../protocol/generated/48_describe_client_quotas.ts";
import { AlterClientQuotas } from "../../../protocol/generated/49_alter_client_quotas.ts";
import { DescribeUserScramCredentials } from "../../../protocol/generated/50_describe_user_scram_credentials.ts";
import { GetTelemetrySubscriptions } from "../../../protocol/generated/71_get_telemetry_subscriptions.ts";
import { PushTelemetry } from "../../../protocol/generated/72_push_telemetry.ts";
import { ListConfigResources } from "../../../protocol/generated/74_list_config_resources.ts";
import { AlterReplicaLogDirs } from "../../../protocol/generated/34_alter_replica_log_dirs.ts";
import { DescribeLogDirs } from "../../../protocol/generated/35_describe_log_dirs.ts";
import { DescribeQuorum } from "../../../protocol/generated/55_describe_quorum.ts";
import { UpdateFeatures } from "../../../protocol/generated/57_update_features.ts";
import { UnregisterBroker } from "../../../protocol/generated/64_unregister_broker.ts";
import { AddRaftVoter } from "../../../protocol/generated/80_add_raft_voter.ts";
import { RemoveRaftVoter } from "../../../protocol/generated/81_remove_raft_voter.ts";
import { DescribeCluster } from "../../../protocol/generated/60_describe_cluster.ts";
import { ZERO_UUID } from "../../../protocol/mod.ts";
import { list, many, partitions, row, unlessFailed } from "./row.ts";

/** Kafka's `ConfigResource.Type`. */
const resourceTypes: Readonly<Record<number, string>> = {
  2: "topic",
  4: "broker",
  8: "logger of broker",
  16: "client metrics",
  32: "group",
};

/** What is asked of the broker and the cluster. */
export const clusterRows = [
  row({
    api: ApiVersions,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ clientSoftwareName, clientSoftwareVersion }) => `${clientSoftwareName} ${clientSoftwareVersion}`.trim(),
    answered: ({ errorCode, apiKeys }) => unlessFailed(errorCode, many(apiKeys.length, "API")),
  }),
  row({
    api: DescribeConfigs,
    errors: ({ results }, count) => results.forEach(({ errorCode }) => count(errorCode)),
    asked: ({ resources }) => list(resources, ({ resourceType, resourceName }) => resourceOf(resourceType, resourceName)),
    answered: ({ results }) =>
      list(
        results,
        ({ errorCode, resourceType, resourceName, configs }) =>
          `${resourceOf(resourceType, resourceName)} ${unlessFailed(errorCode, `${configs.length} configurations`)}`,
      ),
  }),
  row({
    api: AlterConfigs,
    errors: ({ responses }, count) => responses.forEach(({ errorCode }) => count(errorCode)),
    asked: altering,
    answered: ({ responses }) => altered(responses),
  }),
  row({
    api: IncrementalAlterConfigs,
    errors: ({ responses }, count) => responses.forEach(({ errorCode }) => count(errorCode)),
    asked: altering,
    answered: ({ responses }) => altered(responses),
  }),
  row({
    api: DescribeClientQuotas,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ components, strict }) => `${strict ? "strictly " : ""}${list(components, ({ entityType }) => entityType) || "all"}`,
    answered: ({ errorCode, entries }) => unlessFailed(errorCode, entries?.length === 1 ? "1 entity" : `${entries?.length ?? 0} entities`),
  }),
  row({
    api: AlterClientQuotas,
    errors: ({ entries }, count) => entries.forEach(({ errorCode }) => count(errorCode)),
    asked: ({ entries, validateOnly }) => {
      const told = list(entries, ({ entity, ops }) => `${entityOf(entity)}: ${list(ops, ({ key }) => key)}`);
      return `${validateOnly ? "only to validate: " : ""}${told}`;
    },
    answered: ({ entries }) => list(entries, ({ errorCode, entity }) => `${entityOf(entity)} ${unlessFailed(errorCode, "altered")}`),
  }),
  row({
    api: DescribeUserScramCredentials,
    errors({ errorCode, results }, count) {
      count(errorCode);
      for (const { errorCode } of results) count(errorCode);
    },
    asked: ({ users }) => list(users ?? [], ({ name }) => name) || "all users",
    answered: ({ errorCode, results }) => unlessFailed(errorCode, many(results.length, "user")),
  }),
  row({
    api: GetTelemetrySubscriptions,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ clientInstanceId }) => clientInstanceId === ZERO_UUID ? "a new client" : `client ${clientInstanceId}`,
    answered: ({ errorCode, clientInstanceId, requestedMetrics, pushIntervalMs }) =>
      unlessFailed(
        errorCode,
        `client ${clientInstanceId}: ${list(requestedMetrics, (name) => name) || "nothing"} every ${pushIntervalMs} ms`,
      ),
  }),
  row({
    api: PushTelemetry,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ clientInstanceId, metrics, terminating }) =>
      `client ${clientInstanceId}: ${many(metrics.length, "byte")}${terminating ? ", its last" : ""}`,
    answered: ({ errorCode }) => unlessFailed(errorCode, "taken"),
  }),
  row({
    api: ListConfigResources,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ resourceTypes }) => list(resourceTypes, (type) => resourceTypeOf(type)),
    answered: ({ errorCode, configResources }) => unlessFailed(errorCode, many(configResources.length, "resource")),
  }),
  row({
    api: DescribeCluster,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: () => "",
    answered: ({ errorCode, brokers, controllerId }) =>
      unlessFailed(errorCode, `${many(brokers.length, "broker")}, controller ${controllerId}`),
  }),
  row({
    api: AlterReplicaLogDirs,
    errors: ({ results }, count) => results.forEach(({ partitions }) => partitions.forEach(({ errorCode }) => count(errorCode))),
    asked: ({ dirs }, topics) =>
      list(dirs, ({ path, topics: moved }) => `${partitions(moved, (topic) => topic.partitions, String, topics)} to ${path}`),
    answered: ({ results }, topics) =>
      partitions(
        results.map(({ topicName: name, partitions }) => ({ name, partitions })),
        (topic) => topic.partitions,
        ({ partitionIndex, errorCode }) => `${partitionIndex} ${unlessFailed(errorCode, "is there")}`,
        topics,
      ),
  }),
  row({
    api: DescribeLogDirs,
    errors({ errorCode, results }, count) {
      count(errorCode);
      results.forEach((directory) => count(directory.errorCode));
    },
    asked: ({ topics: asked }, topics) =>
      asked === null
        ? "all partitions"
        : partitions(asked.map(({ topic: name, partitions }) => ({ name, partitions })), (topic) => topic.partitions, String, topics),
    answered: ({ errorCode, results }) =>
      unlessFailed(
        errorCode,
        list(results, (directory) => `${directory.logDir} ${unlessFailed(directory.errorCode, many(directory.topics.length, "topic"))}`),
      ),
  }),
  row({
    api: DescribeQuorum,
    errors({ errorCode, topics }, count) {
      count(errorCode);
      topics.forEach(({ partitions }) => partitions.forEach((partition) => count(partition.errorCode)));
    },
    asked: ({ topics: asked }, topics) =>
      partitions(
        asked.map(({ topicName: name, partitions }) => ({ name, partitions })),
        (topic) => topic.partitions,
        ({ partitionIndex }) => String(partitionIndex),
        topics,
      ),
    answered: ({ errorCode, topics: answered }, topics) =>
      unlessFailed(
        errorCode,
        partitions(
          answered.map(({ topicName: name, partitions }) => ({ name, partitions })),
          (topic) => topic.partitions,
          ({ partitionIndex, errorCode, leaderId }) => `${partitionIndex} ${unlessFailed(errorCode, `led by ${leaderId}`)}`,
          topics,
        ),
      ),
  }),
  row({
    api: UpdateFeatures,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ featureUpdates, validateOnly }) =>
      `${validateOnly ? "only to validate: " : ""}${
        list(featureUpdates, ({ feature, maxVersionLevel }) => `${feature} to ${maxVersionLevel}`)
      }`,
    answered: ({ errorCode }) => unlessFailed(errorCode, "updated"),
  }),
  row({
    api: UnregisterBroker,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ brokerId }) => `broker ${brokerId}`,
    answered: ({ errorCode }) => unlessFailed(errorCode, "forgotten"),
  }),
  row({
    api: AddRaftVoter,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ voterId, voterDirectoryId }) => `voter ${voterId} with directory ${voterDirectoryId}`,
    answered: ({ errorCode }) => unlessFailed(errorCode, "added"),
  }),
  row({
    api: RemoveRaftVoter,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ voterId, voterDirectoryId }) => `voter ${voterId} with directory ${voterDirectoryId}`,
    answered: ({ errorCode }) => unlessFailed(errorCode, "removed"),
  }),
];

function resourceTypeOf(type: number): string {
  return resourceTypes[type] ?? `resource of type ${type}`;
}

function resourceOf(type: number, name: string): string {
  return `${resourceTypeOf(type)} ${name}`;
}

/** Whom a quota is for. */
function entityOf(entity: readonly { entityType: string; entityName: string | null }[]): string {
  return entity.map(({ entityType, entityName }) => `${entityType} ${entityName ?? "by default"}`).join(" and ");
}

/** What both APIs that alter configurations ask: names, no values. */
function altering({ resources, validateOnly }: AlterConfigsRequest | IncrementalAlterConfigsRequest): string {
  const told = list<AlterConfigsResource | IncrementalAlterConfigsResource>(
    resources,
    ({ resourceType, resourceName, configs }) =>
      `${resourceOf(resourceType, resourceName)}: ${list<{ name: string }>(configs, ({ name }) => name)}`,
  );
  return `${validateOnly ? "only to validate: " : ""}${told}`;
}

function altered(responses: readonly AlterConfigsResourceResponse[]): string {
  return list(
    responses,
    ({ errorCode, resourceType, resourceName }) => `${resourceOf(resourceType, resourceName)} ${unlessFailed(errorCode, "altered")}`,
  );
}
