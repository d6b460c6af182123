import { Child, sendSignal, waitUntil, within } from "../processes.ts";
import { descendants, isRunning, listenerOf } from "../procfs.ts";
import type { Context, Scenario } from "../scenario.ts";
import { freePort } from "../target.ts";

const REPOSITORY = new URL("../..", import.meta.url).pathname;
const END_LIMIT_MS = 5_000;

/** `shell` stands for npx, which runs a shell that runs deno. */
const PARENTS = ["deno task", "shell", "launcher"] as const;
const SIGNALS = ["SIGTERM", "SIGKILL"] as const;

export const noOrphanIsLeft: Scenario = {
  name: "ending a shell, `deno task` or the launcher by SIGTERM or SIGKILL ends the broker",
  onlyOttla: true,
  ownBroker: true,
  async run({ temp }: Context): Promise<void> {
    const orphans: string[] = [];
    for (const parent of PARENTS) {
      for (const signal of SIGNALS) {
        if (!await endsWith(parent, signal, `${temp}/${parent}-${signal}`.replaceAll(" ", "-"))) orphans.push(`${signal} to the ${parent}`);
      }
    }
    if (orphans.length > 0) throw new Error(`the broker lived on after ${orphans.join(", ")}`);
  },
};

/** Starts a broker, ends one of the processes above it and answers whether the broker has ended too. */
async function endsWith(parent: typeof PARENTS[number], signal: typeof SIGNALS[number], dataDir: string): Promise<boolean> {
  const port = freePort();
  const args = ["task", "broker", "--port", String(port), "--data-dir", dataDir];
  const child = parent === "shell"
    ? new Child("sh", ["-c", `'${Deno.execPath()}' ${args.join(" ")}; exit $?`], { cwd: REPOSITORY })
    : new Child(Deno.execPath(), args, { cwd: REPOSITORY });
  const broker = await waitUntil(`a broker on ${port} (${child.tail.at(-1) ?? "silent"})`, 30_000, () => {
    if (child.hasExited) throw new Error(`the broker ended at start:\n${child.tail.join("\n")}`);
    return listenerOf(port);
  });
  const below = descendants(child.pid);
  const launcher = below[below.indexOf(broker) - 1] ?? child.pid;
  sendSignal(parent === "launcher" ? launcher : child.pid, signal);
  try {
    return await within(END_LIMIT_MS, () => !isRunning(broker));
  } finally {
    for (const pid of [broker, ...below]) sendSignal(pid, "SIGKILL");
    child.kill("SIGKILL");
    await child.exited;
  }
}
