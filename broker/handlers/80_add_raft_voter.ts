import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import { AddRaftVoter, type AddRaftVoterRequest, type AddRaftVoterResponse } from "../../protocol/generated/80_add_raft_voter.ts";
import type { ClusterView } from "../cluster.ts";
import { authorizeCluster } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";

/**
 * Makes a controller a voter of the quorum (KIP-853). The quorum is this node and stays so: a voter that could be added is, as in Kafka one that cannot be
 * reached, never ready. Kafka: `KafkaRaftClient.handleAddVoterRequest`.
 */
export function addRaftVoter(cluster: ClusterView): Handler<AddRaftVoterRequest, AddRaftVoterResponse> {
  return {
    api: AddRaftVoter,
    handle(context, { clusterId, voterId, voterDirectoryId, listeners }) {
      authorizeCluster(context, "Alter");
      if (clusterId !== null && clusterId !== cluster.clusterId) {
        return response(ErrorCode.INCONSISTENT_CLUSTER_ID, "The request is meant for another cluster.");
      }
      if (voterId < 0 || voterDirectoryId === ZERO_UUID) return response(ErrorCode.INVALID_REQUEST, "The voter has no id or no directory.");
      if (!listeners.some(({ name }) => name === context.connection.listener)) {
        return response(
          ErrorCode.INVALID_REQUEST,
          `The voter has no listener ${context.connection.listener}, which is that of controllers here.`,
        );
      }
      if (voterId === cluster.controllerId) return response(ErrorCode.DUPLICATE_VOTER, `Node ${voterId} is a voter already.`);
      return response(ErrorCode.REQUEST_TIMED_OUT, `Node ${voterId} does not answer: the quorum is one node here.`);
    },
    fail: (_request, code, message) => response(code, message),
  };
}

function response(errorCode: number, errorMessage: string | null): AddRaftVoterResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage };
}
