import { exchangeBatches } from "../batches/exchange.ts";
import { javaVectors, vectors } from "../batches/vectors.ts";
import type { Context, Scenario } from "../scenario.ts";

const RUNS = 400;
/** What one JVM is given at a time. */
const AT_ONCE = 2000;

/** Record batches of every format and codec, between our code and Kafka's Java classes; no broker takes part. */
export const batchesAreJavas: Scenario = {
  name: "batches exchanged with Kafka's Java classes",
  onlyOttla: true,
  async run({ runs = RUNS, seed }: Context): Promise<void> {
    if (await Deno.readTextFile(vectors) !== await javaVectors()) throw new Error(`${vectors.pathname} is not what Java writes`);
    let batches = 0;
    for (let done = 0, next = seed; done < runs; done += AT_ONCE, next++) {
      const { count, differences } = await exchangeBatches(next, Math.min(AT_ONCE, runs - done));
      if (differences.length > 0) throw new Error(`${differences.length} differences:\n${differences.slice(0, 10).join("\n")}`);
      batches += count;
    }
    console.log(`     seeds from ${seed} on: ${batches} batches, the same on both sides`);
  },
};
