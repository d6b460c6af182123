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

/** The nodes that may hold replicas, and which of them run. */
export interface Nodes {
  readonly nodeIds: readonly number[];
  readonly isRunning: (nodeId: number) => boolean;
}

/** Why new partitions cannot be assigned so (INVALID_REPLICA_ASSIGNMENT), or null. `replicas`: how many each must have; null: as many as the first. */
export function invalidNewAssignments(
  assigned: readonly (readonly number[])[],
  { nodeIds, isRunning }: Nodes,
  replicas: number | null,
): string | null {
  for (const brokers of assigned) {
    const invalid = invalidAssignment(brokers, nodeIds, replicas ?? assigned[0].length);
    if (invalid !== null) return invalid;
    if (!brokers.some(isRunning)) return "No broker of a manual partition assignment runs.";
  }
  return null;
}

/** Replicas of `count` partitions from number `first` on, spread over the nodes. The first of each runs, as long as any node does. */
export function placeReplicas(first: number, count: number, replicas: number, { nodeIds, isRunning }: Nodes): number[][] {
  return Array.from({ length: count }, (_, i) => {
    const from = (first + i) % nodeIds.length;
    const inTurn = [...nodeIds.slice(from), ...nodeIds.slice(0, from)];
    const leader = inTurn.find(isRunning) ?? inTurn[0];
    return [leader, ...inTurn.filter((id) => id !== leader)].slice(0, replicas);
  });
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
