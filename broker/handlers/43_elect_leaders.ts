import { ErrorCode } from "../../protocol/errors.ts";
import {
  ElectLeaders,
  type ElectLeadersRequest,
  type ElectLeadersResponse,
  type ReplicaElectionResult,
} from "../../protocol/generated/43_elect_leaders.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { fitting } from "../kafka_error.ts";
import type { Catalogue } from "../metadata/catalogue.ts";
import type { MetadataService } from "../metadata/service.ts";

/** Kafka: `ElectionType`. */
const PREFERRED = 0;
const UNCLEAN = 1;

/**
 * Elects leaders (KIP-183, KIP-460). One node leads whatever it has a replica of, so that nobody ever needs an election. Kafka:
 * `ReplicationControlManager.electLeaders`.
 */
export function electLeaders(metadata: MetadataService): Handler<ElectLeadersRequest, ElectLeadersResponse> {
  return {
    api: ElectLeaders,
    handle(context, request) {
      const { electionType, topicPartitions, timeoutMs } = request;
      if (!context.authorize("Alter", "Cluster", "kafka-cluster")) {
        return refused(context, request, ErrorCode.CLUSTER_AUTHORIZATION_FAILED, null);
      }
      const { catalogue } = metadata;
      // Kafka's controller answers that nothing is to be done without looking at the rest.
      if (topicPartitions?.length === 0) return response(ErrorCode.NONE, []);
      if (timeoutMs <= 0) return refused(context, request, ErrorCode.REQUEST_TIMED_OUT, null);
      if (electionType !== PREFERRED && electionType !== UNCLEAN) {
        return refused(context, request, ErrorCode.INVALID_REQUEST, `There is no election of type ${electionType}.`);
      }
      const outcome = (topic: string, partitionId: number) => {
        const [errorCode, errorMessage] = elect(catalogue, topic, partitionId, electionType);
        return { partitionId, errorCode, errorMessage };
      };
      if (topicPartitions !== null) {
        const results = topicPartitions.map(({ topic, partitions }) => {
          return { topic, partitionResult: partitions.map((partition) => outcome(topic, partition)) };
        });
        return response(ErrorCode.NONE, results);
      }
      // Of all, those that need none are left out; Kafka names their topics all the same.
      const results = Array.from(catalogue.topics(), ({ name, partitions }) => ({
        topic: name,
        partitionResult: partitions.map(({ partition }) => outcome(name, partition)).filter(({ errorCode }) =>
          errorCode !== ErrorCode.ELECTION_NOT_NEEDED
        ),
      }));
      return response(ErrorCode.NONE, results);
    },
    fail: failed,
  };
}

/** Version 0 has no code for all: the partitions have it. */
function refused({ apiVersion }: RequestContext, request: ElectLeadersRequest, code: number, message: string | null): ElectLeadersResponse {
  const answer = failed(request, code, message);
  return apiVersion === 0 ? { ...answer, errorCode: ErrorCode.NONE } : answer;
}

function failed({ topicPartitions }: ElectLeadersRequest, errorCode: number, errorMessage: string | null): ElectLeadersResponse {
  const results = (topicPartitions ?? []).map(({ topic, partitions }) => {
    return { topic, partitionResult: partitions.map((partitionId) => ({ partitionId, errorCode, errorMessage })) };
  });
  return response(errorCode, results);
}

function elect(catalogue: Catalogue, topic: string, index: number, electionType: number): [code: number, message: string | null] {
  const partition = catalogue.topic(topic)?.partitions[index];
  if (partition === undefined) return [ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, fitting(`There is no partition ${topic}-${index}.`)];
  const { leader, replicas } = partition;
  if (electionType === PREFERRED ? leader === replicas[0] : leader >= 0) {
    return [ErrorCode.ELECTION_NOT_NEEDED, "The partition has the leader that it should have."];
  }
  const code = electionType === PREFERRED ? ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE : ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE;
  return [code, "No replica may lead the partition now."];
}

function response(errorCode: number, replicaElectionResults: ReplicaElectionResult[]): ElectLeadersResponse {
  return { throttleTimeMs: 0, errorCode, replicaElectionResults };
}
