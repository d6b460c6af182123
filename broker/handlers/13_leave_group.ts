import { ErrorCode } from "../../protocol/errors.ts";
import {
  LeaveGroup,
  type LeaveGroupMemberIdentity,
  type LeaveGroupMemberResponse,
  type LeaveGroupRequest,
  type LeaveGroupResponse,
} from "../../protocol/generated/13_leave_group.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";

/**
 * Takes members out of their group. One member up to version 2; several, also by instance id, from 3 on (KIP-345); with reasons from 5 on
 * (KIP-800). Kafka: `KafkaApis.handleLeaveGroupRequest`.
 */
export function leaveGroup(groups: GroupService): Handler<LeaveGroupRequest, LeaveGroupResponse> {
  return {
    api: LeaveGroup,
    async handle(context, request) {
      if (!context.authorize("Read", "Group", request.groupId)) throw new KafkaError(ErrorCode.GROUP_AUTHORIZATION_FAILED);
      const named = context.apiVersion >= 3 ? request.members : [{ memberId: request.memberId, groupInstanceId: null, reason: null }];
      const members = await leave(groups, request.groupId, named);
      if (context.apiVersion >= 3) return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, members };
      return { throttleTimeMs: 0, errorCode: members[0].errorCode, members: [] };
    },
    fail: (_request, code) => ({ throttleTimeMs: 0, errorCode: code, members: [] }),
  };
}

/** In a group that does not exist nobody is a member: Kafka says so for each of them. */
async function leave(groups: GroupService, groupId: string, members: LeaveGroupMemberIdentity[]): Promise<LeaveGroupMemberResponse[]> {
  try {
    return await groups.leave(groupId, members);
  } catch (error) {
    if (!(error instanceof KafkaError) || error.code !== ErrorCode.UNKNOWN_MEMBER_ID) throw error;
    return members.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId, errorCode: error.code }));
  }
}
