import { denoPlatform } from "../platform/deno/mod.ts";
import { defaultLogConfig, type Log, LogManager } from "../storage/mod.ts";
import { batchOf, beside, costs, type Row } from "./storage_row.ts";

const TOPIC = { topic: "t", topicId: "AAAAAAAAAAAAAAAAAAAAAQ" };
const COUNTS = [1, 100, 10_000];
const MOST = COUNTS.at(-1)!;
const KINDS = ["append", "tail read"];
const FLAT = 1.5;

const batch = batchOf(200);
const target = new Uint8Array(64 * 1024);

/** What writing the batch to, and reading one from, so many open files in turn takes with the runtime's bare calls: how much of a trend is the system's own. */
function bareCosts(dir: string): number[][] {
  const files = Array.from({ length: MOST }, (_, i) => Deno.openSync(`${dir}/${i}`, { read: true, write: true, create: true }));
  for (const file of files) file.writeSync(batch);
  const found = COUNTS.map((count) =>
    costs([
      (turn) => files[turn % count].writeSync(batch),
      (turn) => {
        const file = files[turn % count];
        file.seekSync(0, Deno.SeekMode.Start);
        file.readSync(target.subarray(0, batch.length));
        file.seekSync(0, Deno.SeekMode.End);
      },
    ])
  );
  for (const file of files) file.close();
  return found;
}

async function logCosts(dir: string): Promise<number[][]> {
  const manager = await LogManager.open(denoPlatform(), dir);
  const logs: Log[] = [];
  for (let partition = 0; partition < MOST; partition++) logs.push(await manager.openLog({ ...TOPIC, partition }, defaultLogConfig));
  const write = (log: Log): unknown => log.append(batch.slice(), { leaderEpoch: 0, origin: "client" });
  const readNewest = (log: Log): void =>
    log.read(log.logEndOffset - 1, target.length, { minOneBatch: true, upTo: log.highWatermark }).copyInto(target);
  logs.forEach(write);
  const found = COUNTS.map((count) => costs([(turn) => write(logs[turn % count]), (turn) => readNewest(logs[turn % count])]));
  // To make ten thousand files durable takes its time, and nobody needs them.
  for (const log of logs) await log.close({ flush: false });
  await manager.abandon();
  return found;
}

/**
 * Appends of one small batch, and reads of the newest one, spread evenly over more and more partitions, beside the same bytes written to and read from as
 * many open files with the runtime's bare calls. Where a file is used once in ten thousand times nothing of it is left in the processor's caches, neither in the
 * system's part nor in ours.
 */
export async function append(dir: string): Promise<Row[]> {
  Deno.mkdirSync(`${dir}/bare`);
  const bare = bareCosts(`${dir}/bare`);
  const found = await logCosts(`${dir}/data`);
  const times = (all: number[][], step: number, kind: number): string => `${(all[step][kind] / all[0][kind]).toFixed(2)} times`;
  return COUNTS.flatMap((count, step) =>
    KINDS.map((what, kind): Row => {
      const figure = `${found[step][kind].toFixed(1)} µs, ${times(found, step, kind)}; the bare call ${bare[step][kind].toFixed(1)} µs, ` +
        times(bare, step, kind);
      const row = beside(`${what}, spread over ${count} partitions`, figure);
      return step === 0 ? row : { ...row, goal: `within ${FLAT} of 1 partition`, reached: found[step][kind] <= FLAT * found[0][kind] };
    })
  );
}
