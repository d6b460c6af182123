import { KafkaTarget } from "./kafka.ts";
import { Child, waitUntil } from "./processes.ts";
import { nodesToldBy } from "./raw.ts";
import { freePort } from "./target.ts";

/** A cluster of several nodes under test, whoever made it: their ids are 1, 2 and so on. */
export interface Cluster {
  /** host:port of each node, in the order of their ids; known once it has been started. */
  readonly bootstraps: readonly string[];
  /** Resolves when each node tells clients of all. */
  start(): Promise<void>;
  /** The node hands over what it leads and is gone; resolves when the others tell of it no more. */
  stopNode(id: number): Promise<void>;
  /** It comes back where it was; resolves when all tell of it. */
  startNode(id: number): Promise<void>;
  /** Ends all of it, with no look at anything that it leaves behind. */
  close(): Promise<void>;
}

/** How a cluster is made. */
export interface ClusterOptions {
  /** For its files. */
  readonly dir: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** The rack of each node; there are as many nodes. */
  readonly racks: readonly string[];
}

/** A cluster of the kind of broker that a target is. */
export function makeCluster(target: "ottla" | "kafka", options: ClusterOptions): Cluster {
  return target === "kafka" ? new KafkaCluster(options) : new OttlaCluster(options);
}

/** Apache Kafka, a JVM for each node. The first is the controller as well, and stays: without it nobody would lead anew. */
class KafkaCluster implements Cluster {
  readonly #nodes: readonly KafkaTarget[];
  readonly #running = new Set<number>();

  constructor({ dir, properties = {}, racks }: ClusterOptions) {
    const controllerPort = freePort();
    const set = Object.entries({ ...FOR_SEVERAL, ...properties }).map(([name, value]) => `${name}=${value}`);
    this.#nodes = racks.map((rack, index) => {
      const node = { id: index + 1, controllerPort, heap: "300m" };
      return new KafkaTarget(Deno.makeTempDirSync({ dir }), undefined, [...set, `broker.rack=${rack}`], true, false, node);
    });
  }

  get bootstraps(): readonly string[] {
    return this.#nodes.map(({ bootstrap }) => bootstrap);
  }

  async start(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.start()));
    this.#nodes.forEach((_, index) => this.#running.add(index + 1));
    await this.#toldOfAll();
  }

  async stopNode(id: number): Promise<void> {
    await this.#nodes[id - 1].stop();
    this.#running.delete(id);
    await this.#toldOfAll();
  }

  async startNode(id: number): Promise<void> {
    await this.#nodes[id - 1].start();
    this.#running.add(id);
    await this.#toldOfAll();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((id) => this.#nodes[id - 1].kill9()));
  }

  async #toldOfAll(): Promise<void> {
    const running = [...this.#running].map((id) => this.bootstraps[id - 1]);
    await waitUntil(`${running.length} nodes tell of each other`, 60_000, async () => {
      const counts = await Promise.all(running.map(nodesToldBy));
      return counts.every((count) => count === running.length);
    }, 50);
  }
}

/** What one node alone cannot have; and nodes that stop say so, while one that is only slow on a busy machine should not be taken for dead. */
const FOR_SEVERAL = {
  "broker.session.timeout.ms": "9000",
  "offsets.topic.replication.factor": "3",
  "transaction.state.log.replication.factor": "3",
};

const ROOT = new URL("../", import.meta.url).pathname;

/** {@link ROOT}'s broker with as many nodes, in one process that stops and starts them when told. */
class OttlaCluster implements Cluster {
  readonly #child: Child;
  readonly #said: string[] = [];
  #bootstraps: readonly string[] = [];

  constructor({ properties, racks }: ClusterOptions) {
    const options = JSON.stringify({ nodes: racks.length, racks, properties });
    const program = ["run", "-A", "--config", `${ROOT}deno.json`, `${ROOT}compat/nodes_host.ts`, options];
    this.#child = new Child(Deno.execPath(), program, { onLine: (line) => this.#said.push(line) });
  }

  get bootstraps(): readonly string[] {
    return this.#bootstraps;
  }

  async start(): Promise<void> {
    this.#bootstraps = (await this.#next("says where it is")).split(",");
  }

  async stopNode(id: number): Promise<void> {
    await this.#do(`stop ${id}`);
  }

  async startNode(id: number): Promise<void> {
    await this.#do(`start ${id}`);
  }

  async close(): Promise<void> {
    await this.#child.closeInput();
    await this.#child.finished();
  }

  async #do(command: string): Promise<void> {
    await this.#child.write(`${command}\n`);
    const answer = await this.#next(`does ${command}`);
    if (answer !== command) throw new Error(`${command}: ${answer}`);
  }

  async #next(what: string): Promise<string> {
    return await waitUntil(`the broker ${what}`, 60_000, () => {
      if (this.#child.hasExited) throw new Error(`the broker ended:\n${this.#child.tail.join("\n")}`);
      return this.#said.shift();
    });
  }
}
