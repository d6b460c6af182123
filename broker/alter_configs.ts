import { ErrorCode, errorMessage } from "../protocol/errors.ts";
import type {
  IncrementalAlterConfigsResource,
  IncrementalAlterConfigsResourceResponse,
} from "../protocol/generated/44_incremental_alter_configs.ts";
import type { Logger } from "../platform/mod.ts";
import { configDenial, type ConfigResource, wrongBroker } from "./config_resource.ts";
import type { RequestContext } from "./handler.ts";
import { fitting } from "./kafka_error.ts";
import { ConfigOperation } from "./metadata/alter_configs.ts";
import { ConfigResourceType } from "./metadata/catalogue.ts";
import type { MetadataService } from "./metadata/service.ts";
import { loadPatterns } from "./pattern.ts";
import { alterRootLogger } from "./root_logger.ts";

/** Whose configurations are altered. */
export interface ConfigAdmin {
  readonly logger: Pick<Logger, "level">;
  readonly metadata: Pick<MetadataService, "alterConfigs">;
}

/** How AlterConfigs and IncrementalAlterConfigs differ, and what both may ask. */
export interface AlterConfigsOptions {
  /** Settings that are not named are deleted: AlterConfigs. */
  readonly replace: boolean;
  readonly validateOnly: boolean;
}

/** What both do in another way. */
export const ALTER_CONFIGS_GAPS: readonly string[] = [
  "the broker's listeners, metric reporters and principal builder stay as they are: to change them is refused with INVALID_REQUEST",
  "settings of a single listener are kept and told, and have no effect",
  "the only logger is `root`",
];

/**
 * Alters what can be altered. Each resource has an outcome of its own, in the order of the request; of the settings of one, all are altered or
 * none. Kafka: `ConfigAdminManager.preprocess`, and `ControllerApis` behind it.
 */
export async function alterConfigs(
  { logger, metadata }: ConfigAdmin,
  context: RequestContext,
  resources: readonly IncrementalAlterConfigsResource[],
  { replace, validateOnly }: AlterConfigsOptions,
): Promise<IncrementalAlterConfigsResourceResponse[]> {
  const times = new Map<string, number>();
  for (const resource of resources) times.set(nameOf(resource), (times.get(nameOf(resource)) ?? 0) + 1);
  const outcomes = resources.map((resource) => {
    if (times.get(nameOf(resource))! > 1) return refused("A resource can be named once only.");
    const problem = malformed(resource, context.connection.nodeId, replace) ?? denied(context, resource);
    if (problem !== null || resource.resourceType !== ConfigResourceType.BROKER_LOGGER) return problem;
    return alterRootLogger(logger, resource.configs, validateOnly) ?? done;
  });
  if (resources.some(({ resourceType }) => resourceType === ConfigResourceType.CLIENT_METRICS)) await loadPatterns();
  const alterations = resources.filter((_, index) => outcomes[index] === null).map((resource) => ({ ...resource, replace }));
  const altered = (await metadata.alterConfigs(alterations, validateOnly)).values();
  return resources.map((resource, index) => alterConfigsResult(resource, outcomes[index] ?? altered.next().value!));
}

/** The outcome of a resource as both APIs tell it. */
export function alterConfigsResult(
  { resourceType, resourceName }: ConfigResource,
  { errorCode, errorMessage }: Outcome,
): IncrementalAlterConfigsResourceResponse {
  return { errorCode, errorMessage, resourceType, resourceName };
}

interface Outcome {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

const done: Outcome = { errorCode: ErrorCode.NONE, errorMessage: null };

function nameOf({ resourceType, resourceName }: ConfigResource): string {
  return `${resourceType} ${resourceName}`;
}

const types: readonly number[] = Object.values(ConfigResourceType);
/** Kafka does not take the loggers into the older API, which had them not. */
const replaceableTypes = types.filter((type) => type !== ConfigResourceType.BROKER_LOGGER);
const operations: readonly number[] = Object.values(ConfigOperation);

/** What is wrong with the request itself, or null. */
function malformed(
  { resourceType, resourceName, configs }: IncrementalAlterConfigsResource,
  nodeId: number,
  replace: boolean,
): Outcome | null {
  if (new Set(configs.map(({ name }) => name)).size < configs.length) return refused("A setting can be named once only.");
  const empty = configs.filter(({ configOperation, value }) => value === null && configOperation !== ConfigOperation.DELETE);
  if (empty.length > 0) return refused(`There must be a value: ${empty.map(({ name }) => name).join(", ")}`);
  if (!(replace ? replaceableTypes : types).includes(resourceType)) return refused(`There is no resource type ${resourceType}.`);
  const unknown = configs.find(({ configOperation }) => !operations.includes(configOperation));
  if (unknown !== undefined) return refused(`There is no operation ${unknown.configOperation}.`);
  const ofOneBroker = resourceType === ConfigResourceType.BROKER_LOGGER ||
    (resourceType === ConfigResourceType.BROKER && resourceName !== "");
  const wrong = ofOneBroker ? wrongBroker(resourceName, nodeId) : null;
  return wrong === null ? null : refused(wrong);
}

function denied(context: RequestContext, resource: ConfigResource): Outcome | null {
  const errorCode = configDenial(context, "AlterConfigs", resource);
  return errorCode === ErrorCode.NONE ? null : { errorCode, errorMessage: errorMessage(errorCode) };
}

function refused(message: string): Outcome {
  return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: fitting(message) };
}
