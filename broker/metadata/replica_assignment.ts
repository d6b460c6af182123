import { ZERO_UUID } from "../../protocol/mod.ts";
import type { MetadataRecord } from "./records.ts";

/** Why a partition cannot be assigned to these brokers by hand (INVALID_REPLICA_ASSIGNMENT), or null. `replicas`: how many it must have, if that is known. */
export function invalidAssignment(brokers: readonly number[], nodeIds: readonly number[], replicas: number | null): string | null {
  if (brokers.length === 0) return "The manual partition assignment includes an empty replica list.";
  if (new Set(brokers).size < brokers.length) return "The manual partition assignment includes the same broker more than once.";
  const stranger = brokers.find((id) => !nodeIds.includes(id));
  if (stranger !== undefined) return `The manual partition assignment includes broker ${stranger}, but no such broker is registered.`;
  if (replicas === null || brokers.length === replicas) return null;
  return "The manual partition assignment includes partitions with different replica counts.";
}

/** Replicas of `count` partitions from number `first` on, spread over the nodes. */
export function placeReplicas(first: number, count: number, replicas: number, nodeIds: readonly number[]): number[][] {
  return Array.from(
    { length: count },
    (_, i) => Array.from({ length: replicas }, (_, replica) => nodeIds[(first + i + replica) % nodeIds.length]),
  );
}

/** The records of new partitions, from number `first` on, each led by the first of its replicas. */
export function newPartitionRecords(topicId: string, first: number, replicas: readonly (readonly number[])[]): MetadataRecord[] {
  return replicas.map((assigned, index) => ({
    type: "PartitionRecord",
    data: {
      partitionId: first + index,
      topicId,
      replicas: [...assigned],
      isr: [...assigned],
      removingReplicas: [],
      addingReplicas: [],
      leader: assigned[0],
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: assigned.map(() => ZERO_UUID),
    },
  }));
}
