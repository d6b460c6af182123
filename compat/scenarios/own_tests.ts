import { run } from "../processes.ts";
import type { Scenario } from "../scenario.ts";

const FOLDER = new URL("..", import.meta.url).pathname;

/** A checker that finds nothing proves nothing unless it finds what is there. */
export const ownTests: Scenario = {
  name: "the suite's own tests",
  onlyOttla: true,
  async run(): Promise<void> {
    await run(Deno.execPath(), ["test", "-A", "--quiet", "--config", "deno.json"], { cwd: FOLDER });
  },
};
