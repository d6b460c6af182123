import { ErrorCode } from "../../protocol/errors.ts";
import {
  DescribeLogDirs,
  type DescribeLogDirsPartition,
  type DescribeLogDirsRequest,
  type DescribeLogDirsResponse,
  type DescribeLogDirsTopic,
} from "../../protocol/generated/35_describe_log_dirs.ts";
import type { Handler } from "../handler.ts";
import type { LogDirectory } from "../log_directory.ts";
import type { Partition, Partitions } from "../partitions.ts";

/** Lists the log directory, its volume (KIP-827) and the partitions in it with their sizes (KIP-113). The metadata log is not one of them. */
export function describeLogDirs(
  partitions: Partitions,
  directory: LogDirectory,
): Handler<DescribeLogDirsRequest, DescribeLogDirsResponse> {
  return {
    api: DescribeLogDirs,
    handle(context, request) {
      if (!context.authorize("Describe", "Cluster", "kafka-cluster")) return failed(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
      const placed = request.topics === null ? partitions.all() : chosen(partitions, request.topics);
      const topics = topicsOf(placed, context.connection.nodeId);
      const space = directory.space();
      const result = {
        errorCode: ErrorCode.NONE,
        logDir: directory.path,
        topics,
        totalBytes: BigInt(space?.total ?? -1),
        usableBytes: BigInt(space?.usable ?? -1),
        isCordoned: false,
      };
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, results: [result] };
    },
    fail: (_request, code) => failed(code),
  };
}

function failed(errorCode: number): DescribeLogDirsResponse {
  return { throttleTimeMs: 0, errorCode, results: [] };
}

type Placed = readonly [topic: string, index: number, partition: Partition | null];

/** Those of the partitions asked for that are there, each once. */
function* chosen(partitions: Partitions, asked: NonNullable<DescribeLogDirsRequest["topics"]>): Iterable<Placed> {
  const wanted = new Map<string, Set<number>>();
  for (const { topic, partitions } of asked) wanted.set(topic, new Set([...wanted.get(topic) ?? [], ...partitions]));
  for (const [topic, indexes] of wanted) {
    for (const index of indexes) {
      const partition = partitions.find(topic, index);
      if (typeof partition !== "number") yield [topic, index, partition];
    }
  }
}

function topicsOf(placed: Iterable<Placed>, nodeId: number): DescribeLogDirsTopic[] {
  const topics = new Map<string, DescribeLogDirsPartition[]>();
  for (const [topic, partitionIndex, partition] of placed) {
    // What cannot be opened is in no list of Kafka's either, and what another node has is in that one's.
    if (partition === null || !partition.replicas.includes(nodeId)) continue;
    const { sizeInBytes, highWatermark, logEndOffset } = partition.log;
    // Kafka: `ReplicaManager.getLogEndOffsetLag`. No copy for another directory is ever under way: there is none.
    const described = {
      partitionIndex,
      partitionSize: sizeInBytes,
      offsetLag: Math.max(0, highWatermark - logEndOffset),
      isFutureKey: false,
    };
    const ofTopic = topics.get(topic);
    if (ofTopic === undefined) topics.set(topic, [described]);
    else ofTopic.push(described);
  }
  return Array.from(topics, ([name, partitions]) => ({ name, partitions }));
}
