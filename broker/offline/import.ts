import type { Platform } from "../../platform/mod.ts";
import { buildBatch } from "../../protocol/records/mod.ts";
import { copyKafkaLog, type Log, LogManager, StorageError } from "../../storage/mod.ts";
import { invalidTopicConfigs, topicLogConfig } from "../config/topic.ts";
import { type GroupRecord, groupRecordCodec } from "../coordinator/group/records.ts";
import { partitionFor } from "../coordinator/shards.ts";
import { identityOf } from "../identity.ts";
import type { ShardRuntime } from "../coordinator/runtime.ts";
import { type Catalogue, ConfigResourceType } from "../metadata/catalogue.ts";
import { loadCatalogue } from "../metadata/load.ts";
import type { MetadataRecord } from "../metadata/records.ts";
import { newPartitionRecords } from "../metadata/replica_assignment.ts";
import { newUuid } from "../metadata/service.ts";
import { collisionForm, isInternal, METADATA_TOPIC, OFFSETS_TOPIC } from "../metadata/topic_names.ts";
import { type KafkaDirectory, type KafkaTopic, readKafkaDirectories } from "./kafka_directory.ts";
import { committedOffsets } from "./kafka_offsets.ts";

/** What is imported, and where to. */
export interface ImportOrder {
  /** Directories of Kafka. */
  readonly sources: readonly string[];
  /** A data directory, which is made if need be. */
  readonly target: string;
  /** The id of the broker that will lead the partitions; of a data directory that is there, its own counts. */
  readonly nodeId: number;
  /** Kafka need not have been stopped in good order. */
  readonly unclean: boolean;
}

/** What came over. */
export interface ImportReport {
  readonly topics: number;
  readonly partitions: number;
  readonly records: number;
  readonly commits: number;
  /** What did not, and why; a sentence each. */
  readonly notes: readonly string[];
}

/** Bytes of commits in a batch, about. */
const COMMITS_IN_BATCH = 500;

/**
 * Takes topics that Apache Kafka has written, with their ids, configurations and records, and what groups have committed for them, into a data directory. Kafka's
 * files are only read. Topics that are there already are refused before anything is written. Throws `StorageError`, `StorageStartError` and `DiskError`; what
 * had been copied by then belongs to no topic, and is removed.
 */
export async function importFromKafka(platform: Platform, order: ImportOrder): Promise<ImportReport> {
  const kafka = await readKafkaDirectories(platform, order.sources, order.unclean);
  const logs = await LogManager.open(platform, order.target, { cleanerEnabled: false });
  try {
    const identity = await identityOf(platform.disk, order.target, order.nodeId, platform.random);
    const runtime = await loadCatalogue(platform, logs, { synced: true });
    const report = await new Import(platform, { ...order, nodeId: identity.nodeId ?? order.nodeId }, kafka, logs, runtime).run();
    runtime.close();
    // After a crash the next start has to know of it: it raises leader epochs.
    await (logs.uncleanStart ? logs.abandon() : logs.close());
    return report;
  } catch (error) {
    await (logs.uncleanStart || !(error instanceof ImportRefused) ? logs.abandon() : logs.close());
    throw error;
  }
}

/** Nothing has been written. */
class ImportRefused extends StorageError {}

/** A topic whose files have been copied. */
interface Copied {
  readonly topic: KafkaTopic;
  readonly id: string;
  readonly configs: ReadonlyMap<string, string>;
  readonly logs: readonly (Log | null)[];
}

class Import {
  readonly #notes: string[] = [];
  readonly #made: string[] = [];

  constructor(
    private readonly platform: Platform,
    private readonly order: ImportOrder,
    private readonly kafka: KafkaDirectory,
    private readonly logs: LogManager,
    private readonly runtime: ShardRuntime<MetadataRecord, Catalogue>,
  ) {}

  async run(): Promise<ImportReport> {
    const topics = this.#chosen();
    for (const topic of topics) this.#refuse(topic);
    try {
      const copied: Copied[] = [];
      for (const topic of topics) copied.push(await this.#copy(topic));
      for (const topic of copied) await this.#announce(topic);
      await this.#skipProducerIds();
      const commits = await this.#commit(new Set(topics.map(({ name }) => name)));
      const all = copied.flatMap(({ logs }) => logs.filter((log) => log !== null));
      const records = all.reduce((sum, log) => sum + log.logEndOffset - log.logStartOffset, 0);
      return { topics: topics.length, partitions: all.length, records, commits, notes: this.#notes };
    } catch (error) {
      for (const path of this.#made) await this.platform.disk.remove(path);
      throw error;
    }
  }

  #chosen(): KafkaTopic[] {
    for (const { name } of this.kafka.topics) {
      if (isInternal(name) && name !== OFFSETS_TOPIC) this.#notes.push(`${name} stays behind: it is Kafka's own.`);
    }
    return this.kafka.topics.filter(({ name }) => !isInternal(name) && name !== METADATA_TOPIC);
  }

  #refuse({ name, id }: KafkaTopic): void {
    const known = [...this.runtime.shard.topics()].find((topic) => collisionForm(topic.name) === collisionForm(name) || topic.id === id);
    if (known !== undefined) throw new ImportRefused(`The topic ${name} is not imported: ${this.order.target} has ${known.name} already.`);
  }

  async #copy(topic: KafkaTopic): Promise<Copied> {
    const { disk, random } = this.platform;
    const id = topic.id ?? newUuid(random);
    const configs = this.#configs(topic);
    const logs: (Log | null)[] = [];
    for (const [partition, { directory, startOffset }] of topic.partitions.entries()) {
      const name = `${topic.name}-${partition}`;
      const path = this.logs.directoryFor(topic.name, partition);
      if (disk.stat(path) !== null) throw new StorageError(`${path} is there already, though no topic has it.`);
      this.#made.push(path);
      const hasRecords = directory !== null && await copyKafkaLog(disk, directory, path, id, startOffset);
      if (directory === null) this.#notes.push(`${name} is not in the directories that were given, and begins empty.`);
      logs.push(hasRecords ? await this.logs.openLog({ topic: topic.name, topicId: id, partition }, topicLogConfig(configs, {})) : null);
      logs.at(-1)?.checkpointEpochs();
      if (logs.at(-1)?.isDamaged) this.#notes.push(`Some of ${name} cannot be read; \`deno task fsck\` tells which offsets.`);
    }
    await disk.syncDirectory(this.order.target);
    return { topic, id, configs, logs };
  }

  /** The configuration, without what Ottla does not take. */
  #configs({ name, configs }: KafkaTopic): ReadonlyMap<string, string> {
    const taken = [...configs].filter(([key, value]) => {
      const problem = invalidTopicConfigs(new Map([[key, value]]));
      if (problem !== null) this.#notes.push(`${name} loses a setting: ${problem}.`);
      return problem === null;
    });
    return new Map(taken);
  }

  /** From here on the topic exists. Its partitions have an epoch above all that Kafka's leaders wrote in. */
  async #announce({ topic: { name, partitions }, id, configs, logs }: Copied): Promise<void> {
    const { nodeId } = this.order;
    const records: MetadataRecord[] = [{ type: "TopicRecord", data: { name, topicId: id } }];
    for (const [key, value] of configs) {
      records.push({ type: "ConfigRecord", data: { resourceType: ConfigResourceType.TOPIC, resourceName: name, name: key, value } });
    }
    for (const record of newPartitionRecords(id, 0, partitions.map(() => [nodeId]))) {
      if (record.type !== "PartitionRecord") continue;
      const { partitionId } = record.data;
      const leaderEpoch = Math.max(partitions[partitionId].leaderEpoch, logs[partitionId]?.latestEpoch ?? -1) + 1;
      records.push({ ...record, data: { ...record.data, leaderEpoch } });
    }
    await this.#write(records);
    for (let partition = 0; partition < partitions.length; partition++) {
      this.#made.splice(this.#made.indexOf(`${this.order.target}/${name}-${partition}`), 1);
    }
  }

  /** Nobody gets a producer id that Kafka has given to somebody. */
  async #skipProducerIds(): Promise<void> {
    const { nextProducerId } = this.kafka;
    if (nextProducerId <= this.runtime.shard.nextProducerId) return;
    await this.#write([{ type: "ProducerIdsRecord", data: { brokerId: this.order.nodeId, brokerEpoch: 0, nextProducerId } }]);
  }

  /** Writes down what groups have committed for these topics, as of now: how long it is kept counts from here. */
  async #commit(topics: ReadonlySet<string>): Promise<number> {
    const source = this.kafka.topics.find(({ name }) => name === OFFSETS_TOPIC);
    if (source === undefined) return 0;
    const commits = (await committedOffsets(this.platform, source)).filter(({ key }) => "topic" in key && topics.has(key.topic));
    if (commits.length === 0) return 0;
    const logs = await this.#offsetsLogs(source);
    const commitTimestamp = this.platform.clock.now();
    const byPartition = Map.groupBy(commits, ({ key }) => partitionFor(key.group, logs.length));
    for (const [partition, records] of byPartition) {
      for (let from = 0; from < records.length; from += COMMITS_IN_BATCH) {
        const batch = records.slice(from, from + COMMITS_IN_BATCH).map((record) => ({
          ...groupRecordCodec.encode({ ...record, value: { ...record.value!, commitTimestamp, expireTimestamp: -1 } } as GroupRecord),
          timestamp: commitTimestamp,
        }));
        const { log, leaderEpoch } = logs[partition];
        log.append(buildBatch(batch, { baseSequence: 0 }), { leaderEpoch, origin: "coordinator" });
      }
      await logs[partition].log.flush();
    }
    return commits.length;
  }

  /** The logs of `__consumer_offsets`, which gets as many partitions as Kafka's if it is not there yet. */
  async #offsetsLogs({ partitions }: KafkaTopic): Promise<{ readonly log: Log; readonly leaderEpoch: number }[]> {
    if (this.runtime.shard.topic(OFFSETS_TOPIC) === undefined) {
      const id = newUuid(this.platform.random);
      const configs = new Map([["cleanup.policy", "compact"], ["compression.type", "producer"], ["segment.bytes", "104857600"]]);
      const empty = partitions.map(() => ({ directory: null, leaderEpoch: -1, startOffset: 0 }));
      const topic = { name: OFFSETS_TOPIC, id, configs, partitions: empty };
      await this.#announce({ topic, id, configs, logs: [] });
    }
    const topic = this.runtime.shard.topic(OFFSETS_TOPIC)!;
    const config = topicLogConfig(this.runtime.shard.configs(ConfigResourceType.TOPIC, OFFSETS_TOPIC), {});
    const logs: { log: Log; leaderEpoch: number }[] = [];
    for (const { partition, leaderEpoch } of topic.partitions) {
      logs.push({ log: await this.logs.openLog({ topic: topic.name, topicId: topic.id, partition }, config), leaderEpoch });
    }
    return logs;
  }

  async #write(records: readonly MetadataRecord[]): Promise<void> {
    await this.runtime.write("Import", () => ({ response: undefined, records }));
  }
}
