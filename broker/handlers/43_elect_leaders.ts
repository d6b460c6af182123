import { ErrorCode } from "../../protocol/errors.ts";
import {
  ElectLeaders,
  type ElectLeadersRequest,
  type ElectLeadersResponse,
  type ReplicaElectionResult,
} from "../../protocol/generated/43_elect_leaders.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { ElectionType } from "../metadata/leadership.ts";
import type { MetadataService } from "../metadata/service.ts";

/** Elects leaders (KIP-183, KIP-460). Kafka: `ReplicationControlManager.electLeaders`. */
export function electLeaders(metadata: MetadataService): Handler<ElectLeadersRequest, ElectLeadersResponse> {
  return {
    api: ElectLeaders,
    async handle(context, request) {
      const { electionType, topicPartitions, timeoutMs } = request;
      if (!context.authorize("Alter", "Cluster", "kafka-cluster")) {
        return refused(context, request, ErrorCode.CLUSTER_AUTHORIZATION_FAILED, null);
      }
      // Kafka's controller answers that nothing is to be done without looking at the rest.
      if (topicPartitions?.length === 0) return response(ErrorCode.NONE, []);
      if (timeoutMs <= 0) return refused(context, request, ErrorCode.REQUEST_TIMED_OUT, null);
      if (electionType !== ElectionType.PREFERRED && electionType !== ElectionType.UNCLEAN) {
        return refused(context, request, ErrorCode.INVALID_REQUEST, `There is no election of type ${electionType}.`);
      }
      const asked = topicPartitions ?? Array.from(metadata.catalogue.topics(), ({ name, partitions }) => {
        return { topic: name, partitions: partitions.map(({ partition }) => partition) };
      });
      const names = asked.flatMap(({ topic, partitions }) => partitions.map((index) => ({ topic, index })));
      const decisions = (await metadata.electLeaders(names, electionType)).values();
      const results = asked.map(({ topic, partitions }) => {
        const outcomes = partitions.map((partitionId) => {
          const { errorCode, errorMessage } = decisions.next().value!;
          return { partitionId, errorCode, errorMessage };
        });
        // Of all, those that need none are left out; Kafka names their topics all the same.
        const isTold = ({ errorCode }: { errorCode: number }) => topicPartitions !== null || errorCode !== ErrorCode.ELECTION_NOT_NEEDED;
        return { topic, partitionResult: outcomes.filter(isTold) };
      });
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

function response(errorCode: number, replicaElectionResults: ReplicaElectionResult[]): ElectLeadersResponse {
  return { throttleTimeMs: 0, errorCode, replicaElectionResults };
}
