import { ErrorCode } from "../../protocol/errors.ts";
import {
  AlterPartitionReassignments,
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
} from "../../protocol/generated/45_alter_partition_reassignments.ts";
import type { ClusterView } from "../cluster.ts";
import { authorizeCluster, requireTime } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";
import { fitting } from "../kafka_error.ts";
import type { Catalogue } from "../metadata/catalogue.ts";
import { invalidAssignment } from "../metadata/replica_assignment.ts";
import type { MetadataService } from "../metadata/service.ts";

type Outcome = readonly [code: number, message: string | null];

/**
 * Moves partitions to other brokers (KIP-455). With one node there is one assignment that can be asked for, the one that a partition has: nothing is
 * ever under way. Kafka: `ReplicationControlManager.alterPartitionReassignments`.
 */
export function alterPartitionReassignments(
  metadata: MetadataService,
  cluster: ClusterView,
): Handler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> {
  return {
    api: AlterPartitionReassignments,
    handle(context, request) {
      authorizeCluster(context, "Alter");
      // Kafka's controller answers that nothing is to be done without looking at the rest.
      if (request.topics.length === 0) return response(request, ErrorCode.NONE, "", []);
      requireTime(request.timeoutMs);
      const { catalogue } = metadata;
      return response(
        request,
        ErrorCode.NONE,
        null,
        request.topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex, replicas }) => {
            const [errorCode, errorMessage] = reassign(catalogue, cluster.nodeIds, request, name, partitionIndex, replicas);
            return { partitionIndex, errorCode, errorMessage };
          }),
        })),
      );
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

function reassign(
  catalogue: Catalogue,
  nodeIds: readonly number[],
  { allowReplicationFactorChange }: AlterPartitionReassignmentsRequest,
  topic: string,
  index: number,
  replicas: readonly number[] | null,
): Outcome {
  const partition = catalogue.topic(topic)?.partitions[index];
  if (partition === undefined) return [ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, fitting(`There is no partition ${topic}-${index}.`)];
  if (replicas === null) return [ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, null];
  const invalid = invalidAssignment(replicas, nodeIds, null);
  if (invalid !== null) return [ErrorCode.INVALID_REPLICA_ASSIGNMENT, invalid];
  if (allowReplicationFactorChange || replicas.length === partition.replicas.length) return [ErrorCode.NONE, null];
  const message = `The partition has ${partition.replicas.length} replicas; ${replicas.length} would be another factor.`;
  return [ErrorCode.INVALID_REPLICATION_FACTOR, message];
}

function response(
  { allowReplicationFactorChange }: AlterPartitionReassignmentsRequest,
  errorCode: number,
  errorMessage: string | null,
  responses: AlterPartitionReassignmentsResponse["responses"],
): AlterPartitionReassignmentsResponse {
  return { throttleTimeMs: 0, allowReplicationFactorChange, errorCode, errorMessage, responses };
}
