import type { Platform } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { filesWithin, LogManager, StorageError, StorageStartError } from "../storage/mod.ts";
import { ClientMetrics } from "./client_metrics/service.ts";
import { ClusterView } from "./cluster.ts";
import { DynamicBrokerConfig } from "./config/dynamic_broker_config.ts";
import { ConfigError } from "./config/row.ts";
import { configRules } from "./config/rules.ts";
import type { BrokerSettings } from "./config/settings.ts";
import { invalidTopicConfigs, topicLogConfig } from "./config/topic.ts";
import { KafkaError } from "./kafka_error.ts";
import { GroupService } from "./coordinator/group/service.ts";
import { TransactionService } from "./coordinator/transaction/service.ts";
import { Dispatcher } from "./dispatch.ts";
import { FetchSessions } from "./fetch_sessions.ts";
import { routes } from "./handlers/mod.ts";
import { type Identity, identityOf } from "./identity.ts";
import { InternalTopic, offsetsTopic, transactionTopic } from "./internal_topic.ts";
import { ConfigResourceType } from "./metadata/catalogue.ts";
import { supportedFeatures } from "./metadata/features.ts";
import { loadCatalogue } from "./metadata/load.ts";
import { MetadataService } from "./metadata/service.ts";
import { METADATA_TOPIC, OFFSETS_TOPIC, TRANSACTION_TOPIC } from "./metadata/topic_names.ts";
import { MemoryBudget } from "./network/memory_budget.ts";
import { BrokerNode } from "./node.ts";
import { FrameInspector } from "./observability/frame_inspector.ts";
import type { Source } from "./observability/source.ts";
import { RequestWatch } from "./observability/request_watch.ts";
import { Partitions } from "./partitions.ts";
import { LocalTransactionPartitions } from "./transaction_partitions.ts";
import { commitVerifier } from "./transaction_verification.ts";

/** Where a broker in memory keeps its files: on a disk that is gone with the process. */
const MEMORY_DIRECTORY = "memory";

/** What a broker is made of, behind its listeners: here, and nowhere else, its long-lived parts are made and put together. */
export interface Parts extends Omit<Source, "platform" | "settings" | "nodes" | "budget"> {
  readonly logs: LogManager;
  /** Hands requests to the handlers of a node. */
  readonly dispatcherOf: (nodeId: number) => Dispatcher;
}

/**
 * Opens the data directory, replays what it knows, and makes what answers requests of it. Throws `StorageStartError`, having given the directory back.
 */
export async function openParts(
  platform: Platform,
  settings: BrokerSettings,
  config: DynamicBrokerConfig,
  nodes: readonly BrokerNode[],
  budget: MemoryBudget,
): Promise<Parts> {
  const directory = settings.dataDirectory ?? MEMORY_DIRECTORY;
  const maxOpenFiles = settings.descriptors === null ? null : filesWithin(settings.descriptors);
  const logs = await LogManager.open(platform, directory, {
    ...settings,
    ...config.settings,
    maxOpenFiles,
    visibleWhenDurable: settings.durability === "power",
  });
  try {
    const identity = await identityOf(platform.disk, directory, settings.nodeId, platform.random);
    requireOwner(identity, directory, settings.nodeId);
    const cluster = new ClusterView(identity, nodes);
    const { partitions, metadata } = await openMetadata(platform, settings, config, cluster, logs);
    const { groups, transactions } = await startCoordinators(platform, settings, config, cluster, partitions, metadata);
    await createTopics(metadata, settings);
    const fetchLimits = { maxBytes: settings.fetchMaxBytes, rackAware: settings.rackAware, available: () => budget.available };
    const fetchSessions = new FetchSessions(settings.fetchSessionSlots, platform);
    const { clientTelemetry } = settings;
    const clientMetrics = clientTelemetry && await ClientMetrics.of(metadata, clientTelemetry, settings.telemetryMaxBytes, platform);
    const logDirectory = { path: directory, space: () => platform.disk.space(directory) };
    const { clock } = platform;
    const services = {
      settings,
      config,
      logger: platform.logger,
      cluster,
      partitions,
      metadata,
      transactionsOfAll: transactions,
      fetchSessions,
      fetchLimits,
      clientMetrics,
      logDirectory,
      clock,
    };
    const topicName = (topicId: string) => partitions.topicName(topicId);
    const inspector = new FrameInspector(platform.compression, topicName, platform.logger);
    if (platform.logger.logs("trace")) await inspector.load();
    const requests = new RequestWatch(platform.logger, topicName, inspector);
    const dispatcherOf = (nodeId: number) => {
      const table = routes({ ...services, groups: groups.onNode(nodeId), transactions: transactions.onNode(nodeId) });
      return new Dispatcher(table, () => true, requests, platform.logger);
    };
    return { logs, cluster, partitions, metadata, groups, transactions, fetchSessions, clientMetrics, requests, dispatcherOf };
  } catch (error) {
    await logs.abandon();
    throw startFailure(error);
  }
}

/** What keeps the broker from starting, for its user. */
function startFailure(cause: unknown): unknown {
  if (cause instanceof StorageError) return new StorageStartError(`${cause.message}.`, { cause });
  if (cause instanceof Error && cause.cause instanceof StorageError) return startFailure(cause.cause);
  // The shard of the metadata could not load, or not write, and has logged why.
  if (cause instanceof KafkaError) {
    return new StorageStartError("What the data directory knows of topics cannot be read or written; the log says why.", { cause });
  }
  return cause;
}

/** Loads the shards of groups and of transactional ids, and sees to it that they come and go with their topics. */
async function startCoordinators(
  platform: Platform,
  settings: BrokerSettings,
  config: DynamicBrokerConfig,
  cluster: ClusterView,
  partitions: Partitions,
  metadata: MetadataService,
): Promise<{ groups: GroupService; transactions: TransactionService }> {
  const settingsFor = (topic: string) => ({
    ...settings,
    get maxBatchBytes() {
      const partition = partitions.find(topic, 0);
      const { maxMessageBytes } = typeof partition === "number" ? topicLogConfig(new Map(), config.values) : partition.log.config;
      return maxMessageBytes;
    },
    get transactionPartitionVerification() {
      return config.get("transaction.partition.verification.enable");
    },
  });
  const groups: GroupService = GroupService.in(new InternalTopic(metadata, partitions, cluster, offsetsTopic(settings), platform), {
    settings: settingsFor(OFFSETS_TOPIC),
    ...platform,
    transactions: commitVerifier(() => transactions),
  });
  const transactionLogs = new InternalTopic(metadata, partitions, cluster, transactionTopic(settings), platform);
  const transactions: TransactionService = TransactionService.in(transactionLogs, {
    settings: settingsFor(TRANSACTION_TOPIC),
    partitions: new LocalTransactionPartitions(partitions, groups, platform.logger),
    newProducerId: () => metadata.newProducerId(),
    ...platform,
  });
  metadata.whenTopicsAreCreated(async (names) => {
    if (names.includes(OFFSETS_TOPIC)) await groups.start();
    if (names.includes(TRANSACTION_TOPIC)) await transactions.start();
  });
  metadata.whenLeadersChange(async (topic, moved) => {
    if (topic === OFFSETS_TOPIC) await groups.moved(moved);
    if (topic === TRANSACTION_TOPIC) await transactions.moved(moved);
  });
  metadata.whenTopicsAreDeleted(async (names) => {
    if (names.includes(TRANSACTION_TOPIC)) transactions.close();
    return names.includes(OFFSETS_TOPIC) ? groups.close() : await groups.forgetTopics(names);
  });
  await groups.start();
  await transactions.start();
  return { groups, transactions };
}

/** Replays the metadata log and opens the partitions that it knows. */
async function openMetadata(
  platform: Platform,
  settings: BrokerSettings,
  config: DynamicBrokerConfig,
  cluster: ClusterView,
  logs: LogManager,
): Promise<{ partitions: Partitions; metadata: MetadataService }> {
  const runtime = await loadCatalogue(platform, logs, { synced: settings.durability !== "memory" });
  const configOf = (topic: string) => topicLogConfig(runtime.shard.configs(ConfigResourceType.TOPIC, topic), config.values);
  const partitions = new Partitions(logs, platform, configOf, settings.durability === "power");
  const rules = {
    get nodeIds() {
      return cluster.nodeIds;
    },
    numPartitions: settings.numPartitions,
    defaultReplicationFactor: settings.defaultReplicationFactor,
    clampReplicationFactor: settings.clampReplicationFactor,
    invalidConfigs: invalidTopicConfigs,
    ...configRules(config),
  };
  const metadata = new MetadataService(runtime, partitions, rules, platform, settings.nodeId, (id) => cluster.isRunning(id));
  for (const { name, maxVersion } of supportedFeatures) await metadata.finalizeFeature(name, maxVersion);
  await metadata.keepMinInsyncReplicas(String(config.get("min.insync.replicas")));
  const configure = () => {
    const { catalogue } = metadata;
    config.alter(catalogue.configs(ConfigResourceType.BROKER, ""), catalogue.configs(ConfigResourceType.BROKER, String(settings.nodeId)));
    logs.configure(config.settings);
    for (const { name } of catalogue.topics()) partitions.configure(name);
  };
  configure();
  metadata.whenBrokerIsConfigured(configure);
  if (logs.uncleanStart) await metadata.bumpLeaderEpochs();
  requireNodes(metadata, cluster);
  await metadata.settleLeadership();
  await logs.setStraysAside((topic, partition, topicId) => {
    if (topic === METADATA_TOPIC) return true;
    const entry = metadata.catalogue.topic(topic);
    return entry !== undefined && entry.partitions.length > partition && (topicId === null || topicId === entry.id);
  });
  for (const topic of metadata.catalogue.topics()) await partitions.open(topic);
  return { partitions, metadata };
}

/** Throws where another node writes to the data directory: its partitions are that one's. Kafka: `MetaPropertiesEnsemble.verify`. */
function requireOwner({ nodeId: owner }: Identity, directory: string, nodeId: number): void {
  if (owner === null || owner === nodeId) return;
  throw new StorageStartError(`The data directory ${directory} belongs to node ${owner}, not to node ${nodeId}: set node.id=${owner}.`);
}

/** Throws where the data directory has partitions of which no node has a replica: it was made with more nodes. */
function requireNodes({ catalogue }: MetadataService, { nodeIds }: ClusterView): void {
  for (const { name, partitions } of catalogue.topics()) {
    const stranded = partitions.find(({ replicas }) => !replicas.some((id) => nodeIds.includes(id)));
    if (stranded === undefined) continue;
    const { partition, replicas } = stranded;
    const needed = Math.max(...replicas) - nodeIds[0] + 1;
    throw new StorageStartError(
      `${name}-${partition} is on node ${replicas.join(", ")}, and there is none: start with --nodes ${needed} (nodes: ${needed}).`,
    );
  }
}

/** Creates the topics that the settings ask for and that do not exist. */
async function createTopics(metadata: MetadataService, { topics }: BrokerSettings): Promise<void> {
  const missing = topics.filter(({ name }) => metadata.topic(name) === undefined);
  const wanted = missing.map(({ name, partitions, replicationFactor, configs }) => ({
    name,
    numPartitions: partitions ?? -1,
    replicationFactor: replicationFactor ?? -1,
    assignments: [],
    configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
  }));
  for (const { name, errorCode, errorMessage } of await metadata.createTopics(wanted, false)) {
    if (errorCode !== ErrorCode.NONE) throw new ConfigError(`The topic '${name}' cannot be created: ${errorMessage}`);
  }
}
