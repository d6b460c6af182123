import { ErrorCode } from "../protocol/errors.ts";
import type { Operation, RequestContext } from "./handler.ts";
import { KafkaError } from "./kafka_error.ts";

/** Throws CLUSTER_AUTHORIZATION_FAILED where the principal may not do `operation` on the cluster. Kafka: `AuthHelper.authorizeClusterOperation`. */
export function authorizeCluster(context: RequestContext, operation: Operation): void {
  if (!context.authorize(operation, "Cluster", "kafka-cluster")) throw new KafkaError(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
}

/** Throws REQUEST_TIMED_OUT where a request is granted no time: the controller does nothing whose time is over before it begins. */
export function requireTime(timeoutMs: number): void {
  if (timeoutMs <= 0) throw new KafkaError(ErrorCode.REQUEST_TIMED_OUT);
}
