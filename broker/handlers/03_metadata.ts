import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import {
  Metadata,
  type MetadataRequest,
  type MetadataRequestTopic,
  type MetadataResponse,
  type MetadataResponsePartition,
  type MetadataResponseTopic,
} from "../../protocol/generated/03_metadata.ts";
import { authorizedOperations, NOT_ASKED } from "../authorized_operations.ts";
import type { ClusterView } from "../cluster.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import type { TopicEntry } from "../metadata/catalogue.ts";
import type { MetadataService } from "../metadata/service.ts";
import { invalidTopicName, isInternal } from "../metadata/topic_names.ts";
import { describePartition } from "../partition_state.ts";

/** Versions 10 and 11 have fields for topic ids, but a response to a topic that is only known by its id cannot be written before this one. */
const NULL_NAME_VERSION = 12;

/** Describes the cluster and topics; creates the topics that are asked for and do not exist, if broker and client want that. */
export function metadata(
  service: MetadataService,
  cluster: ClusterView,
  autoCreateTopics: boolean,
): Handler<MetadataRequest, MetadataResponse> {
  return {
    api: Metadata,
    async handle(context, request) {
      const { apiVersion } = context;
      if (apiVersion < NULL_NAME_VERSION && request.topics?.some(({ name, topicId }) => name === null || topicId !== ZERO_UUID)) {
        throw new KafkaError(ErrorCode.INVALID_REQUEST);
      }
      const wantsAll = request.topics === null || (apiVersion === 0 && request.topics.length === 0);
      const creates = !wantsAll && autoCreateTopics && request.allowAutoTopicCreation;
      const made = creates ? await createMissing(service, context, request.topics!) : new Set<string>();
      const operations = request.includeTopicAuthorizedOperations;
      const topics = wantsAll ? describeAll(service, cluster, context, operations) : request.topics!.map((topic) =>
        // As Kafka, which answers before its controller has made the topic: clients ask again.
        topic.name !== null && made.has(topic.name)
          ? missing(context, topic.name, operations)
          : describeOne(service, cluster, context, topic, operations)
      );
      return {
        throttleTimeMs: 0,
        brokers: cluster.nodes(context.connection).map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack })),
        clusterId: cluster.clusterId,
        controllerId: cluster.controllerId,
        topics,
        clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
          ? authorizedOperations(context, "Cluster", "kafka-cluster")
          : NOT_ASKED,
        errorCode: ErrorCode.NONE,
      };
    },
    fail(request, code) {
      const topics = (request.topics ?? []).map(({ name, topicId }) => unknown(name ?? "", topicId, code));
      const clusterAuthorizedOperations = NOT_ASKED;
      return { throttleTimeMs: 0, brokers: [], clusterId: null, controllerId: -1, topics, clusterAuthorizedOperations, errorCode: code };
    },
  };
}

/** Creates what is missing, one topic like the other, and answers the names; what cannot be created is found missing the next time. */
async function createMissing(
  service: MetadataService,
  context: RequestContext,
  topics: readonly MetadataRequestTopic[],
): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  for (const { name, topicId } of topics) {
    if (
      name === null || topicId !== ZERO_UUID || service.catalogue.topic(name) !== undefined || isInternal(name) ||
      invalidTopicName(name) !== null
    ) continue;
    if (!context.authorize("Describe", "Topic", name)) continue;
    if (context.authorize("Create", "Cluster", "kafka-cluster") || context.authorize("Create", "Topic", name)) missing.add(name);
  }
  if (missing.size === 0) return missing;
  const creatable = [...missing].map((name) => ({ name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] }));
  await service.createTopics(creatable, false);
  return missing;
}

function describeAll(
  service: MetadataService,
  cluster: ClusterView,
  context: RequestContext,
  operations: boolean,
): MetadataResponseTopic[] {
  const topics: MetadataResponseTopic[] = [];
  for (const topic of service.catalogue.topics()) {
    if (context.authorize("Describe", "Topic", topic.name)) topics.push(describe(service, cluster, context, topic, operations));
  }
  return topics;
}

function describeOne(
  service: MetadataService,
  cluster: ClusterView,
  context: RequestContext,
  asked: MetadataRequestTopic,
  operations: boolean,
): MetadataResponseTopic {
  const { name, topicId } = asked;
  const byId = topicId !== ZERO_UUID;
  if (!byId && name === null) return unknown(name, topicId, ErrorCode.INVALID_REQUEST);
  const topic = byId ? service.catalogue.topicById(topicId) : service.catalogue.topic(name!);
  if (topic === undefined) {
    if (byId) return unknown(null, topicId, ErrorCode.UNKNOWN_TOPIC_ID);
    if (!context.authorize("Describe", "Topic", name!)) return unknown(name, ZERO_UUID, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    return missing(context, name!, operations);
  }
  if (context.authorize("Describe", "Topic", topic.name)) return describe(service, cluster, context, topic, operations);
  // Who may not see a topic must not learn its name from its id, nor its id from its name.
  return byId ? unknown(null, topicId, ErrorCode.UNKNOWN_TOPIC_ID) : unknown(name, ZERO_UUID, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
}

function describe(
  service: MetadataService,
  cluster: ClusterView,
  context: RequestContext,
  topic: TopicEntry,
  operations: boolean,
): MetadataResponseTopic {
  return {
    errorCode: ErrorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternal(topic.name),
    partitions: topic.partitions.map((partition) => shown(context, describePartition(service, cluster, topic, partition))),
    topicAuthorizedOperations: operations ? authorizedOperations(context, "Topic", topic.name) : NOT_ASKED,
  };
}

/** The first version has no word for a replica that is offline: it is left out, and there is an error for that. */
function shown({ apiVersion }: RequestContext, partition: MetadataResponsePartition): MetadataResponsePartition {
  const { errorCode, replicaNodes, isrNodes, offlineReplicas } = partition;
  if (apiVersion > 0 || offlineReplicas.length === 0) return partition;
  const code = errorCode === ErrorCode.NONE ? ErrorCode.REPLICA_NOT_AVAILABLE : errorCode;
  const isThere = (id: number) => !offlineReplicas.includes(id);
  return { ...partition, errorCode: code, replicaNodes: replicaNodes.filter(isThere), isrNodes: isrNodes.filter(isThere) };
}

/** Of a name that no topic has, or had a moment ago; what may be done with it is told all the same. */
function missing(context: RequestContext, name: string, operations: boolean): MetadataResponseTopic {
  const code = invalidTopicName(name) === null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
  return {
    ...unknown(name, ZERO_UUID, code),
    topicAuthorizedOperations: operations ? authorizedOperations(context, "Topic", name) : NOT_ASKED,
  };
}

function unknown(name: string | null, topicId: string, errorCode: number): MetadataResponseTopic {
  return { errorCode, name, topicId, isInternal: false, partitions: [], topicAuthorizedOperations: NOT_ASKED };
}
