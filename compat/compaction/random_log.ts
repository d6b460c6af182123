/** Logs made by chance, to be compacted by Ottla and by Apache Kafka. */
import { denoCompression } from "../../platform/deno/mod.ts";
import { ManualClock, MemoryDisk, SeededRandom, simulatedPlatform } from "../../platform/mod.ts";
import { type BatchOptions, buildBatch } from "../../protocol/records/mod.ts";
import { defaultLogConfig, type Log, type LogConfig, LogManager, type StorageEnvironment } from "../../storage/mod.ts";
import { appendVerified, markerBatch } from "../../storage/testing/markers.ts";

const PRODUCERS = [1, 2, 3, 4];
const CODECS = ["none", "none", "none", "gzip", "snappy", "lz4", "zstd"] as const;
const encoder = new TextEncoder();

export const partition = { topic: "compacted", topicId: "AAAAAAAAAAAAAAAAAAAAAQ", partition: 0 };
export const DIRECTORY = "/data/compacted-0";

/** An environment in memory whose clock begins now: Kafka takes the machine's time for its producers. */
export function environment(seed: number): StorageEnvironment & { readonly clock: ManualClock; readonly random: SeededRandom } {
  const clock = new ManualClock(Date.now());
  return { ...simulatedPlatform(seed, denoCompression), clock, timers: clock, disk: new MemoryDisk() };
}

/** What a log with this seed obeys. */
export function randomConfig(random: SeededRandom): LogConfig {
  return {
    ...defaultLogConfig,
    compact: true,
    delete: false,
    segmentBytes: 400 + random.below(3_000),
    indexIntervalBytes: random.below(600),
    deleteRetentionMs: random.below(5_000),
    messageTimestampType: random.below(4) === 0 ? "LogAppendTime" : "CreateTime",
  };
}

/** Keyed records of several producers, some in transactions, tombstones among them, markers, a few records without a key; then all is closed. */
export class RandomLog {
  readonly #open = new Set<number>();
  readonly #sequences = new Map<number, number>();
  #leaderEpoch = 0;

  constructor(
    private readonly env: ReturnType<typeof environment>,
    private readonly config: LogConfig,
    private readonly options: { readonly hasTransactions: boolean },
  ) {}

  async write(steps: number): Promise<void> {
    const { random, clock } = this.env;
    const manager = await LogManager.open(this.env, "/data", { cleanerEnabled: false });
    const log = await manager.openLog(partition, this.config);
    for (let step = 0; step < steps; step++) {
      const producerId = PRODUCERS[random.below(PRODUCERS.length)];
      const dice = random.below(this.options.hasTransactions ? 10 : 5);
      if (dice < 3) this.#data(log, -1, false);
      else if (dice < 5) this.#data(log, 9 + random.below(2), false);
      else if (dice < 8) this.#data(log, producerId, true);
      else this.#marker(log, producerId);
      clock.advance(random.below(30));
      if (random.below(30) === 0) this.#leaderEpoch++;
    }
    // Most logs have nothing that is open at the end.
    if (random.below(3) > 0) { for (const producerId of [...this.#open]) this.#marker(log, producerId); }
    await manager.close();
  }

  #data(log: Log, producerId: number, isTransactional: boolean): void {
    const { random, clock } = this.env;
    const keyless = random.below(40) === 0;
    const records = Array.from({ length: 1 + random.below(5) }, () => ({
      timestamp: clock.now() - random.below(300),
      key: keyless && random.below(2) === 0 ? null : encoder.encode(`key ${random.below(12)}`),
      value: random.below(4) === 0 ? null : random.bytes(random.below(60)),
      headers: random.below(4) === 0 ? [{ key: "h", value: random.bytes(3) }] : [],
    }));
    const baseSequence = this.#sequences.get(producerId) ?? 0;
    if (producerId >= 0) this.#sequences.set(producerId, baseSequence + records.length);
    if (isTransactional) this.#open.add(producerId);
    const options: BatchOptions = { codecs: denoCompression, compressionType: CODECS[random.below(CODECS.length)] };
    const producer = producerId < 0 ? {} : { producerId, producerEpoch: 0, baseSequence, isTransactional };
    // They were written before the topic was compacted.
    log.config = { ...this.config, compact: !keyless };
    appendVerified(log, buildBatch(records, { ...options, ...producer }), this.#leaderEpoch);
  }

  #marker(log: Log, producerId: number): void {
    const type = this.env.random.below(2) === 0 ? "COMMIT" : "ABORT";
    appendVerified(log, markerBatch(producerId, 0, type, this.env.clock.now()), this.#leaderEpoch);
    this.#open.delete(producerId);
  }
}
