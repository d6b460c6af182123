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
import { DescribeCluster } from "../../../protocol/generated/60_describe_cluster.ts";
import { list, many, row, unlessFailed } from "./row.ts";

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
    api: DescribeCluster,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: () => "",
    answered: ({ errorCode, brokers, controllerId }) =>
      unlessFailed(errorCode, `${many(brokers.length, "broker")}, controller ${controllerId}`),
  }),
];

function resourceOf(type: number, name: string): string {
  return `${resourceTypes[type] ?? `resource of type ${type}`} ${name}`;
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
