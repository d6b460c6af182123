import { ErrorCode } from "../../../../protocol/errors.ts";
import type { DescribedGroup } from "../../../../protocol/generated/15_describe_groups.ts";
import type { ListedGroup } from "../../../../protocol/generated/16_list_groups.ts";
import { NOT_ASKED } from "../../../authorized_operations.ts";
import type { ClassicGroup } from "./group.ts";
import { metadataOf } from "./member.ts";

/** The name of this kind of group in ListGroups (KIP-848). */
export const CLASSIC = "classic";

/** The answer to ListGroups for a group. Kafka: `ClassicGroup.asListedGroup`. */
export function listedGroup({ groupId, protocolType, state }: ClassicGroup): ListedGroup {
  return { groupId, protocolType: protocolType ?? "", groupState: state, groupType: CLASSIC };
}

/**
 * The answer to DescribeGroups for a group: what members said only while it is Stable, what they were given as long as they hold it.
 * Kafka: `GroupMetadataManager.describeGroups`.
 */
export function describedGroup(group: ClassicGroup): DescribedGroup {
  const { groupId, state, protocolType } = group;
  const protocol = state === "Stable" ? group.protocol : null;
  const members = [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    memberMetadata: protocol === null ? new Uint8Array(0) : metadataOf(member, protocol),
    memberAssignment: group.assignmentOf(member.memberId),
  }));
  return {
    ...undescribedGroup(groupId, ErrorCode.NONE, null),
    groupState: state,
    protocolType: protocolType ?? "",
    protocolData: protocol ?? "",
    members,
  };
}

/** The answer to DescribeGroups for a group that cannot be described. */
export function undescribedGroup(groupId: string, errorCode: number, errorMessage: string | null): DescribedGroup {
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState: "",
    protocolType: "",
    protocolData: "",
    members: [],
    authorizedOperations: NOT_ASKED,
  };
}
