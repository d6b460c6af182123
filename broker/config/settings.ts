import type { Address, LogLevel } from "../../platform/mod.ts";
import type { ClientTelemetryReceiver } from "../client_telemetry.ts";
import type { ConfigValues } from "./row.ts";

/** What becomes of acknowledged records when the process or the machine dies (DESIGN §5). */
export type Durability = "memory" | "process" | "power";

/** A topic that is created at start unless it exists. */
export interface TopicSettings {
  readonly name: string;
  /** Null: `num.partitions`. */
  readonly partitions: number | null;
  /** Null: `default.replication.factor`. */
  readonly replicationFactor: number | null;
  /** Overrides by Kafka's names, in Kafka's text form, checked. */
  readonly configs: ConfigValues;
}

/** What can change while the broker runs, beside the defaults of topics. */
export interface DynamicSettings {
  readonly maxConnections: number;
  /** `producer.id.expiration.ms` */
  readonly producerIdExpirationMs: number;
  /** `transaction.partition.verification.enable` */
  readonly transactionPartitionVerification: boolean;
  /** `log.cleaner.backoff.ms` */
  readonly cleanerBackoffMs: number;
  /** `log.cleaner.dedupe.buffer.size` and `log.cleaner.io.buffer.load.factor` */
  readonly cleanerMap: { readonly bytes: number; readonly loadFactor: number };
}

/** A node of the cluster that clients see (DESIGN §6). */
export interface NodeSettings {
  readonly id: number;
  /** Where to listen. Port 0 lets the system choose. */
  readonly listen: Address;
  /** `advertised.listeners` of the client listener, or null: a client is told the address that it dialled. A port of 0 means the one listened on. */
  readonly advertised: Address | null;
  /** `broker.rack` or null. */
  readonly rack: string | null;
  /** What of {@link BrokerSettings.properties} is another node's, in Kafka's text form. */
  readonly properties: ConfigValues;
}

/** Everything that the broker was told at start and that stays so: checked, complete, in the units that Kafka's names carry. */
export interface BrokerSettings {
  /** The nodes of the cluster that clients see, one at least. Their ids are `node.id` and those that follow it, and so are their ports. */
  readonly nodes: readonly [NodeSettings, ...NodeSettings[]];
  /** Where metrics and health are served over HTTP, or null: nowhere. */
  readonly http: Address | null;
  /** The name of the client listener: `PLAINTEXT` unless `listeners` names it otherwise. */
  readonly listenerName: string;
  /** The data directory, or null with `durability: "memory"`. */
  readonly dataDirectory: string | null;
  readonly durability: Durability;
  readonly logLevel: LogLevel;
  /** Files and sockets that the process may have open, or null: what the system says. */
  readonly descriptors: number | null;
  readonly topics: readonly TopicSettings[];
  /** What was set of broker.ts's rows, in Kafka's text form, by name: what `DynamicBrokerConfig` begins with. */
  readonly properties: ConfigValues;

  /** `node.id`: the id of the first node, and of the data directory. */
  readonly nodeId: number;

  readonly numPartitions: number;
  readonly defaultReplicationFactor: number;
  /** `ottla.replication.factor.clamp`: more replicas than nodes become as many as there are. */
  readonly clampReplicationFactor: boolean;
  readonly autoCreateTopics: boolean;
  readonly deleteTopicEnabled: boolean;

  /** `socket.request.max.bytes`: the largest frame. */
  readonly socketRequestMaxBytes: number;
  readonly connectionsMaxIdleMs: number;
  /** `queued.max.request.bytes`: bytes of requests in memory over all connections. Ours is bounded by default; Kafka's -1 is not. */
  readonly queuedMaxRequestBytes: number;
  readonly fetchMaxBytes: number;
  /** Whether `replica.selector.class` is the one class that Ottla knows, `RackAwareReplicaSelector` (KIP-392). */
  readonly rackAware: boolean;
  /** `max.request.partition.size.limit`: partitions in one answer of DescribeTopicPartitions. */
  readonly maxRequestPartitions: number;
  /** `max.incremental.fetch.session.cache.slots` */
  readonly fetchSessionSlots: number;
  /** Who receives the metrics of clients, or null: nobody, and no client is asked for them. */
  readonly clientTelemetry: ClientTelemetryReceiver | null;
  /** `telemetry.max.bytes` */
  readonly telemetryMaxBytes: number;

  readonly producerIdExpirationCheckIntervalMs: number;
  /** `log.flush.offset.checkpoint.interval.ms` */
  readonly recoveryPointIntervalMs: number;
  /** `log.flush.start.offset.checkpoint.interval.ms` */
  readonly logStartIntervalMs: number;
  /** `log.retention.check.interval.ms` */
  readonly retentionCheckIntervalMs: number;
  /** `log.cleaner.enable` */
  readonly cleanerEnabled: boolean;

  readonly offsetsTopicPartitions: number;
  readonly offsetsTopicReplicationFactor: number;
  readonly offsetsTopicSegmentBytes: number;
  readonly offsetMetadataMaxBytes: number;
  /** `offsets.retention.minutes`, in milliseconds. */
  readonly offsetsRetentionMs: number;
  readonly offsetsRetentionCheckIntervalMs: number;

  readonly transactionTopicPartitions: number;
  /** `transaction.state.log.replication.factor` */
  readonly transactionTopicReplicationFactor: number;
  /** `transaction.state.log.min.isr` */
  readonly transactionTopicMinInSyncReplicas: number;
  readonly transactionTopicSegmentBytes: number;
  readonly transactionMaxTimeoutMs: number;
  /** `transaction.abort.timed.out.transaction.cleanup.interval.ms` */
  readonly transactionAbortIntervalMs: number;
  readonly transactionalIdExpirationMs: number;
  /** `transaction.remove.expired.transaction.cleanup.interval.ms` */
  readonly transactionalIdRemovalIntervalMs: number;

  readonly groupMinSessionTimeoutMs: number;
  readonly groupMaxSessionTimeoutMs: number;
  readonly groupInitialRebalanceDelayMs: number;
  readonly groupMaxSize: number;
}
