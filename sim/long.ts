/**
 * What the suite does a little of, for as long as one likes. Runs are numbered by their seeds, so that a failing one is repeated alone.
 *
 *     deno run -A sim/long.ts groups --runs 7000 --seed 1
 *
 * @module
 */
import { runGroups, STEPS } from "../broker/coordinator/testing/group_run.ts";
import { runTransactions, TRANSACTION_STEPS } from "../broker/coordinator/testing/transaction_run.ts";
import { runCrash } from "./crash_run.ts";
import { type FlipTallies, runFlip } from "./flips/run.ts";
import { FRAMES, FuzzRun, type Tallies } from "./fuzz/run.ts";
import { runCompactionCrash } from "../storage/testing/compaction_crash.ts";
import { COMPACTION_STEPS, runCompaction } from "../storage/testing/compaction_run.ts";
import { runCrashes, runFaults } from "../storage/testing/crash_run.ts";
import { PRODUCER_STEPS, runProducers } from "../storage/testing/producer_run.ts";

const tallies: Tallies = new Map();

/** How many frames reached each handler, by version, and how many answers were without an error. Throws when one was hardly reached. */
function fuzzReport(frames: number): string {
  const names = new Set([...tallies.keys()].map((pair) => pair.split(" ")[0]));
  const lines = [...names].sort().map((name) => {
    const versions = [...tallies].filter(([pair]) => pair.startsWith(`${name} `)).map(([, tally]) => tally);
    const sum = (of: "made" | "reached" | "fine") => versions.reduce((all, tally) => all + tally[of], 0);
    const least = Math.min(...versions.map(({ reached }) => reached));
    return `  ${name}: ${sum("made")} frames, ${sum("reached")} reached it (${least} at least in each of ${versions.length} versions), ${
      sum("fine")
    } without an error`;
  });
  const hardly = [...tallies].filter(([, { reached }]) => reached < LEAST_REACHED * frames);
  if (hardly.length > 0) throw new Error(`reached too rarely: ${hardly.map(([pair]) => pair).join(", ")}`);
  const resident = Math.round(Deno.memoryUsage().rss / 2 ** 20);
  if (resident > MOST_RESIDENT_MIB) throw new Error(`${resident} MiB are resident`);
  return [...lines, `  memory: ${resident} MiB resident`].join("\n");
}

/** Of all frames, those that must have reached each version of each API: 1,000 of a million. */
const LEAST_REACHED = 0.001;

/** However many frames there were. */
const MOST_RESIDENT_MIB = 1024;

const flips: FlipTallies = new Map();

interface Run {
  /** What is counted beside runs. */
  readonly unit: string;
  /** Runs one seed; answers how many units that were. */
  readonly run: (seed: number) => Promise<number>;
  /** Runs between two signs of life; 1000 by default. */
  readonly every?: number;
  /** What else is to be told of all runs, given their units. Throws where it is not enough. */
  readonly report?: (units: number) => string;
}

const runs: Readonly<Record<string, Run>> = {
  groups: { unit: "steps", run: (seed) => runGroups(seed).then(() => STEPS) },
  compaction: { unit: "steps", run: (seed) => runCompaction(seed).then(() => COMPACTION_STEPS), every: 100 },
  "compaction-crashes": { unit: "crashes", run: (seed) => runCompactionCrash(seed).then(() => 1) },
  crashes: { unit: "crashes", run: (seed) => runCrash(seed).then(() => 1) },
  flips: {
    unit: "flips",
    run: (seed) => runFlip(seed, flips).then(() => 1),
    report: () => [...flips].sort().map(([kind, count]) => `  ${kind}: ${count}`).join("\n"),
  },
  fuzz: { unit: "frames", run: (seed) => FuzzRun.run(seed, tallies).then(() => FRAMES), every: 10, report: fuzzReport },
  faults: { unit: "faults", run: (story) => runFaults(story), every: 10 },
  logs: { unit: "crashes", run: (story) => runCrashes(story), every: 10 },
  producers: { unit: "steps", run: (seed) => runProducers(seed).then(() => PRODUCER_STEPS) },
  transactions: { unit: "steps", run: (seed) => runTransactions(seed).then(() => TRANSACTION_STEPS) },
};

function option(name: string, otherwise: number): number {
  const at = Deno.args.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(Deno.args[at + 1]);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a number`);
  return value;
}

const name = Deno.args[0] ?? "";
const chosen = runs[name];
if (chosen === undefined) {
  console.error(`one of: ${Object.keys(runs).join(", ")}`);
  Deno.exit(1);
}
const [count, first] = [option("runs", 1000), option("seed", 1)];
let units = 0;
let seed = first;
const fail = (error: unknown): never => {
  console.error(error);
  console.error(`again: deno run -A sim/long.ts ${name} --runs 1 --seed ${seed}`);
  Deno.exit(1);
};
addEventListener("unhandledrejection", ({ reason }) => fail(reason));
for (; seed < first + count; seed++) {
  try {
    units += await chosen.run(seed);
  } catch (error) {
    fail(error);
  }
  if ((seed - first + 1) % (chosen.every ?? 1000) === 0) console.log(`${seed - first + 1} runs, ${units} ${chosen.unit}`);
}
if (chosen.report !== undefined) console.log(chosen.report(units));
console.log(`${name}: seeds ${first} to ${first + count - 1}, ${units} ${chosen.unit}, nothing differs`);
