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
 * Forgets a broker that is gone for good: none, for all that there are run. Kafka forgets one that runs as well, whose partitions then have no leader until
 * it starts again. Kafka: `ReplicationControlManager.unregisterBroker`.
 */
export function unregisterBroker(cluster: ClusterView): Handler<UnregisterBrokerRequest, UnregisterBrokerResponse> {
  return {
    api: UnregisterBroker,
    handle(context, { brokerId }) {
      authorizeCluster(context, "Alter");
      if (!cluster.nodeIds.includes(brokerId)) return response(ErrorCode.BROKER_ID_NOT_REGISTERED, `No broker ${brokerId} is registered.`);
      return response(ErrorCode.INVALID_REQUEST, `Broker ${brokerId} is a node of this one: it is not forgotten.`);
    },
    fail: (_request, code, message) => response(code, message),
  };
}

function response(errorCode: number, errorMessage: string | null): UnregisterBrokerResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage };
}
