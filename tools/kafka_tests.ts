/** Apache Kafka's own tests by class, from what `deno task compat --kafka-suite --update` has written. */

/** What became of one test, a line of a file of results. */
export interface TestResult {
  /** `kafka.server.FetchRequestTest.testFetch[1]`. */
  readonly test: string;
  readonly result: "pass" | "fail" | "skip" | "not yet";
  /** Why it failed or was skipped; what it waits for. */
  readonly why?: string;
}

/** One test with both brokers; `ottla` is undefined where it was not run, and nothing is asked where Kafka itself does not pass. */
export interface ComparedTest {
  /** Without its class. */
  readonly name: string;
  readonly kafka: TestResult;
  readonly ottla: TestResult | undefined;
}

export interface TestClass {
  /** Without its package. */
  readonly name: string;
  readonly tests: readonly ComparedTest[];
}

/** When and how the results of a broker were written. */
export interface SuiteRun {
  readonly broker: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly command: string;
}

export interface KafkaTests {
  /** Undefined for a broker that was not run. */
  readonly runs: Readonly<Record<"kafka" | "ottla", SuiteRun | undefined>>;
  readonly classes: readonly TestClass[];
}

const FOLDER = new URL("../compat/kafka-suite/results/", import.meta.url);

export function readKafkaTests(): KafkaTests {
  return { runs: JSON.parse(read("runs.json") || "{}"), classes: byClass(readResults("kafka"), readResults("ottla")) };
}

function readResults(target: string): TestResult[] {
  return read(`${target}.jsonl`).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as TestResult);
}

/** Empty where nothing has been written yet. */
function read(name: string): string {
  try {
    return Deno.readTextFileSync(new URL(name, FOLDER));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return "";
  }
}

/** The classes of all tests that Kafka has results of, sorted by their names. */
export function byClass(kafka: readonly TestResult[], ottla: readonly TestResult[]): TestClass[] {
  const others = new Map(ottla.map((each) => [each.test, each]));
  const classes = Map.groupBy(kafka, ({ test }) => nameParts(test)[0]);
  return [...classes].sort(([a], [b]) => a < b ? -1 : 1).map(([name, results]) => ({
    name,
    tests: results.map((each) => ({ name: nameParts(each.test)[1], kafka: each, ottla: others.get(each.test) })),
  }));
}

/** Class and method; what stands behind the method, `[1, groupProtocol=classic]`, may have dots too. */
function nameParts(test: string): [string, string] {
  const [, name, method] = test.match(/^(?:[\w$]+\.)*([\w$]+)\.([^.[]+(?:\[.*)?)$/)!;
  return [name, method];
}

/** Of a class, or of several: how many tests there are, how many pass, and what the others wait for. */
export function countTests(tests: readonly ComparedTest[]): TestCounts {
  const asked = tests.filter(({ kafka }) => kafka.result === "pass");
  const late = asked.filter(({ ottla }) => ottla !== undefined && ottla.result !== "pass");
  const waits = [...Map.groupBy(late, ({ ottla }) => ottla!.why ?? ottla!.result)].map(([why, { length }]) => [why, length] as const);
  return {
    all: tests.length,
    kafka: asked.length,
    ottla: asked.filter(({ ottla }) => ottla?.result === "pass").length,
    notRun: asked.filter(({ ottla }) => ottla === undefined).length,
    waits: waits.sort(([, a], [, b]) => b - a),
  };
}

export interface TestCounts {
  readonly all: number;
  /** That Apache Kafka passes. */
  readonly kafka: number;
  /** Of these, that Ottla passes. */
  readonly ottla: number;
  /** Of these, that Ottla has no result of. */
  readonly notRun: number;
  /** What Ottla's others wait for, the most frequent first. */
  readonly waits: readonly (readonly [why: string, count: number])[];
}

/** In words, with what was not run. */
export function waitingText({ kafka, ottla, notRun, waits }: TestCounts): string {
  const missing = notRun === 0 ? [] : [notRun === kafka ? "not run" : `${notRun} not run`];
  // A class that waits for one thing as a whole needs no number.
  const single = waits.length === 1 && ottla + notRun === 0;
  return [...waits.map(([why, count]) => single ? why : `${why} ${count}`), ...missing].join(", ");
}

/** The section of `docs/COMPATIBILITY.md`. */
export function kafkaTestLines({ runs, classes }: KafkaTests): string[] {
  const tests = classes.flatMap(({ tests }) => tests);
  const counts = countTests(tests);
  const number = (result: string): number => tests.filter(({ kafka }) => kafka.result === result).length;
  const asked = classes.filter(({ tests }) => countTests(tests).kafka > 0);
  const unasked = classes.filter((each) => !asked.includes(each));
  return [
    "## Kafka's own tests",
    "",
    "Apache Kafka's compiled integration tests, each against a fresh broker outside their JVM ([how](../compat/kafka-suite/README.md)). Where Kafka itself does not",
    "pass like that, since a test asks for several brokers or for objects inside one, nothing is asked of Ottla.",
    "",
    `- ${aboutRun("Apache Kafka", runs.kafka)} ${counts.kafka} of ${counts.all} tests pass, ${number("fail")} fail, ${
      number("skip")
    } are skipped.`,
    `- ${aboutRun("Ottla", runs.ottla)} ${counts.ottla} of these ${counts.kafka} pass. The others: ${waitingText(counts)}.`,
    "",
    "| class | Kafka passes | Ottla passes | the rest waits for |",
    "|---|---:|---:|---|",
    ...asked.map(({ name, tests }) => {
      const counts = countTests(tests);
      return `| ${name} | ${counts.kafka} of ${counts.all} | ${counts.ottla} | ${waitingText(counts)} |`;
    }),
    "",
    `Kafka passes none of ${unasked.map(({ name, tests }) => `${name} (${tests.length})`).join(", ")}.`,
    "",
  ];
}

function aboutRun(name: string, run: SuiteRun | undefined): string {
  return run === undefined ? `${name}: not run.` : `${run.broker}, ${run.date}, \`${run.command}\`:`;
}
