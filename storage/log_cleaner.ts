import type { StorageEnvironment } from "./environment.ts";
import { type Cleanable, isDue } from "./cleaning.ts";
import { partitionDirectoryName } from "./file_names.ts";
import type { Log } from "./log.ts";
import type { OffsetMapLimits } from "./log_compaction.ts";
import type { OffsetCheckpoint } from "./offset_checkpoint.ts";
import { DiskError } from "../platform/mod.ts";
import { Slices, StoppedError } from "./slices.ts";

/** Compacts the logs of a data directory, the dirtiest first, one after the other (Kafka's `LogCleaner` with one thread, and `LogCleanerManager`). */
export class LogCleaner {
  #current: Log | null = null;
  #stopped = false;
  /** Logs that cannot be compacted before they are opened again. */
  readonly #uncleanable = new WeakSet<Log>();

  /**
   * @param logs those that are open
   * @param offsets up to where each has been compacted, by the name of its directory. Without one it is compacted from its start on, again.
   */
  constructor(
    private readonly env: Pick<StorageEnvironment, "clock" | "logger" | "pending" | "timers">,
    private readonly logs: () => Iterable<Log>,
    private readonly offsets: OffsetCheckpoint,
    private readonly limits: () => OffsetMapLimits,
  ) {}

  /** Compacts whatever is due. Does not throw. */
  async run(): Promise<void> {
    const failed = new Set<Log>();
    for (;;) {
      const log = await this.#filthiest(failed);
      if (log === null || this.#stopped) return;
      // Others had their turn since it was looked at.
      const cleanable = this.#cleanable(log);
      if (cleanable === null || !await this.#clean(log, cleanable)) failed.add(log);
    }
  }

  /** Settles once nothing is under way, and nothing will be. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#current?.compaction.stop();
  }

  /** Kafka: `LogCleanerManager.grabFilthiestCompactedLog`. */
  async #filthiest(failed: ReadonlySet<Log>): Promise<Log | null> {
    const slices = new Slices(this.env.clock, this.env.timers);
    let filthiest: Log | null = null;
    let highest = 0;
    for (const log of this.logs()) {
      if (slices.isOver(0)) await slices.next();
      if (this.#stopped) return null;
      if (!log.config.compact || this.#uncleanable.has(log) || failed.has(log)) continue;
      const cleanable = this.#cleanable(log);
      if (cleanable === null || !isDue(cleanable, log.config) || (filthiest !== null && cleanable.ratio <= highest)) continue;
      filthiest = log;
      highest = cleanable.ratio;
    }
    return filthiest;
  }

  #cleanable(log: Log): Cleanable | null {
    try {
      return log.compaction.cleanable(this.offsets.get(nameOf(log)));
    } catch (error) {
      this.#report(log, error);
      return null;
    }
  }

  /** False if it came to nothing. */
  async #clean(log: Log, cleanable: Cleanable): Promise<boolean> {
    this.#current = log;
    try {
      const cleanTo = await log.compaction.clean(cleanable, this.limits());
      if (log.compaction.isStopped) return false;
      this.offsets.set(nameOf(log), cleanTo);
      await this.env.pending.track(this.offsets.write());
      return true;
    } catch (error) {
      if (!(error instanceof StoppedError)) this.#report(log, error);
      return false;
    } finally {
      this.#current = null;
    }
  }

  #report(log: Log, error: unknown): void {
    const { topic, partition } = log.id;
    // A disk that is full may have room later; damage stays.
    const isPassing = error instanceof DiskError;
    if (!isPassing) this.#uncleanable.add(log);
    this.env.logger.warn("cannot compact a log", { topic, partition, again: isPassing, error: String(error) });
  }
}

function nameOf({ id }: Log): string {
  return partitionDirectoryName(id.topic, id.partition);
}
