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

/** The same, as Produce and Fetch tell of it. */
export interface NodeEndpoint extends Omit<Node, "id"> {
  readonly nodeId: number;
}

/** A node as the cluster knows it. */
export interface Member {
  readonly id: number;
  readonly rack: string | null;
  /** What `advertised.listeners` says of it; a port of 0 means the one listened on. Null: a client is told the address that it dialled. */
  readonly advertised: Address | null;
  /** The port listened on. */
  readonly port: number;
  /** Whether it serves; one that was stopped holds its replicas, leads nothing, and is not told of. */
  readonly isRunning: boolean;
  /** Whether the cluster knows of it; who was told to be forgotten it does not, until it starts again. */
  readonly isRegistered: boolean;
  /** Has it forgotten; it does not run. */
  unregister(): void;
}

/**
 * The cluster that clients see: one node, or as many as were asked for, all in this process. It is a view for clients and no replication: every
 * partition has one log. A client is told to come back to the address that it dialled, which is right wherever no address is translated in between,
 * unless `advertised.listeners` names another.
 */
export class ClusterView {
  readonly clusterId: string;
  /** The id of the data directory. */
  readonly directoryId: string;
  readonly #members: readonly Member[];

  constructor({ clusterId, directoryId }: Pick<Identity, "clusterId" | "directoryId">, members: readonly Member[]) {
    this.clusterId = clusterId;
    this.directoryId = directoryId;
    this.#members = members;
  }

  /** The ids of all nodes, in order, also of those that are stopped; not of those that are forgotten. */
  get nodeIds(): readonly number[] {
    return this.#members.filter(({ isRegistered }) => isRegistered).map(({ id }) => id);
  }

  /** The same, with those that are forgotten. */
  get everyNodeId(): readonly number[] {
    return this.#members.map(({ id }) => id);
  }

  /** Forgets a node that is stopped, until it starts again. What it has replicas of keeps them. Kafka: `ReplicationControlManager.unregisterBroker`. */
  unregister(id: number): void {
    this.#members.find((member) => member.id === id)?.unregister();
  }

  isRunning(id: number): boolean {
    return this.#members.some((member) => member.id === id && member.isRunning);
  }

  rackOf(id: number): string | null {
    return this.#members.find((member) => member.id === id)?.rack ?? null;
  }

  /** The node to send administration to: in Kafka a random one that runs, as each forwards it. -1: none runs. */
  get controllerId(): number {
    return this.#running()[0]?.id ?? -1;
  }

  /** The nodes that run, with the addresses that suit this client. */
  nodes(connection: Pick<ConnectionInfo, "local">): Node[] {
    return this.#running().map((member) => nodeOf(member, connection));
  }

  /** The nodes that do not run: Kafka calls them fenced. */
  fencedNodes(connection: Pick<ConnectionInfo, "local">): Node[] {
    return this.#members.filter(({ isRunning, isRegistered }) => isRegistered && !isRunning).map((member) => nodeOf(member, connection));
  }

  /** Where the leaders are reached that a response names (KIP-951). */
  endpointsOf(leaders: ReadonlySet<number>, connection: Pick<ConnectionInfo, "local">): NodeEndpoint[] {
    const named = this.nodes(connection).filter(({ id }) => leaders.has(id));
    return named.map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack }));
  }

  #running(): Member[] {
    return this.#members.filter(({ isRunning }) => isRunning);
  }
}

function nodeOf({ id, rack, advertised, port }: Member, { local }: Pick<ConnectionInfo, "local">): Node {
  const told = advertised ?? { hostname: local.hostname, port: 0 };
  return { id, host: told.hostname, port: told.port === 0 ? port : told.port, rack };
}
