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

/**
 * Moves partitions into another log directory (KIP-113). Of those there is only one, where they all are: whoever asks for that has it already.
 * Kafka: `ReplicaManager.alterReplicaLogDirs`.
 */
export function alterReplicaLogDirs(
  partitions: Partitions,
  directory: LogDirectory,
): Handler<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse> {
  const codeOf = (path: string, topic: string, index: number): number => {
    if (path !== directory.path) return ErrorCode.LOG_DIR_NOT_FOUND;
    const partition = partitions.find(topic, index);
    return typeof partition === "number" ? partition : ErrorCode.NONE;
  };
  return {
    api: AlterReplicaLogDirs,
    handle(context, request) {
      authorizeCluster(context, "Alter");
      return results(request, codeOf);
    },
    fail: (request, code) => results(request, () => code),
  };
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
