import { type Random, SeededRandom } from "../../platform/mod.ts";
import { consoleRead } from "../clients/console.ts";
import { chooseFault } from "../faults.ts";
import { java } from "../java.ts";
import { KafkaTarget } from "../kafka.ts";
import { OttlaTarget } from "../ottla.ts";
import { Child, waitUntil } from "../processes.ts";
import { FaultProxy } from "../proxy.ts";
import { preparePython } from "../python.ts";
import type { RecordLine } from "../records.ts";
import type { Context, Scenario } from "../scenario.ts";
import { Sequences } from "../sequences.ts";
import { freePort, type Target } from "../target.ts";
import { connectWire, createTopic, endOffsets } from "../wire.ts";

const TOPIC = "numbered";
const PARTITIONS = 4;
/** Of each client. */
const PRODUCERS = 3;
/** Of each producer in each partition. */
const RECORDS = 1_250;
const STREAMS = 2 * PRODUCERS * PARTITIONS;
const TOTAL = STREAMS * RECORDS;
const LIMIT_MS = 180_000;

const SENDER = new URL("../clients/sequence_sender.py", import.meta.url).pathname;

/** `--runs N` times {@link TOTAL} records; 34 are a million. */
export const bothClientsThroughABadNetwork: Scenario = {
  name: "idempotence: Java and librdkafka producers through a bad network and a dying broker: each record once, in order",
  ownBroker: true,
  async run({ target, temp, runs = 2, seed }: Context): Promise<void> {
    for (let run = 0; run < runs; run++) {
      const durability = (seed + run) % 2 === 0 ? "process" : "power";
      const proxyPort = freePort();
      const dir = Deno.makeTempDirSync({ dir: temp });
      const broker = target.name === "kafka"
        ? new KafkaTarget(dir, `127.0.0.1:${proxyPort}`)
        : new OttlaTarget(dir, ["--durability", durability, "--set", `advertised.listeners=PLAINTEXT://127.0.0.1:${proxyPort}`]);
      await sendThroughFaults(broker, proxyPort, seed + run, target.name === "kafka" ? "kafka" : durability);
      await Deno.remove(dir, { recursive: true });
    }
  },
};

async function sendThroughFaults(broker: Target, proxyPort: number, seed: number, what: string): Promise<void> {
  const started = performance.now();
  await broker.start();
  const proxy = new FaultProxy(proxyPort, broker.bootstrap, seed, chooseFault);
  try {
    const client = await connectWire(broker.bootstrap);
    await createTopic(client, TOPIC, PARTITIONS);
    client.close();

    const sequences = new Sequences();
    const senders = await startSenders(proxy.bootstrap, (line) => sequences.hear(line));
    const restarts = broker.name === "kafka" ? "never restarted" : await restartTwice(broker, new SeededRandom(seed), sequences, senders);
    await acknowledged(sequences, TOTAL, senders);
    for (const sender of senders) await sender.finished();

    proxy.calm();
    const problems = sequences.problems(await wholeTopic(broker.bootstrap), STREAMS, RECORDS);
    if (problems.length > 0) throw new Error(`seed ${seed}, ${what}:\n${problems.join("\n")}`);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(
      `     seed ${seed}, ${what}: ${TOTAL} records in ${seconds} s, ${restarts}; ${faultsOf(proxy)}`,
    );
  } finally {
    proxy.close();
    await broker.kill9();
  }
}

/**
 * Not for Apache Kafka: at its start, after `kill -9` as well as in good order, it takes a producer's state from a snapshot, which has the last batch
 * alone. The retry of an earlier one is out of order then, Java's producer takes a new epoch, and the records stand in the log twice.
 */
async function restartTwice(broker: Target, random: Random, sequences: Sequences, senders: readonly Child[]): Promise<string> {
  const killAt = Math.round(TOTAL * (0.1 + random.below(300) / 1000));
  await acknowledged(sequences, killAt, senders);
  await broker.kill9();
  await broker.start();
  const restartAt = Math.round(TOTAL * (0.5 + random.below(300) / 1000));
  await acknowledged(sequences, restartAt, senders);
  await broker.stop();
  await broker.start();
  return `kill -9 at ${killAt}, restart at ${restartAt}`;
}

async function wholeTopic(bootstrap: string): Promise<RecordLine[]> {
  const client = await connectWire(bootstrap);
  const ends = await endOffsets(client, TOPIC, PARTITIONS);
  client.close();
  return await consoleRead(bootstrap, TOPIC, ends.reduce((sum, end) => sum + end, 0));
}

async function startSenders(bootstrap: string, onLine: (line: string) => void): Promise<Child[]> {
  const args = [bootstrap, TOPIC, PARTITIONS, PRODUCERS, RECORDS].map(String);
  return [java("compat.SequenceSender", args, { onLine }), new Child(await preparePython(), [SENDER, ...args], { onLine })];
}

async function acknowledged(sequences: Sequences, count: number, senders: readonly Child[]): Promise<void> {
  await waitUntil(`${count} records acknowledged`, LIMIT_MS, () => sequences.count >= count || senders.every(({ hasExited }) => hasExited));
}

function faultsOf({ counts }: FaultProxy): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return `${total} faults (${[...counts].sort().map(([kind, count]) => `${kind} ${count}`).join(", ")})`;
}
