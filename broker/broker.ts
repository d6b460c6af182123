import type { Logger, Platform } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { filesWithin, LogManager, StorageError, StorageStartError } from "../storage/mod.ts";
import { ClusterView } from "./cluster.ts";
import { ConfigError } from "./config/row.ts";
import { hostPort } from "./config/places.ts";
import type { BrokerSettings } from "./config/settings.ts";
import { invalidTopicConfigs, listDefault, topicLogConfig } from "./config/topic.ts";
import { KafkaError } from "./kafka_error.ts";
import { GroupService } from "./coordinator/group/service.ts";
import { Dispatcher } from "./dispatch.ts";
import { FetchSessions } from "./fetch_sessions.ts";
import { routes } from "./handlers/mod.ts";
import { clusterIdOf } from "./identity.ts";
import { ConfigResourceType } from "./metadata/catalogue.ts";
import { supportedFeatures } from "./metadata/features.ts";
import { loadCatalogue } from "./metadata/load.ts";
import { MetadataService } from "./metadata/service.ts";
import { METADATA_TOPIC, OFFSETS_TOPIC } from "./metadata/topic_names.ts";
import { ListenerService } from "./network/listener.ts";
import { MemoryBudget } from "./network/memory_budget.ts";
import { ObservabilityEndpoint } from "./observability/endpoint.ts";
import { FrameInspector } from "./observability/frame_inspector.ts";
import type { Source } from "./observability/source.ts";
import { RequestWatch } from "./observability/request_watch.ts";
import { OffsetsTopic } from "./offsets_topic.ts";
import { Partitions } from "./partitions.ts";

/** Requests of one connection that may be under way at once. Clients have five to a dozen. */
const MAX_IN_FLIGHT_REQUESTS = 64;
/** Bytes of requests of one connection that may be under way at once: a dozen requests of the size that clients send by default. */
const MAX_IN_FLIGHT_BYTES = 16 * 1024 * 1024;
/** Where a broker in memory keeps its files: on a disk that is gone with the process. */
const MEMORY_DIRECTORY = "memory";

/** A running broker: the one place where its long-lived parts are made and put together. */
export class Broker {
  readonly #listener: ListenerService;
  readonly #partitions: Partitions;
  readonly #logs: LogManager;
  readonly #metadata: MetadataService;
  readonly #groups: GroupService;
  readonly #endpoint: ObservabilityEndpoint | null;
  readonly #logger: Logger;
  readonly #serving: Promise<void>;
  #closing: Promise<void> | null = null;

  private constructor(listener: ListenerService, endpoint: ObservabilityEndpoint | null, logger: Logger, parts: Parts) {
    this.#listener = listener;
    this.#endpoint = endpoint;
    this.#logger = logger;
    this.#partitions = parts.partitions;
    this.#logs = parts.logs;
    this.#metadata = parts.metadata;
    this.#groups = parts.groups;
    this.#serving = listener.serve(parts.dispatcher);
  }

  /**
   * Starts a broker; it serves when this settles. Throws `NetworkError` when it cannot listen and `StorageStartError` when it cannot have the
   * data directory, having touched nothing.
   */
  static async start(platform: Platform, settings: BrokerSettings): Promise<Broker> {
    const budget = new MemoryBudget(settings.queuedMaxRequestBytes);
    const listener = new ListenerService(
      { name: settings.listenerName, nodeId: settings.nodeId, address: settings.listen },
      platform,
      {
        maxRequestBytes: settings.socketRequestMaxBytes,
        maxInFlightRequests: MAX_IN_FLIGHT_REQUESTS,
        maxInFlightBytes: MAX_IN_FLIGHT_BYTES,
        maxConnections: settings.maxConnections,
        maxIdleMs: settings.connectionsMaxIdleMs,
      },
      budget,
    );
    let endpoint: ObservabilityEndpoint | null = null;
    try {
      if (settings.http !== null) endpoint = new ObservabilityEndpoint(platform, settings.http);
      const parts = await open(platform, settings, budget);
      endpoint?.opened({ ...parts, platform, settings, listener, budget });
      return new Broker(listener, endpoint, platform.logger, parts);
    } catch (error) {
      await endpoint?.close();
      await listener.close();
      throw error;
    }
  }

  /** `host:port`, as clients want it. */
  get bootstrapServers(): string {
    return hostPort(this.#listener.address);
  }

  /** `host:port` of `/metrics` and `/health`, or null where they are not served. */
  get httpAddress(): string | null {
    return this.#endpoint === null ? null : hostPort(this.#endpoint.address);
  }

  get port(): number {
    return this.#listener.address.port;
  }

  /** Answers what is under way, makes everything durable and gives the data directory back. A second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#logger.debug("broker closes");
    this.#endpoint?.closing();
    this.#partitions.fetches.close();
    this.#groups.close();
    await this.#listener.close();
    await this.#serving;
    this.#metadata.close();
    await this.#logs.close();
    await this.#endpoint?.close();
    this.#logger.debug("broker closed");
  }
}

/** What a broker is made of, behind its listener. */
interface Parts extends Omit<Source, "platform" | "settings" | "listener" | "budget"> {
  readonly logs: LogManager;
  readonly dispatcher: Dispatcher;
}

/** Opens the data directory and replays what it knows. */
async function open(platform: Platform, settings: BrokerSettings, budget: MemoryBudget): Promise<Parts> {
  const directory = settings.dataDirectory ?? MEMORY_DIRECTORY;
  const maxOpenFiles = settings.descriptors === null ? null : filesWithin(settings.descriptors);
  const logs = await LogManager.open(platform, directory, {
    ...settings,
    maxOpenFiles,
    visibleWhenDurable: settings.durability === "power",
  });
  try {
    const clusterId = await clusterIdOf(platform.disk, directory, settings.nodeId, platform.random);
    const cluster = new ClusterView(clusterId, settings.nodeId, settings.rack, settings.advertised);
    const { partitions, metadata } = await openMetadata(platform, settings, cluster, logs);
    const groups = new GroupService(new OffsetsTopic(metadata, partitions, settings, platform), {
      settings: {
        ...settings,
        get maxBatchBytes() {
          const partition = partitions.find(OFFSETS_TOPIC, 0);
          const config = typeof partition === "number" ? topicLogConfig(new Map(), settings.properties) : partition.log.config;
          return config.maxMessageBytes;
        },
      },
      ...platform,
      transactions: { verify: () => Promise.reject(new KafkaError(ErrorCode.INVALID_TXN_STATE)) },
    });
    metadata.whenTopicsAreCreated(async (names) => names.includes(OFFSETS_TOPIC) ? await groups.start() : undefined);
    metadata.whenTopicsAreDeleted(async (names) => names.includes(OFFSETS_TOPIC) ? groups.close() : await groups.forgetTopics(names));
    await groups.start();
    await createTopics(metadata, settings);
    const fetchLimits = { maxBytes: settings.fetchMaxBytes, available: () => budget.available };
    const fetchSessions = new FetchSessions(settings.fetchSessionSlots, platform);
    const table = routes({ settings, cluster, partitions, metadata, groups, fetchSessions, fetchLimits });
    const topicName = (topicId: string) => partitions.topicName(topicId);
    const inspector = new FrameInspector(platform.compression, topicName, platform.logger);
    if (platform.logger.logs("trace")) await inspector.load();
    const requests = new RequestWatch(platform.logger, topicName, inspector);
    const dispatcher = new Dispatcher(table, () => true, requests, platform.logger);
    return { logs, cluster, partitions, metadata, groups, fetchSessions, requests, dispatcher };
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

/** Replays the metadata log and opens the partitions that it knows. */
async function openMetadata(
  platform: Platform,
  settings: BrokerSettings,
  cluster: ClusterView,
  logs: LogManager,
): Promise<{ partitions: Partitions; metadata: MetadataService }> {
  const runtime = await loadCatalogue(platform, logs, { synced: settings.durability !== "memory" });
  const configOf = (topic: string) => topicLogConfig(runtime.shard.configs(ConfigResourceType.TOPIC, topic), settings.properties);
  const partitions = new Partitions(logs, platform, configOf, settings.durability === "power");
  const rules = {
    nodeIds: cluster.nodeIds,
    numPartitions: settings.numPartitions,
    defaultReplicationFactor: settings.defaultReplicationFactor,
    invalidConfigs: invalidTopicConfigs,
    listDefault,
  };
  const metadata = new MetadataService(runtime, partitions, rules, platform, settings.nodeId);
  for (const { name, maxVersion } of supportedFeatures) await metadata.finalizeFeature(name, maxVersion);
  if (logs.uncleanStart) await metadata.bumpLeaderEpochs();
  await logs.setStraysAside((topic, partition, topicId) => {
    if (topic === METADATA_TOPIC) return true;
    const entry = metadata.catalogue.topic(topic);
    return entry !== undefined && entry.partitions.length > partition && (topicId === null || topicId === entry.id);
  });
  for (const topic of metadata.catalogue.topics()) await partitions.open(topic);
  return { partitions, metadata };
}

/** Creates the topics that the settings ask for and that do not exist. */
async function createTopics(metadata: MetadataService, { topics }: BrokerSettings): Promise<void> {
  const missing = topics.filter(({ name }) => metadata.topic(name) === undefined);
  const wanted = missing.map(({ name, partitions, configs }) => ({
    name,
    numPartitions: partitions ?? -1,
    replicationFactor: -1,
    assignments: [],
    configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
  }));
  for (const { name, errorCode, errorMessage } of await metadata.createTopics(wanted, false)) {
    if (errorCode !== ErrorCode.NONE) throw new ConfigError(`The topic '${name}' cannot be created: ${errorMessage}`);
  }
}
