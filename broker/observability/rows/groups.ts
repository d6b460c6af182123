import { ZERO_UUID } from "../../../protocol/mod.ts";
import { OffsetCommit } from "../../../protocol/generated/08_offset_commit.ts";
import { OffsetFetch, type OffsetFetchRequest, type OffsetFetchResponse } from "../../../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../../../protocol/generated/10_find_coordinator.ts";
import { JoinGroup } from "../../../protocol/generated/11_join_group.ts";
import { Heartbeat } from "../../../protocol/generated/12_heartbeat.ts";
import { LeaveGroup } from "../../../protocol/generated/13_leave_group.ts";
import { SyncGroup } from "../../../protocol/generated/14_sync_group.ts";
import { DescribeGroups } from "../../../protocol/generated/15_describe_groups.ts";
import { ListGroups } from "../../../protocol/generated/16_list_groups.ts";
import { DeleteGroups } from "../../../protocol/generated/42_delete_groups.ts";
import { OffsetDelete } from "../../../protocol/generated/47_offset_delete.ts";
import type { OffsetFetchRequestGroup, OffsetFetchResponseGroup } from "../../../protocol/generated/09_offset_fetch.ts";
import { list, many, partitions, row, unlessFailed } from "./row.ts";

/** What is asked of groups. */
export const groupRows = [
  row({
    api: FindCoordinator,
    errors: ({ errorCode, coordinators }, count) =>
      coordinators.length === 0 ? count(errorCode) : coordinators.forEach((coordinator) => count(coordinator.errorCode)),
    asked: ({ key, keyType, coordinatorKeys }) =>
      `${keyType === 0 ? "groups" : `keys of type ${keyType}`}: ${list(key === "" ? coordinatorKeys : [key], String)}`,
    answered: ({ errorCode, nodeId, coordinators }) =>
      coordinators.length === 0
        ? unlessFailed(errorCode, `node ${nodeId}`)
        : list(coordinators, ({ key, errorCode, nodeId }) => `${key} ${unlessFailed(errorCode, `at node ${nodeId}`)}`),
  }),
  row({
    api: JoinGroup,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ groupId, memberId, groupInstanceId, protocols, sessionTimeoutMs, reason }) =>
      `${memberOf(groupId, memberId, groupInstanceId)} with ${list(protocols, ({ name }) => name)}, session ${sessionTimeoutMs} ms${
        reason === null || reason === "" ? "" : `: ${reason}`
      }`,
    answered: ({ errorCode, generationId, memberId, leader, protocolName, members }) =>
      unlessFailed(
        errorCode,
        `generation ${generationId}, ${protocolName}, ${memberId} ${
          leader === memberId ? `leads ${many(members.length, "member")}` : `follows ${leader}`
        }`,
      ) + (errorCode !== 0 && memberId !== "" ? ` as ${memberId}` : ""),
  }),
  row({
    api: SyncGroup,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ groupId, memberId, groupInstanceId, generationId, assignments }) =>
      `${memberOf(groupId, memberId, groupInstanceId)}, generation ${generationId}${
        assignments.length === 0 ? "" : `, assigns to ${many(assignments.length, "member")}`
      }`,
    answered: ({ errorCode, assignment }) => unlessFailed(errorCode, `an assignment of ${assignment.length} B`),
  }),
  row({
    api: Heartbeat,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ groupId, memberId, groupInstanceId, generationId }) =>
      `${memberOf(groupId, memberId, groupInstanceId)}, generation ${generationId}`,
    answered: ({ errorCode }) => unlessFailed(errorCode, "alive"),
  }),
  row({
    api: LeaveGroup,
    errors({ errorCode, members }, count) {
      count(errorCode);
      for (const member of members) count(member.errorCode);
    },
    asked: ({ groupId, memberId, members }) =>
      members.length === 0
        ? memberOf(groupId, memberId, null)
        : list(members, (member) =>
          `${memberOf(groupId, member.memberId, member.groupInstanceId)}${member.reason ? `: ${member.reason}` : ""}`),
    answered: ({ errorCode, members }) =>
      members.length === 0
        ? unlessFailed(errorCode, "gone")
        : list(members, ({ memberId, groupInstanceId, errorCode }) => `${memberId || groupInstanceId} ${unlessFailed(errorCode, "gone")}`),
  }),
  row({
    api: OffsetCommit,
    errors: ({ topics }, count) => topics.forEach(({ partitions }) => partitions.forEach(({ errorCode }) => count(errorCode))),
    asked: ({ groupId, memberId, groupInstanceId, generationIdOrMemberEpoch: generation, topics: asked }, topics) =>
      `${memberOf(groupId, memberId, groupInstanceId)}${generation < 0 ? "" : `, generation ${generation}`}: ${
        partitions(asked, (topic) =>
          topic.partitions, ({ partitionIndex, committedOffset }) =>
          `${partitionIndex} to ${committedOffset}`, topics)
      }`,
    answered: ({ topics: answered }, topics) => {
      const failed = answered.map((topic) => ({ ...topic, partitions: topic.partitions.filter(({ errorCode }) => errorCode !== 0) }));
      const told = partitions(
        failed,
        (topic) => topic.partitions,
        ({ partitionIndex, errorCode }) => `${partitionIndex} ${unlessFailed(errorCode, "")}`,
        topics,
      );
      return told === "" ? "committed" : told;
    },
  }),
  row({
    api: OffsetFetch,
    errors(response, count) {
      for (const { errorCode, topics } of groupsOf(response)) {
        count(errorCode);
        for (const { partitions } of topics) for (const partition of partitions) count(partition.errorCode);
      }
    },
    asked: (request, topics) =>
      list(
        askedGroups(request),
        ({ groupId, topics: asked }) =>
          `group ${groupId}: ${asked === null ? "everything" : partitions(asked, (topic) => topic.partitionIndexes, String, topics)}`,
      ),
    answered: (response, topics) =>
      list(groupsOf(response), ({ errorCode, topics: found }) =>
        unlessFailed(
          errorCode,
          partitions(found, (topic) => topic.partitions, ({ partitionIndex, errorCode, committedOffset }) =>
            `${partitionIndex} ${unlessFailed(errorCode, committedOffset < 0 ? "none" : `at ${committedOffset}`)}`, topics),
        )),
  }),
  row({
    api: DescribeGroups,
    errors: ({ groups }, count) => groups.forEach(({ errorCode }) => count(errorCode)),
    asked: ({ groups }) => list(groups, String),
    answered: ({ groups }) =>
      list(
        groups,
        ({ groupId, errorCode, groupState, members }) =>
          `${groupId} ${unlessFailed(errorCode, `${groupState} with ${many(members.length, "member")}`)}`,
      ),
  }),
  row({
    api: ListGroups,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ statesFilter, typesFilter }) => list([...statesFilter, ...typesFilter], String),
    answered: ({ errorCode, groups }) => unlessFailed(errorCode, many(groups.length, "group")),
  }),
  row({
    api: DeleteGroups,
    errors: ({ results }, count) => results.forEach(({ errorCode }) => count(errorCode)),
    asked: ({ groupsNames }) => list(groupsNames, String),
    answered: ({ results }) => list(results, ({ groupId, errorCode }) => `${groupId} ${unlessFailed(errorCode, "deleted")}`),
  }),
  row({
    api: OffsetDelete,
    errors({ errorCode, topics }, count) {
      count(errorCode);
      for (const { partitions } of topics) for (const { errorCode } of partitions) count(errorCode);
    },
    asked: ({ groupId, topics: asked }, topics) =>
      `group ${groupId}: ${partitions(asked, (topic) => topic.partitions, ({ partitionIndex }) => `${partitionIndex}`, topics)}`,
    answered: ({ errorCode, topics: answered }, topics) =>
      unlessFailed(
        errorCode,
        partitions(
          answered,
          (topic) => topic.partitions,
          ({ partitionIndex, errorCode }) => `${partitionIndex} ${unlessFailed(errorCode, "deleted")}`,
          topics,
        ),
      ),
  }),
];

/** Until version 7 request and response are about one group. */
function askedGroups({ groups, groupId, topics }: OffsetFetchRequest): Pick<OffsetFetchRequestGroup, "groupId" | "topics">[] {
  return groups.length > 0 ? groups : [{ groupId, topics: topics && withIds(topics) }];
}

function groupsOf({ groups, errorCode, topics }: OffsetFetchResponse): Pick<OffsetFetchResponseGroup, "errorCode" | "topics">[] {
  return groups.length > 0 ? groups : [{ errorCode, topics: withIds(topics) }];
}

/** Topics of the versions that know no ids. */
function withIds<T>(topics: readonly T[]): (T & { topicId: string })[] {
  return topics.map((topic) => ({ ...topic, topicId: ZERO_UUID }));
}

/** A member as people know it: a static one by its instance id. */
function memberOf(groupId: string, memberId: string, instanceId: string | null): string {
  const member = instanceId !== null ? `, instance ${instanceId}` : "";
  return `group ${groupId}${member}${memberId === "" ? "" : `, member ${memberId}`}`;
}
