import { ErrorCode } from "../../protocol/errors.ts";
import {
  DeleteRecords,
  type DeleteRecordsPartition,
  type DeleteRecordsPartitionResult,
  type DeleteRecordsRequest,
  type DeleteRecordsResponse,
} from "../../protocol/generated/21_delete_records.ts";
import { RecordsError } from "../../protocol/records/mod.ts";
import { StorageError } from "../../storage/mod.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { leadershipProblem, NO_EPOCH } from "../leader_epochs.ts";
import { isInternal } from "../metadata/topic_names.ts";
import { lookUp } from "../partition_lookup.ts";
import type { Partitions } from "../partitions.ts";

/** Stands for the high watermark. */
const HIGH_WATERMARK = -1;

/**
 * Moves the start of partitions forward (KIP-107), each for itself; it is answered once no crash can bring the records back.
 * Kafka: `KafkaApis.handleDeleteRecordsRequest`, `ReplicaManager.deleteRecordsOnLocalLog`.
 */
export function deleteRecords(partitions: Partitions): Handler<DeleteRecordsRequest, DeleteRecordsResponse> {
  return {
    api: DeleteRecords,
    async handle(context, { topics }) {
      const results = Array.from(byPartition(topics), async ([name, named]) => ({
        name,
        partitions: await Promise.all(Array.from(named.values(), (one) => deleteOne(partitions, context, name, one))),
      }));
      return { throttleTimeMs: 0, topics: await Promise.all(results) };
    },
    fail: ({ topics }, code) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions: named }) => ({ name, partitions: named.map((one) => refused(one, code)) })),
    }),
  };
}

/** What is asked of each partition: of what is said twice the last, as Kafka keeps a map. */
function byPartition(topics: DeleteRecordsRequest["topics"]): Map<string, Map<number, DeleteRecordsPartition>> {
  const found = new Map<string, Map<number, DeleteRecordsPartition>>();
  for (const { name, partitions } of topics) {
    for (const one of partitions) {
      const named = found.get(name) ?? new Map();
      found.set(name, named.set(one.partitionIndex, one));
    }
  }
  return found;
}

async function deleteOne(
  partitions: Partitions,
  context: RequestContext,
  topic: string,
  wanted: DeleteRecordsPartition,
): Promise<DeleteRecordsPartitionResult> {
  const { partitionIndex, offset } = wanted;
  const found = lookUp(partitions, context, "Delete", { name: topic, topicId: "", byId: false }, partitionIndex);
  if (typeof found === "number") return refused(wanted, found);
  if (isInternal(topic)) return refused(wanted, ErrorCode.INVALID_TOPIC_EXCEPTION);
  const problem = leadershipProblem(found, context.connection.nodeId, NO_EPOCH, { onlyLeader: true });
  if (problem !== ErrorCode.NONE) return refused(wanted, problem);
  const { log } = found;
  if (log.config.compact && !log.config.delete) return refused(wanted, ErrorCode.POLICY_VIOLATION);
  try {
    const lowWatermark = await log.deleteRecordsBefore(offset === HIGH_WATERMARK ? log.highWatermark : offset);
    return { partitionIndex, lowWatermark, errorCode: ErrorCode.NONE };
  } catch (error) {
    if (error instanceof StorageError) return refused(wanted, ErrorCode.KAFKA_STORAGE_ERROR);
    if (!(error instanceof RecordsError)) throw error;
    return refused(wanted, error.code);
  }
}

function refused({ partitionIndex }: DeleteRecordsPartition, errorCode: number): DeleteRecordsPartitionResult {
  return { partitionIndex, lowWatermark: -1, errorCode };
}
