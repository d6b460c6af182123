import { VERSION } from "../broker/version.ts";
import { Child, sendSignal, waitUntil } from "./processes.ts";
import { isRunning, listenerOf } from "./procfs.ts";
import { answersMetadata } from "./raw.ts";
import { freePort, type Target } from "./target.ts";

const REPOSITORY = new URL("..", import.meta.url).pathname;

/** Ottla as a user starts it: `deno task broker` in the repository. */
export class OttlaTarget implements Target {
  readonly name = "ottla";
  readonly broker = `Ottla ${VERSION}`;
  readonly dataDir: string;
  readonly port: number;
  #launcher: Child | undefined;
  #brokerPid = 0;
  /** From the start of `deno task broker` to its ready line, at the last start. */
  readyAfterMs = 0;

  constructor(dir: string, readonly moreArguments: readonly string[] = []) {
    this.dataDir = `${dir}/ottla-data`;
    this.port = freePort();
  }

  get bootstrap(): string {
    return `127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#brokerPid;
  }

  get launcherPid(): number {
    return this.#running().pid;
  }

  async start(): Promise<void> {
    let ready = false;
    const started = performance.now();
    const flags = ["--port", String(this.port), "--data-dir", this.dataDir, "--durability", "process", "--json", "--exit-with-stdin"];
    const launcher = new Child(Deno.execPath(), ["task", "broker", ...flags, ...this.moreArguments], {
      cwd: REPOSITORY,
      onLine: (line) => {
        if (ready || !isReadyLine(line, this.bootstrap)) return;
        ready = true;
        this.readyAfterMs = performance.now() - started;
      },
    });
    this.#launcher = launcher;
    await waitUntil("Ottla says it is ready", 30_000, () => {
      if (launcher.hasExited) throw new Error(`Ottla ended at start:\n${launcher.tail.join("\n")}`);
      return ready;
    }, 5);
    if (!await answersMetadata(this.bootstrap)) throw new Error("Ottla said it is ready and does not answer Metadata");
    // Linux writes its table of sockets piece by piece: while others come and go, one reading may miss a row.
    this.#brokerPid = await waitUntil(`somebody listens on ${this.port}`, 2_000, () => listenerOf(this.port));
  }

  async stop(): Promise<void> {
    const status = await this.#running().terminate();
    await this.#gone();
    if (status.code !== 0) throw new Error(`Ottla exited ${status.code} on SIGTERM:\n${this.output().join("\n")}`);
  }

  async kill9(): Promise<void> {
    sendSignal(this.#brokerPid, "SIGKILL");
    await this.#gone();
    await this.#running().exited;
  }

  output(): readonly string[] {
    return this.#launcher?.tail ?? [];
  }

  async #gone(): Promise<void> {
    await waitUntil(`the broker's process ${this.#brokerPid} ends`, 10_000, () => !isRunning(this.#brokerPid));
  }

  #running(): Child {
    if (this.#launcher === undefined) throw new Error("Ottla has not been started");
    return this.#launcher;
  }
}

/** With `--json` the ready line is one object; other lines are of no interest here. */
function isReadyLine(line: string, bootstrap: string): boolean {
  if (!line.startsWith("{")) return false;
  const said = JSON.parse(line) as { bootstrapServers?: string };
  if (said.bootstrapServers === undefined) return false;
  if (said.bootstrapServers !== bootstrap) throw new Error(`asked for ${bootstrap}, Ottla listens on ${said.bootstrapServers}`);
  return true;
}
