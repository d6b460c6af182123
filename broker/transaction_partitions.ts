import type { Logger } from "../platform/mod.ts";
import { RecordsError } from "../protocol/records/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { type EndMarker, StorageError } from "../storage/mod.ts";
import type { TransactionPartitions } from "./coordinator/transaction/service.ts";
import type { GroupService } from "./coordinator/group/service.ts";
import { KafkaError } from "./kafka_error.ts";
import { OFFSETS_TOPIC, TRANSACTION_TOPIC } from "./metadata/topic_names.ts";
import type { Partition, Partitions } from "./partitions.ts";

/** The partitions of this broker as transactions write to them. */
export class LocalTransactionPartitions implements TransactionPartitions {
  readonly #partitions: Partitions;
  readonly #groups: GroupService;
  readonly #logger: Logger;

  constructor(partitions: Partitions, groups: GroupService, logger: Logger) {
    this.#partitions = partitions;
    this.#groups = groups;
    this.#logger = logger;
  }

  durable(topic: string, partition: number): Promise<void> | null {
    return this.#find(topic, partition)?.durable() ?? null;
  }

  async writeMarker(topic: string, partition: number, marker: EndMarker): Promise<void> {
    const found = this.#find(topic, partition);
    if (found === null) return;
    // The transaction stays prepared, which is as good as done; Kafka's coordinator tries again as well.
    if (!found.hasEnoughReplicas) throw new KafkaError(ErrorCode.NOT_ENOUGH_REPLICAS);
    try {
      await endTransaction(found, this.#groups, marker);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // Its producer has gone on there with a newer epoch, so that nothing of this one is open; asking again would not help.
      this.#logger.warn("a partition did not take the marker of a transaction", { topic, partition, ...marker, reason: error.message });
    }
  }

  coordinatorEpoch(partition: number): number {
    return this.#find(TRANSACTION_TOPIC, partition)?.leaderEpoch ?? 0;
  }

  /** Null for a partition of a topic that was deleted. Throws {@link StorageError} for one that is offline. */
  #find(topic: string, index: number): Partition | null {
    const partition = this.#partitions.find(topic, index);
    if (typeof partition !== "number") return partition;
    if (partition === ErrorCode.KAFKA_STORAGE_ERROR) throw new StorageError(`${topic}-${index} is offline.`);
    return null;
  }
}

/**
 * Ends a producer's transaction in a partition; in those of `__consumer_offsets` the group coordinator does, for which it counts then. Settles when that is durable. Throws
 * `RecordsError` or {@link KafkaError} with what `Log.appendEndMarker` says, {@link KafkaError} where the coordinator cannot be asked, or {@link StorageError}.
 */
export async function endTransaction(partition: Partition, groups: GroupService, marker: EndMarker): Promise<void> {
  if (partition.topic === OFFSETS_TOPIC) return await groups.completeTransaction(partition.index, marker);
  partition.appendEndMarker(marker);
  const durable = partition.durable();
  if (durable !== null) await durable;
}

/** What a log says of a marker that comes too late. */
function isRefusal(error: unknown): error is RecordsError | KafkaError {
  if (!(error instanceof RecordsError || error instanceof KafkaError)) return false;
  return error.code === ErrorCode.INVALID_PRODUCER_EPOCH || error.code === ErrorCode.TRANSACTION_COORDINATOR_FENCED;
}
