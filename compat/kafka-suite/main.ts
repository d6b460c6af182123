/** `deno task compat --kafka-suite`: Apache Kafka's own compiled integration tests, each against a fresh broker. README.md tells more. */
import { parseArgs } from "node:util";
import { killAll } from "../processes.ts";
import { brokerRow, className, complaint, firstLine, kafkaRow, readRows, type Row, type Rows, writeRows, writeRun } from "./results.ts";
import { isMissingApi } from "./waits.ts";
import { type Environment, kafka, ottla, type Outcome, prepareSuite, runClass } from "./runner.ts";

const RESULTS = new URL("results/", import.meta.url).pathname;
/** Classes at a time. Tests mostly wait: for a rebalance, for a session to end. */
const JVMS = 5;

interface Options {
  readonly target: "ottla" | "kafka";
  readonly runs: number;
  /** Try what waits for an API that is not served, too. */
  readonly all: boolean;
  /** Write down what is seen in place of comparing with it. */
  readonly update: boolean;
  readonly filters: readonly string[];
}

/** A test, and what is wrong with it. */
interface Complaint {
  readonly test: string;
  readonly what: string;
}

/** Answers the exit code. The last line of its output is `N passed, N failed`. */
export async function runKafkaSuite(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  await prepareSuite();
  const dir = Deno.makeTempDirSync({ prefix: "ottla-kafka-suite-" });
  try {
    const env = options.target === "kafka" ? await kafka(dir) : ottla();
    return await runAll(options, env);
  } finally {
    await killAll();
    Deno.removeSync(dir, { recursive: true });
  }
}

function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "kafka-suite": { type: "boolean" },
      target: { type: "string", default: "ottla" },
      runs: { type: "string", default: "1" },
      all: { type: "boolean", default: false },
      update: { type: "boolean", default: false },
    },
  });
  const { target, all, update } = values;
  if (target !== "ottla" && target !== "kafka") throw new Error(`--target ${target}: Kafka's suite runs against ottla or kafka`);
  if (!/^[1-9]\d{0,3}$/.test(values.runs)) throw new Error("--runs needs a whole number");
  return { target, all, update, runs: Number(values.runs), filters: positionals };
}

async function runAll({ target, runs, all, update, filters }: Options, env: Environment): Promise<number> {
  const kafkas = readRows(`${RESULTS}kafka.jsonl`);
  const path = `${RESULTS}${target}.jsonl`;
  const expected = readRows(path);
  const tests = [...kafkas.values()].filter(({ test, result, byChance }) =>
    byChance === undefined && (target === "kafka" || result === "pass") &&
    (filters.length === 0 || filters.some((filter) => test.includes(filter)))
  ).map(({ test }) => test);
  let passed = 0;
  let failed = 0;
  for (let run = 1; run <= runs; run++) {
    const started = performance.now();
    // What waits may have begun to pass: it is tried once.
    const chosen = run === 1
      ? tests.filter((test) => all || update || !isHopeless(expected.get(test)))
      : tests.filter((test) => expected.get(test)?.result === "pass");
    const outcomes = await runTests(chosen, env);
    const complaints = update && run === 1 ? updated(expected, chosen, outcomes, target) : compared(expected, chosen, outcomes);
    const passes = chosen.filter((test) => outcomes.get(test)?.result === "pass").length;
    for (const { test, what } of complaints) {
      console.log(`FAIL ${test} ${what}\n${outcomes.get(test)?.why.replaceAll(/^/gm, "     ") ?? ""}`);
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`run ${run}: ${passes} of ${chosen.length} pass, ${complaints.length} not as expected, ${seconds} s`);
    passed += passes;
    failed += complaints.length;
    if (update && run === 1) {
      writeRows(path, expected);
      writeRun(`${RESULTS}runs.json`, target);
    }
  }
  for (const [why, count] of waiting(tests, expected)) console.log(`${count} ${why}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** Whether the test waits for what is known not to be there. */
function isHopeless(row: Row | undefined): boolean {
  return row?.result === "not yet" && isMissingApi(row.why ?? "");
}

/** Runs the tests, some classes at a time, the largest first. */
async function runTests(tests: readonly string[], env: Environment): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const classes = [...Map.groupBy(tests, className)].sort(([, a], [, b]) => b.length - a.length).values();
  const worker = async (): Promise<void> => {
    for (const [name, ofClass] of classes) {
      const last = await runClass(name, ofClass, env, (outcome) => {
        outcomes.set(outcome.test, outcome);
        const why = outcome.result === "pass" ? "" : ` ${firstLine(outcome.why)}`;
        console.log(`${outcome.result} ${outcome.test} (${(outcome.ms / 1000).toFixed(1)} s)${why}`);
      });
      if (ofClass.some((test) => !outcomes.has(test))) console.log(`${name} did not run all its tests:\n${last.join("\n")}`);
    }
  };
  await Promise.all(Array.from({ length: JVMS }, worker));
  return outcomes;
}

function compared(expected: Rows, chosen: readonly string[], outcomes: ReadonlyMap<string, Outcome>): Complaint[] {
  return chosen.flatMap((test) => {
    const what = complaint(expected.get(test), outcomes.get(test));
    return what === null ? [] : [{ test, what }];
  });
}

/** Enters the outcomes into the rows; answers a complaint of each that has none, or no explanation. */
function updated(rows: Rows, chosen: readonly string[], outcomes: ReadonlyMap<string, Outcome>, target: Options["target"]): Complaint[] {
  return chosen.flatMap((test) => {
    const outcome = outcomes.get(test);
    if (outcome === undefined) return [{ test, what: "did not run" }];
    const row = target === "kafka" ? kafkaRow(outcome) : brokerRow(outcome);
    if (row === null) return [{ test, what: "does not pass, and no rule of waits.ts tells what it waits for" }];
    // What once passed is not given up by chance: whoever means to, deletes its line first.
    if (rows.get(test)?.result === "pass" && row.result !== "pass") return [{ test, what: `was pass and is ${outcome.result}` }];
    rows.set(test, row);
    return [];
  });
}

/** How many of the tests do not pass, by why, the largest number first. */
function waiting(tests: readonly string[], rows: Rows): [why: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { result, why } of tests.flatMap((test) => rows.get(test) ?? [])) {
    if (result !== "pass") counts.set(`${result}: ${why}`, (counts.get(`${result}: ${why}`) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}
