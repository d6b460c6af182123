import type { Operation, RequestContext, ResourceType } from "./handler.ts";

/** `authorizedOperations` of a response to a request that did not ask for them (KIP-430). */
export const NOT_ASKED = -0x8000_0000;

/** Kafka's code of each operation: its bit in the answer. Kafka: `AclOperation`. */
const codes: Readonly<Record<Operation, number>> = {
  Read: 3,
  Write: 4,
  Create: 5,
  Delete: 6,
  Alter: 7,
  Describe: 8,
  ClusterAction: 9,
  DescribeConfigs: 10,
  AlterConfigs: 11,
  IdempotentWrite: 12,
};

/** The operations that each type of resource knows. Kafka: `AclEntry.supportedOperations`. */
const supported: Readonly<Record<ResourceType, readonly Operation[]>> = {
  Topic: ["Read", "Write", "Create", "Describe", "Delete", "Alter", "DescribeConfigs", "AlterConfigs"],
  Group: ["Read", "Describe", "Delete", "DescribeConfigs", "AlterConfigs"],
  Cluster: ["Create", "ClusterAction", "DescribeConfigs", "AlterConfigs", "IdempotentWrite", "Alter", "Describe"],
  TransactionalId: ["Describe", "Write"],
};

/** The operations on a resource that the principal may do, as a bit field of Kafka's codes. */
export function authorizedOperations(context: RequestContext, resource: ResourceType, name: string): number {
  return supported[resource].reduce(
    (bits, operation) => context.authorize(operation, resource, name) ? bits | (1 << codes[operation]) : bits,
    0,
  );
}
