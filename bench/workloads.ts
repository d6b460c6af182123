/** Kafka's own load programs, each against one broker, with the processor time that the broker's process spent meanwhile. */
import { runJava } from "../compat/java.ts";
import { processorSeconds } from "../compat/procfs.ts";
import type { Target } from "../compat/target.ts";

/** One run of one workload. */
export interface Measurement {
  readonly wallSeconds: number;
  readonly brokerSeconds: number;
  /** What the tool itself says: its last line. */
  readonly said: string;
}

export interface Workload {
  readonly name: string;
  /** `topic` is fresh for each round; consume reads what produce has written in the same round. */
  run(target: Target, round: number): Promise<Measurement>;
}

const TOOLS = "org.apache.kafka.tools";
const RECORDS = 1_000_000;
const SMALL_REQUESTS = 200_000;

export const workloads: readonly Workload[] = [
  {
    name: "produce 1,000,000 x 1 KiB, acks=all, batch.size 128 KiB",
    run: (target, round) => produce(target, `bulk-${round}`, RECORDS, 1024, ["acks=all", "batch.size=131072"]),
  },
  { name: "consume 1,000,000 x 1 KiB", run: (target, round) => consume(target, `bulk-${round}`, RECORDS) },
  {
    name: "200,000 requests of one 100 B record, linger 0, batch.size 1, acks=1",
    run: (target, round) =>
      produce(target, `small-${round}`, SMALL_REQUESTS, 100, ["acks=1", "linger.ms=0", "batch.size=1", "enable.idempotence=false"]),
  },
];

export async function createTopic(target: Target, topic: string): Promise<void> {
  await runJava(`${TOOLS}.TopicCommand`, ["--bootstrap-server", target.bootstrap, "--create", "--topic", topic, "--partitions", "1"]);
}

function produce(target: Target, topic: string, records: number, size: number, properties: string[]): Promise<Measurement> {
  return measured(target, `${TOOLS}.ProducerPerformance`, [
    ...["--topic", topic, "--num-records", String(records), "--record-size", String(size), "--throughput", "-1"],
    ...["--bootstrap-server", target.bootstrap, "--command-property", ...properties],
  ]);
}

async function consume(target: Target, topic: string, records: number): Promise<Measurement> {
  const run = await measured(target, `${TOOLS}.ConsumerPerformance`, [
    ...["--bootstrap-server", target.bootstrap, "--topic", topic, "--num-records", String(records), "--hide-header", "--timeout", "60000"],
  ]);
  const read = Number(run.said.split(", ")[4]);
  if (read < records) throw new Error(`${target.name}: ConsumerPerformance read ${read} of ${records}: ${run.said}`);
  return run;
}

async function measured(target: Target, tool: string, args: string[]): Promise<Measurement> {
  const processorBefore = processorSeconds(target.pid);
  const started = performance.now();
  const output = await runJava(tool, args);
  const wallSeconds = (performance.now() - started) / 1000;
  return { wallSeconds, brokerSeconds: processorSeconds(target.pid) - processorBefore, said: output.trim().split("\n").at(-1) ?? "" };
}
