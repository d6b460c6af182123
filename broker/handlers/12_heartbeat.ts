import { ErrorCode } from "../../protocol/errors.ts";
import { Heartbeat, type HeartbeatRequest, type HeartbeatResponse } from "../../protocol/generated/12_heartbeat.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";

/** Keeps a member alive, and tells it with REBALANCE_IN_PROGRESS to rejoin. Kafka: `KafkaApis.handleHeartbeatRequest`. */
export function heartbeat(groups: GroupService): Handler<HeartbeatRequest, HeartbeatResponse> {
  return {
    api: Heartbeat,
    async handle(context, request) {
      if (!context.authorize("Read", "Group", request.groupId)) throw new KafkaError(ErrorCode.GROUP_AUTHORIZATION_FAILED);
      return { throttleTimeMs: 0, errorCode: await groups.heartbeat(request) };
    },
    // While its group is being loaded nobody is held to anything, as in Kafka.
    fail: (_request, code) => ({ throttleTimeMs: 0, errorCode: code === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : code }),
  };
}
