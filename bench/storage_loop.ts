import { fetchFrom, produceTo } from "../broker/testing/requests.ts";
import type { WireClient } from "../broker/testing/wire_client.ts";
import { Child, waitUntil } from "../compat/processes.ts";
import { connectWire, createTopic, endOffsets } from "../compat/wire.ts";
import { errorName } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { Fetch } from "../protocol/generated/01_fetch.ts";
import { DeleteTopics } from "../protocol/generated/20_delete_topics.ts";
import { buildBatch } from "../protocol/records/mod.ts";
import { appendEverywhere } from "./storage_partitions.ts";
import { atMost, batchOf, beside, type Row } from "./storage_row.ts";

const PROBE = new URL("./loop_probe.ts", import.meta.url).pathname;
const TOPICS = 10;
const PARTITIONS = 1_000;
const LARGE = 1 << 20;
const GIBIBYTE = 1 << 30;
const WRITERS = 4;
/** What is written is compacted all the while: each batch has the same keys. */
const COMPACTED = { "cleanup.policy": "compact", "segment.bytes": String(4 << 20), "min.cleanable.dirty.ratio": "0.01" };
/** There is none before anything has been compacted. */
const CLEANED_TO = "cleaner-offset-checkpoint";
const KEYS = 16;
const VALUE_BYTES = 1 << 10;
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

/** How many records of the partitions of a topic have been compacted, as the broker notes it. */
function compacted(data: string, topic: string): number {
  const isThere = Array.from(Deno.readDirSync(data), ({ name }) => name).includes(CLEANED_TO);
  const lines = (isThere ? Deno.readTextFileSync(`${data}/${CLEANED_TO}`) : "").split("\n").map((line) => line.split(" "));
  return lines.reduce((sum, [name, , offset]) => sum + (name === topic ? Number(offset) : 0), 0);
}

/** Writers of batches of 16 KiB and a reader of the newest, each on a connection of its own, until `ends`. */
async function load(bootstrap: string, topic: string, ends: number): Promise<number> {
  const keys = Array.from({ length: KEYS }, (_, i) => new Uint8Array([i]));
  const records = buildBatch(keys.map((key) => ({ timestamp: Date.now(), key, value: new Uint8Array(VALUE_BYTES) })));
  let written = 0;
  const worker = async (partition: number, work: (client: WireClient, partition: number) => Promise<unknown>): Promise<void> => {
    const client = await connectWire(bootstrap);
    while (performance.now() < ends) await work(client, partition);
    client.close();
  };
  const write = (client: WireClient, partition: number) => produce(client, topic, partition, records).then(() => written++);
  const client = await connectWire(bootstrap);
  const [before] = await endOffsets(client, topic, WRITERS);
  client.close();
  const read = (client: WireClient) =>
    client.call(Fetch, 11, fetchFrom(topic, 0, before + Math.max(0, Math.floor(written / WRITERS) - 10) * KEYS));
  await Promise.all([...Array.from({ length: WRITERS }, (_, i) => worker(i, write)), worker(0, read)]);
  return written;
}

function perSecond(count: number): string {
  return (count / RUN_MS * 1000).toFixed(0);
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
  await createTopic(client, "load", WRITERS, COMPACTED);
  await createTopic(client, "doomed", 1);
  const large = batchOf(LARGE - 128);
  for (let i = 0; i < GIBIBYTE / LARGE; i++) await produce(client, "doomed", 0, large);
  const empty = new Probe();
  await empty.line();
  const measured = async (during: () => Promise<void>): Promise<{ busy: Delay; idle: Delay; said: string }> => {
    await Promise.all([probe.delay(), empty.delay()]);
    const compactedBefore = compacted(`${dir}/data`, "load");
    const [written] = await Promise.all([load(bootstrap, "load", performance.now() + RUN_MS), during()]);
    const [busy, idle] = await Promise.all([probe.delay(), empty.delay()]);
    const records = compacted(`${dir}/data`, "load") - compactedBefore;
    if (records === 0) throw new Error("nothing was compacted meanwhile");
    return { busy, idle, said: `${perSecond(written)} writes a second, ${perSecond(records)} records compacted` };
  };
  const before = await measured(() => Promise.resolve());
  const during = await measured(async () => {
    const { responses } = await client.call(DeleteTopics, 5, { topics: [], topicNames: ["doomed"], timeoutMs: START_MS });
    if (responses[0].errorCode !== 0) throw new Error(`delete: ${errorName(responses[0].errorCode)}`);
  });
  client.close();
  await Promise.all([probe.end(), empty.end()]);
  const what = `the loop with ${
    TOPICS * PARTITIONS
  } partitions, checkpoints and retention every second, ${WRITERS} writers of 16 KiB, compaction`;
  return [
    beside(
      `${what}: ${before.said}`,
      `${text(before.busy)}; an empty loop beside it ${text(before.idle)}`,
    ),
    beside(
      `the same while 1 GiB is deleted: ${during.said}`,
      `${text(during.busy)}; an empty loop ${text(during.idle)}`,
    ),
    atMost("p99.9 of that above the empty loop's", ALLOWED_MS, during.busy.late.p999 - during.idle.late.p999, "ms", 1),
    atMost("the same without the time in which others had the processor", ALLOWED_MS, during.busy.own.p999 - during.idle.own.p999, "ms", 1),
  ];
}
