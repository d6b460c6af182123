import { ErrorCode } from "../../protocol/errors.ts";
import {
  UnregisterBroker,
  type UnregisterBrokerRequest,
  type UnregisterBrokerResponse,
} from "../../protocol/generated/64_unregister_broker.ts";
import type { ClusterView } from "../cluster.ts";
import { authorizeCluster } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";

/**
 * Forgets a node that is stopped, until it starts again; its partitions keep their replicas. One that runs is not forgotten: Kafka does that as well, and its
 * partitions then have no leader. Kafka: `ReplicationControlManager.unregisterBroker`.
 */
export function unregisterBroker(cluster: ClusterView): Handler<UnregisterBrokerRequest, UnregisterBrokerResponse> {
  return {
    api: UnregisterBroker,
    handle(context, { brokerId }) {
      authorizeCluster(context, "Alter");
      if (!cluster.nodeIds.includes(brokerId)) return response(ErrorCode.BROKER_ID_NOT_REGISTERED, `No broker ${brokerId} is registered.`);
      if (cluster.isRunning(brokerId)) return response(ErrorCode.INVALID_REQUEST, `Broker ${brokerId} runs: it is not forgotten.`);
      cluster.unregister(brokerId);
      return response(ErrorCode.NONE, "");
    },
    fail: (_request, code, message) => response(code, message),
  };
}

function response(errorCode: number, errorMessage: string | null): UnregisterBrokerResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage };
}
