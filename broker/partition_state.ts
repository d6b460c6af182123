import { ErrorCode } from "../protocol/errors.ts";
import type { ClusterView } from "./cluster.ts";
import type { PartitionEntry, TopicEntry } from "./metadata/catalogue.ts";
import { NO_LEADER } from "./metadata/leadership.ts";
import type { MetadataService } from "./metadata/service.ts";

/** A partition as clients are told of it. */
export interface PartitionState {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: number[];
  readonly isrNodes: number[];
  readonly offlineReplicas: number[];
}

/** Who leads a partition and has replicas of it: nobody does and they are offline where its log could not be opened. Kafka: `KRaftMetadataCache`. */
export function describePartition(
  metadata: MetadataService,
  cluster: ClusterView,
  topic: TopicEntry,
  entry: PartitionEntry,
): PartitionState {
  const { partition, leader, leaderEpoch, replicas, isr } = entry;
  const isLost = metadata.isOffline(topic.name, partition);
  const isLed = leader >= 0 && !isLost;
  return {
    errorCode: isLed ? ErrorCode.NONE : ErrorCode.LEADER_NOT_AVAILABLE,
    partitionIndex: partition,
    leaderId: isLed ? leader : NO_LEADER,
    leaderEpoch,
    replicaNodes: [...replicas],
    isrNodes: [...isr],
    offlineReplicas: replicas.filter((id) => isLost || !cluster.isRunning(id)),
  };
}
