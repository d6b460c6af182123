/**
 * `deno run --check -A --config bench/deno.json bench/coordination.ts [--peer name=command]`: what one Java application does step by step (synchronous
 * sends, synchronous commits, transactions, groups of eight getting stable), a thousand transactional ids, and a thousand groups that stand there; Ottla beside Apache Kafka and, if given, a
 * peer: a command that prints `host:port` and serves until its standard input ends. Prints the tables that stand in RESULTS.md.
 */
import { runJava } from "../compat/java.ts";
import { KafkaTarget } from "../compat/kafka.ts";
import { OttlaTarget } from "../compat/ottla.ts";
import { processorSeconds, residentBytes } from "../compat/procfs.ts";
import type { Target } from "../compat/target.ts";
import { connectWire, createTopic } from "../compat/wire.ts";
import { ManyGroups } from "./many_groups.ts";
import { manyTransactions } from "./many_transactions.ts";
import { PeerTarget } from "./peer.ts";
import { runBench } from "./run.ts";

const PARTITIONS = 16;
const STANDING_SECONDS = 30;

interface Step {
  readonly kind: "sends" | "commits" | "transactions" | "transform" | "group";
  readonly name: string;
  readonly count: number;
}

const steps: readonly Step[] = [
  { kind: "sends", name: "synchronous acks=all sends", count: 10_000 },
  { kind: "commits", name: "synchronous offset commits", count: 10_000 },
  { kind: "transactions", name: "transactions of one record", count: 10_000 },
  { kind: "transform", name: "a record consumed, and another produced, in a transaction", count: 3_000 },
  { kind: "group", name: "group of 8 over 16 partitions, subscribe to stable", count: 10 },
];

type Column = readonly [name: string, target: Target];

function rate(nanoseconds: readonly number[]): string {
  const sorted = [...nanoseconds].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] / 1e6).toFixed(2);
  const perSecond = nanoseconds.length * 1e9 / nanoseconds.reduce((sum, each) => sum + each, 0);
  return perSecond > 100 ? `${perSecond.toFixed(0)}/s (p50 ${at(0.5)}, p99 ${at(0.99)} ms)` : `${at(0.5)} ms [${at(0)}..${at(1)}]`;
}

/** A table of the steps, a column each target. The targets take turns within each step, so that a busy moment hits them all. */
async function sideBySide(columns: readonly Column[], chosen: readonly Step[]): Promise<void> {
  console.log(`| work | ${columns.map(([name]) => name).join(" | ")} |\n|---|${"---|".repeat(columns.length)}`);
  for (const { kind, name, count } of chosen) {
    const cells: string[] = [];
    for (const [, target] of columns) {
      const before = processorSeconds(target.pid);
      const took = (await runJava("bench.Coordination", [target.bootstrap, kind, "steps", String(count)])).split("\n").map(Number);
      const cpu = processorSeconds(target.pid) - before;
      cells.push(`${rate(took)}; ${(cpu / (2 * count) * 1e6).toFixed(0)} µs CPU`);
    }
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
  console.log("");
}

/** 1,000 groups of 5: until all are stable, and what they cost while they stand. */
async function standing(columns: readonly Column[]): Promise<void> {
  console.log(
    "| 1,000 groups of 5 members | stable after | CPU for that | memory: before, after | CPU of the standing groups |\n|---|---|---|---|---|",
  );
  for (const [name, target] of columns) {
    const memory = residentBytes(target.pid);
    const cpu = processorSeconds(target.pid);
    const groups = new ManyGroups(target.bootstrap, "steps", 1_000, 5);
    const started = performance.now();
    await groups.untilStable();
    const stableAfter = performance.now() - started;
    const stableCpu = processorSeconds(target.pid);
    await new Promise((resolve) => setTimeout(resolve, STANDING_SECONDS * 1000));
    const cells = [
      `${(stableAfter / 1000).toFixed(1)} s`,
      `${(stableCpu - cpu).toFixed(2)} s`,
      `${(memory / 1e6).toFixed(0)}, ${(residentBytes(target.pid) / 1e6).toFixed(0)} MB`,
      `${((processorSeconds(target.pid) - stableCpu) / STANDING_SECONDS * 100).toFixed(1)} % of a core, ${groups.heartbeats} heartbeats`,
    ];
    await groups.close();
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
  console.log("");
}

/** 1,000 transactional ids, a transaction of a record each. */
async function transactionalIds(columns: readonly Column[]): Promise<void> {
  console.log("| 1,000 transactional ids, a transaction each | took | CPU | memory: before, after |\n|---|---|---|---|");
  for (const [name, target] of columns) {
    const memory = residentBytes(target.pid);
    const cpu = processorSeconds(target.pid);
    const began = performance.now();
    await manyTransactions(target.bootstrap, "steps", 1_000);
    const cells = [
      `${((performance.now() - began) / 1000).toFixed(1)} s`,
      `${(processorSeconds(target.pid) - cpu).toFixed(2)} s`,
      `${(memory / 1e6).toFixed(0)}, ${(residentBytes(target.pid) / 1e6).toFixed(0)} MB`,
    ];
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
  console.log("");
}

async function started(columns: readonly Column[]): Promise<void> {
  for (const [, target] of columns) {
    await target.start();
    const client = await connectWire(target.bootstrap);
    await createTopic(client, "steps", PARTITIONS);
    client.close();
  }
}

async function stopped(columns: readonly Column[]): Promise<void> {
  for (const [, target] of columns) await target.stop();
}

function peers(args: readonly string[]): Column[] {
  return args.flatMap((arg, i): Column[] => {
    if (arg !== "--peer") return [];
    const [name, command] = args[i + 1].split("=", 2);
    return [[name, new PeerTarget(name, command)]];
  });
}

await runBench(async (dir) => {
  const columns: Column[] = [["Ottla, process", new OttlaTarget(dir)], ["Kafka, warm", new KafkaTarget(dir)], ...peers(Deno.args)];
  await started(columns);
  await sideBySide(columns, steps);
  // kfake gives producers ids of 64 random bits; those beyond 2^53 our client refuses.
  await transactionalIds(columns.slice(0, 2));
  await standing(columns);
  await stopped(columns);
  const durable = Deno.makeTempDirSync({ dir });
  const synced: Column[] = [
    ["Ottla, power", new OttlaTarget(durable, ["--durability", "power"])],
    ["Kafka, flush.messages=1", new KafkaTarget(durable, undefined, ["log.flush.interval.messages=1"])],
  ];
  await started(synced);
  await sideBySide(synced, steps);
  await stopped(synced);
});
