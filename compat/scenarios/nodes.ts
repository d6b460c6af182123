import { SeededRandom } from "../../platform/mod.ts";
import { consoleRead } from "../clients/console.ts";
import { Child, waitUntil } from "../processes.ts";
import type { Context, Scenario } from "../scenario.ts";
import { Senders } from "../senders.ts";

const SENDING = { topic: "numbered", partitions: 6, producers: 3, records: 600 };
const TOTAL = Senders.total(SENDING);
/** How often a node stops while they send. */
const STOPS = 6;

const ROOT = new URL("../../", import.meta.url).pathname;

/** A cluster of {@link ROOT}'s broker whose nodes stop and start. */
class Nodes {
  bootstrap = "";
  readonly #child: Child;
  readonly #said: string[] = [];

  constructor() {
    const options = {
      topics: { [SENDING.topic]: { partitions: SENDING.partitions, replicationFactor: 3, configs: { "min.insync.replicas": 2 } } },
    };
    const program = ["run", "--check", "-A", "--config", `${ROOT}deno.json`, `${ROOT}compat/nodes_host.ts`, JSON.stringify(options)];
    this.#child = new Child(Deno.execPath(), program, { onLine: (line) => this.#said.push(line) });
  }

  async started(): Promise<void> {
    this.bootstrap = await this.#next("says where it is");
  }

  /** `stop 2` or `start 2` */
  async do(command: string): Promise<void> {
    await this.#child.write(`${command}\n`);
    const answer = await this.#next(`does ${command}`);
    if (answer !== command) throw new Error(`${command}: ${answer}`);
  }

  async close(): Promise<void> {
    await this.#child.closeInput();
    await this.#child.finished();
  }

  async #next(what: string): Promise<string> {
    return await waitUntil(`the broker ${what}`, 30_000, () => {
      if (this.#child.hasExited) throw new Error(`the broker ended:\n${this.#child.tail.join("\n")}`);
      return this.#said.shift();
    });
  }
}

export const nodesStopUnderProducers: Scenario = {
  name: "nodes: Java and librdkafka producers go on while each of three nodes stops and comes back: each record once, in order",
  onlyOttla: true,
  async run({ seed }: Context): Promise<void> {
    const random = new SeededRandom(seed);
    const nodes = new Nodes();
    await nodes.started();
    const senders = await Senders.start(nodes.bootstrap, SENDING);
    for (let stop = 0; stop < STOPS; stop++) {
      const id = 1 + stop % 3;
      const from = TOTAL * (stop + 0.5) / (STOPS + 1);
      await senders.acknowledged(Math.round(from));
      await nodes.do(`stop ${id}`);
      await senders.acknowledged(Math.round(from + TOTAL * (0.2 + random.below(50) / 100) / (STOPS + 1)));
      await nodes.do(`start ${id}`);
    }
    await senders.finished();
    const problems = senders.problems(await consoleRead(nodes.bootstrap, SENDING.topic, TOTAL));
    await nodes.close();
    if (problems.length > 0) throw new Error(`seed ${seed}:\n${problems.join("\n")}`);
    console.log(`     seed ${seed}: ${TOTAL} records, ${STOPS} stops`);
  },
};
