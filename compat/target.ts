/** A broker under test, whoever made it. */
export interface Target {
  readonly name: "ottla" | "kafka" | "kfake" | "remote";
  /** As its users call it, with its version where that is known. */
  readonly broker: string;
  /** host:port that clients are given. */
  readonly bootstrap: string;
  /** Directory of its partitions, or null when this machine cannot see or restart it. */
  readonly dataDir: string | null;
  /** The broker's own process, not its launcher. */
  readonly pid: number;
  /** Starts it on its data directory and port, again after {@link stop} or {@link kill9}; resolves when it answers. */
  start(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** Its last lines of output. */
  output(): readonly string[];
}

/** Suites that run at the same time begin at different ports: one must not take the other's while its broker restarts. */
let nextPort = 21_600 + (Deno.pid % 500) * 20;

/** A port nobody listens on, below the range the system hands out, so that it is still free after a restart. */
export function freePort(): number {
  while (true) {
    try {
      Deno.listen({ hostname: "127.0.0.1", port: nextPort }).close();
      return nextPort++;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      nextPort++;
    }
  }
}

/** A broker somebody else runs: no restart, no look at its files. */
export class RemoteTarget implements Target {
  readonly name = "remote";
  readonly dataDir = null;

  constructor(readonly bootstrap: string) {}

  get broker(): string {
    return this.bootstrap;
  }

  get pid(): number {
    throw new Error("the process of a remote broker is not known");
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  kill9(): Promise<void> {
    throw new Error("a remote broker cannot be killed");
  }

  output(): readonly string[] {
    return [];
  }
}
