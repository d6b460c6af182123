import type { Logger, Timers } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { END_MARKER_BYTES } from "../protocol/records/mod.ts";
import { type AppendResult, type EndMarker, type Log, type LogManager, StorageError, type VerificationGuard } from "../storage/mod.ts";
import type { TopicConfig } from "./config/topic.ts";
import type { PartitionEntry, TopicEntry } from "./metadata/catalogue.ts";
import { TopicStats } from "./observability/topic_stats.ts";
import { Purgatory } from "./purgatory.ts";

/** Stands for an epoch that is not known; lower numbers do not. */
const UNDEFINED_EPOCH = -1;

/** A partition: its log, who leads it, and who waits for it to grow. Kafka: `Partition`. */
export class Partition {
  readonly topic: string;
  readonly topicId: string;
  readonly index: number;
  readonly log: Log;
  /** Of its topic. */
  readonly stats: TopicStats;
  readonly #appended: (partition: Partition) => void;
  readonly #waitsForDisk: boolean;
  /** What the metadata log says of it. */
  #entry: PartitionEntry;
  #minInSyncReplicas: number;

  constructor(
    topic: TopicEntry,
    index: number,
    log: Log,
    { minInSyncReplicas }: TopicConfig,
    stats: TopicStats,
    appended: (partition: Partition) => void,
    waitsForDisk: boolean,
  ) {
    this.topic = topic.name;
    this.topicId = topic.id;
    this.index = index;
    this.#entry = topic.partitions[index];
    this.#minInSyncReplicas = minInSyncReplicas;
    this.log = log;
    this.stats = stats;
    this.#appended = appended;
    this.#waitsForDisk = waitsForDisk;
    this.#hold();
  }

  /** Node id of the leader, or -1 while there is none. */
  get leader(): number {
    return this.#entry.leader;
  }

  get leaderEpoch(): number {
    return this.#entry.leaderEpoch;
  }

  /** The nodes that hold it, whether they are in sync or not. */
  get replicas(): readonly number[] {
    return this.#entry.replicas;
  }

  /** The nodes that have all of it, the leader among them. */
  get isr(): readonly number[] {
    return this.#entry.isr;
  }

  /** Has it led by whom the metadata log names, and tells those who wait for it if that is somebody else. */
  lead(entry: PartitionEntry): void {
    const moved = entry.leaderEpoch !== this.leaderEpoch;
    this.#entry = entry;
    if (this.#hold() || moved) this.#appended(this);
  }

  /** Has it go by this configuration from the next append on. */
  configure(config: TopicConfig): void {
    this.log.config = config;
    this.#minInSyncReplicas = config.minInSyncReplicas;
    if (this.#hold()) this.#appended(this);
  }

  /** Whether a write with acks=all has the replicas in sync that it needs (`min.insync.replicas`, of which there can be no more than replicas). */
  get hasEnoughReplicas(): boolean {
    const { isr, replicas } = this.#entry;
    return isr.length >= Math.min(this.#minInSyncReplicas, replicas.length);
  }

  /**
   * Appends batches, patching them in place, and completes the fetches that waited for them, in `power` mode once they are durable. Throws what
   * `Log.append` throws. `verification` is for the first batch of a transaction here (`Log.startVerification`).
   */
  append(records: Uint8Array, origin: "client" | "coordinator", verification: VerificationGuard | null = null): AppendResult {
    return this.#append(() => {
      const result = this.log.append(records, { leaderEpoch: this.leaderEpoch, origin, verification });
      this.stats.appended(result.lastOffset - result.baseOffset + 1, records.length);
      return result;
    });
  }

  /** Ends a producer's transaction, as {@link append} does with batches. Throws what `Log.appendEndMarker` throws. */
  appendEndMarker(marker: EndMarker): AppendResult {
    return this.#append(() => {
      const result = this.log.appendEndMarker(marker, this.leaderEpoch);
      this.stats.appended(1, END_MARKER_BYTES);
      return result;
    });
  }

  /**
   * The largest epoch up to `epoch` that this partition had, and where it ended; null for one that it has not had. This leader's own epoch is known
   * before it has written anything, as in Kafka, which notes it when a replica becomes leader (`LeaderEpochFileCache.endOffsetFor`).
   */
  endOffsetForEpoch(epoch: number): { epoch: number; endOffset: number } | null {
    const { log, leaderEpoch } = this;
    if (epoch === UNDEFINED_EPOCH || epoch > leaderEpoch) return null;
    if (epoch === leaderEpoch || log.latestEpoch === UNDEFINED_EPOCH) return { epoch, endOffset: log.logEndOffset };
    if (epoch > log.latestEpoch) return { epoch: log.latestEpoch, endOffset: log.logEndOffset };
    return log.endOffsetForEpoch(epoch);
  }

  /** While too few are in sync nobody reads what is written (KIP-966). Tells whether somebody may again. Kafka: `Partition.maybeIncrementLeaderHW`. */
  #hold(): boolean {
    const was = this.log.isHeld;
    this.log.isHeld = !this.hasEnoughReplicas;
    return was && !this.log.isHeld;
  }

  #append(write: () => AppendResult): AppendResult {
    let result: AppendResult;
    try {
      result = write();
    } catch (error) {
      this.stats.refused();
      throw error;
    }
    const grown = () => this.#appended(this);
    if (this.#waitsForDisk) void this.log.flush().then(grown, grown);
    else grown();
    return result;
  }

  /**
   * Settles once all that was appended is as durable as acks=all promises; null where it is by now. Throws `StorageError`: nobody knows what is durable
   * then.
   */
  durable(): Promise<void> | null {
    return this.#waitsForDisk ? this.log.flush() : null;
  }
}

/** The partitions, by topic name and by topic id. Kafka: the part of `ReplicaManager` that finds and keeps them. */
export class Partitions {
  /** Fetches that wait for a partition to grow or to go. */
  readonly fetches: Purgatory<Partition>;
  readonly #logs: LogManager;
  readonly #configOf: (topic: string) => TopicConfig;
  readonly #logger: Logger;
  readonly #waitsForDisk: boolean;
  /** By topic name and by topic id; null stands for a partition whose log could not be opened. */
  readonly #byName = new Map<string, readonly (Partition | null)[]>();
  readonly #byId = new Map<string, readonly (Partition | null)[]>();
  /** Of all topics together, also those that are gone. */
  readonly stats = new TopicStats(null);
  readonly #topicStats = new Map<string, TopicStats>();

  constructor(
    logs: LogManager,
    { timers, logger }: { readonly timers: Timers; readonly logger: Logger },
    configOf: (topic: string) => TopicConfig,
    waitsForDisk: boolean,
  ) {
    this.#logs = logs;
    this.#configOf = configOf;
    this.#logger = logger;
    this.#waitsForDisk = waitsForDisk;
    this.fetches = new Purgatory(timers);
  }

  /** A partition by its topic's name, or why there is none: UNKNOWN_TOPIC_OR_PARTITION or KAFKA_STORAGE_ERROR. */
  find(topic: string, index: number): Partition | ErrorCode {
    return partitionOf(this.#byName.get(topic) ?? [], index);
  }

  /** A partition by its topic's id, or why there is none; for an id that nobody has, UNKNOWN_TOPIC_ID. */
  findById(topicId: string, index: number): Partition | ErrorCode {
    const partitions = this.#byId.get(topicId);
    return partitions === undefined ? ErrorCode.UNKNOWN_TOPIC_ID : partitionOf(partitions, index);
  }

  /** The name of the topic with this id, as far as a partition of it is open. */
  topicName(topicId: string): string | undefined {
    return this.#byId.get(topicId)?.find((partition) => partition !== null)?.topic;
  }

  get topicCount(): number {
    return this.#byName.size;
  }

  /** What goes into and out of each topic. */
  get topicStats(): Iterable<[topic: string, stats: TopicStats]> {
    return this.#topicStats;
  }

  /** Every partition; null for one whose log could not be opened. Those that come and go meanwhile may be among them or not. */
  *all(): Iterable<[topic: string, index: number, partition: Partition | null]> {
    for (const [topic, partitions] of this.#byName) {
      for (let index = 0; index < partitions.length; index++) yield [topic, index, partitions[index]];
    }
  }

  /**
   * Opens the logs of a topic that are not open yet, recovering what they hold. A log that cannot be opened leaves its partition out; the others are
   * served.
   */
  async open(topic: TopicEntry): Promise<void> {
    const config = this.#configOf(topic.name);
    const grown = (partition: Partition) => this.fetches.check(partition);
    const stats = this.#topicStats.get(topic.name) ?? new TopicStats(this.stats);
    const partitions = [...this.#byName.get(topic.name) ?? []];
    for (const { partition } of topic.partitions.slice(partitions.length)) {
      const log = await this.#openLog(topic, partition, config);
      partitions.push(log === null ? null : new Partition(topic, partition, log, config, stats, grown, this.#waitsForDisk));
    }
    this.#byName.set(topic.name, partitions);
    this.#byId.set(topic.id, partitions);
    this.#topicStats.set(topic.name, stats);
  }

  /** Has the partitions of a topic led by whom the metadata log names. */
  lead(topic: TopicEntry): void {
    for (const partition of this.#byName.get(topic.name) ?? []) partition?.lead(topic.partitions[partition.index]);
  }

  /** Has the open logs of a topic go by the configuration that it has now, from the next append on. */
  configure(topic: string): void {
    const config = this.#configOf(topic);
    for (const partition of this.#byName.get(topic) ?? []) partition?.configure(config);
  }

  /** Forgets a deleted topic, answers the fetches that wait for it, and removes its files: when they cannot be now, before others of the name are opened. */
  async remove(topic: TopicEntry): Promise<void> {
    const partitions = this.#byName.get(topic.name) ?? [];
    this.#byName.delete(topic.name);
    this.#byId.delete(topic.id);
    this.#topicStats.delete(topic.name);
    await this.#logs.forgetStarts(topic.name, partitions.length);
    for (const [index, partition] of partitions.entries()) {
      if (partition !== null) this.fetches.check(partition);
      await this.#removeLog(topic.name, index);
    }
  }

  async #removeLog(topic: string, partition: number): Promise<void> {
    try {
      await this.#logs.removeLog(topic, partition);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#logger.error("the files of a deleted partition cannot be removed", { topic, partition, reason: error.message });
    }
  }

  async #openLog(topic: TopicEntry, partition: number, config: TopicConfig): Promise<Log | null> {
    try {
      const log = await this.#logs.openLog({ topic: topic.name, topicId: topic.id, partition }, config);
      const { leaderEpoch } = topic.partitions[partition];
      if (log.latestEpoch > leaderEpoch) {
        throw new StorageError(`Its log has leader epoch ${log.latestEpoch}; the metadata log knows only ${leaderEpoch}.`);
      }
      return log;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#logger.error("a partition is offline", { topic: topic.name, partition, reason: error.message });
      return null;
    }
  }
}

function partitionOf(partitions: readonly (Partition | null)[], index: number): Partition | ErrorCode {
  if (index < 0 || index >= partitions.length) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  return partitions[index] ?? ErrorCode.KAFKA_STORAGE_ERROR;
}
