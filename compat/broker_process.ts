import { endingAt, type LastCall } from "./kill_at_call.ts";
import { Child, waitUntil, within } from "./processes.ts";

const REPOSITORY = new URL("..", import.meta.url).pathname;

/** The broker's own process without its launcher, with the permissions that the launcher gives it. */
export class BrokerProcess {
  readonly #child: Child;
  #bootstrap: string | undefined;
  #lastCallMade: string | undefined;
  #askedToStop = false;

  /** `lastCall`: it ends itself there, see {@link died}. */
  constructor(dataDir: string, moreArguments: readonly string[], private readonly lastCall?: LastCall) {
    const permissions = ["--allow-net=127.0.0.1", `--allow-read=${dataDir}`, `--allow-write=${dataDir}`, "--no-prompt", "--cached-only"];
    const broker = ["broker/main.ts", "--port", "0", "--data-dir", dataDir, "--json", ...moreArguments];
    this.#child = new Child(Deno.execPath(), ["run", ...permissions, "--config", "deno.json", ...broker], {
      cwd: REPOSITORY,
      env: lastCall === undefined ? undefined : endingAt(lastCall, dataDir),
      onLine: (line) => this.#bootstrap ??= (JSON.parse(line) as { bootstrapServers: string }).bootstrapServers,
      // Not the last line of all: what it said on standard output just before may be read later.
      onErrorLine: (line) => this.#lastCallMade ??= line.match(/^killed at call \d+: (\w+) /)?.[1],
    });
  }

  /** Where it listens, once it says that it does. */
  async ready(): Promise<string> {
    return await waitUntil("the broker is ready", 30_000, async () => {
      if (this.#child.hasExited) throw await this.#end("at start");
      return this.#bootstrap;
    }, 2);
  }

  /** Whether it is ready; else it has come to its last call before. */
  async readyOrDead(): Promise<boolean> {
    try {
      await this.ready();
      return true;
    } catch (error) {
      if (await this.died() === undefined) throw error;
      return false;
    }
  }

  /** Asks it to end in good order, and gives it so many milliseconds for that. */
  async askToStop(ms: number): Promise<void> {
    this.#askedToStop = true;
    this.#child.kill("SIGTERM");
    await within(ms, () => this.#child.hasExited, 1);
  }

  /** Throws when it has ended by itself: not at its last call, nor when it was asked to. */
  async kill9(): Promise<void> {
    if (await this.died() !== undefined) return;
    if (this.#child.hasExited) {
      if (this.#askedToStop && (await this.#child.exited).code === 0) return;
      throw await this.#end("by itself");
    }
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  /** The name of its last call, if it has come to that; it has `limitMs` for the rest of its end. */
  async died(limitMs = 0): Promise<string | undefined> {
    if (this.lastCall === undefined || !await within(limitMs, () => this.#child.hasExited, 1)) return undefined;
    await this.#child.finished();
    return this.#lastCallMade;
  }

  /** Ends it, if it still runs, with no questions asked. */
  async abandon(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    if ((await this.#child.terminate()).code !== 0) throw await this.#end("on SIGTERM");
  }

  /** Why it is not as it must be: it has ended, or closed a connection though it runs. */
  async unexpected(): Promise<Error> {
    return this.#child.hasExited
      ? await this.#end("by itself")
      : new Error(`the broker closed a connection by itself:\n${this.#child.tail.join("\n")}`);
  }

  async #end(when: string): Promise<Error> {
    const { code, signal } = await this.#child.finished();
    return new Error(`the broker ended ${when} with ${signal ?? code}:\n${this.#child.tail.join("\n")}`);
  }
}
