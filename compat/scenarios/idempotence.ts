import { type Random, SeededRandom } from "../../platform/mod.ts";
import { consoleRead } from "../clients/console.ts";
import { chooseFault } from "../faults.ts";
import { KafkaTarget } from "../kafka.ts";
import { OttlaTarget } from "../ottla.ts";
import { FaultProxy } from "../proxy.ts";
import type { RecordLine } from "../records.ts";
import type { Context, Scenario } from "../scenario.ts";
import { Senders } from "../senders.ts";
import { freePort, type Target } from "../target.ts";
import { connectWire, createTopic, endOffsets } from "../wire.ts";

const SENDING = { topic: "numbered", partitions: 4, producers: 3, records: 1_250 };
const TOTAL = Senders.total(SENDING);

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
    await createTopic(client, SENDING.topic, SENDING.partitions);
    client.close();

    const senders = await Senders.start(proxy.bootstrap, SENDING);
    const restarts = broker.name === "kafka" ? "never restarted" : await restartTwice(broker, new SeededRandom(seed), senders);
    await senders.finished();

    proxy.calm();
    const problems = senders.problems(await wholeTopic(broker.bootstrap));
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
async function restartTwice(broker: Target, random: Random, senders: Senders): Promise<string> {
  const killAt = Math.round(TOTAL * (0.1 + random.below(300) / 1000));
  await senders.acknowledged(killAt);
  await broker.kill9();
  await broker.start();
  const restartAt = Math.round(TOTAL * (0.5 + random.below(300) / 1000));
  await senders.acknowledged(restartAt);
  await broker.stop();
  await broker.start();
  return `kill -9 at ${killAt}, restart at ${restartAt}`;
}

async function wholeTopic(bootstrap: string): Promise<RecordLine[]> {
  const client = await connectWire(bootstrap);
  const ends = await endOffsets(client, SENDING.topic, SENDING.partitions);
  client.close();
  return await consoleRead(bootstrap, SENDING.topic, ends.reduce((sum, end) => sum + end, 0));
}

function faultsOf({ counts }: FaultProxy): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return `${total} faults (${[...counts].sort().map(([kind, count]) => `${kind} ${count}`).join(", ")})`;
}
