import { fetchFrom, produceTo } from "../broker/testing/requests.ts";
import type { WireClient } from "../broker/testing/wire_client.ts";
import { Child, waitUntil } from "../compat/processes.ts";
import { connectWire, createTopic } from "../compat/wire.ts";
import { errorName } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { Fetch } from "../protocol/generated/01_fetch.ts";
import { DeleteTopics } from "../protocol/generated/20_delete_topics.ts";
import { buildBatch } from "../protocol/records/mod.ts";
import { appendEverywhere } from "./storage_partitions.ts";
import { atMost, beside, type Row } from "./storage_row.ts";

const PROBE = new URL("./loop_probe.ts", import.meta.url).pathname;
const TOPICS = 10;
const PARTITIONS = 1_000;
const LARGE = 1 << 20;
const GIBIBYTE = 1 << 30;
const WRITERS = 4;
const SMALL = 16 << 10;
const RUN_MS = 10_000;
const START_MS = 60_000;
/** What background work may add to the delay of an empty loop. */
const ALLOWED_MS = 3;

interface Percentiles {
  readonly p999: number;
  readonly worst: number;
}

interface Delay {
  readonly late: Percentiles;
  /** Without the time in which others had the processor. */
  readonly own: Percentiles;
}

/** A process that knows how late its own timers fire. */
class Probe {
  readonly #lines: string[] = [];
  readonly #child: Child;

  constructor(...args: string[]) {
    this.#child = new Child(Deno.execPath(), ["run", "-A", "--config", "deno.json", PROBE, ...args], {
      cwd: new URL("..", import.meta.url).pathname,
      onLine: (line) => this.#lines.push(line),
    });
  }

  line(): Promise<string> {
    return waitUntil("the probe says something", START_MS, () => this.#lines.shift(), 5);
  }

  async end(): Promise<void> {
    await this.#child.closeInput();
    await this.#child.finished();
  }

  /** Since the last time. */
  async delay(): Promise<Delay> {
    await this.#child.write("\n");
    return JSON.parse(await this.line()) as Delay;
  }
}

async function produce(client: WireClient, topic: string, partition: number, records: Uint8Array): Promise<void> {
  const { responses } = await client.call(Produce, 9, produceTo(topic, partition, records, 1));
  const { errorCode } = responses[0].partitionResponses[0];
  if (errorCode !== 0) throw new Error(`produce: ${errorName(errorCode)}`);
}

/** Writers of batches of 16 KiB and a reader of the newest, each on a connection of its own, until `ends`. */
async function load(bootstrap: string, topic: string, ends: number): Promise<number> {
  const records = buildBatch([{ timestamp: Date.now(), key: null, value: new Uint8Array(SMALL) }]);
  let written = 0;
  const worker = async (partition: number, work: (client: WireClient, partition: number) => Promise<unknown>): Promise<void> => {
    const client = await connectWire(bootstrap);
    while (performance.now() < ends) await work(client, partition);
    client.close();
  };
  const write = (client: WireClient, partition: number) => produce(client, topic, partition, records).then(() => written++);
  const read = (client: WireClient) => client.call(Fetch, 11, fetchFrom(topic, 0, Math.max(0, Math.floor(written / WRITERS) - 10)));
  await Promise.all([...Array.from({ length: WRITERS }, (_, i) => worker(i, write)), worker(0, read)]);
  return written;
}

function text({ late, own }: Delay): string {
  return [late, own].map(({ p999, worst }) => `p99.9 ${p999.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`).join(" (own ") + ")";
}

/** How late timers fire in a broker with ten thousand partitions under load while 1 GiB is deleted, beside those of a process that does nothing. */
export async function loop(dir: string): Promise<Row[]> {
  const probe = new Probe(`${dir}/data`);
  const bootstrap = await probe.line();
  const client = await connectWire(bootstrap);
  for (let topic = 0; topic < TOPICS; topic++) await createTopic(client, `t${topic}`, PARTITIONS);
  await appendEverywhere(client);
  await createTopic(client, "load", WRITERS);
  await createTopic(client, "doomed", 1);
  const large = buildBatch([{ timestamp: Date.now(), key: null, value: new Uint8Array(LARGE - 128) }]);
  for (let i = 0; i < GIBIBYTE / LARGE; i++) await produce(client, "doomed", 0, large);
  const empty = new Probe();
  await empty.line();
  const measured = async (during: () => Promise<void>): Promise<{ busy: Delay; idle: Delay; written: number }> => {
    await Promise.all([probe.delay(), empty.delay()]);
    const [written] = await Promise.all([load(bootstrap, "load", performance.now() + RUN_MS), during()]);
    const [busy, idle] = await Promise.all([probe.delay(), empty.delay()]);
    return { busy, idle, written };
  };
  const before = await measured(() => Promise.resolve());
  const during = await measured(async () => {
    const { responses } = await client.call(DeleteTopics, 5, { topics: [], topicNames: ["doomed"], timeoutMs: START_MS });
    if (responses[0].errorCode !== 0) throw new Error(`delete: ${errorName(responses[0].errorCode)}`);
  });
  client.close();
  await Promise.all([probe.end(), empty.end()]);
  const what = `the loop with ${TOPICS * PARTITIONS} partitions, checkpoints and retention every second, ${WRITERS} writers of 16 KiB`;
  return [
    beside(
      `${what}: ${(before.written / RUN_MS * 1000).toFixed(0)} writes a second`,
      `${text(before.busy)}; an empty loop beside it ${text(before.idle)}`,
    ),
    beside(
      `the same while 1 GiB is deleted: ${(during.written / RUN_MS * 1000).toFixed(0)}`,
      `${text(during.busy)}; an empty loop ${text(during.idle)}`,
    ),
    atMost("p99.9 of that above the empty loop's", ALLOWED_MS, during.busy.late.p999 - during.idle.late.p999, "ms", 1),
    atMost("the same without the time in which others had the processor", ALLOWED_MS, during.busy.own.p999 - during.idle.own.p999, "ms", 1),
  ];
}
