import { ErrorCode } from "../../protocol/errors.ts";
import {
  AlterPartitionReassignments,
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
} from "../../protocol/generated/45_alter_partition_reassignments.ts";
import { authorizeCluster, requireTime } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";
import type { MetadataService } from "../metadata/service.ts";

/** Moves partitions to other nodes (KIP-455). Kafka: `ReplicationControlManager.alterPartitionReassignments`. */
export function alterPartitionReassignments(
  metadata: MetadataService,
): Handler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> {
  return {
    api: AlterPartitionReassignments,
    async handle(context, request) {
      authorizeCluster(context, "Alter");
      // Kafka's controller answers that nothing is to be done without looking at the rest.
      if (request.topics.length === 0) return response(request, ErrorCode.NONE, "", []);
      requireTime(request.timeoutMs);
      const asked = request.topics.flatMap(({ name, partitions }) => {
        return partitions.map(({ partitionIndex, replicas }) => ({ topic: name, index: partitionIndex, target: replicas }));
      });
      const decisions = (await metadata.reassign(asked, request.allowReplicationFactorChange)).values();
      const responses = request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => {
          const { errorCode, errorMessage } = decisions.next().value!;
          return { partitionIndex, errorCode, errorMessage };
        }),
      }));
      return response(request, ErrorCode.NONE, null, responses);
    },
    fail(request, errorCode, errorMessage) {
      return response(
        request,
        errorCode,
        errorMessage,
        request.topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, errorMessage })),
        })),
      );
    },
  };
}

function response(
  { allowReplicationFactorChange }: AlterPartitionReassignmentsRequest,
  errorCode: number,
  errorMessage: string | null,
  responses: AlterPartitionReassignmentsResponse["responses"],
): AlterPartitionReassignmentsResponse {
  return { throttleTimeMs: 0, allowReplicationFactorChange, errorCode, errorMessage, responses };
}
