import { produceTo } from "../broker/testing/requests.ts";
import { prepareJava } from "../compat/java.ts";
import { KafkaTarget } from "../compat/kafka.ts";
import { OttlaTarget } from "../compat/ottla.ts";
import { processorSeconds } from "../compat/procfs.ts";
import type { Target } from "../compat/target.ts";
import { connectWire, makeTopic } from "../compat/wire.ts";
import { errorName } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { batchOf, median, type Row } from "./storage_row.ts";

const PRODUCERS = [1, 8, 64];
const PARTITIONS = [1, 16, 64];
const RECORD_BYTES = 1024;
/** Kafka gets that long to compile what it needs. */
const WARM_UP_MS = 8_000;
const RUN_MS = 2_000;
const ROUNDS = 3;
/** From so many producers on, so many times Kafka's throughput. */
const FROM_PRODUCERS = 8;
const TIMES = 3;

interface Figure {
  readonly perSecond: number;
  /** Of the broker's process. */
  readonly microseconds: number;
}

/** Producers that each wait for one acks=all before they send the next record, to the next partition, on connections of their own. */
async function acknowledged(target: Target, topic: string, producers: number, partitions: number, runMs: number): Promise<Figure> {
  const records = batchOf(RECORD_BYTES);
  const clients = await Promise.all(Array.from({ length: producers }, () => connectWire(target.bootstrap)));
  let count = 0;
  const cpu = processorSeconds(target.pid);
  const started = performance.now();
  await Promise.all(clients.map(async (client, number) => {
    for (let turn = number; performance.now() < started + runMs; turn += producers) {
      const { responses } = await client.call(Produce, 9, produceTo(topic, turn % partitions, records));
      const { errorCode } = responses[0].partitionResponses[0];
      if (errorCode !== 0) throw new Error(`${target.name}: ${errorName(errorCode)}`);
      count++;
    }
  }));
  const seconds = (performance.now() - started) / 1000;
  const used = processorSeconds(target.pid) - cpu;
  for (const client of clients) client.close();
  return { perSecond: count / seconds, microseconds: used / count * 1e6 };
}

/** Records a second that survive a power cut before they are acknowledged, beside Kafka when it syncs each append, on the same disk. */
export async function power(dir: string): Promise<Row[]> {
  await prepareJava();
  const ottla = new OttlaTarget(dir, ["--durability", "power"]);
  const kafka = new KafkaTarget(dir, undefined, ["log.flush.interval.messages=1"], false);
  const targets: Target[] = [ottla, kafka];
  for (const target of targets) {
    await target.start();
    for (const partitions of PARTITIONS) await makeTopic(target.bootstrap, `p${partitions}`, partitions);
    await acknowledged(target, "p16", 8, 16, WARM_UP_MS);
  }
  const rows: Row[] = [];
  for (const partitions of PARTITIONS) {
    for (const producers of PRODUCERS) {
      const found = targets.map((): Figure[] => []);
      for (let round = 0; round < ROUNDS; round++) {
        for (const [i, target] of targets.entries()) {
          found[i].push(await acknowledged(target, `p${partitions}`, producers, partitions, RUN_MS));
        }
      }
      const [ours, theirs] = found.map((figures) => ({
        perSecond: median(figures.map(({ perSecond }) => perSecond)),
        microseconds: median(figures.map(({ microseconds }) => microseconds)),
      }));
      const counts = producers >= FROM_PRODUCERS;
      rows.push({
        what: `acks=all in \`power\`, producers: ${producers}, partitions: ${partitions}`,
        goal: counts ? `at least ${TIMES} times Kafka with flush.messages=1` : "",
        figure: `${ours.perSecond.toFixed(0)}/s (${ours.microseconds.toFixed(0)} µs CPU), Kafka ${theirs.perSecond.toFixed(0)}/s ` +
          `(${theirs.microseconds.toFixed(0)}): ${(ours.perSecond / theirs.perSecond).toFixed(2)} times`,
        reached: counts ? ours.perSecond >= TIMES * theirs.perSecond : null,
      });
    }
  }
  for (const target of targets) await target.stop();
  return rows;
}
