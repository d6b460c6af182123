import { ErrorCode } from "../../protocol/errors.ts";
import {
  type WritableTxnMarker,
  WriteTxnMarkers,
  type WriteTxnMarkersRequest,
  type WriteTxnMarkersResponse,
} from "../../protocol/generated/27_write_txn_markers.ts";
import { RecordsError } from "../../protocol/records/mod.ts";
import { StorageError } from "../../storage/mod.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import { leadershipProblem, NO_EPOCH } from "../leader_epochs.ts";
import type { Partitions } from "../partitions.ts";
import { endTransaction } from "../transaction_partitions.ts";

/** Stands for no producer, no epoch, no version, with which Kafka cannot make a marker. */
const NONE = -1;

/** What became of each partition, by producer and topic. What is said of one twice counts as said last. */
type Outcomes = Map<number, Map<string, Map<number, number>>>;

/**
 * Ends transactions of producers in partitions, whatever the transaction coordinator knows: an administrator's way to end one that hangs (KIP-664), for the coordinator here
 * writes its markers itself. Answered once they are durable. Kafka: `KafkaApis.handleWriteTxnMarkersRequest`.
 */
export function writeTxnMarkers(partitions: Partitions, groups: GroupService): Handler<WriteTxnMarkersRequest, WriteTxnMarkersResponse> {
  return {
    api: WriteTxnMarkers,
    async handle(context, { markers }) {
      if (!context.authorize("Alter", "Cluster", "kafka-cluster") && !context.authorize("ClusterAction", "Cluster", "kafka-cluster")) {
        throw new KafkaError(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
      }
      const { nodeId } = context.connection;
      const writes = markers.flatMap((marker) =>
        partitionsOf(marker).map(async ([topic, partition]) => {
          const code = await write(partitions, groups, nodeId, topic, partition, marker);
          return [marker.producerId, topic, partition, code] as const;
        })
      );
      return response(await Promise.all(writes));
    },
    fail({ markers }, code) {
      return response(markers.flatMap((marker) => {
        return partitionsOf(marker).map(([topic, partition]) => [marker.producerId, topic, partition, code] as const);
      }));
    },
  };
}

function partitionsOf({ topics }: WritableTxnMarker): [topic: string, partition: number][] {
  return topics.flatMap(({ name, partitionIndexes }) => partitionIndexes.map((index): [string, number] => [name, index]));
}

/** Answers the error code. */
async function write(
  partitions: Partitions,
  groups: GroupService,
  nodeId: number,
  topic: string,
  index: number,
  { transactionResult: committed, ...marker }: WritableTxnMarker,
): Promise<number> {
  const partition = partitions.find(topic, index);
  if (typeof partition === "number" || !partition.replicas.includes(nodeId)) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  const problem = leadershipProblem(partition, nodeId, NO_EPOCH, { onlyLeader: true });
  if (problem !== ErrorCode.NONE) return problem;
  if ([marker.producerId, marker.producerEpoch, marker.transactionVersion].includes(NONE)) return ErrorCode.UNKNOWN_SERVER_ERROR;
  if (!partition.hasEnoughReplicas) return ErrorCode.NOT_ENOUGH_REPLICAS;
  try {
    await endTransaction(partition, groups, { ...marker, committed });
    return ErrorCode.NONE;
  } catch (error) {
    if (error instanceof StorageError) return ErrorCode.KAFKA_STORAGE_ERROR;
    if (error instanceof RecordsError) return error.code;
    if (!(error instanceof KafkaError)) throw error;
    return notReady.includes(error.code) ? ErrorCode.NOT_LEADER_OR_FOLLOWER : error.code;
  }
}

/** What a group coordinator says that cannot be asked, but what no leader of a partition says. */
const notReady: readonly number[] = [
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.NOT_COORDINATOR,
];

function response(
  results: Iterable<readonly [producerId: number, topic: string, partition: number, errorCode: number]>,
): WriteTxnMarkersResponse {
  const outcomes: Outcomes = new Map();
  for (const [producerId, topic, partition, errorCode] of results) {
    const topics = outcomes.get(producerId) ?? new Map<string, Map<number, number>>();
    outcomes.set(producerId, topics.set(topic, (topics.get(topic) ?? new Map<number, number>()).set(partition, errorCode)));
  }
  const markers = Array.from(outcomes, ([producerId, topics]) => ({
    producerId,
    topics: Array.from(topics, ([name, codes]) => ({
      name,
      partitions: Array.from(codes, ([partitionIndex, errorCode]) => ({ partitionIndex, errorCode })),
    })),
  }));
  return { markers };
}
