/**
 * What the suite does a little of, for as long as one likes. Runs are numbered by their seeds, so that a failing one is repeated alone.
 *
 *     deno run -A sim/long.ts groups --runs 7000 --seed 1
 *
 * @module
 */
import { runGroups, STEPS } from "../broker/coordinator/testing/group_run.ts";
import { crash, CRASHES, diskOperations } from "./crash_run.ts";
import { PRODUCER_STEPS, runProducers } from "../storage/testing/producer_run.ts";

/** Each disk operation, in each of four ways: the process is killed or the power goes, in either mode. */
async function runCrash(seed: number): Promise<number> {
  const kind = CRASHES[seed % CRASHES.length];
  const at = 1 + Math.floor(seed / CRASHES.length) % await diskOperations(kind);
  await crash(kind, at, seed);
  return 1;
}

interface Run {
  /** What is counted beside runs. */
  readonly unit: string;
  /** Runs one seed; answers how many units that were. */
  readonly run: (seed: number) => Promise<number>;
}

const runs: Readonly<Record<string, Run>> = {
  groups: { unit: "steps", run: (seed) => runGroups(seed).then(() => STEPS) },
  crashes: { unit: "crashes", run: runCrash },
  producers: { unit: "steps", run: (seed) => runProducers(seed).then(() => PRODUCER_STEPS) },
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
for (let seed = first; seed < first + count; seed++) {
  try {
    units += await chosen.run(seed);
  } catch (error) {
    console.error(error);
    console.error(`again: deno run -A sim/long.ts ${name} --runs 1 --seed ${seed}`);
    Deno.exit(1);
  }
  if ((seed - first + 1) % 1000 === 0) console.log(`${seed - first + 1} runs, ${units} ${chosen.unit}`);
}
console.log(`${name}: seeds ${first} to ${first + count - 1}, ${units} ${chosen.unit}, nothing differs`);
