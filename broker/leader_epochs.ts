import { ErrorCode } from "../protocol/errors.ts";
import type { Partition } from "./partitions.ts";

/** What a client sends that asks for no comparison. Lower ones are epochs like others, and old (`RequestUtils.getLeaderEpoch`). */
export const NO_EPOCH = -1;

/**
 * Why a node does not answer for a partition, or NONE: it has no replica, the client believes in another leader epoch (KIP-320), or it does not lead
 * and only the leader may be asked. An older epoch comes from a client with stale metadata, a newer one from a client that knows of a leader we have
 * not heard of. In Kafka's order: `ReplicaManager.getPartitionOrError`, `Partition.getLocalLog`.
 */
export function leadershipProblem(
  partition: Partition,
  nodeId: number,
  currentLeaderEpoch: number,
  { onlyLeader }: { readonly onlyLeader: boolean },
): ErrorCode {
  if (!partition.replicas.includes(nodeId)) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
  if (currentLeaderEpoch !== NO_EPOCH && currentLeaderEpoch !== partition.leaderEpoch) {
    return currentLeaderEpoch < partition.leaderEpoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
  }
  return onlyLeader && partition.leader !== nodeId ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.NONE;
}
