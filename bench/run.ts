import { prepareJava } from "../compat/java.ts";
import { killAll } from "../compat/processes.ts";

/** Runs `work` with a directory of its own, and leaves neither files nor processes behind, also when it is interrupted. */
export async function inDirectory(work: (dir: string) => Promise<void>): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => void killAll().then(() => Deno.exit(1)));
  }
  const dir = Deno.makeTempDirSync({ prefix: "ottla-bench-" });
  try {
    await work(dir);
  } finally {
    await killAll();
    await Deno.remove(dir, { recursive: true });
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
