import type { Shard } from "../coordinator/shard.ts";
import { ClientQuotas } from "./client_quotas.ts";
import type { MetadataRecord } from "./records.ts";

/** A topic as the metadata log describes it. */
export interface TopicEntry {
  readonly name: string;
  readonly id: string;
  /** By partition number, without holes. */
  readonly partitions: PartitionEntry[];
}

export interface PartitionEntry {
  readonly partition: number;
  /** All nodes that hold it, also those that it is moving to or from. */
  readonly replicas: readonly number[];
  /** The nodes that it is moving to, and from (KIP-455). */
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
  readonly isr: readonly number[];
  /** Out of sync, while too few are in it, and as good as in sync for an election: they left after all that was acknowledged to acks=all (KIP-966). */
  readonly elr: readonly number[];
  /** The last leader, alone, while there is none. */
  readonly lastKnownElr: readonly number[];
  /** Node id of the leader, or -1 while there is none. */
  readonly leader: number;
  /** Goes up whenever the leader changes or came back without having closed its log. */
  readonly leaderEpoch: number;
  /** Goes up with every change of this entry. */
  readonly partitionEpoch: number;
}

/** What has a configuration. Kafka: `ConfigResource.Type`. */
export const ConfigResourceType = { TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const;

/** In a PartitionChangeRecord: the leader stays as it is. Kafka: `LeaderConstants.NO_LEADER_CHANGE`. */
const NO_LEADER_CHANGE = -2;

/**
 * What exists: topics, their partitions, configurations, client quotas, the finalized features, the producer ids given away.
 * Hard state of the metadata shard: only `replay` changes it. Kafka: the controller's `ReplicationControlManager` and its siblings.
 */
export class Catalogue implements Shard<MetadataRecord> {
  readonly #byName = new Map<string, TopicEntry>();
  readonly #byId = new Map<string, TopicEntry>();
  readonly #configs = new Map<string, Map<string, string>>();
  /** Who may use how much. */
  readonly quotas = new ClientQuotas();
  readonly #features = new Map<string, number>();
  #nextProducerId = 0;

  topic(name: string): TopicEntry | undefined {
    return this.#byName.get(name);
  }

  topicById(id: string): TopicEntry | undefined {
    return this.#byId.get(id);
  }

  /** All topics, in the order in which they were created. */
  topics(): Iterable<TopicEntry> {
    return this.#byName.values();
  }

  /** The configuration that was set for a resource, without defaults. */
  configs(resourceType: number, name: string): ReadonlyMap<string, string> {
    return this.#configs.get(`${resourceType}/${name}`) ?? none;
  }

  /** The names of the resources of a type that have a configuration of their own. */
  configured(resourceType: number): string[] {
    const prefix = `${resourceType}/`;
    return [...this.#configs.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  /** Finalized feature levels by name; 0 is one that is turned off. */
  get features(): ReadonlyMap<string, number> {
    return this.#features;
  }

  /** The first producer id that no block has given away. */
  get nextProducerId(): number {
    return this.#nextProducerId;
  }

  replay(record: MetadataRecord): void {
    switch (record.type) {
      case "TopicRecord":
        return this.#addTopic({ name: record.data.name, id: record.data.topicId, partitions: [] });
      case "PartitionRecord": {
        const { topicId, partitionId: partition, replicas, addingReplicas, removingReplicas, isr, ...rest } = record.data;
        const { leader, leaderEpoch, partitionEpoch } = rest;
        const assigned = { replicas, addingReplicas, removingReplicas };
        const eligible = { elr: rest.eligibleLeaderReplicas ?? [], lastKnownElr: rest.lastKnownElr ?? [] };
        this.#existing(topicId).partitions[partition] = { partition, ...assigned, isr, ...eligible, leader, leaderEpoch, partitionEpoch };
        return;
      }
      case "PartitionChangeRecord":
        return this.#changePartition(record.data);
      case "RemoveTopicRecord":
        return this.#removeTopic(this.#existing(record.data.topicId));
      case "ConfigRecord":
        return this.#setConfig(record.data);
      case "ClientQuotaRecord":
        return this.quotas.replay(record.data);
      case "FeatureLevelRecord":
        this.#features.set(record.data.name, record.data.featureLevel);
        return;
      case "ClearElrRecord":
        return this.#clearElrs(record.data.topicName);
      case "ProducerIdsRecord":
        this.#nextProducerId = record.data.nextProducerId;
        return;
    }
  }

  #addTopic(topic: TopicEntry): void {
    this.#byName.set(topic.name, topic);
    this.#byId.set(topic.id, topic);
  }

  #removeTopic(topic: TopicEntry): void {
    this.#byName.delete(topic.name);
    this.#byId.delete(topic.id);
    this.#configs.delete(`${ConfigResourceType.TOPIC}/${topic.name}`);
  }

  #changePartition(change: Extract<MetadataRecord, { type: "PartitionChangeRecord" }>["data"]): void {
    const { partitions } = this.#existing(change.topicId);
    const before = partitions[change.partitionId];
    const led = change.leader !== undefined && change.leader !== NO_LEADER_CHANGE;
    partitions[change.partitionId] = {
      ...before,
      replicas: change.replicas ?? before.replicas,
      addingReplicas: change.addingReplicas ?? before.addingReplicas,
      removingReplicas: change.removingReplicas ?? before.removingReplicas,
      isr: change.isr ?? before.isr,
      elr: change.eligibleLeaderReplicas ?? before.elr,
      lastKnownElr: change.lastKnownElr ?? before.lastKnownElr,
      leader: led ? change.leader! : before.leader,
      leaderEpoch: before.leaderEpoch + (led ? 1 : 0),
      partitionEpoch: before.partitionEpoch + 1,
    };
  }

  /** Nobody may be elected who is not in sync any more, of a topic or, where that is empty, of all. */
  #clearElrs(topicName: string): void {
    for (const topic of topicName === "" ? this.topics() : [this.topic(topicName)]) {
      topic?.partitions.forEach((entry, index) => topic.partitions[index] = { ...entry, elr: [], lastKnownElr: [] });
    }
  }

  #setConfig({ resourceType, resourceName, name, value }: Extract<MetadataRecord, { type: "ConfigRecord" }>["data"]): void {
    const key = `${resourceType}/${resourceName}`;
    const configs = this.#configs.get(key) ?? new Map<string, string>();
    if (value === null) configs.delete(name);
    else configs.set(name, value);
    if (configs.size === 0) this.#configs.delete(key);
    else this.#configs.set(key, configs);
  }

  #existing(id: string): TopicEntry {
    const topic = this.#byId.get(id);
    if (topic === undefined) throw new Error(`the metadata log speaks of topic ${id}, which does not exist`);
    return topic;
  }
}

const none: ReadonlyMap<string, string> = new Map();
