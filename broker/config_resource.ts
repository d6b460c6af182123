import { ErrorCode } from "../protocol/errors.ts";
import type { RequestContext } from "./handler.ts";
import { ConfigResourceType } from "./metadata/catalogue.ts";

/** A resource as requests name it. */
export interface ConfigResource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** Why a resource of this name is not the broker `nodeId`, or null. `orElse`: what the name may be besides. */
export function wrongBroker(name: string, nodeId: number, orElse = ""): string | null {
  if (!/^[+-]?\d+$/.test(name)) return `Broker id must be an integer, but it is: ${name}`;
  return Number(name) === nodeId ? null : `Unexpected broker id, expected ${nodeId}${orElse} but received ${name}`;
}

/** NONE, or why the principal may not do `operation` with the configuration of a resource. */
export function configDenial(
  context: RequestContext,
  operation: "AlterConfigs" | "DescribeConfigs",
  { resourceType, resourceName }: ConfigResource,
): ErrorCode {
  switch (resourceType) {
    case ConfigResourceType.TOPIC:
      return context.authorize(operation, "Topic", resourceName) ? ErrorCode.NONE : ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    case ConfigResourceType.GROUP:
      return context.authorize(operation, "Group", resourceName) ? ErrorCode.NONE : ErrorCode.GROUP_AUTHORIZATION_FAILED;
    default:
      return context.authorize(operation, "Cluster", "kafka-cluster") ? ErrorCode.NONE : ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
  }
}
