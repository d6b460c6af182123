import type { Address, Platform } from "../platform/mod.ts";
import type { Member } from "./cluster.ts";
import type { NodeSettings } from "./config/settings.ts";
import type { Dispatcher } from "./dispatch.ts";
import { type ListenerLimits, ListenerService } from "./network/listener.ts";
import type { MemoryBudget } from "./network/memory_budget.ts";

/** What all nodes have in common. */
export interface NodeParts {
  readonly listenerName: string;
  readonly platform: Platform;
  readonly limits: ListenerLimits;
  readonly budget: MemoryBudget;
}

/** A node of the cluster that clients see: a port, and whether anybody is behind it. */
export class BrokerNode implements Member {
  readonly id: number;
  readonly rack: string | null;
  readonly advertised: Address | null;
  readonly #parts: NodeParts;
  readonly #address: Address;
  #listener: ListenerService;
  #serving: Promise<void> = Promise.resolve();
  #isRunning = true;
  #isRegistered = true;
  /** Connections accepted by listeners that are gone. */
  #acceptedBefore = 0;

  /** Listens at once; nothing is accepted before {@link serve}. Throws `NetworkError`. */
  constructor({ id, rack, advertised, listen }: NodeSettings, parts: NodeParts) {
    this.id = id;
    this.rack = rack;
    this.advertised = advertised;
    this.#parts = parts;
    this.#listener = this.#listen(listen);
    this.#address = this.#listener.address;
  }

  /** Where it listens, or did; with the port that the system chose. */
  get address(): Address {
    return this.#address;
  }

  get port(): number {
    return this.#address.port;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get isRegistered(): boolean {
    return this.#isRegistered;
  }

  /** Connections that are open. */
  get openConnections(): number {
    return this.#isRunning ? this.#listener.openConnections : 0;
  }

  /** Connections accepted so far. */
  get acceptedConnections(): number {
    return this.#acceptedBefore + this.#listener.acceptedConnections;
  }

  serve(dispatcher: Dispatcher): void {
    this.#serving = this.#listener.serve(dispatcher);
  }

  /** Leads nothing from now on; its connections are still served. */
  resign(): void {
    this.#isRunning = false;
  }

  unregister(): void {
    this.#isRegistered = false;
  }

  /** Listens where it did before. Throws `NetworkError`. */
  resume(dispatcher: Dispatcher): void {
    const listener = this.#listen(this.#address);
    this.#acceptedBefore += this.#listener.acceptedConnections;
    this.#listener = listener;
    this.#isRunning = true;
    this.#isRegistered = true;
    this.serve(dispatcher);
  }

  /** Answers what is under way, and ends its connections. */
  async close(): Promise<void> {
    await this.#listener.close();
    await this.#serving;
  }

  #listen(address: Address): ListenerService {
    const { listenerName, platform, limits, budget } = this.#parts;
    return new ListenerService({ name: listenerName, nodeId: this.id, address }, platform, limits, budget);
  }
}
