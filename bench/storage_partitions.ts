import { produceTo } from "../broker/testing/requests.ts";
import type { WireClient } from "../broker/testing/wire_client.ts";
import { Child, waitUntil } from "../compat/processes.ts";
import { descendants, processorSeconds, residentBytes } from "../compat/procfs.ts";
import { connectWire, createTopic } from "../compat/wire.ts";
import { errorName, ZERO_UUID } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { atMost, batchOf, beside, median, type Row } from "./storage_row.ts";

const REPOSITORY = new URL("..", import.meta.url).pathname;
const TOPICS = 10;
const PARTITIONS = 1_000;
const START_MS = 300_000;
const SETTLE_MS = 1_000;
const FEW_DESCRIPTORS = 1_024;

/** `deno task broker` in `process` mode with so many descriptors, and what its start took. */
class Ottla {
  bootstrap = "";
  readyAfterMs = 0;
  #pid = 0;
  readonly #started = performance.now();
  readonly #launcher: Child;

  private constructor(dataDir: string, descriptors: number | null) {
    const broker = ["task", "broker", "--port", "0", "--data-dir", dataDir, "--durability", "process", "--json", "--exit-with-stdin"];
    const limit = descriptors === null ? "" : `ulimit -n ${descriptors} && `;
    this.#launcher = new Child("sh", ["-c", `${limit}exec "$0" "$@"`, Deno.execPath(), ...broker], {
      cwd: REPOSITORY,
      onLine: (line) => {
        this.readyAfterMs ||= performance.now() - this.#started;
        this.bootstrap ||= (JSON.parse(line) as { bootstrapServers: string }).bootstrapServers;
      },
    });
  }

  static async start(dataDir: string, descriptors: number | null = null): Promise<Ottla> {
    const broker = new Ottla(dataDir, descriptors);
    await waitUntil("the broker is ready", START_MS, () => {
      if (broker.#launcher.hasExited) throw new Error(`it ended at start:\n${broker.#launcher.tail.join("\n")}`);
      return broker.bootstrap !== "";
    }, 5);
    broker.#pid = descendants(broker.#launcher.pid).at(-1) ?? broker.#launcher.pid;
    return broker;
  }

  /** Processor seconds so far. */
  get seconds(): number {
    return processorSeconds(this.#pid);
  }

  get megabytes(): number {
    return residentBytes(this.#pid) / 1e6;
  }

  /** How many descriptors it has open. */
  get descriptors(): number {
    return [...Deno.readDirSync(`/proc/${this.#pid}/fd`)].length;
  }

  async stop(): Promise<void> {
    const { code } = await this.#launcher.terminate(START_MS);
    if (code !== 0) throw new Error(`it ended with ${code}:\n${this.#launcher.tail.join("\n")}`);
  }

  async kill9(): Promise<void> {
    Deno.kill(this.#pid, "SIGKILL");
    await this.#launcher.exited;
  }
}

/** One record to every partition of every topic, a request a topic. */
export async function appendEverywhere(client: WireClient): Promise<void> {
  const records = batchOf(100);
  for (let topic = 0; topic < TOPICS; topic++) {
    const partitionData = Array.from({ length: PARTITIONS }, (_, index) => ({ index, records }));
    const request = {
      ...produceTo("", 0, records),
      timeoutMs: START_MS,
      topicData: [{ name: `t${topic}`, topicId: ZERO_UUID, partitionData }],
    };
    const { responses } = await client.call(Produce, 9, request);
    for (const { errorCode } of responses[0].partitionResponses) if (errorCode !== 0) throw new Error(`append: ${errorName(errorCode)}`);
  }
}

async function connected<T>(broker: Ottla, work: (client: WireClient) => Promise<T>): Promise<T> {
  const client = await connectWire(broker.bootstrap);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** Ten topics of a thousand partitions: making them, coming back after a clean stop and after kill -9, idle memory, descriptors. */
export async function partitions(dir: string): Promise<Row[]> {
  const data = `${dir}/data`;
  const rows: Row[] = [];
  let broker = await Ottla.start(data, FEW_DESCRIPTORS);
  const took: number[] = [];
  await connected(broker, async (client) => {
    for (let topic = 0; topic < TOPICS; topic++) {
      const started = performance.now();
      await createTopic(client, `t${topic}`, PARTITIONS);
      took.push(performance.now() - started);
    }
    rows.push(atMost(`creating a topic of ${PARTITIONS} partitions, median of ${TOPICS}`, 60, median(took), "ms"));
    await appendEverywhere(client);
    await appendEverywhere(client);
  });
  const all = TOPICS * PARTITIONS;
  const { descriptors } = broker;
  rows.push(
    atMost(`descriptors after appending to ${all} partitions under \`ulimit -n ${FEW_DESCRIPTORS}\``, FEW_DESCRIPTORS, descriptors, "open"),
  );
  const before = performance.now();
  await broker.stop();
  rows.push(beside(`a clean stop of ${all} partitions that have all grown`, `${((performance.now() - before) / 1000).toFixed(1)} s`));
  for (const how of ["a clean stop", "kill -9"]) {
    broker = await Ottla.start(data);
    const goal = how === "kill -9" ? 5 : 2;
    rows.push(
      atMost(`ready with ${all} partitions after ${how} (${broker.seconds.toFixed(2)} s of CPU)`, goal, broker.readyAfterMs / 1000, "s", 2),
    );
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    rows.push(atMost(`resident memory, idle, after ${how}`, 250, broker.megabytes, "MB"));
    if (how === "kill -9") break;
    await connected(broker, appendEverywhere);
    await broker.kill9();
  }
  const stopping = performance.now();
  await broker.stop();
  rows.push(beside(`a clean stop of ${all} partitions right after that start`, `${((performance.now() - stopping) / 1000).toFixed(1)} s`));
  return rows;
}
