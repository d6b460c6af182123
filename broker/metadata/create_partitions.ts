import { ErrorCode } from "../../protocol/errors.ts";
import type { CreatePartitionsTopic, CreatePartitionsTopicResult } from "../../protocol/generated/37_create_partitions.ts";
import { fitting, KafkaError } from "../kafka_error.ts";
import type { Catalogue } from "./catalogue.ts";
import { MAX_RECORDS, type MetadataRecord } from "./records.ts";
import { invalidNewAssignments, newPartitionRecords, type Nodes, placeReplicas } from "./replica_assignment.ts";
import { isInternal } from "./topic_names.ts";

/** The outcome for one topic of a request. */
export interface Growth extends CreatePartitionsTopicResult {
  readonly records: readonly MetadataRecord[];
}

/**
 * Decides which topics get more partitions; each is named once. Throws POLICY_VIOLATION when they would be too many together. Kafka:
 * `ReplicationControlManager.createPartitions`.
 */
export function decideGrowths(catalogue: Catalogue, topics: readonly CreatePartitionsTopic[], nodes: Nodes): Growth[] {
  let created = 0;
  return topics.map((topic) => {
    const existing = catalogue.topic(topic.name);
    if (existing === undefined) return refuse(topic.name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null);
    const { id, partitions } = existing;
    const refusal = refusalOf(topic, partitions.length, partitions[0].replicas.length, nodes);
    if (refusal !== null) return refusal;
    const count = topic.count - partitions.length;
    created += count;
    if (created > MAX_RECORDS) throw new KafkaError(ErrorCode.POLICY_VIOLATION, "The request creates too many partitions at once.");
    const replicas = topic.assignments?.map(({ brokerIds }) => brokerIds) ??
      placeReplicas(partitions.length, count, partitions[0].replicas.length, nodes);
    const records = newPartitionRecords(id, partitions.length, replicas);
    return { name: topic.name, errorCode: ErrorCode.NONE, errorMessage: null, records };
  });
}

/** Why a topic that has `partitions` of `replicas` cannot get those that are asked for, or null. */
function refusalOf(
  { name, count, assignments }: CreatePartitionsTopic,
  partitions: number,
  replicas: number,
  nodes: Nodes,
): Growth | null {
  if (count <= partitions) {
    return refuse(name, ErrorCode.INVALID_PARTITIONS, `The topic has ${partitions} partitions already; ${count} are not more.`);
  }
  if (isInternal(name)) {
    const message = "Where groups are kept follows from the number of partitions: with more, they would be looked for elsewhere.";
    return refuse(name, ErrorCode.INVALID_REQUEST, message);
  }
  if (assignments === null) return null;
  const added = count - partitions;
  if (assignments.length !== added) {
    return refuse(name, ErrorCode.INVALID_REPLICA_ASSIGNMENT, `There are ${assignments.length} assignments for ${added} new partitions.`);
  }
  const invalid = invalidNewAssignments(assignments.map(({ brokerIds }) => brokerIds), nodes, replicas);
  return invalid === null ? null : refuse(name, ErrorCode.INVALID_REPLICA_ASSIGNMENT, invalid);
}

function refuse(name: string, errorCode: number, errorMessage: string | null): Growth {
  return { name, errorCode, errorMessage: errorMessage === null ? null : fitting(errorMessage), records: [] };
}
