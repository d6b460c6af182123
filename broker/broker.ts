import type { Logger, Platform } from "../platform/mod.ts";
import { DynamicBrokerConfig } from "./config/dynamic_broker_config.ts";
import { hostPort } from "./config/places.ts";
import type { BrokerSettings } from "./config/settings.ts";
import { MemoryBudget } from "./network/memory_budget.ts";
import { BrokerNode } from "./node.ts";
import { ObservabilityEndpoint } from "./observability/endpoint.ts";
import { openParts, type Parts } from "./parts.ts";

/** Requests of one connection that may be under way at once. Clients have five to a dozen. */
const MAX_IN_FLIGHT_REQUESTS = 64;
/** Bytes of requests of one connection that may be under way at once: a dozen requests of the size that clients send by default. */
const MAX_IN_FLIGHT_BYTES = 16 * 1024 * 1024;

/** A node of a running broker, to be stopped and started by a test. */
export interface NodeControl {
  readonly id: number;
  /** `host:port` */
  readonly address: string;
  readonly isRunning: boolean;
  /** Hands over what it leads and coordinates, and ends its connections; its port is free then. A node that is stopped stays so. */
  stop(): Promise<void>;
  /** Listens where it did before, and has its replicas in sync again. Throws `NetworkError` where somebody else has its port. */
  start(): Promise<void>;
}

/** A running broker: its nodes, which listen, and the parts behind them; how it starts and stops. */
export class Broker {
  readonly #nodes: readonly BrokerNode[];
  readonly #endpoint: ObservabilityEndpoint | null;
  readonly #logger: Logger;
  readonly #parts: Parts;
  #lastChange: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | null = null;

  private constructor(nodes: readonly BrokerNode[], endpoint: ObservabilityEndpoint | null, logger: Logger, parts: Parts) {
    this.#nodes = nodes;
    this.#endpoint = endpoint;
    this.#logger = logger;
    this.#parts = parts;
    for (const node of nodes) node.serve(parts.dispatcherOf(node.id));
  }

  /**
   * Starts a broker; it serves when this settles. Throws `NetworkError` when it cannot listen and `StorageStartError` when it cannot have the
   * data directory, having touched nothing.
   */
  static async start(platform: Platform, settings: BrokerSettings): Promise<Broker> {
    const config = new DynamicBrokerConfig(settings.properties);
    const budget = new MemoryBudget(settings.queuedMaxRequestBytes);
    const limits = {
      maxRequestBytes: settings.socketRequestMaxBytes,
      maxInFlightRequests: MAX_IN_FLIGHT_REQUESTS,
      maxInFlightBytes: MAX_IN_FLIGHT_BYTES,
      get maxConnections() {
        return config.settings.maxConnections;
      },
      maxIdleMs: settings.connectionsMaxIdleMs,
    };
    const nodes: BrokerNode[] = [];
    let endpoint: ObservabilityEndpoint | null = null;
    try {
      for (const node of settings.nodes) {
        nodes.push(new BrokerNode(node, { listenerName: settings.listenerName, platform, limits, budget }));
      }
      if (settings.http !== null) endpoint = new ObservabilityEndpoint(platform, settings.http);
      const parts = await openParts(platform, settings, config, nodes, budget);
      endpoint?.opened({ ...parts, platform, settings, nodes, budget });
      return new Broker(nodes, endpoint, platform.logger, parts);
    } catch (error) {
      await endpoint?.close();
      await Promise.all(nodes.map((node) => node.close()));
      throw error;
    }
  }

  /** `host:port` of each node, separated by commas, as clients want it. */
  get bootstrapServers(): string {
    return this.#nodes.map(({ address }) => hostPort(address)).join(",");
  }

  /** `host:port` of `/metrics` and `/health`, or null where they are not served. */
  get httpAddress(): string | null {
    return this.#endpoint === null ? null : hostPort(this.#endpoint.address);
  }

  /** Of the first node. */
  get port(): number {
    return this.#nodes[0].port;
  }

  /** The nodes that clients see. */
  get nodes(): readonly NodeControl[] {
    return this.#nodes.map((node) => this.#control(node));
  }

  /** A node by its id. Throws RangeError when there is none. */
  node(id: number): NodeControl {
    const found = this.#nodes.find((node) => node.id === id);
    if (found === undefined) throw new RangeError(`There is no node ${id}: ids are ${this.#nodes.map((node) => node.id).join(", ")}.`);
    return this.#control(found);
  }

  /** Answers what is under way, makes everything durable and gives the data directory back. A second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #control(node: BrokerNode): NodeControl {
    return {
      id: node.id,
      address: hostPort(node.address),
      get isRunning() {
        return node.isRunning;
      },
      stop: () => this.#oneByOne(() => this.#stop(node)),
      start: () => this.#oneByOne(() => this.#start(node)),
    };
  }

  async #stop(node: BrokerNode): Promise<void> {
    if (!node.isRunning) return;
    node.resign();
    await this.#parts.metadata.settleLeadership();
    await node.close();
    this.#logger.info("node stopped", { node: node.id });
  }

  async #start(node: BrokerNode): Promise<void> {
    if (node.isRunning) return;
    node.resume(this.#parts.dispatcherOf(node.id));
    await this.#parts.metadata.settleLeadership();
    await this.#parts.transactions.completePrepared();
    this.#logger.info("node started", { node: node.id });
  }

  /** Nodes stop and start one after the other, and not once the broker closes. */
  #oneByOne(change: () => Promise<void>): Promise<void> {
    const outcome = this.#lastChange.then(() => this.#closing === null ? change() : undefined);
    this.#lastChange = Promise.allSettled([outcome]); // whoever asked for the change has its error
    return outcome;
  }

  async #close(): Promise<void> {
    const { partitions, groups, transactions, metadata, logs } = this.#parts;
    this.#logger.debug("broker closes");
    this.#endpoint?.closing();
    await this.#lastChange;
    partitions.fetches.close();
    groups.close();
    transactions.close();
    await Promise.all(this.#nodes.map((node) => node.close()));
    metadata.close();
    await logs.close();
    await this.#endpoint?.close();
    this.#logger.debug("broker closed");
  }
}
