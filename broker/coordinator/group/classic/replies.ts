import type { JoinGroupResponse } from "../../../../protocol/generated/11_join_group.ts";
import type { SyncGroupResponse } from "../../../../protocol/generated/14_sync_group.ts";
import type { ClassicGroup } from "./group.ts";
import { metadataOf } from "./member.ts";

/** The answer to a JoinGroup that failed. */
export function joinFailed(memberId: string, errorCode: number): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: "",
    skipAssignment: false,
    memberId,
    members: [],
  };
}

/** The answer that makes somebody a member of the current generation; with `asLeader`, with all members. */
export function joined(group: ClassicGroup, memberId: string, asLeader: boolean): JoinGroupResponse {
  const { generation: generationId, protocol, protocolType, leader } = group;
  const members = [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.instanceId,
    metadata: metadataOf(member, protocol ?? ""),
  }));
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    generationId,
    protocolType,
    protocolName: protocol,
    leader: leader ?? "",
    skipAssignment: false,
    memberId,
    members: asLeader ? members : [],
  };
}

/** The answer to a SyncGroup that failed. */
export function syncFailed(errorCode: number): SyncGroupResponse {
  return { throttleTimeMs: 0, errorCode, protocolType: null, protocolName: null, assignment: new Uint8Array(0) };
}

/** A member's part of the assignment. */
export function synced(group: ClassicGroup, assignment: Uint8Array): SyncGroupResponse {
  return { throttleTimeMs: 0, errorCode: 0, protocolType: group.protocolType, protocolName: group.protocol, assignment };
}
