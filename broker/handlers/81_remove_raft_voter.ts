import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import {
  RemoveRaftVoter,
  type RemoveRaftVoterRequest,
  type RemoveRaftVoterResponse,
} from "../../protocol/generated/81_remove_raft_voter.ts";
import type { ClusterView } from "../cluster.ts";
import { authorizeCluster } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";

/** Takes a voter out of the quorum (KIP-853). This node is its last, for which Kafka has the same answer as for one that is none. Kafka: `KafkaRaftClient.handleRemoveVoterRequest`. */
export function removeRaftVoter(cluster: ClusterView): Handler<RemoveRaftVoterRequest, RemoveRaftVoterResponse> {
  return {
    api: RemoveRaftVoter,
    handle(context, { clusterId, voterId, voterDirectoryId }) {
      authorizeCluster(context, "Alter");
      if (clusterId !== null && clusterId !== cluster.clusterId) {
        return response(ErrorCode.INCONSISTENT_CLUSTER_ID, "The request is meant for another cluster.");
      }
      if (voterId < 0 || voterDirectoryId === ZERO_UUID) return response(ErrorCode.INVALID_REQUEST, "The voter has no id or no directory.");
      return response(ErrorCode.VOTER_NOT_FOUND, `Node ${voterId} with that directory is no voter that can be taken out.`);
    },
    fail: (_request, code, message) => response(code, message),
  };
}

function response(errorCode: number, errorMessage: string | null): RemoveRaftVoterResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage };
}
