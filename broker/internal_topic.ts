import type { Clock, Compression } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import type { BatchOptions } from "../protocol/records/mod.ts";
import type { ClusterView } from "./cluster.ts";
import type { BrokerSettings } from "./config/settings.ts";
import { PartitionShardLog } from "./coordinator/partition_log.ts";
import type { ShardLog } from "./coordinator/shard_log.ts";
import type { ShardLogs } from "./coordinator/shards.ts";
import { KafkaError } from "./kafka_error.ts";
import { NO_LEADER } from "./metadata/leadership.ts";
import type { MetadataService } from "./metadata/service.ts";
import { OFFSETS_TOPIC, TRANSACTION_TOPIC } from "./metadata/topic_names.ts";
import type { Partitions } from "./partitions.ts";

/** What an internal topic is made with, as Kafka makes it. */
export interface InternalTopicOptions {
  readonly topic: string;
  readonly numPartitions: number;
  /** Fewer where there are not so many nodes. */
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
  /** Of the batches that its coordinator writes. */
  readonly batchOptions: BatchOptions;
}

export function offsetsTopic(settings: BrokerSettings): InternalTopicOptions {
  return {
    topic: OFFSETS_TOPIC,
    numPartitions: settings.offsetsTopicPartitions,
    replicationFactor: settings.offsetsTopicReplicationFactor,
    configs: { "cleanup.policy": "compact", "compression.type": "producer", "segment.bytes": String(settings.offsetsTopicSegmentBytes) },
    // Batches of Kafka's group coordinator begin with sequence 0, though nobody counts on.
    batchOptions: { baseSequence: 0 },
  };
}

export function transactionTopic(settings: BrokerSettings): InternalTopicOptions {
  return {
    topic: TRANSACTION_TOPIC,
    numPartitions: settings.transactionTopicPartitions,
    replicationFactor: settings.transactionTopicReplicationFactor,
    configs: {
      "cleanup.policy": "compact",
      "compression.type": "uncompressed",
      "min.insync.replicas": String(settings.transactionTopicMinInSyncReplicas),
      "segment.bytes": String(settings.transactionTopicSegmentBytes),
      "unclean.leader.election.enable": "false",
    },
    batchOptions: {},
  };
}

/** An internal topic as the place where shards are kept; it is made when it is first needed. */
export class InternalTopic implements ShardLogs {
  readonly #metadata: MetadataService;
  readonly #partitions: Partitions;
  readonly #cluster: ClusterView;
  readonly #options: InternalTopicOptions;
  readonly #platform: { readonly clock: Clock; readonly compression: Compression };

  constructor(
    metadata: MetadataService,
    partitions: Partitions,
    cluster: ClusterView,
    options: InternalTopicOptions,
    platform: { readonly clock: Clock; readonly compression: Compression },
  ) {
    this.#metadata = metadata;
    this.#partitions = partitions;
    this.#cluster = cluster;
    this.#options = options;
    this.#platform = platform;
  }

  get topic(): string {
    return this.#options.topic;
  }

  existing(): readonly (ShardLog | null)[] | null {
    const topic = this.#metadata.catalogue.topic(this.topic);
    return topic === undefined ? null : topic.partitions.map((_, index) => this.#log(index));
  }

  async ensure(): Promise<readonly (ShardLog | null)[]> {
    const configs = Object.entries(this.#options.configs).map(([name, value]) => ({ name, value }));
    const replicationFactor = Math.min(this.#options.replicationFactor, this.#cluster.nodeIds.length);
    const wanted = { name: this.topic, numPartitions: this.#options.numPartitions, replicationFactor, assignments: [], configs };
    const [{ errorCode, errorMessage }] = await this.#metadata.createTopics([wanted], false);
    if (errorCode !== ErrorCode.NONE && errorCode !== ErrorCode.TOPIC_ALREADY_EXISTS) throw new KafkaError(errorCode, errorMessage);
    return this.existing()!;
  }

  leaderOf(index: number): number {
    const partition = this.#partitions.find(this.topic, index);
    return typeof partition === "number" ? NO_LEADER : partition.leader;
  }

  /** Null for a partition that is offline: its ids have no coordinator, the others have. */
  #log(index: number): ShardLog | null {
    const partition = this.#partitions.find(this.topic, index);
    if (typeof partition === "number") return null;
    return new PartitionShardLog(partition, this.#platform, this.#options.batchOptions);
  }
}
