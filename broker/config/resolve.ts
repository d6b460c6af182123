import { invalidTopicName } from "../metadata/topic_names.ts";
import { brokerConfig } from "./broker.ts";
import { contradiction } from "./broker_alteration.ts";
import { checkBrokerProperties } from "./known.ts";
import { type BrokerOptions, checkOptions, type TopicOptions, toText } from "./options.ts";
import { addressOf, findPlaces, hostPort, type PlaceDefaults, type Places } from "./places.ts";
import { ConfigError, type ConfigValues, INT_MAX } from "./row.ts";
import { RACK_AWARE_SELECTOR } from "./rows/cluster.ts";
import type { BrokerSettings, NodeSettings, TopicSettings } from "./settings.ts";
import { checkTopicConfigs } from "./topic.ts";
import { ConfigView } from "./view.ts";

/** Settings, and what the user should know about how they came about: a line each. */
export interface Resolved {
  readonly settings: BrokerSettings;
  readonly notes: readonly string[];
}

/**
 * Makes settings of what was asked for. Options win over `fileProperties` (a `server.properties`), those over the rows' defaults.
 * Throws {@link ConfigError}: one clear sentence about the first thing that is wrong.
 */
export function resolveSettings(options: BrokerOptions, fileProperties: ConfigValues, defaults: PlaceDefaults): Resolved {
  const asked = checkOptions(options);
  const given = { ...fileProperties, ...toText(asked.properties ?? {}) };
  const { values, withoutEffect } = checkBrokerProperties(given);
  const problem = contradiction(values);
  if (problem !== null) throw new ConfigError(problem);
  const places = findPlaces(asked, values, defaults);
  const notes = [...places.listener.notes];
  if (withoutEffect.length > 0) notes.push(`Kafka properties without effect in Ottla: ${withoutEffect.join(", ")}`);
  return { settings: settingsOf(asked, values, places), notes };
}

function settingsOf(options: BrokerOptions, values: ConfigValues, places: Places): BrokerSettings {
  const view = new ConfigView(brokerConfig, values);
  if (!view.get("process.roles").includes("broker")) throw new ConfigError("process.roles has no broker, and Ottla is nothing else");
  const { listener, http, dataDirectory, durability } = places;
  const nodes = nodesOf(options, view, places);
  return {
    nodes,
    http,
    listenerName: listener.name,
    dataDirectory,
    durability,
    logLevel: options.logLevel ?? "silent",
    descriptors: options.descriptors ?? null,
    topics: Object.entries(options.topics ?? {}).map(([name, topic]) => topicSettings(name, topic)),
    properties: { ...withoutPlaces(values), ...nodes[0].properties, ...(dataDirectory === null ? {} : { "log.dirs": dataDirectory }) },
    nodeId: nodeId(view),
    numPartitions: view.get("num.partitions"),
    defaultReplicationFactor: view.get("default.replication.factor"),
    clampReplicationFactor: view.get("ottla.replication.factor.clamp"),
    autoCreateTopics: view.get("auto.create.topics.enable"),
    deleteTopicEnabled: view.get("delete.topic.enable"),
    socketRequestMaxBytes: view.get("socket.request.max.bytes"),
    // Below zero Kafka never closes an idle connection; the longest timer is as good.
    connectionsMaxIdleMs: orUnlimited(view.get("connections.max.idle.ms"), INT_MAX),
    queuedMaxRequestBytes: orUnlimited(view.get("queued.max.request.bytes"), Number.MAX_SAFE_INTEGER),
    fetchMaxBytes: view.get("fetch.max.bytes"),
    rackAware: view.get("replica.selector.class") === RACK_AWARE_SELECTOR,
    maxRequestPartitions: view.get("max.request.partition.size.limit"),
    fetchSessionSlots: view.get("max.incremental.fetch.session.cache.slots"),
    clientTelemetry: options.clientTelemetry ?? (view.get("ottla.client.telemetry") ? () => {} : null),
    telemetryMaxBytes: view.get("telemetry.max.bytes"),
    producerIdExpirationCheckIntervalMs: view.get("producer.id.expiration.check.interval.ms"),
    retentionCheckIntervalMs: view.get("log.retention.check.interval.ms"),
    cleanerEnabled: view.get("log.cleaner.enable"),
    recoveryPointIntervalMs: view.get("log.flush.offset.checkpoint.interval.ms"),
    logStartIntervalMs: view.get("log.flush.start.offset.checkpoint.interval.ms"),
    offsetsTopicPartitions: view.get("offsets.topic.num.partitions"),
    offsetsTopicReplicationFactor: view.get("offsets.topic.replication.factor"),
    offsetsTopicSegmentBytes: view.get("offsets.topic.segment.bytes"),
    offsetMetadataMaxBytes: view.get("offset.metadata.max.bytes"),
    offsetsRetentionMs: view.get("offsets.retention.minutes") * 60_000,
    offsetsRetentionCheckIntervalMs: view.get("offsets.retention.check.interval.ms"),
    transactionTopicPartitions: view.get("transaction.state.log.num.partitions"),
    transactionTopicReplicationFactor: view.get("transaction.state.log.replication.factor"),
    transactionTopicMinInSyncReplicas: view.get("transaction.state.log.min.isr"),
    transactionTopicSegmentBytes: view.get("transaction.state.log.segment.bytes"),
    transactionMaxTimeoutMs: view.get("transaction.max.timeout.ms"),
    transactionAbortIntervalMs: view.get("transaction.abort.timed.out.transaction.cleanup.interval.ms"),
    transactionalIdExpirationMs: view.get("transactional.id.expiration.ms"),
    transactionalIdRemovalIntervalMs: view.get("transaction.remove.expired.transaction.cleanup.interval.ms"),

    groupMinSessionTimeoutMs: view.get("group.min.session.timeout.ms"),
    groupMaxSessionTimeoutMs: view.get("group.max.session.timeout.ms"),
    groupInitialRebalanceDelayMs: view.get("group.initial.rebalance.delay.ms"),
    groupMaxSize: view.get("group.max.size"),
  };
}

function nodesOf({ racks }: BrokerOptions, view: ConfigView<typeof brokerConfig>, places: Places): BrokerSettings["nodes"] {
  const { listen, listener } = places;
  const { advertised } = listener;
  if (racks !== undefined && racks.length !== listen.length) {
    throw new ConfigError(`There are ${racks.length} racks for ${listen.length} nodes: each needs one`);
  }
  const [first, ...others] = listen.map((address, index) => {
    const node = {
      id: nodeId(view) + index,
      listen: address,
      advertised: advertised === null ? null : addressOf(index, advertised),
      rack: racks?.[index] ?? view.get("broker.rack"),
    };
    return { ...node, properties: propertiesOf(node, listener.name) };
  });
  return [first, ...others];
}

/** The properties that nodes and their places say anew. */
function withoutPlaces(values: ConfigValues): ConfigValues {
  const { "advertised.listeners": _advertised, "log.dir": _directory, "log.dirs": _directories, ...rest } = values;
  return rest;
}

/** Who and where a node really is, in the properties' own form: what DescribeConfigs shows, whoever chose it. */
function propertiesOf({ id, listen, advertised, rack }: Omit<NodeSettings, "properties">, listener: string): ConfigValues {
  return {
    "node.id": String(id),
    "broker.id": String(id),
    listeners: `${listener}://${hostPort(listen)}`,
    ...(advertised === null ? {} : { "advertised.listeners": `${listener}://${hostPort(advertised)}` }),
    ...(rack === null ? {} : { "broker.rack": rack }),
  };
}

/** `node.id`, or its older name where only that is set. */
function nodeId(view: ConfigView<typeof brokerConfig>): number {
  const older = view.get("broker.id");
  return view.isSet("node.id") || older < 0 ? view.get("node.id") : older;
}

function topicSettings(name: string, { partitions, replicationFactor, configs }: TopicOptions): TopicSettings {
  const invalid = invalidTopicName(name);
  if (invalid !== null) throw new ConfigError(`The topic '${name}' cannot be created: ${invalid}`);
  return {
    name,
    partitions: partitions ?? null,
    replicationFactor: replicationFactor ?? null,
    configs: checkTopicConfigs(new Map(Object.entries(toText(configs ?? {})))),
  };
}

function orUnlimited(value: number, unlimited: number): number {
  return value < 0 ? unlimited : value;
}
