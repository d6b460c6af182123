import { checkAllFiles } from "../dump_log.ts";
import { prepareLastCalls } from "../kill_at_call.ts";
import { killLoop } from "../kill_loop.ts";
import { fileSystems, PowerCutDisk } from "../power_cut_disk.ts";
import type { Context, Scenario } from "../scenario.ts";

/** `--runs N` cuts, over all file systems, both modes, and any moment as well as any system call. */
export const powerCutAgainAndAgain: Scenario = {
  name: "power cuts: on a disk that keeps what was synced alone, power loses nothing acknowledged, and process the ends of logs at most",
  ownBroker: true,
  onlyOttla: true,
  long: true,
  async run({ temp, runs = 60, seed }: Context): Promise<void> {
    const moments = await prepareLastCalls() ? [false, true] : [false];
    const cases = fileSystems.flatMap((kind) =>
      (["power", "process"] as const).flatMap((durability) => moments.map((atCalls) => ({ kind, durability, atCalls })))
    );
    for (const [i, { kind, durability, atCalls }] of cases.entries()) {
      const kills = Math.ceil(runs / cases.length);
      const started = performance.now();
      const disk = await PowerCutDisk.make(`${temp}/${i}`, kind);
      try {
        const { atStart, records, commits, lost } = await killLoop({
          durability,
          kills,
          atCalls,
          seed: seed + i,
          dataDir: `${disk.path}/data`,
          disk,
        });
        await checkAllFiles(`${disk.path}/data`);
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        console.log(
          `     seed ${seed}, ${durability} on ${kind}: ${kills} cuts at any ${atCalls ? "system call" : "moment"} (${atStart} at start) ` +
            `in ${seconds} s; ${records} records and ${commits} commits acknowledged, ${lost} records lost`,
        );
      } finally {
        await disk.close();
      }
    }
  },
};
