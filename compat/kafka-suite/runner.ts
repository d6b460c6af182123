/** Runs classes of Kafka's tests, each in a JVM of its own, against brokers that are started for each test. */
import { prepareProject } from "../java.ts";
import { CACHE } from "../prepare.ts";
import { Child, waitUntil } from "../processes.ts";
import { freePort } from "../target.ts";

const HERE = new URL(".", import.meta.url).pathname;
const PROJECT = { folder: HERE, sources: [`${HERE}java`], cache: `${CACHE}/kafka-suite` };
/** Every test has a limit of its own; this is for a JVM that hangs all the same. */
const CLASS_LIMIT_MS = 30 * 60_000;

/** What became of a test. */
export interface Outcome {
  /** Class, method and, of several variants, which: `kafka.api.TransactionsTest.testBasicTransactions[1, groupProtocol=classic]`. */
  readonly test: string;
  readonly result: "pass" | "fail" | "skip";
  readonly ms: number;
  /** Why it did not pass: the trace of an exception, or empty. */
  readonly why: string;
  /** What its broker was asked for. */
  readonly properties: Readonly<Record<string, string>>;
}

/** The environment in which the tests find their brokers. */
export type Environment = Record<string, string>;

export async function prepareSuite(): Promise<void> {
  await prepareProject(PROJECT);
}

export function ottla(): Environment {
  return { START_BROKER: startBroker("start_ottla.ts") };
}

/** Apache Kafka: a JVM that starts brokers in itself, so that one is there within a second. */
export async function kafka(dir: string): Promise<Environment> {
  const port = freePort();
  let ready = false;
  const farm = startJava("KafkaFarm", "3g", [String(port), dir], { onLine: (line) => ready ||= line === "ready" });
  await waitUntil("the farm of Apache Kafkas is ready", 60_000, () => {
    if (farm.hasExited) throw new Error(`KafkaFarm ended:\n${farm.tail.join("\n")}`);
    return ready;
  });
  return { START_BROKER: startBroker("start_kafka.ts"), KAFKA_FARM_PORT: String(port) };
}

/** Runs `tests` of the class, all of it if there are none; answers what the JVM said last, for tests that had no outcome. */
export async function runClass(
  name: string,
  tests: readonly string[],
  env: Environment,
  onOutcome: (outcome: Outcome) => void,
): Promise<readonly string[]> {
  const jvm = startJava("Runner", "2g", [name], {
    env,
    onLine: (line) => onOutcome(JSON.parse(line) as Outcome),
  });
  // The pipe stays open: when it ends, whoever reads the outcomes is gone.
  await jvm.write(tests.map((test) => `${test}\n`).join("") + "\n");
  const limit = setTimeout(() => jvm.kill("SIGKILL"), CLASS_LIMIT_MS);
  await jvm.finished();
  clearTimeout(limit);
  return jvm.tail.filter((line) => !line.startsWith("{")).slice(-5);
}

function startBroker(program: string): string {
  // The shell gives way to Deno: one process less to end.
  return `exec '${Deno.execPath()}' run -A --no-check --config '${HERE}../deno.json' '${HERE}${program}'`;
}

function startJava(
  main: string,
  heap: string,
  args: readonly string[],
  options: { env?: Record<string, string>; onLine: (line: string) => void },
): Child {
  const classPath = [`${PROJECT.cache}/classes`, `${HERE}resources`, `${PROJECT.cache}/libs/*`].join(":");
  return new Child("java", [
    `-Xmx${heap}`,
    "-XX:TieredStopAtLevel=1",
    // HarnessTests and Mockito change classes as they are loaded.
    "-XX:+EnableDynamicAgentLoading",
    "-Dlog4j2.configurationFile=log4j2-quiet.properties",
    "-cp",
    classPath,
    `compat.kafkasuite.${main}`,
    ...args,
  ], options);
}
