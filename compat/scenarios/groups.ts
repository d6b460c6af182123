import { violations } from "../groups/checker.ts";
import { GroupRun } from "../groups/group_run.ts";
import { makePlan, type Plan } from "../groups/plan.ts";
import { OttlaTarget } from "../ottla.ts";
import { answersMetadata } from "../raw.ts";
import type { Context, Scenario } from "../scenario.ts";
import type { Target } from "../target.ts";

/** Five in a row have every client. */
const SEEDS_OF_EVERY_CHANGE = 5;
const SHOWN = 10;
const KEPT = new URL("../../.tmp", import.meta.url).pathname;

export const groupsOfRealClients: Scenario = {
  name: "groups of kafkajs, platformatic, librdkafka and Java join, leave, die and return while the broker is killed",
  ownBroker: true,
  async run({ target, runs, seed, temp }: Context): Promise<void> {
    const power = target.name === "ottla" ? new OttlaTarget(temp, ["--durability", "power"]) : undefined;
    await power?.start();
    const failed: number[] = [];
    const last = seed + (runs ?? SEEDS_OF_EVERY_CHANGE) - 1;
    for (let each = seed; each <= last; each++) {
      const inPower = power !== undefined && each % 2 === 1;
      if (!await passes(inPower ? power : target, inPower ? " power" : "", makePlan(each, runs === undefined))) failed.push(each);
    }
    await power?.stop();
    if (failed.length > 0) throw new Error(`${failed.length} of ${last - seed + 1} failed, seeds ${failed.join(", ")}`);
  },
};

async function passes(target: Target, mode: string, plan: Plan): Promise<boolean> {
  const started = performance.now();
  const run = new GroupRun(target, plan);
  const found = await problems(run);
  const { members, killed, returned, slept, brokerKilled, brokerRestarted, records } = run.counts;
  const kind = `${plan.clients.join("+")} ${plan.assignor}${plan.isStatic ? " static" : ""}, ${plan.partitions} partitions`;
  const history =
    `${members} members, ${killed} killed, ${returned} returned, ${slept} slept, broker killed ${brokerKilled} restarted ${brokerRestarted}`;
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`     seed ${plan.seed}${mode}: ${kind}; ${history}, ${records} records, ${found.length} violations, ${seconds} s`);
  if (found.length === 0) return true;
  console.log(`     plan: ${JSON.stringify(plan)}`);
  for (const each of found.slice(0, SHOWN)) console.log(`     ${each}`);
  const path = `${KEPT}/group-${plan.seed}-${target.name}.jsonl`;
  await Deno.mkdir(KEPT, { recursive: true });
  await Deno.writeTextFile(path, run.history.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  console.log(`     history: ${path}`);
  if (!await answersMetadata(target.bootstrap)) await target.start();
  return false;
}

/** What the history tells, or why there is none. */
async function problems(run: GroupRun): Promise<string[]> {
  try {
    await run.run();
    return violations(run.history);
  } catch (error) {
    return [String(error), ...violations(run.history)];
  }
}
