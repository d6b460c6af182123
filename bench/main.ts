/**
 * `deno task bench`: Kafka's own load programs against Ottla (`--durability process`) and Apache Kafka side by side, interleaved; start-up and
 * idle memory. Prints the table that stands in RESULTS.md. `deno task bench storage …`: see storage.ts.
 */
import { KafkaTarget } from "../compat/kafka.ts";
import { OttlaTarget } from "../compat/ottla.ts";
import { run } from "../compat/processes.ts";
import { residentBytes } from "../compat/procfs.ts";
import type { Target } from "../compat/target.ts";
import { runBench } from "./run.ts";
import { storage } from "./storage.ts";
import { createTopic, type Measurement, workloads } from "./workloads.ts";

const REPOSITORY = new URL("..", import.meta.url).pathname;
const STARTS = 7;
/** The first round warms both brokers (Kafka's JIT needs it) and is not shown. */
const ROUNDS = 2;
const SETTLE_MS = 1_000;

async function sideBySide(targets: readonly Target[]): Promise<string[]> {
  const last = new Map<string, Measurement>();
  for (let round = 1; round <= ROUNDS; round++) {
    for (const target of targets) for (const topic of ["bulk", "small"]) await createTopic(target, `${topic}-${round}`);
    for (const workload of workloads) {
      for (const target of targets) {
        const measurement = await workload.run(target, round);
        last.set(`${workload.name} ${target.name}`, measurement);
        console.error(
          `round ${round}, ${target.name}, ${workload.name}: ${measurement.brokerSeconds.toFixed(2)} s CPU, ` +
            `${measurement.wallSeconds.toFixed(1)} s; ${measurement.said}`,
        );
      }
    }
  }
  return workloads.map(({ name }) => row(name, last.get(`${name} ottla`), last.get(`${name} kafka`)));
}

function row(name: string, ottla?: Measurement, kafka?: Measurement): string {
  if (ottla === undefined || kafka === undefined) throw new Error(`${name} was not measured on both`);
  const cells = [
    ...[ottla.brokerSeconds, kafka.brokerSeconds].map((seconds) => `${seconds.toFixed(2)} s`),
    (ottla.brokerSeconds / kafka.brokerSeconds).toFixed(2),
    ...[ottla.wallSeconds, kafka.wallSeconds].map((seconds) => `${seconds.toFixed(1)} s`),
    (ottla.wallSeconds / kafka.wallSeconds).toFixed(2),
  ];
  return `| ${name} | ${cells.join(" | ")} |`;
}

async function startUp(dir: string): Promise<string[]> {
  const ready: number[] = [];
  const alone: number[] = [];
  const idle: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const target = new OttlaTarget(Deno.makeTempDirSync({ dir }));
    await target.start();
    ready.push(target.readyAfterMs);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    idle.push(residentBytes(target.pid) / 1e6);
    await target.stop();
    alone.push(await processReadyMs(`${dir}/alone-${i}`));
  }
  const embedded = JSON.parse(
    await run(Deno.execPath(), ["run", "-A", "--config", "deno.json", "bench/start_broker.ts"], { cwd: REPOSITORY }),
  ) as number[];
  return [
    `| \`deno task broker\` to its ready line | ${spread(ready, "ms")} |`,
    `| the broker's own process, without the launcher, to its ready line | ${spread(alone, "ms")} |`,
    `| \`startBroker()\`, warm (the first in the process took ${embedded[0].toFixed(0)} ms) | ${spread(embedded.slice(1), "ms")} |`,
    `| resident memory, idle | ${spread(idle, "MB")} |`,
  ];
}

/** From the start of the broker's process to its ready line, with the permissions that the launcher gives it. */
async function processReadyMs(dataDir: string): Promise<number> {
  const permissions = ["--allow-net=127.0.0.1", `--allow-read=${dataDir}`, `--allow-write=${dataDir}`, "--no-prompt", "--cached-only"];
  const args = ["run", ...permissions, "--config", "deno.json", "broker/main.ts", "--port", "0", "--data-dir", dataDir, "--json"];
  const started = performance.now();
  const broker = new Deno.Command(Deno.execPath(), { args, cwd: REPOSITORY, stdout: "piped", stderr: "inherit" }).spawn();
  const reader = broker.stdout.getReader();
  await reader.read();
  const ready = performance.now() - started;
  broker.kill("SIGTERM");
  await broker.status;
  await reader.cancel();
  return ready;
}

function spread(values: readonly number[], unit: string): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)].toFixed(0)} ${unit} [${sorted[0].toFixed(0)}..${sorted.at(-1)?.toFixed(0)}]`;
}

function machine(): string {
  const model = Deno.readTextFileSync("/proc/cpuinfo").match(/^model name\s*:\s*(.*)$/m)?.[1] ?? "unknown processor";
  const gibibytes = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  return `${navigator.hardwareConcurrency} cores (${model}), ${gibibytes} GiB, Deno ${Deno.version.deno}`;
}

if (Deno.args[0] === "storage") {
  await storage(Deno.args.slice(1));
  Deno.exit(0);
}
await runBench(async (dir) => {
  const start = await startUp(dir);
  const targets: Target[] = [new OttlaTarget(dir), new KafkaTarget(dir)];
  for (const target of targets) await target.start();
  const rows = await sideBySide(targets);
  for (const target of targets) await target.stop();
  console.log(`\`deno task bench\`, ${new Date().toISOString().slice(0, 10)}, ${machine()}\n`);
  console.log("| work | Ottla CPU | Kafka CPU | ratio | Ottla wall | Kafka wall | ratio |\n|---|---|---|---|---|---|---|");
  console.log(`${rows.join("\n")}\n`);
  console.log(`| Ottla | median of ${STARTS} [min..max] |\n|---|---|\n${start.join("\n")}`);
});
