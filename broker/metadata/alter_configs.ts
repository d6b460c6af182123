import { ErrorCode } from "../../protocol/errors.ts";
import type { IncrementalAlterableConfig } from "../../protocol/generated/44_incremental_alter_configs.ts";
import { fitting, type Refusal } from "../kafka_error.ts";
import { type Catalogue, ConfigResourceType } from "./catalogue.ts";
import { hasEligibleLeaders } from "./features.ts";
import type { MetadataRecord } from "./records.ts";
import { invalidTopicName } from "./topic_names.ts";

/** What can be done to a setting. Kafka: `AlterConfigOp.OpType`. */
export const ConfigOperation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const;

/** What is to become of the settings of a topic, the broker, all brokers (a broker without a name), a group or a client metrics subscription. */
export interface Alteration {
  readonly resourceType: number;
  readonly resourceName: string;
  /** Each setting once; values are null only to delete. */
  readonly configs: readonly IncrementalAlterableConfig[];
  /** Settings that are not named are deleted: AlterConfigs. */
  readonly replace: boolean;
}

/** What settings are measured by. */
export interface ConfigRules {
  /** Why these cannot be all the settings of a resource, or null. */
  readonly problemOf: (resourceType: number, resourceName: string, configs: ReadonlyMap<string, string>) => Refusal | null;
  /** The default of a setting that is a list, as text; null for what cannot be appended to. */
  readonly listDefault: (resourceType: number, name: string) => string | null;
}

/** The outcome for one resource of a request. */
export interface AlterationOutcome {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly records: readonly MetadataRecord[];
}

/** The longest value in characters, as in Kafka: what is appended to a list need not fit into a string any more. */
const MAX_VALUE_LENGTH = 0x7fff;

/** Decides what becomes of a resource's settings: all that is asked, or nothing. Kafka: `ConfigurationControlManager`. */
export function decideAlteration(catalogue: Catalogue, alteration: Alteration, rules: ConfigRules): AlterationOutcome {
  const { resourceType, resourceName, configs, replace } = alteration;
  const before = catalogue.configs(resourceType, resourceName);
  const after = new Map(replace ? [] : before);
  for (const config of configs) {
    const { name } = config;
    const list = rules.listDefault(resourceType, name);
    if (isListOperation(config) && list === null) return refuse(ErrorCode.INVALID_CONFIG, `${name} is not a list.`);
    // Kafka counts from its own default here, whatever the broker's properties say.
    const value = altered(config, after.get(name) ?? list ?? "");
    if (value === null) after.delete(name);
    else after.set(name, value);
  }
  const names = new Set([...before.keys(), ...after.keys()]);
  const changes = [...names].flatMap((name) => {
    const value = after.get(name) ?? null;
    return value === (before.get(name) ?? null) ? [] : [{ name, value }];
  });
  if (changes.some(({ value }) => value !== null && value.length > MAX_VALUE_LENGTH)) {
    return refuse(ErrorCode.INVALID_CONFIG, `A value is longer than ${MAX_VALUE_LENGTH} characters.`);
  }
  return refusal(catalogue, alteration, after, rules) ?? {
    errorCode: ErrorCode.NONE,
    errorMessage: null,
    records: changes.map((change) => ({ type: "ConfigRecord", data: { resourceType, resourceName, ...change } })),
  };
}

/**
 * What follows from altered settings for who may be elected: nobody who is not in sync, where another number of replicas is needed (KIP-966). Kafka:
 * `ConfigurationControlManager.createClearElrRecordsAsNeeded`.
 */
export function clearedElrs(catalogue: Catalogue, records: readonly MetadataRecord[]): MetadataRecord[] {
  if (!hasEligibleLeaders(catalogue)) return [];
  return records.flatMap(({ type, data }): MetadataRecord[] => {
    if (type !== "ConfigRecord" || data.name !== "min.insync.replicas") return [];
    return [{ type: "ClearElrRecord", data: { topicName: data.resourceType === ConfigResourceType.TOPIC ? data.resourceName : "" } }];
  });
}

function isListOperation({ configOperation }: IncrementalAlterableConfig): boolean {
  return configOperation === ConfigOperation.APPEND || configOperation === ConfigOperation.SUBTRACT;
}

/** What becomes of a setting; null: it is deleted. `list` is what can be appended to or subtracted from. */
function altered({ configOperation, value }: IncrementalAlterableConfig, list: string): string | null {
  if (configOperation === ConfigOperation.DELETE) return null;
  if (configOperation === ConfigOperation.SET) return value;
  const elements = list.split(",").filter((element) => element !== "");
  return (configOperation === ConfigOperation.APPEND ? appended(elements, split(value!)) : subtracted(elements, split(value!))).join(",");
}

/** What is there already is not there twice. */
function appended(elements: readonly string[], more: readonly string[]): string[] {
  const present = new Set(elements);
  return [...elements, ...new Set(more.filter((element) => !present.has(element)))];
}

/** Each of `less` takes away one of its kind, the first that is there. */
function subtracted(elements: readonly string[], less: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const element of less) times.set(element, (times.get(element) ?? 0) + 1);
  return elements.filter((element) => {
    const left = times.get(element) ?? 0;
    times.set(element, left - 1);
    return left <= 0;
  });
}

/** As Java's `split` does, which leaves out what is empty at the end, but for an empty text. */
function split(text: string): string[] {
  const parts = text.split(",");
  while (text !== "" && parts.at(-1) === "") parts.pop();
  return parts;
}

/** Why a resource cannot have these settings, or null. In Kafka's order: wrong settings of a topic that is not there are wrong settings. */
function refusal(
  catalogue: Catalogue,
  { resourceType, resourceName }: Alteration,
  configs: ReadonlyMap<string, string>,
  rules: ConfigRules,
): AlterationOutcome | null {
  const isTopic = resourceType === ConfigResourceType.TOPIC;
  if (isTopic && resourceName === "") return refuse(ErrorCode.INVALID_REQUEST, "Topics have no common settings: a name is needed.");
  const invalidName = isTopic ? invalidTopicName(resourceName) : null;
  if (invalidName !== null) return refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, `Topic name is invalid: ${invalidName}`);
  const problem = rules.problemOf(resourceType, resourceName, configs);
  if (problem !== null) return refuse(problem.errorCode, problem.errorMessage);
  return isTopic && catalogue.topic(resourceName) === undefined
    ? refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `There is no topic '${resourceName}'.`)
    : null;
}

function refuse(errorCode: number, errorMessage: string): AlterationOutcome {
  return { errorCode, errorMessage: fitting(errorMessage), records: [] };
}
