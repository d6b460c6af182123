import { checkAllFiles } from "../dump_log.ts";
import { prepareLastCalls } from "../kill_at_call.ts";
import { killLoop } from "../kill_loop.ts";
import type { Context, Scenario } from "../scenario.ts";

/** `--runs N` kills. */
export const killedAtAnyMoment: Scenario = {
  name: "kill loop: kill -9 at any moment loses and doubles no record, commit and topic, in process and in power",
  ownBroker: true,
  onlyOttla: true,
  run: (context) => killAgainAndAgain(context, 30, false),
};

/** `--runs N` kills. */
export const killedAtAnyCall: Scenario = {
  name: "kill loop: nor does kill -9 at any system call on the data directory, half way through a write too",
  ownBroker: true,
  onlyOttla: true,
  async run(context: Context): Promise<void> {
    if (await prepareLastCalls()) await killAgainAndAgain(context, 20, true);
    else console.log("     left out: there is no C compiler (cc) here, which it needs");
  },
};

async function killAgainAndAgain({ temp, runs, seed }: Context, usual: number, atCalls: boolean): Promise<void> {
  for (const durability of ["process", "power"] as const) {
    const kills = Math.ceil((runs ?? usual) / 2);
    const started = performance.now();
    const { atStart, calls, records, commits } = await killLoop({ durability, kills, atCalls, seed, dataDir: `${temp}/${durability}` });
    await checkAllFiles(`${temp}/${durability}`);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(
      `     seed ${seed}, ${durability}: ${kills} kills (${atStart} at start) in ${seconds} s; ` +
        `${records} records and ${commits} commits acknowledged, 0 lost`,
    );
    if (atCalls) console.log(`     the last calls: ${Array.from(calls, ([call, times]) => `${times} ${call}`).sort().join(", ")}`);
  }
}
