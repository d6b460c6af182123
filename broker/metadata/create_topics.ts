import type { CreatableTopic, CreateTopicsRequest } from "../../protocol/generated/19_create_topics.ts";
import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import { type Catalogue, ConfigResourceType } from "./catalogue.ts";
import { collisionForm, invalidTopicName, METADATA_TOPIC } from "./topic_names.ts";
import { fitting } from "../kafka_error.ts";
import { MAX_RECORDS, type MetadataRecord } from "./records.ts";
import { invalidNewAssignments, newPartitionRecords, type Nodes, placeReplicas } from "./replica_assignment.ts";

/** What new topics are measured by. */
export interface CreationRules extends Nodes {
  readonly numPartitions: number;
  readonly defaultReplicationFactor: number;
  /** More replicas than there are nodes become as many as there are, and are not refused. */
  readonly clampReplicationFactor: boolean;
  /** Why the overrides cannot be a topic's configuration, or null. */
  readonly invalidConfigs: (configs: ReadonlyMap<string, string | null>) => string | null;
  /** A topic id that was never used. */
  readonly newTopicId: () => string;
}

/** The outcome for one topic of a request. */
export interface Creation {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topicId: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly records: readonly MetadataRecord[];
}

/** Decides what becomes of each topic asked for; of all of them POLICY_VIOLATION where they are too many together. Kafka: `ControllerApis.createTopics` and `ReplicationControlManager.createTopics`. */
export function decideCreations(catalogue: Catalogue, topics: CreateTopicsRequest["topics"], rules: CreationRules): Creation[] {
  const named = new Map<string, number>();
  for (const { name } of topics) named.set(name, (named.get(name) ?? 0) + 1);
  if (partitionsOf(topics.filter(({ name }) => named.get(name) === 1), rules) > MAX_RECORDS) return refuseAll(named.keys());
  // Only of topics that are there: in one request Kafka makes names that look alike.
  const taken = new Map<string, string>();
  for (const { name } of catalogue.topics()) taken.set(collisionForm(name), name);
  const creations: Creation[] = [];
  for (const [name, times] of named) {
    const topic = topics.find((candidate) => candidate.name === name)!;
    const creation = times > 1
      ? refuse(name, ErrorCode.INVALID_REQUEST, "Duplicate topic name.")
      : nameProblem(catalogue, taken, name) ?? decideCreation(topic, rules);
    creations.push(creation);
  }
  return creations.reduce((sum, { records }) => sum + records.length, 0) > MAX_RECORDS ? refuseAll(named.keys()) : creations;
}

/** How many partitions are asked for, by whatever topics. Kafka: `ReplicationControlManager.validateTotalNumberOfPartitions`. */
function partitionsOf(topics: CreateTopicsRequest["topics"], rules: CreationRules): number {
  return topics.filter(({ name }) => name !== METADATA_TOPIC).reduce((sum, { assignments, numPartitions }) => {
    if (assignments.length > 0) return sum + assignments.length;
    return sum + (numPartitions === -1 ? rules.numPartitions : Math.max(0, numPartitions));
  }, 0);
}

function refuseAll(names: Iterable<string>): Creation[] {
  return Array.from(names, (name) => refuse(name, ErrorCode.POLICY_VIOLATION, "The request creates too many partitions at once."));
}

function nameProblem(catalogue: Catalogue, taken: ReadonlyMap<string, string>, name: string): Creation | null {
  if (name === METADATA_TOPIC) {
    return refuse(name, ErrorCode.INVALID_REQUEST, `Creation of internal topic ${METADATA_TOPIC} is prohibited.`);
  }
  if (catalogue.topic(name) !== undefined) return refuse(name, ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
  const invalid = invalidTopicName(name);
  if (invalid !== null) return refuse(name, ErrorCode.INVALID_TOPIC_EXCEPTION, `Topic name is invalid: ${invalid}`);
  const other = taken.get(collisionForm(name));
  if (other === undefined) return null;
  return refuse(name, ErrorCode.INVALID_TOPIC_EXCEPTION, `Topic '${name}' collides with existing topic: ${other}`);
}

function decideCreation(topic: CreatableTopic, rules: CreationRules): Creation {
  const { name } = topic;
  const configs = new Map(topic.configs.map((config) => [config.name, config.value]));
  const invalid = rules.invalidConfigs(configs);
  if (invalid !== null) return refuse(name, ErrorCode.INVALID_CONFIG, invalid);
  const replicas = topic.assignments.length > 0 ? assignedReplicas(topic, rules) : placedReplicas(topic, rules);
  if ("errorCode" in replicas) return replicas;
  const topicId = rules.newTopicId();
  const replicationFactor = replicas[0].length;
  const records = creationRecords(name, topicId, configs, replicas);
  return { name, errorCode: ErrorCode.NONE, errorMessage: null, topicId, numPartitions: replicas.length, replicationFactor, records };
}

/** Replicas per partition as the client assigned them. */
function assignedReplicas(topic: CreatableTopic, rules: CreationRules): number[][] | Creation {
  const { name, assignments } = topic;
  const invalid = (code: number, message: string) => refuse(name, code, message);
  if (topic.replicationFactor !== -1) {
    return invalid(ErrorCode.INVALID_REQUEST, "A manual partition assignment was specified, but replication factor was not set to -1.");
  }
  if (topic.numPartitions !== -1) {
    return invalid(ErrorCode.INVALID_REQUEST, "A manual partition assignment was specified, but numPartitions was not set to -1.");
  }
  const byPartition = new Map(assignments.map((assignment) => [assignment.partitionIndex, assignment.brokerIds]));
  const replicas: number[][] = [];
  for (let partition = 0; partition < assignments.length; partition++) {
    const brokers = byPartition.get(partition);
    if (brokers === undefined) {
      return invalid(ErrorCode.INVALID_REPLICA_ASSIGNMENT, "partitions should be a consecutive 0-based integer sequence");
    }
    replicas.push([...brokers]);
  }
  const problem = invalidNewAssignments(replicas, rules, null);
  return problem === null ? replicas : invalid(ErrorCode.INVALID_REPLICA_ASSIGNMENT, problem);
}

/** Replicas per partition, spread over the nodes. */
function placedReplicas(topic: CreatableTopic, rules: CreationRules): number[][] | Creation {
  const { name, numPartitions, replicationFactor } = topic;
  if (replicationFactor < -1 || replicationFactor === 0) {
    const message = "Replication factor must be larger than 0, or -1 to use the default value.";
    return refuse(name, ErrorCode.INVALID_REPLICATION_FACTOR, message);
  }
  if (numPartitions < -1 || numPartitions === 0) {
    return refuse(name, ErrorCode.INVALID_PARTITIONS, "Number of partitions was set to an invalid non-positive value.");
  }
  const nodes = rules.nodeIds;
  const wanted = replicationFactor === -1 ? rules.defaultReplicationFactor : replicationFactor;
  const factor = rules.clampReplicationFactor ? Math.min(wanted, nodes.length) : wanted;
  const partitions = numPartitions === -1 ? rules.numPartitions : numPartitions;
  if (factor > nodes.length) {
    const message = `Unable to replicate the partition ${factor} time(s): The target replication factor of ${factor} cannot be reached ` +
      `because only ${nodes.length} broker(s) are registered.`;
    return refuse(name, ErrorCode.INVALID_REPLICATION_FACTOR, message);
  }
  return placeReplicas(0, partitions, factor, rules);
}

function creationRecords(
  name: string,
  topicId: string,
  configs: ReadonlyMap<string, string | null>,
  replicas: readonly number[][],
): MetadataRecord[] {
  const records: MetadataRecord[] = [{ type: "TopicRecord", data: { name, topicId } }];
  for (const [key, value] of configs) {
    if (value === null) continue;
    const data = { resourceType: ConfigResourceType.TOPIC, resourceName: name, name: key, value };
    records.push({ type: "ConfigRecord", data });
  }
  return [...records, ...newPartitionRecords(topicId, 0, replicas)];
}

function refuse(name: string, errorCode: number, errorMessage: string): Creation {
  return {
    name,
    errorCode,
    errorMessage: fitting(errorMessage),
    topicId: ZERO_UUID,
    numPartitions: -1,
    replicationFactor: -1,
    records: [],
  };
}
