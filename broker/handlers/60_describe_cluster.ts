import { ErrorCode } from "../../protocol/errors.ts";
import {
  DescribeCluster,
  type DescribeClusterBroker,
  type DescribeClusterRequest,
  type DescribeClusterResponse,
} from "../../protocol/generated/60_describe_cluster.ts";
import { authorizedOperations, NOT_ASKED } from "../authorized_operations.ts";
import type { ClusterView, Node } from "../cluster.ts";
import type { Handler } from "../handler.ts";

/** `endpointType` (KIP-919): this listener speaks for brokers. */
const BROKERS = 1;

/** Describes the nodes of the cluster. */
export function describeCluster(cluster: ClusterView): Handler<DescribeClusterRequest, DescribeClusterResponse> {
  return {
    api: DescribeCluster,
    handle(context, request) {
      if (context.apiVersion >= 1 && request.endpointType !== BROKERS) {
        if (request.endpointType === 2) {
          return refused(
            request,
            ErrorCode.MISMATCHED_ENDPOINT_TYPE,
            "The request was sent to an endpoint of type BROKERS, but we wanted an endpoint of type CONTROLLERS",
          );
        }
        return refused(request, ErrorCode.UNSUPPORTED_ENDPOINT_TYPE, `Unsupported endpoint type ${request.endpointType}`);
      }
      return {
        ...refused(request, ErrorCode.NONE, null),
        clusterId: cluster.clusterId,
        controllerId: cluster.controllerId,
        brokers: [
          ...cluster.nodes(context.connection).map((node) => described(node, false)),
          ...(request.includeFencedBrokers ? cluster.fencedNodes(context.connection).map((node) => described(node, true)) : []),
        ],
        clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
          ? authorizedOperations(context, "Cluster", "kafka-cluster")
          : NOT_ASKED,
      };
    },
    fail: refused,
  };
}

function described({ id, host, port, rack }: Node, isFenced: boolean): DescribeClusterBroker {
  return { brokerId: id, host, port, rack, isFenced };
}

function refused(_request: DescribeClusterRequest, errorCode: number, errorMessage: string | null): DescribeClusterResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    errorMessage,
    endpointType: BROKERS,
    clusterId: "",
    controllerId: -1,
    brokers: [],
    clusterAuthorizedOperations: NOT_ASKED,
  };
}
