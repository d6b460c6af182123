import { Child, waitUntil } from "./processes.ts";

const REPOSITORY = new URL("..", import.meta.url).pathname;

/** The broker's own process without its launcher, with the permissions that the launcher gives it. */
export class BrokerProcess {
  readonly #child: Child;
  #bootstrap: string | undefined;

  constructor(dataDir: string, moreArguments: readonly string[]) {
    const permissions = ["--allow-net=127.0.0.1", `--allow-read=${dataDir}`, `--allow-write=${dataDir}`, "--no-prompt", "--cached-only"];
    const broker = ["broker/main.ts", "--port", "0", "--data-dir", dataDir, "--json", ...moreArguments];
    this.#child = new Child(Deno.execPath(), ["run", ...permissions, "--config", "deno.json", ...broker], {
      cwd: REPOSITORY,
      onLine: (line) => this.#bootstrap ??= (JSON.parse(line) as { bootstrapServers: string }).bootstrapServers,
    });
  }

  /** Where it listens, once it says that it does. */
  async ready(): Promise<string> {
    return await waitUntil("the broker is ready", 30_000, async () => {
      if (this.#child.hasExited) throw await this.#end("at start");
      return this.#bootstrap;
    }, 2);
  }

  /** Throws when it has ended by itself. */
  async kill9(): Promise<void> {
    if (this.#child.hasExited) throw await this.#end("by itself");
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    if ((await this.#child.terminate()).code !== 0) throw await this.#end("on SIGTERM");
  }

  async #end(when: string): Promise<Error> {
    const { code, signal } = await this.#child.finished();
    return new Error(`the broker ended ${when} with ${signal ?? code}:\n${this.#child.tail.join("\n")}`);
  }
}
