import { ErrorCode } from "../../protocol/errors.ts";
import {
  AlterReplicaLogDirs,
  type AlterReplicaLogDirsRequest,
  type AlterReplicaLogDirsResponse,
} from "../../protocol/generated/34_alter_replica_log_dirs.ts";
import { authorizeCluster } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";
import type { LogDirectory } from "../log_directory.ts";
import type { Partitions } from "../partitions.ts";

/** In characters. */
const MAX_FILE_NAME = 255;

/**
 * Moves partitions into another log directory (KIP-113). Of those there is only one, where they all are: whoever asks for that has it already.
 * Kafka: `ReplicaManager.alterReplicaLogDirs`.
 */
export function alterReplicaLogDirs(
  partitions: Partitions,
  directory: LogDirectory,
): Handler<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse> {
  const codeOf = (nodeId: number, path: string, topic: string, index: number): number => {
    if (copyName(topic, index).length > MAX_FILE_NAME) return ErrorCode.INVALID_TOPIC_EXCEPTION;
    if (path !== directory.path) return ErrorCode.LOG_DIR_NOT_FOUND;
    const partition = partitions.find(topic, index);
    if (typeof partition === "number") return partition;
    return partition.replicas.includes(nodeId) ? ErrorCode.NONE : ErrorCode.REPLICA_NOT_AVAILABLE;
  };
  return {
    api: AlterReplicaLogDirs,
    handle(context, request) {
      authorizeCluster(context, "Alter");
      return results(request, (...moved) => codeOf(context.connection.nodeId, ...moved));
    },
    fail: (request, code) => results(request, () => code),
  };
}

/** What Kafka calls the copy that a move makes; our words for the random part. Kafka: `UnifiedLog.logFutureDirName`. */
function copyName(topic: string, index: number): string {
  return `${topic}-${index}.${"r".repeat(32)}-future`;
}

/** An outcome for each partition; of one that is named twice the last directory counts. */
function results(
  { dirs }: AlterReplicaLogDirsRequest,
  codeOf: (path: string, topic: string, index: number) => number,
): AlterReplicaLogDirsResponse {
  const topics = new Map<string, Map<number, number>>();
  for (const { path, topics: moved } of dirs) {
    for (const { name, partitions } of moved) {
      for (const index of partitions) {
        const ofTopic = topics.get(name) ?? new Map<number, number>();
        topics.set(name, ofTopic.set(index, codeOf(path, name, index)));
      }
    }
  }
  const results = Array.from(topics, ([topicName, ofTopic]) => {
    return { topicName, partitions: Array.from(ofTopic, ([partitionIndex, errorCode]) => ({ partitionIndex, errorCode })) };
  });
  return { throttleTimeMs: 0, results };
}
