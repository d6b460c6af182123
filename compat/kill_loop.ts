/**
 * A broker that is killed again and again, under load, while it starts and while it recovers from the kill before; and what must be left each time.
 * It is killed from outside at some moment, or at some system call, or its disk loses power.
 */

import { type Random, SeededRandom } from "../platform/mod.ts";
import { BrokerProcess } from "./broker_process.ts";
import type { LastCall } from "./kill_at_call.ts";
import { Load } from "./kill_load.ts";
import type { PowerCutDisk } from "./power_cut_disk.ts";

/** Of so many kills one comes before the broker is ready, or about then. */
const KILLS_FOR_ONE_AT_START = 4;
const MAX_LOAD_MS = 400;
/** Of so many loads one ends with a stop in good order, which is killed up to so many milliseconds later. */
const LOADS_FOR_ONE_STOP = 5;
const MAX_STOP_MS = 200;
/** A last call is one of the first 2^12, early ones more often: half of all kills come while the broker starts. */
const LAST_CALL_BITS = 12;
/** A broker that has not come to its last call by then is killed from outside. */
const LAST_CALL_LIMIT_MS = 3_000;
/** Segments roll and are compacted, checkpoints are written, and files of deleted segments are removed, now and then. */
const SETTINGS = [
  "log.segment.bytes=1048576",
  "log.roll.ms=2000",
  "log.flush.offset.checkpoint.interval.ms=200",
  "log.segment.delete.delay.ms=500",
  "log.cleaner.backoff.ms=100",
  "log.cleaner.min.cleanable.ratio=0.01",
  "offsets.topic.segment.bytes=1048576",
];

export interface KillLoopOptions {
  readonly durability: "process" | "power";
  readonly kills: number;
  readonly seed: number;
  /** An empty directory. */
  readonly dataDir: string;
  /** Kills at system calls, not at moments. */
  readonly atCalls?: boolean;
  /** The disk that the directory is on: it loses power when the broker is killed. */
  readonly disk?: PowerCutDisk;
}

/** What the loop went through. */
export interface KillCounts {
  /** Kills before the broker was ready; the others came under load. */
  readonly atStart: number;
  /** By the name of the call, how often it was the last one. */
  readonly calls: ReadonlyMap<string, number>;
  readonly records: number;
  readonly commits: number;
  /** Records that were acknowledged and lost with the power, as `process` allows. */
  readonly lost: number;
}

/** Kills the broker `kills` times. Throws as soon as something promised is gone, moved, doubled or out of order, or something is there that was not sent. */
export async function killLoop(options: KillLoopOptions): Promise<KillCounts> {
  const { durability, kills, seed } = options;
  const loop = await KillLoop.begin(options);
  try {
    for (let n = 1; n <= kills; n++) {
      await loop.kill().catch((cause) => {
        const what = cause instanceof Error ? cause.stack : cause;
        throw new Error(`at kill ${n} of seed ${seed}, ${durability}, ${loop.lastKill}: ${what}`, { cause });
      });
    }
    return await loop.end();
  } finally {
    await loop.abandon();
  }
}

class KillLoop {
  /** Where the last kill came, or was to come. */
  lastKill = "";
  readonly #calls = new Map<string, number>();
  #atStart = 0;
  #readyMs = 0;

  private constructor(
    private readonly options: KillLoopOptions,
    private readonly random: Random,
    private readonly load: Load,
    private broker: BrokerProcess,
  ) {}

  static async begin(options: KillLoopOptions): Promise<KillLoop> {
    const random = new SeededRandom(options.seed);
    const broker = start(options);
    const load = await Load.make(await broker.ready(), random, options.disk);
    await broker.kill9();
    return new KillLoop(options, random, load, broker);
  }

  async kill(): Promise<void> {
    const { random, load, options: { atCalls = false, disk } } = this;
    const lastCall = atCalls ? someCall(random) : undefined;
    this.lastKill = lastCall === undefined ? "at some moment" : `at call ${lastCall.number}`;
    const started = performance.now();
    this.broker = start(this.options, lastCall);
    if (!atCalls && random.below(KILLS_FOR_ONE_AT_START) === 0) {
      this.#atStart++;
      await sleep(this.#readyMs * random.below(1200) / 1000);
      await this.#kill();
    } else if (await this.broker.readyOrDead()) {
      this.#readyMs = performance.now() - started;
      const stopMs = random.below(LOADS_FOR_ONE_STOP) === 0 ? 1 + random.below(MAX_STOP_MS) : 0;
      await load.verifyAndRun(this.broker, {
        ms: atCalls && stopMs === 0 ? LAST_CALL_LIMIT_MS : random.below(MAX_LOAD_MS),
        // A broker that stops refuses what it cannot answer any more.
        deaf: disk !== undefined || stopMs > 0 || random.below(2) === 0,
        kill: () => this.#kill(stopMs),
      });
    } else {
      this.#atStart++;
      await this.#kill();
    }
    const call = await this.broker.died() ?? "none";
    if (atCalls) this.#calls.set(call, (this.#calls.get(call) ?? 0) + 1);
  }

  /** Looks at everything once more, from the beginning. */
  async end(): Promise<KillCounts> {
    this.broker = start(this.options);
    this.load.rewind();
    await this.load.verify(await this.broker.ready());
    await this.broker.stop();
    return { atStart: this.#atStart, calls: this.#calls, ...this.load.counts };
  }

  /** Leaves no process behind. */
  async abandon(): Promise<void> {
    await this.broker.abandon();
  }

  async #kill(stopMs = 0): Promise<void> {
    const { broker, options: { disk, durability } } = this;
    if (stopMs > 0) await broker.askToStop(stopMs);
    await disk?.cut();
    await broker.kill9();
    await disk?.restore();
    if (disk !== undefined && durability === "process") this.load.mayHaveLost = true;
  }
}

function start({ dataDir, durability }: KillLoopOptions, lastCall?: LastCall): BrokerProcess {
  return new BrokerProcess(dataDir, ["--durability", durability, ...SETTINGS.flatMap((setting) => ["--set", setting])], lastCall);
}

function someCall(random: Random): LastCall {
  return { number: Math.floor(2 ** (LAST_CALL_BITS * random.below(1000) / 1000)), part: random.below(101) };
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
