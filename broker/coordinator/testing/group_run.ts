import { GroupCrowd } from "./group_crowd.ts";

/** Steps of one run. */
export const STEPS = 150;

/** Runs the steps of `seed`; answers how many members were told of a generation. Throws with the shortest story that fails that was found. */
export async function runGroups(seed: number): Promise<number> {
  const steps = Array.from({ length: STEPS }, (_, step) => seed * STEPS + step);
  const { joined, failure } = await run(seed, steps);
  if (failure === null) return joined;
  const { story, failure: cause } = await shortest(seed, steps, failure);
  throw new Error(`groups, seed ${seed}:\n${story.join("\n")}`, { cause });
}

interface Outcome {
  readonly joined: number;
  readonly story: readonly string[];
  /** Why it failed, and after how many steps. */
  readonly failure: unknown;
  readonly done: number;
}

async function run(seed: number, steps: readonly number[]): Promise<Outcome> {
  const crowd = await GroupCrowd.start(seed);
  let done = 0;
  try {
    for (const step of steps) {
      done++;
      await crowd.step(step);
    }
    return { joined: crowd.joined, story: crowd.story, failure: null, done };
  } catch (failure) {
    return { joined: crowd.joined, story: crowd.story, failure, done };
  }
}

/** Leaves out steps, many at once and then fewer, as long as it still fails. */
async function shortest(seed: number, steps: readonly number[], failure: unknown): Promise<Outcome> {
  let best: Outcome & { steps: readonly number[] } = { joined: 0, story: [], failure, done: steps.length, steps };
  for (let size = steps.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < best.steps.length;) {
      const fewer = best.steps.filter((_, index) => index < from || index >= from + size);
      const outcome = await run(seed, fewer);
      if (outcome.failure === null) from += size;
      else best = { ...outcome, steps: fewer.slice(0, outcome.done) };
    }
  }
  return best;
}
