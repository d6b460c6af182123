/**
 * `loop_probe.ts [DATA_DIR]`: how late timers fire in a process that does nothing, or that has a broker whose background work comes every second. Prints
 * where the broker listens; for each line on standard input, a line of JSON with the milliseconds of the 99.9th percentile and the worst since the last, and
 * the same without the time in which the thread could have run and another had the processor: on a machine with other work, that is most of it. What is left
 * may still be others' fault: the thread waits for a lock of the runtime's thread pool when whoever holds it has no processor.
 */
import { startBroker } from "../broker/mod.ts";

const STEP_MS = 1;
const EVERY_SECOND = {
  "log.retention.check.interval.ms": 1_000,
  "log.flush.offset.checkpoint.interval.ms": 1_000,
  "producer.id.expiration.check.interval.ms": 1_000,
  "log.cleaner.backoff.ms": 100,
};

let late: number[] = [];
let own: number[] = [];
let due = performance.now() + STEP_MS;
let waited = waitedMs();

/** How long this thread has waited for a processor so far. */
function waitedMs(): number {
  return Number(Deno.readTextFileSync(`/proc/self/task/${Deno.pid}/schedstat`).split(" ")[1]) / 1e6;
}

function step(): void {
  const now = performance.now();
  const before = waited;
  waited = waitedMs();
  late.push(now - due);
  own.push(Math.max(0, now - due - (waited - before)));
  due = performance.now() + STEP_MS;
  setTimeout(step, STEP_MS);
}

function percentiles(values: number[]): { p999: number; worst: number } {
  values.sort((a, b) => a - b);
  return { p999: values[Math.floor(0.999 * (values.length - 1))], worst: values.at(-1) ?? 0 };
}

const [dataDir] = Deno.args;
const broker = dataDir === undefined ? null : await startBroker({ dataDir, durability: "process", properties: EVERY_SECOND });
console.log(broker?.bootstrapServers ?? "nowhere");
setTimeout(step, STEP_MS);
for await (const _line of Deno.stdin.readable) {
  console.log(JSON.stringify({ late: percentiles(late), own: percentiles(own) }));
  late = [];
  own = [];
  due = performance.now() + STEP_MS;
}
Deno.exit(0);
