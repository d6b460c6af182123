import { Child, waitUntil } from "../compat/processes.ts";
import type { Target } from "../compat/target.ts";

/** Some other broker: a command that prints `host:port` when it serves, and ends with its standard input. */
export class PeerTarget implements Target {
  readonly dataDir = null;
  bootstrap = "";
  #child: Child | undefined;

  constructor(readonly label: string, readonly command: string) {}

  get name(): "remote" {
    return "remote";
  }

  get broker(): string {
    return this.label;
  }

  get pid(): number {
    return this.#running().pid;
  }

  async start(): Promise<void> {
    this.#child = new Child(this.command, [], { onLine: (line) => this.bootstrap ||= line });
    await waitUntil(`${this.label} says where it is`, 30_000, () => this.bootstrap !== "");
  }

  async stop(): Promise<void> {
    await this.#running().terminate();
  }

  async kill9(): Promise<void> {
    this.#running().kill("SIGKILL");
    await this.#running().exited;
  }

  output(): readonly string[] {
    return this.#child?.tail ?? [];
  }

  #running(): Child {
    if (this.#child === undefined) throw new Error(`${this.label} has not been started`);
    return this.#child;
  }
}
