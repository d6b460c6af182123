import { brokerConfig, synonymsOf } from "./broker.ts";
import { clientMetricsConfig } from "./client_metrics.ts";
import type { DynamicBrokerConfig } from "./dynamic_broker_config.ts";
import { dynamicRows } from "./dynamic_rows.ts";
import { brokerTwinOfGroup, groupConfig } from "./group.ts";
import type { ConfigType, Row, Rows } from "./row.ts";
import { brokerTwins, topicConfig, topicDefaults } from "./topic.ts";

/** Where a value comes from. Kafka: `DescribeConfigsResponse.ConfigSource`. */
export const ConfigOrigin = {
  TOPIC: 1,
  DYNAMIC_BROKER: 2,
  DYNAMIC_DEFAULT_BROKER: 3,
  STATIC_BROKER: 4,
  DEFAULT: 5,
  BROKER_LOGGER: 6,
  CLIENT_METRICS: 7,
  GROUP: 8,
} as const;

/** A property with its value as DescribeConfigs shows it. */
export interface DescribedConfig {
  readonly name: string;
  /** Null: unset, or a secret. */
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly isSensitive: boolean;
  /** Of {@link ConfigOrigin}. */
  readonly origin: number;
  readonly type: number;
  readonly doc: string | null;
  /** What the value was taken from or would be, the strongest first. */
  readonly synonyms: readonly Synonym[];
}

export interface Synonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}

/** Kafka: `DescribeConfigsResponse.ConfigType`. */
const typeIds: Readonly<Record<ConfigType, number>> = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  SHORT: 4,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
  CLASS: 8,
  PASSWORD: 9,
};

type Overrides = ReadonlyMap<string, string>;

const brokerRows: Rows = { ...brokerConfig, ...dynamicRows };

/** All properties of a topic with these overrides. Kafka: `ConfigHelper.createTopicConfigEntry`. */
export function describeTopic(overrides: Overrides, broker: DynamicBrokerConfig): DescribedConfig[] {
  const defaults = topicDefaults(broker.values);
  return shown(topicConfig).map(([name, row]) => {
    const override = overrides.get(name);
    const value = override === undefined ? defaults[name] : row.parse(name, override).text;
    // Kafka asks for the first twin only: retention.ms does not show that log.retention.hours is behind it.
    const synonyms = brokerTwins(name).slice(0, 1).flatMap((twin) => brokerSynonyms(twin, broker));
    if (override !== undefined) synonyms.unshift({ name, value, source: ConfigOrigin.TOPIC });
    return entry(name, row, value, synonyms, false);
  });
}

/**
 * All properties of the broker, and what was set while it runs that is none of them. What nobody knows might be a secret of a plug-in, and is kept as
 * one. Kafka: `ConfigHelper.createBrokerConfigEntry`.
 */
export function describeBroker(broker: DynamicBrokerConfig): DescribedConfig[] {
  const { values } = broker;
  const more = Object.keys(values).filter((name) => !Object.hasOwn(brokerConfig, name));
  return [
    ...shown(brokerConfig).map(([name, row]) => entry(name, row, values[name] ?? row.initial, brokerSynonyms(name, broker), !row.dynamic)),
    ...more.map((name) => brokerEntry(name, values[name], brokerSynonyms(name, broker))),
  ];
}

/** What was set for all brokers while they run, and nothing else. */
export function describeBrokers({ ofAll }: DynamicBrokerConfig): DescribedConfig[] {
  return [...ofAll].map(([name, value]) => {
    const source = ConfigOrigin.DYNAMIC_DEFAULT_BROKER;
    return brokerEntry(name, value, [{ name, value: isSecret(name) ? null : value, source }]);
  });
}

/** All properties of a group with these overrides. Kafka: `ConfigHelper.createGroupConfigEntry`. */
export function describeGroup(overrides: Overrides, broker: DynamicBrokerConfig): DescribedConfig[] {
  return shown(groupConfig).map(([name, row]) => {
    const twin = brokerTwinOfGroup(name);
    const override = overrides.get(name);
    const initial = twin === null ? row.initial : broker.values[twin] ?? row.initial;
    const value = override === undefined ? initial : row.parse(name, override).text;
    const synonyms = twin === null ? [{ name, value: row.initial, source: ConfigOrigin.DEFAULT }] : brokerSynonyms(twin, broker);
    return entry(name, row, value, override === undefined ? synonyms : [{ name, value, source: ConfigOrigin.GROUP }, ...synonyms], false);
  });
}

/** All properties of a client metrics subscription with these overrides. Kafka: `ConfigHelper.createClientMetricsConfigEntry`. */
export function describeClientMetrics(overrides: Overrides): DescribedConfig[] {
  return shown(clientMetricsConfig).map(([name, row]) => {
    const override = overrides.get(name);
    if (override === undefined) return entry(name, row, row.initial, [], false);
    const value = row.parse(name, override).text;
    return entry(name, row, value, [{ name, value, source: ConfigOrigin.CLIENT_METRICS }], false);
  });
}

function shown(rows: Rows): [string, Row<unknown>][] {
  return Object.entries(rows).filter(([, row]) => !row.internal);
}

function entry(name: string, row: Row<unknown>, value: string | null, synonyms: readonly Synonym[], readOnly: boolean): DescribedConfig {
  const isSensitive = row.type === "PASSWORD";
  const origin = synonyms.at(0)?.source ?? ConfigOrigin.DEFAULT;
  const doc = row.applied ? row.doc : `${row.doc} No effect in Ottla.`;
  return { name, value: isSensitive ? null : value, readOnly, isSensitive, origin, type: typeIds[row.type], doc, synonyms };
}

function brokerEntry(name: string, value: string, synonyms: readonly Synonym[]): DescribedConfig {
  if (Object.hasOwn(brokerRows, name)) return entry(name, brokerRows[name], value, synonyms, !Object.hasOwn(dynamicRows, name));
  return { name, value: null, readOnly: true, isSensitive: true, origin: synonyms[0].source, type: 0, doc: null, synonyms };
}

function isSecret(name: string): boolean {
  return !Object.hasOwn(brokerRows, name) || brokerRows[name].type === "PASSWORD";
}

/** What was set, by whom, then the defaults, under all names of the property. Kafka: `ConfigHelper.configSynonyms`. */
function brokerSynonyms(name: string, { own, ofAll, started }: DynamicBrokerConfig): Synonym[] {
  const names = synonymsOf(name);
  const found: Synonym[] = [];
  const add = (valueOf: (synonym: string) => string | null | undefined, source: number): void => {
    for (const synonym of names) {
      const value = valueOf(synonym) ?? null;
      if (value !== null) found.push({ name: synonym, value: isSecret(synonym) ? null : value, source });
    }
  };
  add((synonym) => own.get(synonym), ConfigOrigin.DYNAMIC_BROKER);
  add((synonym) => ofAll.get(synonym), ConfigOrigin.DYNAMIC_DEFAULT_BROKER);
  add((synonym) => started[synonym], ConfigOrigin.STATIC_BROKER);
  // Of what can only be set while it runs Kafka tells no default.
  add((synonym) => (brokerConfig as Rows)[synonym]?.initial, ConfigOrigin.DEFAULT);
  // As Kafka does: what stands before the name itself is another property's business.
  const at = found.findIndex((synonym) => synonym.name === name);
  return at === -1 ? [] : found.slice(at);
}
