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
    return await waitUntil("the broker is ready", 30_000, () => {
      if (this.#child.hasExited) throw new Error(`the broker ended at start:\n${this.#child.tail.join("\n")}`);
      return this.#bootstrap;
    }, 2);
  }

  /** Throws when it has ended by itself. */
  async kill9(): Promise<void> {
    if (this.#child.hasExited) throw new Error(`the broker ended by itself:\n${this.#child.tail.join("\n")}`);
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    const { code } = await this.#child.terminate();
    if (code !== 0) throw new Error(`the broker exited ${code} on SIGTERM:\n${this.#child.tail.join("\n")}`);
  }
}
