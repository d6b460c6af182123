import { prepareJava } from "../compat/java.ts";
import { killAll } from "../compat/processes.ts";

/** Runs `work` with Kafka's jars at hand and a directory of its own, and leaves neither files nor processes behind, also when it is interrupted. */
export async function runBench(work: (dir: string) => Promise<void>): Promise<never> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => void killAll().then(() => Deno.exit(1)));
  }
  const dir = Deno.makeTempDirSync({ prefix: "ottla-bench-" });
  try {
    await prepareJava();
    await work(dir);
  } finally {
    await killAll();
    await Deno.remove(dir, { recursive: true });
  }
  Deno.exit(0);
}
