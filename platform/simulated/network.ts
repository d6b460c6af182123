import type { Clock, Timers } from "../clock.ts";
import { type Address, type Connection, type Listener, type Network, NetworkError } from "../network.ts";
import { Digest } from "./digest.ts";
import { Pipe } from "./pipe.ts";

/** Connections in memory. Bytes arrive `delayMs` after they were written, in order; a delay of 0 needs no move of the clock. */
export class SimulatedNetwork implements Network {
  /** How long bytes travel, in milliseconds. Changing it concerns what is written from then on. */
  delayMs = 0;

  readonly #listeners = new Map<string, SimulatedListener>();
  readonly #connections = new Set<SimulatedConnection>();
  #nextPort = 49_152;

  /** Every byte that is written goes into `digest`, with the addresses between which it travels. */
  constructor(private readonly clock: Clock & Timers, private readonly digest: Digest = new Digest()) {}

  listen(address: Address): Listener {
    const local = { hostname: address.hostname, port: address.port === 0 ? this.#nextPort++ : address.port };
    const key = keyOf(local);
    if (this.#listeners.has(key)) throw new NetworkError("EADDRINUSE", `${key} is taken`);
    const listener = new SimulatedListener(local, () => this.#listeners.delete(key));
    this.#listeners.set(key, listener);
    return listener;
  }

  connect(address: Address): Promise<Connection> {
    const listener = this.#listeners.get(keyOf(address));
    if (listener === undefined) return Promise.reject(new NetworkError("ECONNREFUSED", `nobody listens on ${keyOf(address)}`));
    const from = { hostname: "127.0.0.1", port: this.#nextPort++ };
    const [forth, back] = [this.#pipe(from, address), this.#pipe(address, from)];
    const end = (): void => {
      if (client.closed && server.closed) [client, server].forEach((side) => this.#connections.delete(side));
    };
    const client = new SimulatedConnection(from, address, back, forth, end);
    const server = new SimulatedConnection(address, from, forth, back, end);
    this.#connections.add(client).add(server);
    listener.offer(server);
    return Promise.resolve(client);
  }

  /** Breaks every connection, as if a cable were pulled: what is under way is lost, reads answer null, writes throw. Listeners stay. */
  cut(): void {
    for (const connection of [...this.#connections]) connection.cut();
  }

  /** What the end of the machine means to its peers: listeners are gone and connections broken. */
  reset(): void {
    for (const listener of [...this.#listeners.values()]) listener.close();
    this.cut();
  }

  #pipe(from: Address, to: Address): Pipe {
    const label = `${keyOf(from)} ${keyOf(to)}`;
    return new Pipe(this.clock, () => this.delayMs, (bytes) => {
      this.digest.addText(label);
      this.digest.addBytes(bytes);
    });
  }
}

class SimulatedListener implements Listener {
  readonly #arrived: Connection[] = [];
  readonly #waiting: ((connection: Connection | null) => void)[] = [];
  #open = true;

  constructor(readonly address: Address, private readonly forget: () => void) {}

  accept(): Promise<Connection | null> {
    const connection = this.#arrived.shift();
    if (connection !== undefined) return Promise.resolve(connection);
    if (!this.#open) return Promise.resolve(null);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  offer(connection: Connection): void {
    const taker = this.#waiting.shift();
    if (taker === undefined) this.#arrived.push(connection);
    else taker(connection);
  }

  close(): void {
    this.#open = false;
    this.forget();
    this.#arrived.splice(0).forEach((connection) => connection.close());
    this.#waiting.splice(0).forEach((resolve) => resolve(null));
  }
}

class SimulatedConnection implements Connection {
  closed = false;

  constructor(
    readonly local: Address,
    readonly remote: Address,
    private readonly incoming: Pipe,
    private readonly outgoing: Pipe,
    private readonly ended: () => void,
  ) {}

  read(into: Uint8Array): Promise<number | null> {
    return this.incoming.read(into);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.outgoing.write(bytes);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.outgoing.end();
    this.incoming.abandon();
    this.ended();
  }

  cut(): void {
    this.outgoing.abandon();
    this.incoming.abandon();
    this.closed = true;
    this.ended();
  }
}

function keyOf({ hostname, port }: Address): string {
  return `${hostname}:${port}`;
}
