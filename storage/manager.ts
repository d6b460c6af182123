import { DiskError } from "../platform/mod.ts";
import { DataDirectory } from "./data_directory.ts";
import type { PartitionId, StorageEnvironment } from "./environment.ts";
import { isDeletedDirectory, parsePartitionDirectory, partitionDirectoryName } from "./file_names.ts";
import { LogCleaner } from "./log_cleaner.ts";
import { FileCache, filesWithin } from "./file_cache.ts";
import { LeaderEpochs } from "./leader_epochs.ts";
import { type LoadedLog, loadLog } from "./loader.ts";
import { Log, type LogOptions } from "./log.ts";
import type { OffsetMapLimits } from "./log_compaction.ts";
import type { LogConfig } from "./log_config.ts";
import { OffsetCheckpoints } from "./offset_checkpoints.ts";
import { PartitionDirectory } from "./partition_directory.ts";
import { type KnowsPartition, PartitionDirectories } from "./partition_directories.ts";
import { ProducerSnapshots } from "./producer_snapshots.ts";
import { ProducerState } from "./producer_state.ts";
import { Repeating } from "./repeating.ts";
import { Slices } from "./slices.ts";
import { StorageError, StorageStartError } from "./storage_error.ts";

/** What logs are told by the broker's configuration. Times are milliseconds. */
interface LogManagerOptions extends LogOptions {
  /** `producer.id.expiration.check.interval.ms` */
  readonly producerIdExpirationCheckIntervalMs: number;
  /** `log.flush.offset.checkpoint.interval.ms`: how often recovery points are written. */
  readonly recoveryPointIntervalMs: number;
  /** `log.flush.start.offset.checkpoint.interval.ms`: how often Apache Kafka is told where logs start. */
  readonly logStartIntervalMs: number;
  /** `log.retention.check.interval.ms`: how often segments that need not be kept are looked for. */
  readonly retentionCheckIntervalMs: number;
  /** `log.cleaner.enable` */
  readonly cleanerEnabled: boolean;
  /** `log.cleaner.backoff.ms`: how often logs are looked at that might be compacted. */
  readonly cleanerBackoffMs: number;
  /** What compaction may take to remember keys. */
  readonly cleanerMap: OffsetMapLimits;
  /** Files of logs that are open at a time; null: as many as {@link filesWithin} says of what the system allows. */
  readonly maxOpenFiles: number | null;
}

/** Each needs some descriptors for a moment. */
const CLOSED_AT_A_TIME = 64;
/** Most systems allow at least so many. */
const USUAL_DESCRIPTORS = 1_024;

/** Kafka's defaults. */
const defaultLogManagerOptions: LogManagerOptions = Object.freeze({
  visibleWhenDurable: false,
  producerIdExpirationMs: 86_400_000,
  producerIdExpirationCheckIntervalMs: 600_000,
  recoveryPointIntervalMs: 60_000,
  logStartIntervalMs: 60_000,
  retentionCheckIntervalMs: 300_000,
  cleanerEnabled: true,
  cleanerBackoffMs: 15_000,
  cleanerMap: { bytes: 134_217_728, loadFactor: 0.9 },
  maxOpenFiles: null,
});

/** The logs of a data directory (Kafka's `LogManager`). One process at a time may have one of a directory. */
export class LogManager {
  readonly #logs = new Map<string, Log>();
  #allOpened = true;
  /** Names of partitions that may have a directory, though their log is not open. Of others the disk is not asked: Deno takes 30 µs to say that there is none. */
  readonly #found: Set<string>;
  readonly #directories: PartitionDirectories;
  /** Names of partitions that are being removed; each settles once the name is free. */
  readonly #removing = new Map<string, Promise<void>>();
  /** Names of partitions that were removed, but whose directories could not be. */
  readonly #leftBehind = new Set<string>();

  readonly #cleaner: LogCleaner;
  readonly #background: Repeating[];

  private constructor(
    private readonly env: StorageEnvironment,
    private readonly files: FileCache,
    private readonly directory: DataDirectory,
    private readonly offsets: OffsetCheckpoints,
    private readonly options: LogManagerOptions,
    found: readonly string[],
  ) {
    this.#found = new Set(found);
    const { producerIdExpirationCheckIntervalMs, recoveryPointIntervalMs, logStartIntervalMs, retentionCheckIntervalMs } = options;
    this.#directories = new PartitionDirectories(env, directory.path, (name) => {
      this.#found.delete(name);
      offsets.forget(name);
    });
    this.#background = [
      new Repeating(env.timers, () => recoveryPointIntervalMs, () => env.pending.track(this.#checkpoint())),
      new Repeating(env.timers, () => logStartIntervalMs, () => env.pending.track(this.#writeLogStarts())),
      new Repeating(env.timers, () => retentionCheckIntervalMs, () => env.pending.track(this.#deleteExpiredSegments())),
      new Repeating(env.timers, () => producerIdExpirationCheckIntervalMs, () => env.pending.track(this.#expireProducers())),
    ];
    this.#cleaner = new LogCleaner(env, () => this.#logs.values(), offsets.cleaned, () => this.options.cleanerMap);
    if (options.cleanerEnabled) {
      this.#background.push(new Repeating(env.timers, () => this.options.cleanerBackoffMs, () => this.#cleaner.run()));
    }
  }

  /** Changes what was told at {@link open}; a pause that has begun still takes as long as it was to take. */
  configure(options: Pick<LogManagerOptions, "producerIdExpirationMs" | "cleanerBackoffMs" | "cleanerMap">): void {
    Object.assign(this.options, options);
  }

  /**
   * Claims the directory `path`, making it if need be, and ends what deletions a crash interrupted. Throws `StorageStartError`, one sentence,
   * when the directory is in use, of a newer format, of another program, or unreadable: it is not touched then.
   */
  static async open(platform: StorageEnvironment, path: string, options: Partial<LogManagerOptions> = {}): Promise<LogManager> {
    const all = { ...defaultLogManagerOptions, ...options };
    const maxOpenFiles = all.maxOpenFiles ?? filesWithin(platform.disk.descriptorLimit() ?? USUAL_DESCRIPTORS);
    const files = new FileCache(platform.disk, maxOpenFiles);
    const env = { ...platform, disk: files.disk };
    const directory = await DataDirectory.claim(env.disk, path);
    if (directory.wasDirty) env.logger.info("the last stop was not clean: checking every log", { directory: path });
    try {
      for (const name of env.disk.list(path)) {
        if (isDeletedDirectory(name)) await env.disk.remove(`${path}/${name}`);
      }
      const partitions = env.disk.list(path).filter((name) => parsePartitionDirectory(name) !== null);
      const offsets = await OffsetCheckpoints.open(env, path, partitions);
      return new LogManager(env, files, directory, offsets, all, partitions);
    } catch (cause) {
      await directory.release(false);
      throw new StorageStartError(`The data directory ${path} cannot be used: ${String(cause)}.`, { cause });
    }
  }

  /** Whether the process that had the directory before did not close it. */
  get uncleanStart(): boolean {
    return this.directory.wasDirty;
  }

  /**
   * Opens a partition's log, recovering what its files hold; makes none. Throws {@link StorageError} when they are damaged beyond a torn
   * append, or belong to another incarnation of the topic.
   */
  async openLog(id: PartitionId, config: LogConfig): Promise<Log> {
    const name = partitionDirectoryName(id.topic, id.partition);
    if (this.#logs.has(name)) throw new Error(`assertion: log ${name} is open already`);
    try {
      await this.#removing.get(name);
      if (this.#leftBehind.has(name)) await this.#removeDirectory(name);
      const log = await this.#load(id, `${this.directory.path}/${name}`, config);
      this.#logs.set(name, log);
      this.#found.delete(name);
      return log;
    } catch (cause) {
      this.#allOpened = false;
      if (!(cause instanceof DiskError)) throw cause;
      throw new StorageError(`${this.directory.path}/${name} cannot be opened: ${cause.message}`, { cause });
    }
  }

  /** Where the files of a partition belong, for who puts some there before its log is opened. */
  directoryFor(topic: string, partition: number): string {
    const name = partitionDirectoryName(topic, partition);
    if (!this.#found.has(name)) this.offsets.forget(name);
    this.#found.add(name);
    return this.#directories.pathOf(name);
  }

  /** An open log. */
  log(topic: string, partition: number): Log | undefined {
    return this.#logs.get(partitionDirectoryName(topic, partition));
  }

  /** Comes before many partitions of a topic are removed: what Apache Kafka is told of them goes at one stroke. */
  async forgetStarts(topic: string, partitions: number): Promise<void> {
    for (let partition = 0; partition < partitions; partition++) this.offsets.forgetLogStart(partitionDirectoryName(topic, partition));
    await this.offsets.settleLogStarts();
  }

  /**
   * Closes a log and gives up its files, durably; they vanish in the background. What is opened under the same name afterwards is
   * empty, or cannot be opened. Throws {@link StorageError}; whoever opens the name next tries again.
   */
  async removeLog(topic: string, partition: number): Promise<void> {
    const name = partitionDirectoryName(topic, partition);
    const log = this.#logs.get(name);
    this.#logs.delete(name);
    this.offsets.forget(name);
    this.#found.add(name);
    const removal = (async () => {
      await log?.close({ flush: false });
      await this.#removeDirectory(name);
    })();
    this.#removing.set(name, removal);
    try {
      await removal;
    } finally {
      this.#removing.delete(name);
    }
  }

  async #removeDirectory(name: string): Promise<void> {
    this.#leftBehind.add(name);
    await this.offsets.settleLogStarts();
    await this.#directories.remove(name);
    this.#leftBehind.delete(name);
    this.#found.delete(name);
  }

  /**
   * Puts aside the directories of partitions that nobody knows: what a crash left of deleted topics, or of topics whose creation the metadata
   * log has lost. They are renamed to `….-stray` and kept, as by Kafka (`LogManager.addStrayLog`): what they hold may be all there is. Throws {@link StorageError}.
   */
  async setStraysAside(known: KnowsPartition): Promise<void> {
    try {
      await this.#directories.setStraysAside(known, (name) => this.#logs.has(name));
    } catch (cause) {
      throw new StorageError(`What no topic has in ${this.directory.path} cannot be put aside: ${String(cause)}`, { cause });
    }
  }

  /**
   * Makes everything durable and gives the directory back. The next start checks every log if one could not be made durable, which throws
   * {@link StorageError}, or could not be opened.
   */
  async close(): Promise<void> {
    let clean = false;
    try {
      const failed = await this.#closeLogs();
      if (failed !== null) throw failed.reason;
      for (const [name, log] of this.#logs) this.offsets.noteRecoveryPoint(name, log);
      await this.offsets.writeRecoveryPoints();
      await this.#writeLogStarts();
      clean = this.#allOpened;
    } finally {
      this.#logs.clear();
      await this.#release(clean);
    }
  }

  /** Gives the directory back after a start that failed: the next one checks every log, as this one may not have come to that. */
  async abandon(): Promise<void> {
    await this.#closeLogs();
    this.#logs.clear();
    await this.#release(false);
  }

  async #release(clean: boolean): Promise<void> {
    try {
      await this.directory.release(clean);
    } catch (cause) {
      throw new StorageError(`${this.directory.path} cannot be closed: ${String(cause)}`, { cause });
    }
  }

  #deleteExpiredSegments(): Promise<void> {
    return this.#eachLog(async (log) => {
      try {
        await log.deleteExpiredSegments();
      } catch (error) {
        this.env.logger.warn("cannot delete old segments", { topic: log.id.topic, partition: log.id.partition, error: String(error) });
      }
    });
  }

  /** One log after the other: nobody waits for it. */
  async #checkpoint(): Promise<void> {
    await this.#eachLog(async (log, name) => {
      try {
        await log.checkpoint();
      } catch (error) {
        this.env.logger.warn("cannot write a checkpoint", { topic: log.id.topic, partition: log.id.partition, error: String(error) });
      }
      // It may have been removed meanwhile.
      if (this.#logs.get(name) === log) this.offsets.noteRecoveryPoint(name, log);
    });
    await this.offsets.writeRecoveryPoints();
  }

  async #writeLogStarts(): Promise<void> {
    await this.#eachLog((log, name) => this.offsets.noteLogStart(name, log));
    await this.offsets.writeLogStarts();
  }

  /** Kafka: `ProducerStateManager.removeExpiredProducers`, run by each log. */
  #expireProducers(): Promise<void> {
    return this.#eachLog((log) => log.removeExpiredProducers());
  }

  /** Does something to each of the logs that are open now, without those that are removed meanwhile. Between two of them others may have their turn. */
  async #eachLog(work: (log: Log, name: string) => Promise<void> | void): Promise<void> {
    const slices = new Slices(this.env.clock, this.env.timers);
    for (const [name, log] of [...this.#logs]) {
      const working = this.#logs.get(name) === log ? work(log, name) : undefined;
      if (working !== undefined) await working;
      if (slices.isOver(0)) await slices.next();
    }
  }

  async #closeLogs(): Promise<PromiseRejectedResult | null> {
    await this.#cleaner.stop();
    for (const work of this.#background) await work.stop();
    const results: PromiseSettledResult<void>[] = [];
    const logs = [...this.#logs.values()];
    while (logs.length > 0) {
      const count = Math.min(CLOSED_AT_A_TIME, Math.ceil(this.files.limit / 4));
      results.push(...await Promise.allSettled(logs.splice(0, count).map((log) => log.close({ flush: true }))));
    }
    return results.find((result) => result.status === "rejected") ?? null;
  }

  async #load(id: PartitionId, path: string, config: LogConfig): Promise<Log> {
    const name = partitionDirectoryName(id.topic, id.partition);
    const exists = this.#found.has(name) && this.env.disk.stat(path) !== null;
    if (!exists) this.offsets.forget(name);
    await this.offsets.settleForgotten();
    const recoveryPoint = this.offsets.recoveryPoint(name);
    const found = exists ? await loadLog(this.env, this.files, path, config, { unclean: this.uncleanStart, recoveryPoint }) : null;
    const isOurs = found !== null && await this.#directories.belongsTo(id, found);
    const loaded = isOurs ? found : emptyLog(this.env, path);
    if (!isOurs) await this.offsets.settleForgotten();
    // What a killed process wrote may still be on its way to the disk.
    const state = !isOurs ? "absent" : loaded.isNamed ? "durable" : "written";
    const directory = new PartitionDirectory(this.env, this.files, this.#directories.names, path, id.topicId, state);
    const log = new Log(this.env, this.files, id, directory, config, loaded, this.options);
    if (this.options.visibleWhenDurable) {
      try {
        await log.flush();
      } catch (cause) {
        await log.close({ flush: false });
        throw cause;
      }
    }
    // Whoever starts with thousands of partitions does not need what each of them was read with.
    for (const segment of loaded.segments) segment.rest();
    return log;
  }
}

function emptyLog({ clock, disk, compression }: StorageEnvironment, directory: string): LoadedLog {
  return {
    segments: [],
    epochs: new LeaderEpochs(),
    producers: new ProducerState(clock, compression),
    snapshots: new ProducerSnapshots(disk, directory, []),
    logEndOffset: 0,
    recoveryPoint: 0,
    startOffset: 0,
    isNamed: false,
    checkpoints: [],
  };
}
