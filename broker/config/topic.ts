import type { LogConfig } from "../../storage/mod.ts";
import { ConfigError, type ConfigValues, type Row, type Rows } from "./row.ts";
import { brokerConfig, type BrokerProperty } from "./broker.ts";
import { topicRows } from "./rows/topic.ts";
import { ConfigView } from "./view.ts";

export { topicRows as topicConfig };

export type TopicProperty = keyof typeof topicRows;

/** What a topic's configuration asks of its partitions: of storage, and of those who keep replicas. */
export interface TopicConfig extends LogConfig {
  /** `min.insync.replicas` */
  readonly minInSyncReplicas: number;
}

/** A broker property that is a topic property's default. */
interface Twin {
  readonly name: BrokerProperty;
  /** Milliseconds in its unit. */
  readonly unit: number;
}

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Twins by topic property, the one that wins first. Kafka: `ServerTopicConfigSynonyms`. Those absent have no broker default. */
const twins: Readonly<Partial<Record<TopicProperty, readonly Twin[]>>> = {
  "cleanup.policy": twin("log.cleanup.policy"),
  "compression.gzip.level": twin("compression.gzip.level"),
  "compression.lz4.level": twin("compression.lz4.level"),
  "compression.type": twin("compression.type"),
  "compression.zstd.level": twin("compression.zstd.level"),
  "delete.retention.ms": twin("log.cleaner.delete.retention.ms"),
  "file.delete.delay.ms": twin("log.segment.delete.delay.ms"),
  "flush.messages": twin("log.flush.interval.messages"),
  "flush.ms": [...twin("log.flush.interval.ms"), ...twin("log.flush.scheduler.interval.ms")],
  "index.interval.bytes": twin("log.index.interval.bytes"),
  "local.retention.bytes": twin("log.local.retention.bytes"),
  "local.retention.ms": twin("log.local.retention.ms"),
  "max.compaction.lag.ms": twin("log.cleaner.max.compaction.lag.ms"),
  "max.message.bytes": twin("message.max.bytes"),
  "message.timestamp.after.max.ms": twin("log.message.timestamp.after.max.ms"),
  "message.timestamp.before.max.ms": twin("log.message.timestamp.before.max.ms"),
  "message.timestamp.type": twin("log.message.timestamp.type"),
  "min.cleanable.dirty.ratio": twin("log.cleaner.min.cleanable.ratio"),
  "min.compaction.lag.ms": twin("log.cleaner.min.compaction.lag.ms"),
  "min.insync.replicas": twin("min.insync.replicas"),
  "preallocate": twin("log.preallocate"),
  "retention.bytes": twin("log.retention.bytes"),
  "retention.ms": [...twin("log.retention.ms"), ...twin("log.retention.minutes", MINUTE), ...twin("log.retention.hours", HOUR)],
  "segment.bytes": twin("log.segment.bytes"),
  "segment.index.bytes": twin("log.index.size.max.bytes"),
  "segment.jitter.ms": [...twin("log.roll.jitter.ms"), ...twin("log.roll.jitter.hours", HOUR)],
  "segment.ms": [...twin("log.roll.ms"), ...twin("log.roll.hours", HOUR)],
  "unclean.leader.election.enable": twin("unclean.leader.election.enable"),
};

function twin(name: BrokerProperty, unit = 1): Twin[] {
  return [{ name, unit }];
}

/** The broker properties that set a topic property's default, the one that wins first. */
export function brokerTwins(name: string): readonly string[] {
  return (twins[name as TopicProperty] ?? []).map((found) => found.name);
}

/** What a topic without overrides gets, by topic property: what the broker's properties say, else the row's default; null: unset. */
export function topicDefaults(broker: ConfigValues): Readonly<Record<string, string | null>> {
  const defaults: Record<string, string | null> = {};
  for (const [name, row] of Object.entries<Row<unknown>>(topicRows)) {
    const set = (twins[name as TopicProperty] ?? []).find((candidate) => broker[candidate.name] !== undefined);
    defaults[name] = set === undefined ? row.initial : inMilliseconds(set, broker[set.name]);
  }
  return defaults;
}

function inMilliseconds({ name, unit }: Twin, text: string): string {
  if (unit === 1 && name !== "log.retention.ms") return text;
  const value = BigInt(brokerConfig[name].parse(name, text).text);
  // Below zero is "for ever" in every unit.
  return String(value < 0n ? -1n : value * BigInt(unit));
}

/** Why `configs` cannot be a topic's overrides (INVALID_CONFIG), or null. Kafka: `LogConfig.validate`, with its order: nulls, names, values. */
export function invalidTopicConfigs(configs: ReadonlyMap<string, string | null>): string | null {
  const nulls = [...configs].filter(([, value]) => value === null).map(([name]) => name);
  if (nulls.length > 0) return `Null value not supported for topic configs: ${nulls.join(",")}`;
  try {
    checkTopicConfigs(configs as ReadonlyMap<string, string>);
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** The overrides in Kafka's own text form. Throws {@link ConfigError}. */
export function checkTopicConfigs(configs: ReadonlyMap<string, string>): ConfigValues {
  const rows: Rows = topicRows;
  for (const name of configs.keys()) {
    if (!Object.hasOwn(rows, name)) throw new ConfigError(`Unknown topic config name: ${name}`);
  }
  const values: Record<string, string> = {};
  for (const [name, text] of configs) values[name] = rows[name].parse(name, text).text;
  const view = new ConfigView(topicRows, values);
  const [shortest, longest] = [view.get("min.compaction.lag.ms"), view.get("max.compaction.lag.ms")];
  if (shortest > longest) {
    throw new ConfigError(`conflict topic config setting min.compaction.lag.ms (${shortest}) > max.compaction.lag.ms (${longest})`);
  }
  if (view.get("remote.storage.enable")) throw new ConfigError("Ottla has no tiered storage: remote.storage.enable cannot be true");
  return values;
}

/** What a topic with these overrides (checked ones) goes by, on a broker with these properties. */
export function topicLogConfig(overrides: ReadonlyMap<string, string>, broker: ConfigValues): TopicConfig {
  const view = topicView(overrides, broker);
  const compression = view.get("compression.type");
  return {
    segmentBytes: view.get("segment.bytes"),
    segmentMs: view.get("segment.ms"),
    segmentJitterMs: view.get("segment.jitter.ms"),
    indexIntervalBytes: view.get("index.interval.bytes"),
    segmentIndexBytes: view.get("segment.index.bytes"),
    maxMessageBytes: view.get("max.message.bytes"),
    messageTimestampType: view.get("message.timestamp.type") as LogConfig["messageTimestampType"],
    messageTimestampBeforeMaxMs: view.get("message.timestamp.before.max.ms"),
    messageTimestampAfterMaxMs: view.get("message.timestamp.after.max.ms"),
    compressionType: (compression === "uncompressed" ? "none" : compression) as LogConfig["compressionType"],
    compressionLevel: levelOf(compression, view),
    compact: view.get("cleanup.policy").includes("compact"),
    delete: view.get("cleanup.policy").includes("delete"),
    retentionBytes: view.get("retention.bytes"),
    retentionMs: view.get("retention.ms"),
    minCleanableDirtyRatio: view.get("min.cleanable.dirty.ratio"),
    minCompactionLagMs: view.get("min.compaction.lag.ms"),
    maxCompactionLagMs: view.get("max.compaction.lag.ms"),
    deleteRetentionMs: view.get("delete.retention.ms"),
    fileDeleteDelayMs: view.get("file.delete.delay.ms"),
    minInSyncReplicas: view.get("min.insync.replicas"),
  };
}

/** Of LZ4 there is but the fast compressor. */
function levelOf(compression: string, view: ConfigView<typeof topicRows>): number | undefined {
  if (compression !== "gzip" && compression !== "zstd") return undefined;
  return view.get(`compression.${compression}.level`);
}

function topicView(overrides: ReadonlyMap<string, string>, broker: ConfigValues): ConfigView<typeof topicRows> {
  const values: Record<string, string> = {};
  for (const [name, text] of Object.entries(topicDefaults(broker))) if (text !== null) values[name] = text;
  for (const [name, text] of overrides) values[name] = text;
  return new ConfigView(topicRows, values);
}
