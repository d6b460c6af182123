import type { Logger, Random } from "../../platform/mod.ts";
import { ErrorCode, uuidFromBytes } from "../../protocol/mod.ts";
import type { CreatePartitionsTopic } from "../../protocol/generated/37_create_partitions.ts";
import type { CreateTopicsRequest } from "../../protocol/generated/19_create_topics.ts";
import type { AlterClientQuotasRequestEntryData } from "../../protocol/generated/49_alter_client_quotas.ts";
import type { UpdateFeaturesRequest } from "../../protocol/generated/57_update_features.ts";
import type { Decision } from "../coordinator/shard.ts";
import type { ShardRuntime, ShardState } from "../coordinator/runtime.ts";
import { KafkaError } from "../kafka_error.ts";
import type { Partitions } from "../partitions.ts";
import { type Alteration, type AlterationOutcome, clearedElrs, type ConfigRules, decideAlteration } from "./alter_configs.ts";
import { type Catalogue, ConfigResourceType, type TopicEntry } from "./catalogue.ts";
import { decideQuotas, type QuotaAlteration } from "./client_quotas.ts";
import { decideGrowths, type Growth } from "./create_partitions.ts";
import { type Creation, type CreationRules, decideCreations } from "./create_topics.ts";
import { decideFeatureUpdates } from "./features.ts";
import { decideElection, decideReassignment, leadershipRecords, ledByRunning, type PartitionDecision } from "./leadership.ts";
import { invalidAssignment } from "./replica_assignment.ts";
import { type MetadataRecord, ofOneRequest } from "./records.ts";
import type { TopicNames } from "./topic_lookup.ts";

/** Producer ids are given away in blocks of this size, each durable before its first id leaves. Kafka: `ProducerIdsBlock`. */
const PRODUCER_ID_BLOCK = 1000;

/** A partition as requests name it. */
export interface PartitionName {
  readonly topic: string;
  readonly index: number;
}

/** Reads and changes the catalogue. A change is in the metadata log, and the partitions it concerns are open or gone, when its promise settles. */
export class MetadataService implements TopicNames {
  readonly #runtime: ShardRuntime<MetadataRecord, Catalogue>;
  readonly #partitions: Partitions;
  readonly #rules: CreationRules & ConfigRules;
  readonly #isRunning: (nodeId: number) => boolean;
  readonly #nodeId: number;
  readonly #logger: Logger;
  #topicsCreated: (names: readonly string[]) => Promise<void> = () => Promise.resolve();
  #topicsDeleted: (names: readonly string[]) => Promise<void> = () => Promise.resolve();
  #leadersChanged: (topic: string, partitions: readonly number[]) => Promise<void> = () => Promise.resolve();
  #brokerConfigured: () => void = () => {};
  #clientMetricsConfigured: () => void = () => {};
  #lastChange: Promise<unknown> = Promise.resolve();
  #nextProducerId = 0;
  #blockEnd = 0;
  #reserving: Promise<void> | null = null;

  constructor(
    runtime: ShardRuntime<MetadataRecord, Catalogue>,
    partitions: Partitions,
    rules: Omit<CreationRules, "newTopicId" | "isRunning"> & ConfigRules,
    { random, logger }: { readonly random: Random; readonly logger: Logger },
    nodeId: number,
    isRunning: (nodeId: number) => boolean,
  ) {
    this.#runtime = runtime;
    this.#partitions = partitions;
    this.#rules = {
      ...rules,
      // Nodes may be forgotten.
      get nodeIds() {
        return rules.nodeIds;
      },
      newTopicId: () => newUuid(random),
      isRunning,
    };
    this.#nodeId = nodeId;
    this.#isRunning = isRunning;
    this.#logger = logger;
  }

  /** Whether the catalogue can be asked; without it, whatever needs it is refused. */
  get state(): ShardState {
    return this.#runtime.state;
  }

  /** What exists now. Valid until the next await. */
  get catalogue(): Catalogue {
    return this.#runtime.shard;
  }

  topic(name: string): TopicEntry | undefined {
    return this.catalogue.topic(name);
  }

  topicById(id: string): TopicEntry | undefined {
    return this.catalogue.topicById(id);
  }

  /** Offset of the end of the metadata log: the epoch of the finalized features. */
  get epoch(): number {
    return this.#runtime.endOffset;
  }

  /** Creates the topics that can be created; with `validateOnly`, none, but answers as if. */
  createTopics(topics: CreateTopicsRequest["topics"], validateOnly: boolean): Promise<readonly Creation[]> {
    return this.#oneByOne(() => this.#createTopics(topics, validateOnly));
  }

  /** Gives topics, each of which is named once, more partitions; with `validateOnly`, none, but answers as if. Outcomes come in the order of the request. */
  createPartitions(topics: readonly CreatePartitionsTopic[], validateOnly: boolean): Promise<readonly Growth[]> {
    return this.#oneByOne(() => this.#createPartitions(topics, validateOnly));
  }

  /** Alters settings of resources, each of which is named once; with `validateOnly`, none, but answers as if. Outcomes come in the order of the request. */
  alterConfigs(alterations: readonly Alteration[], validateOnly: boolean): Promise<readonly AlterationOutcome[]> {
    return this.#oneByOne(() => this.#alterConfigs(alterations, validateOnly));
  }

  /** Alters quotas; with `validateOnly`, none, but answers as if. */
  async alterClientQuotas(
    entries: readonly AlterClientQuotasRequestEntryData[],
    validateOnly: boolean,
  ): Promise<readonly QuotaAlteration[]> {
    return await this.#write("AlterClientQuotas", (catalogue): Decision<readonly QuotaAlteration[], MetadataRecord> => {
      const { outcomes, records } = decideQuotas(catalogue.quotas, entries);
      return { response: outcomes, records: validateOnly ? [] : ofOneRequest(records) };
    });
  }

  /** Deletes topics, with their files. */
  deleteTopics(topics: readonly TopicEntry[]): Promise<void> {
    return this.#oneByOne(() => this.#deleteTopics(topics));
  }

  /** Whether the log of a partition could not be opened. */
  isOffline(topic: string, partition: number): boolean {
    return this.#partitions.find(topic, partition) === ErrorCode.KAFKA_STORAGE_ERROR;
  }

  async #createTopics(topics: CreateTopicsRequest["topics"], validateOnly: boolean): Promise<readonly Creation[]> {
    const creations = await this.#write("CreateTopics", (catalogue): Decision<readonly Creation[], MetadataRecord> => {
      const response = decideCreations(catalogue, topics, this.#rules);
      const records = this.#ofNewPartitions(response);
      return { response, records: validateOnly ? [] : records };
    });
    if (!validateOnly) {
      const created = creations.flatMap(({ errorCode, name }) =>
        (errorCode === ErrorCode.NONE ? this.catalogue.topic(name) : undefined) ?? []
      );
      for (const topic of created) {
        await this.#partitions.open(topic);
        this.#logger.info("topic created", { topic: topic.name, id: topic.id, partitions: topic.partitions.length });
      }
      await this.#topicsCreated(created.map(({ name }) => name));
    }
    return creations;
  }

  async #createPartitions(topics: readonly CreatePartitionsTopic[], validateOnly: boolean): Promise<readonly Growth[]> {
    const growths = await this.#write("CreatePartitions", (catalogue): Decision<readonly Growth[], MetadataRecord> => {
      const response = decideGrowths(catalogue, topics, this.#rules);
      const records = this.#ofNewPartitions(response);
      return { response, records: validateOnly ? [] : records };
    });
    for (const { name, records } of growths) {
      const topic = this.catalogue.topic(name);
      if (validateOnly || records.length === 0 || topic === undefined) continue;
      await this.#partitions.open(topic);
      this.#logger.info("topic has more partitions", { topic: name, id: topic.id, partitions: topic.partitions.length });
    }
    return growths;
  }

  async #alterConfigs(alterations: readonly Alteration[], validateOnly: boolean): Promise<readonly AlterationOutcome[]> {
    const outcomes = await this.#write("AlterConfigs", (catalogue): Decision<readonly AlterationOutcome[], MetadataRecord> => {
      const response = alterations.map((alteration) => decideAlteration(catalogue, alteration, this.#rules));
      const altered = response.flatMap(({ records }) => records);
      const records = ofOneRequest([...altered, ...clearedElrs(catalogue, altered)]);
      return { response, records: validateOnly ? [] : records };
    });
    for (const [index, { resourceType: type, resourceName: name }] of alterations.entries()) {
      const { records } = outcomes[index];
      if (validateOnly || records.length === 0) continue;
      if (type === ConfigResourceType.TOPIC) this.#partitions.configure(name);
      if (type === ConfigResourceType.BROKER) this.#brokerConfigured();
      if (type === ConfigResourceType.CLIENT_METRICS) this.#clientMetricsConfigured();
      this.#logger.info("configured", { type: resourceTypeNames[type], name, configs: records.length });
    }
    return outcomes;
  }

  async #deleteTopics(topics: readonly TopicEntry[]): Promise<void> {
    const deleted = await this.#write("DeleteTopics", (catalogue): Decision<TopicEntry[], MetadataRecord> => {
      // Each once: a topic removed twice would be a log that cannot be read again.
      const existing = [...new Set(topics)].filter(({ id }) => catalogue.topicById(id) !== undefined);
      return { response: existing, records: existing.map(({ id }) => ({ type: "RemoveTopicRecord", data: { topicId: id } })) };
    });
    for (const topic of deleted) {
      await this.#partitions.remove(topic);
      this.#logger.info("topic deleted", { topic: topic.name, id: topic.id });
    }
    await this.#topicsDeleted(deleted.map(({ name }) => name));
  }

  #ofNewPartitions(outcomes: readonly { readonly records: readonly MetadataRecord[] }[]): readonly MetadataRecord[] {
    return ofOneRequest(outcomes.flatMap(({ records }) => records).map((record) => ledByRunning(record, this.#isRunning)));
  }

  /** Runs changes of topics one after the other: a deletion must find open what a creation before it opens. */
  #oneByOne<T>(change: () => Promise<T>): Promise<T> {
    const outcome = this.#lastChange.then(change);
    this.#lastChange = Promise.allSettled([outcome]); // whoever asked for the change has its error
    return outcome;
  }

  /** Tells `listener` of topics that have come, before who created them has the answer. */
  whenTopicsAreCreated(listener: (names: readonly string[]) => Promise<void>): void {
    this.#topicsCreated = listener;
  }

  /** Tells `listener` of topics that have gone, before who deleted them has the answer. */
  whenTopicsAreDeleted(listener: (names: readonly string[]) => Promise<void>): void {
    this.#topicsDeleted = listener;
  }

  /** Tells `listener` of partitions that are led by another node, or by none. */
  whenLeadersChange(listener: (topic: string, partitions: readonly number[]) => Promise<void>): void {
    this.#leadersChanged = listener;
  }

  /** Tells `listener` that what is set of the broker while it runs has changed, before who changed it has the answer. */
  whenBrokerIsConfigured(listener: () => void): void {
    this.#brokerConfigured = listener;
  }

  /** The same of what is set of client metrics subscriptions. */
  whenClientMetricsAreConfigured(listener: () => void): void {
    this.#clientMetricsConfigured = listener;
  }

  /** A producer id that no producer ever had. Kafka: `ProducerIdManager`. */
  async newProducerId(): Promise<number> {
    while (this.#nextProducerId >= this.#blockEnd) {
      this.#reserving ??= this.#reserveProducerIds().finally(() => this.#reserving = null);
      await this.#reserving;
    }
    return this.#nextProducerId++;
  }

  /** The leader epoch of every partition goes up by one: this broker comes back without having closed its logs. */
  async bumpLeaderEpochs(): Promise<void> {
    await this.#write("BumpLeaderEpochs", (catalogue): Decision<void, MetadataRecord> => {
      const records: MetadataRecord[] = [];
      for (const { id, partitions } of catalogue.topics()) {
        for (const { partition, leader } of partitions) {
          records.push({ type: "PartitionChangeRecord", data: { partitionId: partition, topicId: id, leader } });
        }
      }
      return { response: undefined, records };
    });
  }

  /** Brings replicas and leaders in line with the nodes that run now. */
  settleLeadership(): Promise<void> {
    return this.#oneByOne(() => this.#settleLeadership());
  }

  /** Elects a leader for each of the partitions. */
  electLeaders(partitions: readonly PartitionName[], electionType: number): Promise<readonly PartitionDecision[]> {
    return this.#changeLeaders("ElectLeaders", partitions, (catalogue, { topic, index }) => {
      return decideElection(catalogue, topic, index, electionType, this.#isRunning);
    });
  }

  /** Moves partitions to other nodes, or gives up where `target` is null. Answered when it has begun; it is over at once where all of `target` run. */
  reassign(
    partitions: readonly (PartitionName & { readonly target: readonly number[] | null })[],
    mayChangeFactor: boolean,
  ): Promise<readonly PartitionDecision[]> {
    const problemOf = (target: readonly number[]) => invalidAssignment(target, this.#rules.nodeIds, null);
    const rules = { mayChangeFactor, problemOf, isRunning: this.#isRunning };
    return this.#changeLeaders("AlterPartitionReassignments", partitions, (catalogue, { topic, index, target }) => {
      return decideReassignment(catalogue, topic, index, target, rules);
    });
  }

  #changeLeaders<P extends PartitionName>(
    name: string,
    partitions: readonly P[],
    decide: (catalogue: Catalogue, partition: P) => PartitionDecision,
  ): Promise<readonly PartitionDecision[]> {
    return this.#oneByOne(async () => {
      const decisions = await this.#write(name, (catalogue): Decision<readonly PartitionDecision[], MetadataRecord> => {
        const response = partitions.map((partition) => decide(catalogue, partition));
        return { response, records: ofOneRequest(response.flatMap(({ records }) => records)) };
      });
      await this.#lead(decisions.flatMap(({ records }) => records));
      await this.#settleLeadership();
      return decisions;
    });
  }

  async #settleLeadership(): Promise<void> {
    const changes = await this.#write("SettleLeadership", (catalogue): Decision<MetadataRecord[], MetadataRecord> => {
      const records = leadershipRecords(catalogue, this.#isRunning);
      return { response: records, records };
    });
    await this.#lead(changes);
  }

  /** Has the partitions led by whom the records name. */
  async #lead(changes: readonly MetadataRecord[]): Promise<void> {
    const changed = changes.flatMap(({ type, data }) => type === "PartitionChangeRecord" ? [data] : []);
    for (const [topicId, ofTopic] of Map.groupBy(changed, (change) => change.topicId)) {
      const topic = this.catalogue.topicById(topicId);
      if (topic === undefined) continue;
      this.#partitions.lead(topic);
      const moved = ofTopic.filter(({ leader }) => leader !== undefined).map(({ partitionId }) => partitionId);
      if (moved.length > 0) await this.#leadersChanged(topic.name, moved);
    }
  }

  /** Finalizes a feature that the metadata log does not have yet; in a new one, what is needed to read it. Kafka: `BootstrapMetadata`. */
  async finalizeFeature(name: string, featureLevel: number): Promise<void> {
    await this.#write("FinalizeFeature", (catalogue): Decision<void, MetadataRecord> => {
      const records: MetadataRecord[] = [{ type: "FeatureLevelRecord", data: { name, featureLevel } }];
      return { response: undefined, records: catalogue.features.has(name) ? [] : records };
    });
  }

  /** Brings features to the levels asked for, all or none; with `validateOnly`, none, but throws as if: INVALID_UPDATE_VERSION. */
  async updateFeatures(updates: UpdateFeaturesRequest["featureUpdates"], validateOnly: boolean): Promise<void> {
    await this.#write("UpdateFeatures", (catalogue): Decision<void, MetadataRecord> => {
      const records = decideFeatureUpdates(catalogue.features, updates);
      return { response: undefined, records: validateOnly ? [] : records };
    });
  }

  /** Sets `min.insync.replicas` of all brokers, unless it is set: from the first start on there is one for all. Kafka: `ConfigurationControlManager`, for KIP-966. */
  async keepMinInsyncReplicas(value: string): Promise<void> {
    await this.#write("KeepMinInsyncReplicas", (catalogue): Decision<void, MetadataRecord> => {
      const of = { resourceType: ConfigResourceType.BROKER, resourceName: "" };
      const name = "min.insync.replicas";
      const known = catalogue.configs(of.resourceType, of.resourceName).has(name);
      return { response: undefined, records: known ? [] : [{ type: "ConfigRecord", data: { ...of, name, value } }] };
    });
  }

  /** Ends the shard. */
  close(): void {
    this.#runtime.close();
  }

  /** As `ShardRuntime.write`. To clients there is no coordinator of metadata: if its log fails, the disk does. Kafka ends its controller then. */
  async #write<Res>(name: string, decide: (catalogue: Catalogue) => Decision<Res, MetadataRecord>): Promise<Res> {
    try {
      return await this.#runtime.write(name, decide);
    } catch (cause) {
      if (!(cause instanceof KafkaError) || cause.code !== ErrorCode.NOT_COORDINATOR) throw cause;
      throw new KafkaError(ErrorCode.KAFKA_STORAGE_ERROR, null, { cause });
    }
  }

  async #reserveProducerIds(): Promise<void> {
    const first = await this.#write("AllocateProducerIds", (catalogue): Decision<number, MetadataRecord> => {
      const start = catalogue.nextProducerId;
      const data = { brokerId: this.#nodeId, brokerEpoch: 0, nextProducerId: start + PRODUCER_ID_BLOCK };
      return { response: start, records: [{ type: "ProducerIdsRecord", data }] };
    });
    this.#logger.debug("producer ids reserved", { from: first, to: first + PRODUCER_ID_BLOCK - 1 });
    this.#nextProducerId = first;
    this.#blockEnd = first + PRODUCER_ID_BLOCK;
  }
}

const resourceTypeNames: Readonly<Record<number, string>> = {
  [ConfigResourceType.TOPIC]: "topic",
  [ConfigResourceType.BROKER]: "broker",
  [ConfigResourceType.CLIENT_METRICS]: "client metrics",
  [ConfigResourceType.GROUP]: "group",
};

/** A new random id, of version 4 as Kafka's are; never one that begins with "-", which command lines would take for an option. */
export function newUuid(random: Random): string {
  for (;;) {
    const bytes = random.bytes(16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const id = uuidFromBytes(bytes);
    if (!id.startsWith("-")) return id;
  }
}
