import type { LogCheckpoint } from "./checkpoint.ts";
import { Cleaner } from "./cleaner.ts";
import { type Cleanable, cleanableOf } from "./cleaning.ts";
import type { DeletedSegments } from "./deleted_segments.ts";
import type { StorageEnvironment } from "./environment.ts";
import type { FileCache } from "./file_cache.ts";
import { reportDamage } from "./damage.ts";
import type { LogConfig } from "./log_config.ts";
import type { LogSegments } from "./log_segments.ts";
import { OffsetMap } from "./offset_map.ts";
import type { ProducerEntry } from "./producer_entry.ts";
import { Segment } from "./segment.ts";
import { commitSwap, takeNames } from "./segment_swap.ts";
import { Slices, StoppedError } from "./slices.ts";

/** What compaction asks of its log. */
interface CompactedLog {
  readonly config: LogConfig;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly lastStableOffset: number;
  readonly recoveryPoint: number;
  readonly isFenced: boolean;
  readonly isDamaged: boolean;
  readonly producers: ReadonlyMap<number, ProducerEntry>;
  /** Makes all that was appended durable. */
  flush(): Promise<void>;
}

/** What the map of keys may cost. */
export interface OffsetMapLimits {
  /** `log.cleaner.dedupe.buffer.size`, in bytes. */
  readonly bytes: number;
  /** `log.cleaner.io.buffer.load.factor`: which part of it may be filled. */
  readonly loadFactor: number;
}

/** The compaction of a log: what there is to do, a round of it, and the exchange of segments. */
export class LogCompaction {
  #slices: Slices | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #isHalfDone = false;
  #exchange: Promise<void> | null = null;
  #isStopped = false;

  constructor(
    private readonly env: StorageEnvironment,
    private readonly files: FileCache,
    readonly directory: string,
    readonly segments: LogSegments,
    private readonly deleted: DeletedSegments,
    private readonly log: CompactedLog,
  ) {}

  get config(): LogConfig {
    return this.log.config;
  }

  get producers(): ReadonlyMap<number, ProducerEntry> {
    return this.log.producers;
  }

  /** What could be compacted, if it was up to `dirtyFrom` before; null where nothing may be. Throws `DiskError`. */
  cleanable(dirtyFrom: number | undefined): Cleanable | null {
    const { config, isFenced, isDamaged } = this.log;
    // What cannot be read is not to be thrown away with what can.
    if (!config.compact || isFenced || isDamaged || this.#isHalfDone || this.#isStopped || this.segments.list.length < 2) return null;
    const { logStartOffset, logEndOffset, lastStableOffset, recoveryPoint } = this.log;
    const now = this.env.clock.now();
    return cleanableOf(this.segments, dirtyFrom, { config, logStartOffset, logEndOffset, lastStableOffset, recoveryPoint, now });
  }

  /** One round, in slices; see {@link Cleaner.clean}. Throws {@link StoppedError} too. */
  async clean(cleanable: Cleanable, limits: OffsetMapLimits): Promise<number> {
    const slices = new Slices(this.env.clock, this.env.timers);
    const round = this.#round(cleanable, limits, slices);
    this.#slices = slices;
    this.#running = round;
    try {
      return await round;
    } finally {
      this.#slices = null;
    }
  }

  async #round(cleanable: Cleanable, limits: OffsetMapLimits, slices: Slices): Promise<number> {
    // The markers that decide what goes may stand behind what is compacted: they must not be lost when it is gone. Kafka relies on replicas there.
    await this.log.flush();
    const expected = cleanable.firstUncleanableOffset - cleanable.firstDirtyOffset;
    const map = new OffsetMap(this.env.random, { ...limits, expected });
    return await new Cleaner(this.env, this.files, this, map, slices).clean(cleanable);
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Settles once nothing is under way, and nothing will be. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#slices?.stop();
    await this.#running.catch(ignoreReported);
  }

  /** Whether an exchange of segments is under way or has failed: then the next start ends it, and must find what stood behind them. */
  get isHalfDone(): boolean {
    return this.#isHalfDone;
  }

  /** While segments are being exchanged, which nobody may take away then: settles when that is over. */
  get exchange(): Promise<void> | null {
    return this.#exchange;
  }

  /** Kafka: `LocalLog.replaceSegments`. */
  async replace(group: readonly Segment[], checkpoint: LogCheckpoint): Promise<void> {
    const { list } = this.segments;
    const at = list.indexOf(group[0]);
    // Retention may have taken some away meanwhile.
    if (this.#isStopped || group.some((segment, index) => list[at + index] !== segment)) throw new StoppedError();
    this.#isHalfDone = true;
    const exchange = this.env.pending.track(this.#replace(group, checkpoint)).finally(() => this.#exchange = null);
    this.#exchange = exchange.catch(ignoreReported);
    await exchange;
  }

  async #replace(group: readonly Segment[], checkpoint: LogCheckpoint): Promise<void> {
    const { disk, logger } = this.env;
    const [first] = group;
    await commitSwap(disk, this.directory, first.baseOffset);
    for (const segment of group) segment.markDeleted({ keepSnapshot: segment === first });
    await takeNames(disk, this.directory, first.baseOffset);
    const { size } = checkpoint.segment;
    const { indexIntervalBytes, fileDeleteDelayMs } = this.config;
    const { list, epochs } = this.segments;
    const options = { created: group.at(-1)!.created, jitterMs: 0, indexIntervalBytes, epochs, damaged: reportDamage(logger) };
    list.splice(list.indexOf(first), group.length, Segment.existing(this.files, this.directory, first.baseOffset, size, options));
    this.#isHalfDone = false;
    for (const segment of group) this.deleted.removeLater(segment, fileDeleteDelayMs);
    const before = group.reduce((sum, segment) => sum + segment.size, 0);
    logger.debug("segments compacted", { log: this.directory, offset: first.baseOffset, segments: group.length, before, after: size });
  }
}

/** The failure went to whoever began the round. */
function ignoreReported(_error: unknown): void {}
