import type { Clock } from "../../platform/mod.ts";
import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import { DescribeQuorum, type DescribeQuorumRequest, type DescribeQuorumResponse } from "../../protocol/generated/55_describe_quorum.ts";
import type { ClusterView } from "../cluster.ts";
import { authorizeCluster } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";
import { METADATA_LOG_EPOCH } from "../metadata/load.ts";
import type { MetadataService } from "../metadata/service.ts";
import { METADATA_TOPIC } from "../metadata/topic_names.ts";

/** The first version that tells of directories and listeners (KIP-853). */
const DIRECTORIES_VERSION = 2;

/**
 * Tells the quorum that keeps the metadata (KIP-595, KIP-836, KIP-853): one node, its voter and leader, reached at the listener that it has for
 * everybody, and the other nodes, which follow it. Kafka: `KafkaRaftClient.handleDescribeQuorumRequest`.
 */
export function describeQuorum(
  metadata: MetadataService,
  cluster: ClusterView,
  clock: Clock,
): Handler<DescribeQuorumRequest, DescribeQuorumResponse> {
  return {
    api: DescribeQuorum,
    handle(context, request) {
      authorizeCluster(context, "Describe");
      if (!asksForMetadata(request)) return unknown(request);
      const { controllerId, directoryId } = cluster;
      const now = clock.now();
      const replica = (replicaId: number) => ({
        replicaId,
        // Older versions have no field for it.
        replicaDirectoryId: context.apiVersion >= DIRECTORIES_VERSION ? directoryId : ZERO_UUID,
        logEndOffset: metadata.epoch,
        lastFetchTimestamp: now,
        lastCaughtUpTimestamp: now,
      });
      const partition = {
        partitionIndex: 0,
        errorCode: ErrorCode.NONE,
        errorMessage: "",
        leaderId: controllerId,
        leaderEpoch: METADATA_LOG_EPOCH,
        highWatermark: metadata.epoch,
        currentVoters: [replica(controllerId)],
        // Also those that are stopped, whom Kafka forgets after five minutes.
        // Kafka's quorum knows of a follower until it has not heard of it for minutes.
        observers: cluster.everyNodeId.filter((id) => id !== controllerId).map(replica),
      };
      const nodes = context.apiVersion < DIRECTORIES_VERSION
        ? []
        : cluster.nodes(context.connection).filter(({ id }) => id === controllerId).map(({ id, host, port }) => ({
          nodeId: id,
          listeners: [{ name: context.connection.listener, host, port }],
        }));
      return {
        errorCode: ErrorCode.NONE,
        errorMessage: "",
        topics: [{ topicName: METADATA_TOPIC, partitions: [partition] }],
        nodes,
      };
    },
    fail: (_request, errorCode, errorMessage) => ({ errorCode, errorMessage, topics: [], nodes: [] }),
  };
}

/** That partition alone, and once. */
function asksForMetadata({ topics }: DescribeQuorumRequest): boolean {
  if (topics.length !== 1) return false;
  const [{ topicName, partitions }] = topics;
  return topicName === METADATA_TOPIC && partitions.length === 1 && partitions[0].partitionIndex === 0;
}

function unknown({ topics }: DescribeQuorumRequest): DescribeQuorumResponse {
  const described = topics.map(({ topicName, partitions }) => ({
    topicName,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      errorMessage: "Only the partition of the metadata has a quorum.",
      leaderId: 0,
      leaderEpoch: 0,
      highWatermark: 0,
      currentVoters: [],
      observers: [],
    })),
  }));
  return { errorCode: ErrorCode.NONE, errorMessage: "", topics: described, nodes: [] };
}
