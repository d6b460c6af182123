import type { Logger } from "../../../../platform/mod.ts";
import { ErrorCode, errorName } from "../../../../protocol/errors.ts";
import type { LeaveGroupMemberIdentity, LeaveGroupMemberResponse } from "../../../../protocol/generated/13_leave_group.ts";
import { KafkaError } from "../../../kafka_error.ts";
import type { Decision } from "../../shard.ts";
import { Effects } from "../environment.ts";
import type { GroupRecord } from "../records.ts";
import type { ClassicGroup } from "./group.ts";
import type { Rebalancer } from "./rebalance.ts";

/**
 * LeaveGroup: takes members out at once, each with its own outcome. A static member may be named by its instance id alone: administrators
 * remove members so. Kafka: `GroupMetadataManager.classicGroupLeaveToClassicGroup`.
 */
export function leave(
  rebalancer: Rebalancer,
  logger: Logger,
  group: ClassicGroup,
  identities: readonly LeaveGroupMemberIdentity[],
): Decision<LeaveGroupMemberResponse[], GroupRecord> {
  const effects = new Effects();
  const responses = identities.map((identity) => {
    const { memberId, groupInstanceId, reason } = identity;
    const errorCode = leaveOne(rebalancer, group, identity, effects);
    const who = { group: group.groupId, member: memberId, instance: groupInstanceId ?? undefined };
    logger.info("member leaves", { ...who, reason: reason ?? undefined, error: errorName(errorCode) });
    return { memberId, groupInstanceId, errorCode };
  });
  const left = responses.filter(({ errorCode }) => errorCode === ErrorCode.NONE).map(({ memberId }) => memberId);
  if (left.length > 0 && group.state !== "Empty") rebalancer.membersChanged(group, `members leave: ${left.join(", ")}`, effects);
  return effects.decide(responses);
}

function leaveOne(rebalancer: Rebalancer, group: ClassicGroup, identity: LeaveGroupMemberIdentity, effects: Effects): number {
  const { memberId, groupInstanceId } = identity;
  if (group.pendingJoin.has(memberId)) {
    rebalancer.removePending(group, memberId);
    return ErrorCode.NONE;
  }
  const named = memberId === "" && groupInstanceId !== null ? group.memberIdOf(groupInstanceId) : memberId;
  try {
    rebalancer.removeMember(group, group.member(named ?? "", groupInstanceId), effects);
    return ErrorCode.NONE;
  } catch (error) {
    if (error instanceof KafkaError) return error.code;
    throw error;
  }
}
