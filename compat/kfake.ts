import { goProgram } from "./go.ts";
import { Child, waitUntil } from "./processes.ts";
import { freePort, type Target } from "./target.ts";

/** The release that `kfake/go.mod` pins. */
const VERSION = Deno.readTextFileSync(new URL("kfake/go.mod", import.meta.url)).match(/pkg\/kfake (v\S+)/)![1];

/** kfake, franz-go's broker for tests, one node that keeps its state in files. What properties it does not know have no effect. */
export class KfakeTarget implements Target {
  readonly name = "kfake";
  readonly broker = `kfake ${VERSION}`;
  readonly dataDir: string;
  readonly bootstrap: string;
  readonly #port = freePort();
  #child: Child | undefined;

  /** `properties`: lines NAME=VALUE, in Kafka's names. */
  constructor(dir: string, readonly properties: readonly string[] = []) {
    this.dataDir = `${dir}/kfake-data`;
    this.bootstrap = `127.0.0.1:${this.#port}`;
  }

  get pid(): number {
    return this.#running().pid;
  }

  async start(): Promise<void> {
    let ready = false;
    const child = new Child(await goProgram("kfake"), [String(this.#port), this.dataDir, ...this.properties], {
      onLine: (line) => ready ||= line === this.bootstrap,
    });
    this.#child = child;
    await waitUntil("kfake says where it listens", 30_000, () => {
      if (child.hasExited) throw new Error(`kfake ended at start:\n${child.tail.join("\n")}`);
      return ready;
    }, 5);
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
    if (this.#child === undefined) throw new Error("kfake has not been started");
    return this.#child;
  }
}
