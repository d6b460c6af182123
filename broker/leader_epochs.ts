import { ErrorCode } from "../protocol/errors.ts";
import type { Partition } from "./partitions.ts";

/**
 * Compares the leader epoch that a client believes in with the partition's (KIP-320). -1 asks for no comparison.
 * An older one comes from a client with stale metadata, a newer one from a client that knows of a leader we have not heard of.
 */
export function leaderEpochProblem(partition: Partition, currentLeaderEpoch: number): number {
  if (currentLeaderEpoch < 0 || currentLeaderEpoch === partition.leaderEpoch) return ErrorCode.NONE;
  return currentLeaderEpoch < partition.leaderEpoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
}
