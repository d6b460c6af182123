/**
 * `deno task compat [--target ottla|kafka|kfake|host:port] [--only AREA|NAME] [--client NAME] [--long] [--update] [--report html] [--runs N] [--seed S] [filter…]`:
 * other people's clients and Kafka's own tools against a broker. First the scenarios that are data (`rows/`), many at a time, then those that are programs
 * (`scenarios/`), one after the other; a filter chooses among the programs by a part of their names, `--only` among the rows by area or a part of their
 * names, and either leaves the other kind out. The last line is `N passed, N failed`.
 * Against kfake, a peer, the rows are played alone, and what fails is told and is no failure of the suite.
 * With `--kafka-suite` Apache Kafka's own tests run instead (kafka-suite/README.md).
 */
import { KafkajsClient } from "./clients/kafkajs_client.ts";
import { prepareJava } from "./java.ts";
import { runKafkaSuite } from "./kafka-suite/main.ts";
import { KafkaTarget } from "./kafka.ts";
import { KfakeTarget } from "./kfake.ts";
import { OttlaTarget } from "./ottla.ts";
import { MissingTool } from "./prepare.ts";
import { killAll } from "./processes.ts";
import { preparePython } from "./python.ts";
import { answersMetadata } from "./raw.ts";
import type { Context, Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios/mod.ts";
import { rows } from "./rows/mod.ts";
import { tellResults } from "./steps/results.ts";
import { clientsNamed, runSuite } from "./steps/suite.ts";
import { RemoteTarget, type Target } from "./target.ts";

interface Options {
  readonly target: string;
  readonly long: boolean;
  readonly update: boolean;
  readonly runs: number | undefined;
  readonly seed: number;
  readonly filters: readonly string[];
  readonly only: readonly string[];
  readonly clients: readonly string[];
  readonly report: boolean;
}

function parseArguments(args: readonly string[]): Options {
  let target = "ottla";
  let long = false;
  let update = false;
  let runs: number | undefined;
  let seed = Date.now() % 1_000_000;
  let report = false;
  const filters: string[] = [];
  const only: string[] = [];
  const clients: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--target") target = args[++i];
    else if (args[i].startsWith("--target=")) target = args[i].slice("--target=".length);
    else if (args[i] === "--long") long = true;
    else if (args[i] === "--update") update = true;
    else if (args[i] === "--runs") runs = wholeNumber("--runs", args[++i]);
    else if (args[i] === "--seed") seed = wholeNumber("--seed", args[++i]);
    else if (args[i] === "--only") only.push(args[++i]);
    else if (args[i] === "--client") clients.push(args[++i]);
    else if (args[i] === "--report") report = isHtml(args[++i]);
    else if (args[i].startsWith("--")) throw new Error(`unknown option ${args[i]}`);
    else filters.push(args[i]);
  }
  return { target, long, update, runs, seed, filters, only, clients, report };
}

function isHtml(format: string | undefined): boolean {
  if (format !== "html") throw new Error("--report needs a format: html");
  return true;
}

function wholeNumber(name: string, value = ""): number {
  if (!/^\d{1,9}$/.test(value)) throw new Error(`${name} needs a whole number`);
  return Number(value);
}

function makeTarget(name: string, dir: string, properties: Readonly<Record<string, string>> = {}): Target {
  const set = Object.entries(properties).map(([key, value]) => `${key}=${value}`);
  if (name === "kafka") return new KafkaTarget(dir, undefined, set);
  if (name === "kfake") return new KfakeTarget(dir, set);
  if (name === "ottla") return new OttlaTarget(dir, set.flatMap((each) => ["--set", each]));
  if (/^[^:]+:\d+$/.test(name)) return new RemoteTarget(name);
  throw new Error(`--target ${name}: expected ottla, kafka, kfake or host:port`);
}

function chosen({ target, long, filters, only, clients }: Options): Scenario[] {
  if (only.length > 0 || clients.length > 0 || target === "kfake") return [];
  return scenarios.filter((scenario) =>
    (filters.length === 0 || filters.some((filter) => scenario.name.includes(filter))) && (long || !scenario.long) &&
    (target === "ottla" || !scenario.onlyOttla) &&
    (target === "ottla" || target === "kafka" || !scenario.ownBroker)
  );
}

/** Plays the rows that the options choose, against a broker of their own; answers how many runs passed and failed. */
async function playRows(options: Options, shared: Target, dir: string): Promise<{ passed: number; failed: number }> {
  const { only, filters } = options;
  const scenarios = filters.length > 0
    ? []
    : rows.filter(({ area, name }) => only.length === 0 || only.some((each) => area === each || name.includes(each)));
  if (scenarios.length === 0) return { passed: 0, failed: 0 };
  const target = shared.name === "remote" ? shared : makeTarget(options.target, Deno.makeTempDirSync({ dir }));
  if (target !== shared) await target.start();
  const suite = await runSuite({
    scenarios,
    clients: clientsNamed(options.clients),
    target,
    makeTarget: (properties) =>
      target.name === "remote" ? undefined : makeTarget(options.target, Deno.makeTempDirSync({ dir }), properties),
  });
  const command = ["deno task compat", ...(options.target === "ottla" ? [] : [`--target ${options.target}`])].join(" ");
  if (target !== shared) await target.stop();
  return await tellResults(suite, { target, command, update: options.update, report: options.report });
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
    ({ passed, failed } = await playRows(options, target, dir));
    const kafkajs = await KafkajsClient.start(target.bootstrap);
    const written = new Map();
    const { runs, seed } = options;
    const update = options.update && target.name === "kafka";
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
  // What a peer fails is told and written down; it is no failure of anything here.
  return passed > 0 && (failed === 0 || options.target === "kfake") ? 0 : 1;
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
