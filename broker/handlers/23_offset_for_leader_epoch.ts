import { ErrorCode } from "../../protocol/errors.ts";
import {
  type EpochEndOffset,
  OffsetForLeaderEpoch,
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponse,
  type OffsetForLeaderPartition,
} from "../../protocol/generated/23_offset_for_leader_epoch.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { leadershipProblem } from "../leader_epochs.ts";
import type { Partitions } from "../partitions.ts";

/** What stands for an epoch, and an offset, that is not known. */
const UNDEFINED = -1;

/** Says where leader epochs end. Whose replica asks makes no difference: Kafka answers consumers and followers alike. */
export function offsetForLeaderEpoch(partitions: Partitions): Handler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> {
  return {
    api: OffsetForLeaderEpoch,
    handle(context, request) {
      const topics = request.topics.map(({ topic, partitions: wanted }) => ({
        topic,
        partitions: wanted.map((one) => look(context, partitions, topic, one)),
      }));
      return { throttleTimeMs: 0, topics };
    },
    fail(request, code) {
      const topics = request.topics.map(({ topic, partitions }) => ({ topic, partitions: partitions.map((one) => answer(one, code)) }));
      return { throttleTimeMs: 0, topics };
    },
  };
}

/** Brokers may ask about every topic (ClusterAction), clients about those that they may describe. */
function look(context: RequestContext, partitions: Partitions, topic: string, wanted: OffsetForLeaderPartition): EpochEndOffset {
  const allowed = context.authorize("ClusterAction", "Cluster", "kafka-cluster") || context.authorize("Describe", "Topic", topic);
  if (!allowed) return answer(wanted, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
  const partition = partitions.find(topic, wanted.partition);
  if (typeof partition === "number") return answer(wanted, partition);
  const problem = leadershipProblem(partition, context.connection.nodeId, wanted.currentLeaderEpoch, { onlyLeader: true });
  if (problem !== ErrorCode.NONE) return answer(wanted, problem);
  const found = partition.endOffsetForEpoch(wanted.leaderEpoch);
  return found === null ? answer(wanted, ErrorCode.NONE) : answer(wanted, ErrorCode.NONE, found.epoch, found.endOffset);
}

function answer(
  { partition }: OffsetForLeaderPartition,
  errorCode: number,
  leaderEpoch = UNDEFINED,
  endOffset = UNDEFINED,
): EpochEndOffset {
  return { errorCode, partition, leaderEpoch, endOffset };
}
