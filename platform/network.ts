/** Stream sockets, pulled: nothing is read that nobody asked for. */
export interface Network {
  /** Starts to listen. Port 0 lets the system choose. Throws {@link NetworkError}. */
  listen(address: Address): Listener;
  /** Dials. Throws {@link NetworkError}. */
  connect(address: Address): Promise<Connection>;
}

export interface Address {
  readonly hostname: string;
  readonly port: number;
}

export interface Listener {
  readonly address: Address;
  /** The next connection, or null once the listener is closed. A passing failure (too many open files) throws; ask again. */
  accept(): Promise<Connection | null>;
  close(): void;
}

export interface Connection {
  /** The address the peer dialled: what a client is told to come back to. */
  readonly local: Address;
  readonly remote: Address;
  /** Reads some bytes into the start of `into`; answers how many, or null when the peer has closed or the connection broke. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes all of `bytes`, which must not change until the promise settles. Throws {@link NetworkError} when it broke. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends both directions; a pending read answers null. Closing twice is fine. */
  close(): void;
}

export class NetworkError extends Error {
  /** The address that was asked for, where there was one. */
  readonly address: Address | null;

  constructor(
    readonly code: "EADDRINUSE" | "EADDRNOTAVAIL" | "EACCES" | "EMFILE" | "ECONNRESET" | "ECONNREFUSED" | "EOTHER",
    message: string,
    options: { cause?: unknown; address?: Address } = {},
  ) {
    super(message, options);
    this.name = "NetworkError";
    this.address = options.address ?? null;
  }
}
