import { ErrorCode } from "../protocol/errors.ts";
import type { PartitionEntry, TopicEntry } from "./metadata/catalogue.ts";
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
export function describePartition(metadata: MetadataService, topic: TopicEntry, entry: PartitionEntry): PartitionState {
  const { partition, leader, leaderEpoch, replicas, isr } = entry;
  const offline = leader < 0 || metadata.isOffline(topic.name, partition);
  return {
    errorCode: offline ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE,
    partitionIndex: partition,
    leaderId: offline ? -1 : leader,
    leaderEpoch,
    replicaNodes: [...replicas],
    isrNodes: [...isr],
    offlineReplicas: offline ? [...replicas] : [],
  };
}
