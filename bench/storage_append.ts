import { denoPlatform } from "../platform/deno/mod.ts";
import { buildBatch } from "../protocol/records/mod.ts";
import { defaultLogConfig, type Log, LogManager } from "../storage/mod.ts";
import { processorSeconds } from "../compat/procfs.ts";
import { median, type Row } from "./storage_row.ts";

const TOPIC = { topic: "t", topicId: "AAAAAAAAAAAAAAAAAAAAAQ" };
const COUNTS = [1, 100, 10_000];
const RECORD_BYTES = 200;
const ROUNDS = 5;
const OPERATIONS = 20_000;
const FLAT = 1.5;

type Work = (turn: number) => void;

/** Microseconds of processor time that one turn of `work` takes; of several kinds of work in turn, the medians. */
function costs(works: readonly Work[]): number[] {
  const found: number[][] = works.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, work] of works.entries()) {
      const before = processorSeconds(Deno.pid);
      let turns = 0;
      // Ticks of the processor clock are 10 ms long.
      do for (let i = 0; i < OPERATIONS; i++) work(turns++); while (processorSeconds(Deno.pid) - before < 0.2);
      found[index].push((processorSeconds(Deno.pid) - before) / turns * 1e6);
    }
  }
  return found.map(median);
}

/**
 * Appends of one small batch, and reads of the newest one, spread evenly over more and more partitions, beside the same bytes written to and read from as
 * many open files with the runtime's bare calls: how much of a trend is the system's own.
 */
export async function append(dir: string): Promise<Row[]> {
  const manager = await LogManager.open(denoPlatform(), `${dir}/data`);
  const batch = buildBatch([{ timestamp: Date.now(), key: null, value: new Uint8Array(RECORD_BYTES) }]);
  const logs: Log[] = [];
  for (let partition = 0; partition < COUNTS.at(-1)!; partition++) {
    logs.push(await manager.openLog({ ...TOPIC, partition }, defaultLogConfig));
  }
  const write = (log: Log): unknown => log.append(batch.slice(), { leaderEpoch: 0, origin: "client" });
  logs.forEach(write);
  Deno.mkdirSync(`${dir}/bare`);
  const files = logs.slice(0, COUNTS.at(-1)! / 2).map((_, i) =>
    Deno.openSync(`${dir}/bare/${i}`, { read: true, write: true, create: true })
  );
  const target = new Uint8Array(64 * 1024);
  const rows: Row[] = [];
  const first: number[] = [];
  for (const count of COUNTS) {
    const bare = Math.min(count, files.length);
    const all = costs([
      (turn) => write(logs[turn % count]),
      (turn) => {
        const log = logs[turn % count];
        log.read(log.logEndOffset - 1, target.length, { minOneBatch: true, upTo: log.highWatermark }).copyInto(target);
      },
      (turn) => files[turn % bare].writeSync(batch),
      (turn) => {
        const file = files[turn % bare];
        file.seekSync(0, Deno.SeekMode.Start);
        file.readSync(target.subarray(0, batch.length));
        file.seekSync(0, Deno.SeekMode.End);
      },
    ]);
    if (first.length === 0) first.push(...all);
    for (const [index, what] of ["append", "tail read"].entries()) {
      rows.push({
        what: `${what}, spread over ${count} partitions`,
        goal: count === 1 ? "" : `within ${FLAT} of 1 partition`,
        figure: `${all[index].toFixed(1)} µs, ${(all[index] / first[index]).toFixed(2)} times; the bare calls on ${bare} files ` +
          `${all[index + 2].toFixed(1)} µs, ${(all[index + 2] / first[index + 2]).toFixed(2)} times`,
        reached: count === 1 ? null : all[index] <= FLAT * first[index],
      });
    }
  }
  for (const file of files) file.close();
  await manager.abandon();
  return rows;
}
