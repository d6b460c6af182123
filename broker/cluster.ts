import type { Address } from "../platform/mod.ts";
import type { ConnectionInfo } from "./handler.ts";
import type { Identity } from "./identity.ts";

/** A node as a client sees it. */
export interface Node {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/**
 * The cluster that clients see: one node for now. A client is told to come back to the address that it dialled, which is right wherever
 * no address is translated in between, unless `advertised.listeners` names another.
 */
export class ClusterView {
  readonly clusterId: string;
  /** The id of the node's data directory. */
  readonly directoryId: string;
  readonly #nodeId: number;
  readonly #rack: string | null;
  readonly #advertised: Address | null;

  constructor(
    { clusterId, directoryId }: Pick<Identity, "clusterId" | "directoryId">,
    nodeId: number,
    rack: string | null,
    advertised: Address | null,
  ) {
    this.clusterId = clusterId;
    this.directoryId = directoryId;
    this.#nodeId = nodeId;
    this.#rack = rack;
    this.#advertised = advertised;
  }

  /** The ids of all nodes, in order. */
  get nodeIds(): readonly number[] {
    return [this.#nodeId];
  }

  get controllerId(): number {
    return this.#nodeId;
  }

  /** All nodes, with the addresses that suit this client. */
  nodes(connection: ConnectionInfo): Node[] {
    const { hostname, port } = this.#advertised ?? connection.local;
    return [{ id: this.#nodeId, host: hostname, port: port === 0 ? connection.local.port : port, rack: this.#rack }];
  }
}
