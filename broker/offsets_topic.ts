import type { Clock, Compression } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import type { BrokerSettings } from "./config/settings.ts";
import type { GroupLogs } from "./coordinator/group/service.ts";
import { PartitionShardLog } from "./coordinator/partition_log.ts";
import type { ShardLog } from "./coordinator/shard_log.ts";
import { KafkaError } from "./kafka_error.ts";
import type { MetadataService } from "./metadata/service.ts";
import { OFFSETS_TOPIC } from "./metadata/topic_names.ts";
import type { Partitions } from "./partitions.ts";

/** Batches of Kafka's coordinators begin with sequence 0, though nobody counts on. */
const KAFKAS = { baseSequence: 0 };

/** `__consumer_offsets` as the place where groups are kept; it is made, with the configuration that Kafka gives it, when it is first needed. */
export class OffsetsTopic implements GroupLogs {
  readonly #metadata: MetadataService;
  readonly #partitions: Partitions;
  readonly #settings: BrokerSettings;
  readonly #platform: { readonly clock: Clock; readonly compression: Compression };

  constructor(
    metadata: MetadataService,
    partitions: Partitions,
    settings: BrokerSettings,
    platform: { readonly clock: Clock; readonly compression: Compression },
  ) {
    this.#metadata = metadata;
    this.#partitions = partitions;
    this.#settings = settings;
    this.#platform = platform;
  }

  existing(): readonly (ShardLog | null)[] | null {
    const topic = this.#metadata.catalogue.topic(OFFSETS_TOPIC);
    return topic === undefined ? null : topic.partitions.map((_, index) => this.#log(index));
  }

  async ensureOffsetsTopic(): Promise<readonly (ShardLog | null)[]> {
    const configs = [
      { name: "cleanup.policy", value: "compact" },
      { name: "compression.type", value: "producer" },
      { name: "segment.bytes", value: String(this.#settings.offsetsTopicSegmentBytes) },
    ];
    const wanted = {
      name: OFFSETS_TOPIC,
      numPartitions: this.#settings.offsetsTopicPartitions,
      replicationFactor: 1,
      assignments: [],
      configs,
    };
    const [{ errorCode, errorMessage }] = await this.#metadata.createTopics([wanted], false);
    if (errorCode !== ErrorCode.NONE && errorCode !== ErrorCode.TOPIC_ALREADY_EXISTS) throw new KafkaError(errorCode, errorMessage);
    return this.existing()!;
  }

  /** Null for a partition that is offline: its groups have no coordinator, the others have. */
  #log(index: number): ShardLog | null {
    const partition = this.#partitions.find(OFFSETS_TOPIC, index);
    if (typeof partition === "number") return null;
    return new PartitionShardLog(partition, this.#platform, KAFKAS);
  }
}
