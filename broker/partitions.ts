import type { AppendResult, Log, LogConfig, LogManager } from "../storage/mod.ts";
import type { TopicEntry } from "./metadata/catalogue.ts";
import { Purgatory } from "./purgatory.ts";
import type { Timers } from "../platform/mod.ts";

/** A partition that this node leads: its log, and who waits for it to grow. Kafka: `Partition`. */
export class Partition {
  readonly topic: string;
  readonly topicId: string;
  readonly index: number;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly log: Log;
  readonly #appended: (partition: Partition) => void;

  constructor(topic: TopicEntry, index: number, log: Log, appended: (partition: Partition) => void) {
    this.topic = topic.name;
    this.topicId = topic.id;
    this.index = index;
    this.leader = topic.partitions[index].leader;
    this.leaderEpoch = topic.partitions[index].leaderEpoch;
    this.log = log;
    this.#appended = appended;
  }

  /** Appends batches, patching them in place, and completes the fetches that waited for them. Throws what `Log.append` throws. */
  append(records: Uint8Array, origin: "client" | "coordinator"): AppendResult {
    const result = this.log.append(records, { leaderEpoch: this.leaderEpoch, origin });
    this.#appended(this);
    return result;
  }
}

/** The partitions that this node leads, by topic name and by topic id. Kafka: the part of `ReplicaManager` that finds and keeps them. */
export class Partitions {
  /** Fetches that wait for a partition to grow or to go. */
  readonly fetches: Purgatory<Partition>;
  readonly #logs: LogManager;
  readonly #logConfig: (topic: string) => LogConfig;
  readonly #byName = new Map<string, readonly Partition[]>();
  readonly #byId = new Map<string, readonly Partition[]>();

  constructor(logs: LogManager, timers: Timers, logConfig: (topic: string) => LogConfig) {
    this.#logs = logs;
    this.#logConfig = logConfig;
    this.fetches = new Purgatory(timers);
  }

  find(topic: string, index: number): Partition | undefined {
    return this.#byName.get(topic)?.[index];
  }

  findById(topicId: string, index: number): Partition | undefined {
    return this.#byId.get(topicId)?.[index];
  }

  hasTopicId(topicId: string): boolean {
    return this.#byId.has(topicId);
  }

  /** Opens the logs of a topic, recovering what they hold. */
  async open(topic: TopicEntry): Promise<void> {
    const config = this.#logConfig(topic.name);
    const grown = (partition: Partition) => this.fetches.check(partition);
    const partitions: Partition[] = [];
    for (const { partition } of topic.partitions) {
      const log = await this.#logs.openLog({ topic: topic.name, topicId: topic.id, partition }, config);
      partitions.push(new Partition(topic, partition, log, grown));
    }
    this.#byName.set(topic.name, partitions);
    this.#byId.set(topic.id, partitions);
  }

  /** Forgets a deleted topic, answers the fetches that wait for it, and removes its files. */
  async remove(topic: TopicEntry): Promise<void> {
    const partitions = this.#byName.get(topic.name) ?? [];
    this.#byName.delete(topic.name);
    this.#byId.delete(topic.id);
    for (const partition of partitions) {
      this.fetches.check(partition);
      await this.#logs.removeLog(partition.topic, partition.index);
    }
  }
}
