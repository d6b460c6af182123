import { prepareJava } from "../compat/java.ts";
import { killAll, waitUntil } from "../compat/processes.ts";

const REMOVED_MS = 300_000;

/** Runs `work` with a directory of its own, and leaves neither files nor processes behind, also when it is interrupted. */
export async function inDirectory(work: (dir: string) => Promise<void>): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => void killAll().then(() => Deno.exit(1)));
  }
  const dir = Deno.makeTempDirSync({ prefix: "ottla-bench-" });
  try {
    await work(dir);
  } catch (error) {
    // What follows may fail for the same reason, and must not hide it.
    console.error(error);
    throw error;
  } finally {
    await killAll();
    // A broker whose launcher is gone ends by itself, in good order.
    await waitUntil(`${dir} is removed`, REMOVED_MS, () => Deno.remove(dir, { recursive: true }).then(() => true, () => false), 200);
  }
}

/** The same with Kafka's jars at hand; the process ends behind it. */
export async function runBench(work: (dir: string) => Promise<void>): Promise<never> {
  await inDirectory(async (dir) => {
    await prepareJava();
    await work(dir);
  });
  Deno.exit(0);
}
