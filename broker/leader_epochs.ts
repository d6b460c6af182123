import { ErrorCode } from "../protocol/errors.ts";
import type { Partition } from "./partitions.ts";

/** What a client sends that asks for no comparison. Lower ones are epochs like others, and old (`RequestUtils.getLeaderEpoch`). */
export const NO_EPOCH = -1;

/**
 * Compares the leader epoch that a client believes in with the partition's (KIP-320).
 * An older one comes from a client with stale metadata, a newer one from a client that knows of a leader we have not heard of.
 */
export function leaderEpochProblem(partition: Partition, currentLeaderEpoch: number): number {
  if (currentLeaderEpoch === NO_EPOCH || currentLeaderEpoch === partition.leaderEpoch) return ErrorCode.NONE;
  return currentLeaderEpoch < partition.leaderEpoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
}
