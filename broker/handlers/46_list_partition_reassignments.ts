import { ErrorCode } from "../../protocol/errors.ts";
import {
  ListPartitionReassignments,
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
  type OngoingPartitionReassignment,
} from "../../protocol/generated/46_list_partition_reassignments.ts";
import { authorizeCluster } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";
import type { PartitionEntry } from "../metadata/catalogue.ts";
import type { MetadataService } from "../metadata/service.ts";

/** Lists the partitions that are being moved (KIP-455). Kafka: `ReplicationControlManager.listPartitionReassignments`. */
export function listPartitionReassignments(
  metadata: MetadataService,
): Handler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse> {
  return {
    api: ListPartitionReassignments,
    handle(context, { topics }) {
      authorizeCluster(context, "Describe");
      const { catalogue } = metadata;
      const asked = topics?.map(({ name, partitionIndexes }) => ({ entry: catalogue.topic(name), indexes: partitionIndexes })) ??
        Array.from(catalogue.topics(), (entry) => ({ entry, indexes: entry.partitions.keys() }));
      const moving = asked.flatMap(({ entry, indexes }) => {
        const partitions = entry === undefined ? [] : [...indexes].flatMap((index) => moves(entry.partitions[index]));
        return partitions.length === 0 ? [] : [{ name: entry!.name, partitions }];
      });
      return { ...response(ErrorCode.NONE, null), topics: moving };
    },
    fail: (_request, code, message) => response(code, message),
  };
}

function moves(entry: PartitionEntry | undefined): OngoingPartitionReassignment[] {
  if (entry === undefined || entry.addingReplicas.length + entry.removingReplicas.length === 0) return [];
  const { partition, replicas, addingReplicas, removingReplicas } = entry;
  const lists = { replicas: [...replicas], addingReplicas: [...addingReplicas], removingReplicas: [...removingReplicas] };
  return [{ partitionIndex: partition, ...lists }];
}

function response(errorCode: number, errorMessage: string | null): ListPartitionReassignmentsResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage, topics: [] };
}
