import { killLoop } from "../kill_loop.ts";
import type { Context, Scenario } from "../scenario.ts";

/** `--runs N` kills. */
export const killedAgainAndAgain: Scenario = {
  name: "kill loop: kill -9 at any moment loses and doubles no record and no commit, in process and in power",
  ownBroker: true,
  onlyOttla: true,
  async run({ temp, runs = 30, seed }: Context): Promise<void> {
    for (const durability of ["process", "power"] as const) {
      const kills = Math.ceil(runs / 2);
      const started = performance.now();
      const { atStart, records, commits } = await killLoop({ durability, kills, seed, dataDir: `${temp}/${durability}` });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(
        `     seed ${seed}, ${durability}: ${kills} kills (${atStart} at start) in ${seconds} s; ` +
          `${records} records and ${commits} commits acknowledged, 0 lost`,
      );
    }
  },
};
