import type { Api } from "../protocol/mod.ts";
import type { Address } from "../platform/mod.ts";

/** Answers one API key. `handlers/mod.ts` lists them all; ApiVersions and the documentation are derived from that list. */
export interface Handler<Req, Res> {
  readonly api: Api<Req, Res>;
  /** What Kafka does here and this handler does not yet; printed in COMPATIBILITY.md. */
  readonly gaps?: readonly string[];
  /**
   * Answers a request, or null when the protocol wants no response (Produce with acks=0).
   * `bytes` and `records` inside the request are views into the connection's buffer, valid until the handler returns or first awaits.
   */
  handle(context: RequestContext, request: Req): Res | null | Promise<Res | null>;
  /** The response that carries `code` when the request fails as a whole. Throws CloseConnection where the protocol has no response to carry it. */
  fail(request: Req, code: number, message: string | null): Res;
}

/** What a handler may know of the request around it. */
export interface RequestContext {
  readonly apiVersion: number;
  readonly clientId: string | null;
  readonly connection: ConnectionInfo;
  /** Asks whether the principal may do `operation`; without an authorizer everything is allowed. Kafka asks per resource, and so do handlers. */
  authorize(operation: Operation, resource: ResourceType, name: string): boolean;
}

/** What outlives one request of a connection. */
export interface ConnectionInfo {
  /** `<local>-<remote>-<n>`, as it stands in the log. */
  readonly id: string;
  /** The node of the cluster view that the client dialled. */
  readonly nodeId: number;
  readonly listener: string;
  readonly principal: string;
  /** The address the client dialled. */
  readonly local: Address;
  readonly remote: Address;
  /** When it was opened, on the monotonic clock. */
  readonly openedAt: number;
  /** Client software name and version (KIP-511), set by ApiVersions. */
  software: { name: string; version: string } | null;
  /** Called when it is over; set by who keeps something for it. Kafka: `ConnectionDisconnectListener`. */
  whenOver: (() => void) | null;
}

/** ACL operations (Kafka's `AclOperation`), by name. */
export type Operation =
  | "Read"
  | "Write"
  | "Create"
  | "Delete"
  | "Alter"
  | "Describe"
  | "ClusterAction"
  | "DescribeConfigs"
  | "AlterConfigs"
  | "IdempotentWrite";

/** ACL resource types (Kafka's `ResourceType`), by name. */
export type ResourceType = "Topic" | "Group" | "Cluster" | "TransactionalId";
