import { ErrorCode } from "../../protocol/errors.ts";
import { JoinGroup, type JoinGroupRequest, type JoinGroupResponse } from "../../protocol/generated/11_join_group.ts";
import { callerOf } from "../coordinator/group/caller.ts";
import { joinFailed } from "../coordinator/group/classic/replies.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";

/**
 * Makes somebody a member of the next generation; the answer waits for the rest of the group. Version 0 has no rebalance timeout; 4 asks new
 * members to come back with the member id they are given (KIP-394); 5 brings static members (KIP-345); 9 spares a static leader that came back
 * the assignment (KIP-814). Kafka: `KafkaApis.handleJoinGroupRequest`.
 */
export function joinGroup(groups: GroupService): Handler<JoinGroupRequest, JoinGroupResponse> {
  return {
    api: JoinGroup,
    async handle(context, request) {
      const response = await join(context, groups, request);
      const protocolName = response.protocolName || null;
      // Before version 7 the protocol's name cannot be null, from then on an empty one is (`JoinGroupResponse`).
      return { ...response, protocolName: context.apiVersion < 7 ? protocolName ?? "" : protocolName };
    },
    fail: (request, code) => ({ ...joinFailed(request.memberId, code), protocolName: "" }),
  };
}

async function join(context: RequestContext, groups: GroupService, request: JoinGroupRequest): Promise<JoinGroupResponse> {
  if (!context.authorize("Read", "Group", request.groupId)) return joinFailed("", ErrorCode.GROUP_AUTHORIZATION_FAILED);
  try {
    return await groups.join(callerOf(context), request);
  } catch (error) {
    if (error instanceof KafkaError) return joinFailed(request.memberId, error.code);
    throw error;
  }
}
