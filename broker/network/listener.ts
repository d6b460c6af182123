import { type Address, type Connection, type Listener, type Logger, NetworkError, type Platform } from "../../platform/mod.ts";
import type { Dispatcher } from "../dispatch.ts";
import type { ConnectionInfo } from "../handler.ts";
import { ClientConnection, type ConnectionLimits, type ConnectionMemory } from "./connection.ts";
import type { MemoryBudget } from "./memory_budget.ts";
import { OutputPool } from "./output_pool.ts";

/** What all connections of a listener may cost together. */
export interface ListenerLimits extends ConnectionLimits {
  /** Connections open at once (`max.connections`); one more is closed as soon as it is accepted. */
  readonly maxConnections: number;
  /** A connection on which nothing has been asked for this long, and that waits for nothing, is closed (`connections.max.idle.ms`). */
  readonly maxIdleMs: number;
}

/** How long to wait before accepting again after the system had no descriptor left. */
const RETRY_ACCEPT_MS = 100;
/** How long a client may take to read its last responses when the broker closes. */
const CLOSE_MS = 5000;

/** Accepts connections on one address and serves each until it ends. */
export class ListenerService {
  readonly #name: string;
  readonly #nodeId: number;
  readonly #platform: Platform;
  readonly #limits: ListenerLimits;
  readonly #memory: ConnectionMemory;
  readonly #logger: Logger;
  readonly #listener: Listener;
  readonly #connections = new Map<ClientConnection, Promise<void>>();
  #accepted = 0;
  #closing = false;

  /** Listens at once, so that a port that is taken stops the broker before it touches a file; throws NetworkError. Nothing is accepted before `serve`. */
  constructor(
    identity: { readonly name: string; readonly nodeId: number; readonly address: Address },
    platform: Platform,
    limits: ListenerLimits,
    budget: MemoryBudget,
  ) {
    this.#name = identity.name;
    this.#nodeId = identity.nodeId;
    this.#platform = platform;
    this.#limits = limits;
    this.#memory = { budget, outputs: new OutputPool() };
    this.#logger = platform.logger;
    this.#listener = platform.network.listen(identity.address);
  }

  /** The address it listens on; with the port that the system chose. */
  get address(): Address {
    return this.#listener.address;
  }

  /** Connections that are open. */
  get openConnections(): number {
    return this.#connections.size;
  }

  /** Connections accepted since it began to listen. */
  get acceptedConnections(): number {
    return this.#accepted;
  }

  /** Accepts until the listener is closed, and hands requests to `dispatcher`. */
  async serve(dispatcher: Pick<Dispatcher, "dispatch">): Promise<void> {
    while (!this.#closing) {
      try {
        const socket = await this.#listener.accept();
        if (socket === null) return;
        this.#open(socket, dispatcher);
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        this.#logger.warn("could not accept a connection", { listener: this.#name, reason: error.message });
        await new Promise<void>((resolve) => this.#platform.timers.schedule(RETRY_ACCEPT_MS, resolve));
      }
    }
  }

  /** Accepts no more, takes no more requests, answers those under way, and closes. Settles when every connection is over. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#listener.close();
    for (const connection of this.#connections.keys()) connection.drain();
    const patience = this.#platform.timers.schedule(CLOSE_MS, () => {
      for (const connection of this.#connections.keys()) connection.close("its client does not read, and the broker closes");
    });
    await Promise.all(this.#connections.values());
    patience.cancel();
  }

  #open(socket: Connection, dispatcher: Pick<Dispatcher, "dispatch">): void {
    if (this.#closing || this.#connections.size >= this.#limits.maxConnections) {
      this.#logger.warn("refused a connection", { remote: print(socket.remote), reason: `max.connections=${this.#limits.maxConnections}` });
      return socket.close();
    }
    const { local, remote } = socket;
    const info: ConnectionInfo = {
      id: `${print(local)}-${print(remote)}-${this.#accepted++}`,
      nodeId: this.#nodeId,
      listener: this.#name,
      principal: "User:ANONYMOUS",
      local,
      remote,
      openedAt: this.#platform.clock.monotonic(),
      software: null,
      whenOver: null,
    };
    this.#logger.debug("connection opened", { connection: info.id, listener: this.#name });
    const connection = new ClientConnection(socket, info, dispatcher, this.#limits, this.#memory, this.#platform);
    const idle = this.#closeWhenIdle(connection);
    const over = connection.run().finally(() => {
      idle.cancel();
      this.#connections.delete(connection);
      info.whenOver?.();
    });
    this.#connections.set(connection, over);
  }

  /** One timer a connection, looked at again only when it is due: requests do not touch it. */
  #closeWhenIdle(connection: ClientConnection): { cancel(): void } {
    const { timers } = this.#platform;
    let seen = connection.taken;
    const look = () => {
      if (connection.taken === seen && connection.inFlight === 0) {
        return connection.close(`idle for ${this.#limits.maxIdleMs} ms`);
      }
      seen = connection.taken;
      timer = timers.schedule(this.#limits.maxIdleMs, look);
    };
    let timer = timers.schedule(this.#limits.maxIdleMs, look);
    return { cancel: () => timer.cancel() };
  }
}

function print(address: Address): string {
  return `${address.hostname}:${address.port}`;
}
