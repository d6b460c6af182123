import { brokerConfig, synonymsOf } from "./broker.ts";
import { brokerTwinOfGroup, groupConfig } from "./group.ts";
import type { ConfigType, ConfigValues, Row, Rows } from "./row.ts";
import { brokerTwins, topicConfig, topicDefaults } from "./topic.ts";

/** Where a value comes from. Kafka: `DescribeConfigsResponse.ConfigSource`. */
export const ConfigOrigin = { TOPIC: 1, STATIC_BROKER: 4, DEFAULT: 5, BROKER_LOGGER: 6 } as const;

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

/** All properties of a topic with these overrides. Kafka: `ConfigHelper.createTopicConfigEntry`. */
export function describeTopic(overrides: ReadonlyMap<string, string>, broker: ConfigValues): DescribedConfig[] {
  const defaults = topicDefaults(broker);
  return shown(topicConfig).map(([name, row]) => {
    const override = overrides.get(name);
    const value = override === undefined ? defaults[name] : row.parse(name, override).text;
    // Kafka asks for the first twin only: retention.ms does not show that log.retention.hours is behind it.
    const synonyms = brokerTwins(name).slice(0, 1).flatMap((twin) => brokerSynonyms(twin, broker));
    if (override !== undefined) synonyms.unshift({ name, value, source: ConfigOrigin.TOPIC });
    return entry(name, row, value, synonyms, false);
  });
}

/** All properties of the broker. Kafka: `ConfigHelper.createBrokerConfigEntry`. */
export function describeBroker(broker: ConfigValues): DescribedConfig[] {
  return shown(brokerConfig).map(([name, row]) =>
    entry(name, row, broker[name] ?? row.initial, brokerSynonyms(name, broker), !row.dynamic)
  );
}

/** All properties of a group; none has overrides yet. Kafka: `ConfigHelper.createGroupConfigEntry`. */
export function describeGroup(broker: ConfigValues): DescribedConfig[] {
  return shown(groupConfig).map(([name, row]) => {
    const twin = brokerTwinOfGroup(name);
    const value = twin === null ? row.initial : broker[twin] ?? row.initial;
    const synonyms = twin === null ? [{ name, value, source: ConfigOrigin.DEFAULT }] : brokerSynonyms(twin, broker);
    return entry(name, row, value, synonyms, false);
  });
}

function shown(rows: Rows): [string, Row<unknown>][] {
  return Object.entries(rows).filter(([, row]) => !row.internal);
}

function entry(name: string, row: Row<unknown>, value: string | null, synonyms: readonly Synonym[], readOnly: boolean): DescribedConfig {
  const isSensitive = row.type === "PASSWORD";
  const origin = synonyms.at(0)?.source ?? ConfigOrigin.DEFAULT;
  return { name, value: isSensitive ? null : value, readOnly, isSensitive, origin, type: typeIds[row.type], doc: row.doc, synonyms };
}

/** What was set, then the defaults, under all names of the property. Kafka: `ConfigHelper.configSynonyms`. */
function brokerSynonyms(name: string, broker: ConfigValues): Synonym[] {
  const rows: Rows = brokerConfig;
  const names = synonymsOf(name);
  const shownValue = (synonym: string, value: string): string | null => rows[synonym].type === "PASSWORD" ? null : value;
  const found: Synonym[] = [];
  for (const synonym of names) {
    const value = broker[synonym];
    if (value !== undefined) found.push({ name: synonym, value: shownValue(synonym, value), source: ConfigOrigin.STATIC_BROKER });
  }
  for (const synonym of names) {
    const { initial } = rows[synonym];
    if (initial !== null) found.push({ name: synonym, value: shownValue(synonym, initial), source: ConfigOrigin.DEFAULT });
  }
  // As Kafka does: what stands before the name itself is another property's business.
  const own = found.findIndex((synonym) => synonym.name === name);
  return own === -1 ? [] : found.slice(own);
}
