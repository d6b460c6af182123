import { ErrorCode } from "../../protocol/errors.ts";
import {
  ListPartitionReassignments,
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
} from "../../protocol/generated/46_list_partition_reassignments.ts";
import { authorizeCluster } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";

/** Lists partitions that are being moved (KIP-455): none, whatever is asked for. Kafka: `ReplicationControlManager.listPartitionReassignments`. */
export function listPartitionReassignments(): Handler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse> {
  return {
    api: ListPartitionReassignments,
    handle(context) {
      authorizeCluster(context, "Describe");
      return response(ErrorCode.NONE, null);
    },
    fail: (_request, code, message) => response(code, message),
  };
}

function response(errorCode: number, errorMessage: string | null): ListPartitionReassignmentsResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage, topics: [] };
}
