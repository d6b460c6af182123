import type { Platform } from "../platform/mod.ts";
import { defaultLogConfig, LogManager } from "../storage/mod.ts";
import { ClusterView } from "./cluster.ts";
import type { BrokerSettings } from "./config/settings.ts";
import { PartitionShardLog } from "./coordinator/partition_log.ts";
import { ShardRuntime } from "./coordinator/runtime.ts";
import { type AnyHandler, Dispatcher, type Route } from "./dispatch.ts";
import { produce } from "./handlers/00_produce.ts";
import { fetch } from "./handlers/01_fetch.ts";
import { listOffsets } from "./handlers/02_list_offsets.ts";
import { metadata as describeMetadata } from "./handlers/03_metadata.ts";
import { apiVersions } from "./handlers/18_api_versions.ts";
import { createTopics } from "./handlers/19_create_topics.ts";
import { deleteTopics } from "./handlers/20_delete_topics.ts";
import { initProducerId } from "./handlers/22_init_producer_id.ts";
import { describeCluster } from "./handlers/60_describe_cluster.ts";
import { routes } from "./handlers/mod.ts";
import { clusterIdOf } from "./identity.ts";
import { Catalogue } from "./metadata/catalogue.ts";
import { supportedFeatures } from "./metadata/features.ts";
import { metadataRecordCodec } from "./metadata/records.ts";
import { MetadataService } from "./metadata/service.ts";
import { METADATA_TOPIC, METADATA_TOPIC_ID } from "./metadata/topic_names.ts";
import { ListenerService } from "./network/listener.ts";
import { MemoryBudget } from "./network/memory_budget.ts";
import { Partitions } from "./partitions.ts";

/** Requests of one connection that may be under way at once. Clients have five to a dozen. */
const MAX_IN_FLIGHT_REQUESTS = 64;
/** Where a broker in memory keeps its files: on a disk that is gone with the process. */
const MEMORY_DIRECTORY = "memory";

/** A running broker: the one place where its long-lived parts are made and put together. */
export class Broker {
  readonly #listener: ListenerService;
  readonly #partitions: Partitions;
  readonly #logs: LogManager;
  readonly #metadata: MetadataService;
  readonly #serving: Promise<void>;
  #closing: Promise<void> | null = null;

  private constructor(listener: ListenerService, { partitions, logs, metadata, dispatcher }: Parts) {
    this.#listener = listener;
    this.#partitions = partitions;
    this.#logs = logs;
    this.#metadata = metadata;
    this.#serving = listener.serve(dispatcher);
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
        maxConnections: settings.maxConnections,
        maxIdleMs: settings.connectionsMaxIdleMs,
      },
      budget,
    );
    try {
      return new Broker(listener, await open(platform, settings, budget));
    } catch (error) {
      await listener.close();
      throw error;
    }
  }

  /** `host:port`, as clients want it. */
  get bootstrapServers(): string {
    const { hostname, port } = this.#listener.address;
    return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
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
    this.#partitions.fetches.close();
    await this.#listener.close();
    await this.#serving;
    this.#metadata.close();
    await this.#logs.close();
  }
}

/** What a broker is made of, behind its listener. */
interface Parts {
  readonly logs: LogManager;
  readonly partitions: Partitions;
  readonly metadata: MetadataService;
  readonly dispatcher: Dispatcher;
}

/** Opens the data directory and replays what it knows. */
async function open(platform: Platform, settings: BrokerSettings, budget: MemoryBudget): Promise<Parts> {
  const directory = settings.dataDirectory ?? MEMORY_DIRECTORY;
  const logs = await LogManager.open(platform, directory);
  try {
    const clusterId = await clusterIdOf(platform.disk, directory, settings.nodeId, platform.random);
    const cluster = new ClusterView(clusterId, settings.nodeId, settings.rack, settings.advertised);
    const { partitions, metadata } = await openMetadata(platform, settings, cluster, logs);
    const table: Map<number, Route> = routes(handlers({ settings, cluster, partitions, metadata, budget, routes: () => table.values() }));
    const dispatcher = new Dispatcher(table, () => true, platform.logger);
    return { logs, partitions, metadata, dispatcher };
  } catch (error) {
    await logs.close();
    throw error;
  }
}

/** Replays the metadata log and opens the partitions that it knows. */
async function openMetadata(
  platform: Platform,
  settings: BrokerSettings,
  cluster: ClusterView,
  logs: LogManager,
): Promise<{ partitions: Partitions; metadata: MetadataService }> {
  const log = await logs.openLog({ topic: METADATA_TOPIC, topicId: METADATA_TOPIC_ID, partition: 0 }, defaultLogConfig);
  const append = (batch: Uint8Array) => log.append(batch, { leaderEpoch: 0, origin: "coordinator" });
  const durable = settings.durability === "memory" ? () => Promise.resolve() : () => log.flush();
  const runtime = await ShardRuntime.load({
    name: `${METADATA_TOPIC}-0`,
    log: new PartitionShardLog(log, append, durable, platform),
    codec: metadataRecordCodec,
    create: () => new Catalogue(),
    timers: platform.timers,
    logger: platform.logger,
  });
  const partitions = new Partitions(logs, platform.timers, () => defaultLogConfig);
  const rules = {
    nodeIds: cluster.nodeIds,
    numPartitions: settings.numPartitions,
    defaultReplicationFactor: settings.defaultReplicationFactor,
    invalidConfigs: () => null,
  };
  const metadata = new MetadataService(runtime, partitions, rules, platform.random, settings.nodeId);
  for (const { name, maxVersion } of supportedFeatures) await metadata.finalizeFeature(name, maxVersion);
  if (logs.uncleanStart) await metadata.bumpLeaderEpochs();
  await logs.removeStrangers((topic, partition, topicId) => {
    if (topic === METADATA_TOPIC) return true;
    const entry = metadata.catalogue.topic(topic);
    return entry !== undefined && entry.partitions.length > partition && (topicId === null || topicId === entry.id);
  });
  for (const topic of metadata.catalogue.topics()) await partitions.open(topic);
  return { partitions, metadata };
}

/** What handlers are made of. */
interface Services {
  readonly settings: BrokerSettings;
  readonly cluster: ClusterView;
  readonly partitions: Partitions;
  readonly metadata: MetadataService;
  readonly budget: MemoryBudget;
  readonly routes: () => Iterable<Route>;
}

/** All handlers, each with just what it needs. */
function handlers({ settings, cluster, partitions, metadata, budget, routes }: Services): AnyHandler[] {
  return [
    produce(partitions),
    fetch(partitions, { maxBytes: settings.fetchMaxBytes, available: () => budget.available }),
    listOffsets(partitions),
    describeMetadata(metadata, cluster, settings.autoCreateTopics),
    apiVersions(routes, metadata),
    createTopics(metadata, () => []),
    deleteTopics(metadata, settings.deleteTopicEnabled),
    initProducerId(metadata),
    describeCluster(cluster),
  ];
}
