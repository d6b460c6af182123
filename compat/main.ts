/**
 * `deno task compat [--target ottla|kafka|host:port] [--long] [--update] [--runs N] [--seed S] [filter…]`: other people's clients and Kafka's
 * own tools against a broker. Scenarios whose name contains one of the filters run one after the other; the last line is `N passed, N failed`.
 * With `--kafka-suite` Apache Kafka's own tests run instead (kafka-suite/README.md).
 */
import { KafkajsClient } from "./clients/kafkajs_client.ts";
import { prepareJava } from "./java.ts";
import { runKafkaSuite } from "./kafka-suite/main.ts";
import { KafkaTarget } from "./kafka.ts";
import { OttlaTarget } from "./ottla.ts";
import { MissingTool } from "./prepare.ts";
import { killAll } from "./processes.ts";
import { preparePython } from "./python.ts";
import { answersMetadata } from "./raw.ts";
import type { Context, Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios/mod.ts";
import { RemoteTarget, type Target } from "./target.ts";

interface Options {
  readonly target: string;
  readonly long: boolean;
  readonly update: boolean;
  readonly runs: number | undefined;
  readonly seed: number;
  readonly filters: readonly string[];
}

function parseArguments(args: readonly string[]): Options {
  let target = "ottla";
  let long = false;
  let update = false;
  let runs: number | undefined;
  let seed = Date.now() % 1_000_000;
  const filters: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--target") target = args[++i];
    else if (args[i].startsWith("--target=")) target = args[i].slice("--target=".length);
    else if (args[i] === "--long") long = true;
    else if (args[i] === "--update") update = true;
    else if (args[i] === "--runs") runs = wholeNumber("--runs", args[++i]);
    else if (args[i] === "--seed") seed = wholeNumber("--seed", args[++i]);
    else if (args[i].startsWith("--")) throw new Error(`unknown option ${args[i]}`);
    else filters.push(args[i]);
  }
  if (update && target !== "kafka") throw new Error("--update writes down what Apache Kafka does: add --target kafka");
  return { target, long, update, runs, seed, filters };
}

function wholeNumber(name: string, value = ""): number {
  if (!/^\d{1,9}$/.test(value)) throw new Error(`${name} needs a whole number`);
  return Number(value);
}

function makeTarget(name: string, dir: string): Target {
  if (name === "kafka") return new KafkaTarget(dir);
  if (name === "ottla") return new OttlaTarget(dir);
  if (/^[^:]+:\d+$/.test(name)) return new RemoteTarget(name);
  throw new Error(`--target ${name}: expected ottla, kafka or host:port`);
}

function chosen({ target, long, filters }: Options): Scenario[] {
  return scenarios.filter((scenario) =>
    (filters.length === 0 || filters.some((filter) => scenario.name.includes(filter))) && (long || !scenario.long) &&
    (target === "ottla" || !scenario.onlyOttla) &&
    (target === "ottla" || target === "kafka" || !scenario.ownBroker)
  );
}

async function runOne(scenario: Scenario, context: Context): Promise<boolean> {
  const started = performance.now();
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
  try {
    await scenario.run(context);
    console.log(`ok   ${scenario.name} (${seconds()} s)`);
    return true;
  } catch (error) {
    console.log(`FAIL ${scenario.name} (${seconds()} s)`);
    console.log(Deno.inspect(error).replaceAll(/^/gm, "     "));
    console.log(context.target.output().slice(-5).map((line) => `     broker: ${line}`).join("\n"));
    return false;
  }
}

async function main(): Promise<number> {
  const options = parseArguments(Deno.args);
  const dir = Deno.makeTempDirSync({ prefix: "ottla-compat-" });
  let passed = 0;
  let failed = 0;
  try {
    await prepareJava();
    await preparePython();
    const target = makeTarget(options.target, dir);
    await target.start();
    console.log(`${target.name} at ${target.bootstrap}`);
    const kafkajs = await KafkajsClient.start(target.bootstrap);
    const written = new Map();
    const { update, runs, seed } = options;
    for (const scenario of chosen(options)) {
      const context = { target, kafkajs, written, update, runs, seed, temp: Deno.makeTempDirSync({ dir }) };
      if (await runOne(scenario, context)) passed++;
      else failed++;
      if (!await answersMetadata(target.bootstrap)) await target.start();
    }
    await kafkajs.close();
    const closing = { name: "ending in good order", run: () => target.stop() };
    if (!await runOne(closing, { target, kafkajs, written, update, runs, seed, temp: dir })) failed++;
  } finally {
    await killAll();
    await Deno.remove(dir, { recursive: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => void killAll().then(() => Deno.exit(1)));
}
try {
  Deno.exit(Deno.args.includes("--kafka-suite") ? await runKafkaSuite(Deno.args) : await main());
} catch (error) {
  if (!(error instanceof MissingTool)) throw error;
  console.error(error.message);
  Deno.exit(1);
}
