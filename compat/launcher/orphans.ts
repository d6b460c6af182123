/** What `deno task broker` leaves behind when something above the broker ends: nothing. As real processes, on Linux. */
import { Child, waitUntil } from "../processes.ts";
import { isRunning, listenerOf } from "../procfs.ts";

/** How somebody starts a broker. */
interface Starter {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly signals: readonly Deno.Signal[];
}

const all: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGKILL"];

/** "Within a second or so": what has to notice looks three times a second, and the broker has to close. */
const LIMIT_MS = 2_000;

const pin = Deno.readTextFileSync(new URL("../../.deno-version", import.meta.url)).trim();
const root = new URL("../..", import.meta.url).pathname;

const starters: readonly Starter[] = [
  { name: "the launcher", command: Deno.execPath(), args: ["run", "-A", "broker/launcher.ts"], signals: all },
  { name: "deno task", command: Deno.execPath(), args: ["task", "broker"], signals: all },
  // npm lives through a SIGINT of its own: it leaves that to the child, which a terminal tells as well.
  { name: "npx", command: "npx", args: ["-y", `deno@${pin}`, "task", "broker"], signals: ["SIGTERM", "SIGKILL"] },
];

/** Starts a broker in every way, ends what was started in every way, and sees that the broker ends. Throws at the first that stays. */
export async function checkOrphans(port: number, dir: string, report: (line: string) => void): Promise<void> {
  for (const starter of starters) {
    for (const signal of starter.signals) {
      const { child, broker } = await start(starter, port, dir);
      child.kill(signal);
      await waitUntil(
        `the broker ends after ${signal} to ${starter.name}`,
        LIMIT_MS,
        () => !isRunning(broker) && listenerOf(port) === undefined,
      );
      const { code } = await child.exited;
      if (starter.name === "the launcher" && signal !== "SIGKILL" && code !== 0) {
        throw new Error(`${signal} to the launcher: exit code ${code}`);
      }
      report(`${signal} to ${starter.name}: the broker is gone`);
    }
  }
  await checkStdin(port, dir);
  report("the end of standard input with --exit-with-stdin: the broker is gone");
  await checkBackground(port, dir);
  report("the end of the shell that put it into the background: the broker stays");
}

async function checkStdin(port: number, dir: string): Promise<void> {
  const [launcher] = starters;
  const { child, broker } = await start({ ...launcher, args: [...launcher.args, "--exit-with-stdin"] }, port, dir);
  await child.closeInput();
  await waitUntil("the broker ends with standard input", LIMIT_MS, () => !isRunning(broker));
  await child.exited;
}

/** `deno task broker & exit`: nothing that belongs to the broker has ended, so it goes on. */
async function checkBackground(port: number, dir: string): Promise<void> {
  const script = `"${Deno.execPath()}" task broker --port ${port} --data-dir "${dir}" </dev/null >/dev/null 2>&1 & exit 0`;
  const shell = new Child("sh", ["-c", script], { cwd: root });
  await shell.exited;
  const broker = await waitUntil("the broker listens", 30_000, () => listenerOf(port));
  await new Promise((resolve) => setTimeout(resolve, LIMIT_MS));
  const stayed = isRunning(broker);
  if (stayed) Deno.kill(broker, "SIGTERM");
  await waitUntil("the broker ends", LIMIT_MS, () => !isRunning(broker));
  if (!stayed) throw new Error("the broker ended with the shell that had put it into the background");
}

async function start(starter: Starter, port: number, dir: string): Promise<{ child: Child; broker: number }> {
  let ready = false;
  const child = new Child(starter.command, [...starter.args, "--port", String(port), "--data-dir", dir], {
    cwd: root,
    onLine: (line) => ready ||= line.startsWith("ottla ready on "),
  });
  await waitUntil(`${starter.name} says that the broker is ready: ${child.tail.join(" | ")}`, 60_000, () => ready);
  return { child, broker: await waitUntil("the broker listens", LIMIT_MS, () => listenerOf(port)) };
}
