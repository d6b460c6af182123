import { type Address, type Connection, type Listener, type Network, NetworkError } from "../network.ts";
import type { Pending } from "../pending.ts";
import { networkError } from "./errors.ts";

/** TCP through `Deno.listen`, which reads and writes at half the cost of `node:net` and into buffers of the caller's. */
export function denoNetwork(pending: Pending): Network {
  return {
    listen(address) {
      const { hostname, port } = address;
      try {
        return new DenoListener(Deno.listen({ hostname, port }), pending);
      } catch (error) {
        throw networkError(error, "cannot listen on", address);
      }
    },

    async connect(address) {
      const { hostname, port } = address;
      try {
        return new DenoConnection(await Deno.connect({ hostname, port }), pending);
      } catch (error) {
        throw networkError(error, "cannot connect to", address);
      }
    },
  };
}

class DenoListener implements Listener {
  readonly address: Address;
  #open = true;

  constructor(private readonly listener: Deno.TcpListener, private readonly pending: Pending) {
    this.address = addressOf(listener.addr);
  }

  async accept(): Promise<Connection | null> {
    while (this.#open) {
      try {
        const connection = this.#wrap(await this.listener.accept());
        if (connection !== null) return connection;
      } catch (error) {
        if (!this.#open) return null;
        const failure = networkError(error, "cannot accept a connection");
        // The peer went away before it was served: no reason to stop, and nothing that asking again would not cure.
        if (failure.code !== "ECONNRESET") throw failure;
      }
    }
    return null;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.listener.close();
  }

  /** Null when the peer has gone so early that the socket cannot even be set up. */
  #wrap(connection: Deno.TcpConn): Connection | null {
    try {
      return new DenoConnection(connection, this.pending);
    } catch (error) {
      connection.close();
      if (error instanceof TypeError) throw error;
      return null;
    }
  }
}

class DenoConnection implements Connection {
  readonly local: Address;
  readonly remote: Address;
  #open = true;

  constructor(private readonly connection: Deno.TcpConn, private readonly pending: Pending) {
    this.local = addressOf(connection.localAddr);
    this.remote = addressOf(connection.remoteAddr);
    // Nagle's algorithm holds a small reply back for 40 ms.
    connection.setNoDelay(true);
  }

  async read(into: Uint8Array): Promise<number | null> {
    if (!this.#open) return null;
    try {
      return await this.connection.read(into);
    } catch (error) {
      const failure = networkError(error, "cannot read");
      if (!this.#open || failure.code === "ECONNRESET") return null;
      throw failure;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#open) throw new NetworkError("ECONNRESET", "the connection is closed");
    this.pending.begin();
    try {
      for (let done = 0; done < bytes.length;) done += await this.connection.write(done === 0 ? bytes : bytes.subarray(done));
    } catch (error) {
      throw networkError(error, "cannot write");
    } finally {
      this.pending.end();
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.connection.close();
  }
}

function addressOf(address: Deno.NetAddr): Address {
  return { hostname: address.hostname, port: address.port };
}
