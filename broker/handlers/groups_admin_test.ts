import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import { OffsetCommit } from "../../protocol/generated/08_offset_commit.ts";
import { JoinGroup } from "../../protocol/generated/11_join_group.ts";
import { SyncGroup } from "../../protocol/generated/14_sync_group.ts";
import { DescribeGroups } from "../../protocol/generated/15_describe_groups.ts";
import { ListGroups } from "../../protocol/generated/16_list_groups.ts";
import { DeleteGroups } from "../../protocol/generated/42_delete_groups.ts";
import { OffsetDelete } from "../../protocol/generated/47_offset_delete.ts";
import { NOT_ASKED } from "../authorized_operations.ts";
import { subscriptionTo } from "../coordinator/testing/group_harness.ts";
import { type GroupHandlers, groupHandlers, joinOf, versionsOf } from "../testing/group_handlers.ts";

/** READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS and ALTER_CONFIGS. */
const ALL_OPERATIONS = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11);
const NOBODY = { protocolType: "", protocolData: "", members: [], authorizedOperations: NOT_ASKED };

/** A consumer that says it reads `orders`. */
async function join({ call, join, sync }: GroupHandlers, groupId: string): Promise<string> {
  const request = { ...joinOf(groupId), protocols: [{ name: "range", metadata: subscriptionTo("orders") }] };
  const { memberId } = await call(join, JoinGroup, 3, request);
  await call(sync, SyncGroup, 3, {
    groupId,
    generationId: 1,
    memberId,
    groupInstanceId: null,
    protocolType: null,
    protocolName: null,
    assignments: [{ memberId, assignment: Uint8Array.of(9) }],
  });
  return memberId;
}

async function commit({ call, commit }: GroupHandlers, groupId: string): Promise<void> {
  const partition = { partitionIndex: 0, committedOffset: 7, committedLeaderEpoch: -1, committedMetadata: null };
  const topics = [{ name: "orders", topicId: ZERO_UUID, partitions: [partition] }];
  const who = { groupId, generationIdOrMemberEpoch: -1, memberId: "", groupInstanceId: null, retentionTimeMs: -1 };
  const { topics: [outcome] } = await call(commit, OffsetCommit, 9, { ...who, topics });
  assert.equal(outcome.partitions[0].errorCode, ErrorCode.NONE);
}

async function withGroups(denied: readonly string[] = []): Promise<[handlers: GroupHandlers, memberId: string]> {
  const handlers = groupHandlers(denied);
  await handlers.groups.ensureStarted();
  await commit(handlers, "simple");
  return [handlers, await join(handlers, "busy")];
}

describe("DescribeGroups", () => {
  it("tells states and members in every version", async () => {
    const [{ call, describe }, memberId] = await withGroups();
    for (const version of versionsOf(DescribeGroups)) {
      const includeAuthorizedOperations = version >= 3;
      const request = { groups: ["busy", "simple", "none"], includeAuthorizedOperations };
      const { groups } = await call(describe, DescribeGroups, version, request);
      const ok = { errorCode: 0, errorMessage: null };
      const authorizedOperations = includeAuthorizedOperations ? ALL_OPERATIONS : NOT_ASKED;
      const dead = { ...NOBODY, groupId: "none", groupState: "Dead" };
      const [{ members: [member], ...busy }, simple, none] = groups;
      assert.deepEqual(busy, {
        ...ok,
        groupId: "busy",
        groupState: "Stable",
        protocolType: "consumer",
        protocolData: "range",
        authorizedOperations,
      });
      assert.deepEqual([member.memberId, member.clientId, member.clientHost], [memberId, "test", "/127.0.0.1"]);
      assert.deepEqual([member.memberMetadata.length, member.memberAssignment], [18, Uint8Array.of(9)]);
      assert.deepEqual(simple, { ...NOBODY, ...ok, groupId: "simple", groupState: "Empty", authorizedOperations });
      if (version < 6) assert.deepEqual(none, { ...dead, ...ok, authorizedOperations });
      else assert.deepEqual(none, { ...dead, errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage: "Group none not found." });
    }
  });

  it("refuses each group without permission, and all before there is a coordinator", async () => {
    const [{ call, describe }] = await withGroups(["secret"]);
    const request = { groups: ["secret", "busy"], includeAuthorizedOperations: true };
    const { groups } = await call(describe, DescribeGroups, 6, request);
    assert.deepEqual(groups[0], {
      ...NOBODY,
      errorCode: ErrorCode.GROUP_AUTHORIZATION_FAILED,
      errorMessage: null,
      groupId: "secret",
      groupState: "",
    });
    assert.equal(groups[1].errorCode, 0);
    const early = groupHandlers();
    const refused = await early.call(early.describe, DescribeGroups, 6, request);
    assert.deepEqual(refused.groups.map(({ errorCode }) => errorCode), [ErrorCode.NOT_COORDINATOR, ErrorCode.NOT_COORDINATOR]);
  });
});

describe("ListGroups", () => {
  it("lists in every version, by state and type in any case of letters", async () => {
    const [{ call, list }] = await withGroups();
    for (const version of versionsOf(ListGroups)) {
      const named = async (statesFilter: string[], typesFilter: string[] = []) =>
        (await call(list, ListGroups, version, { statesFilter, typesFilter })).groups;
      const state = (name: string) => version >= 4 ? name : "";
      const groupType = version >= 5 ? "classic" : "";
      const busy = { groupId: "busy", protocolType: "consumer", groupState: state("Stable"), groupType };
      const simple = { groupId: "simple", protocolType: "", groupState: state("Empty"), groupType };
      assert.deepEqual(await named([]), [busy, simple]);
      if (version >= 4) {
        assert.deepEqual(await named([" STABLE", "Dead"]), [busy]);
        assert.deepEqual(await named(["empty"]), [simple]);
      }
      if (version >= 5) {
        assert.deepEqual(await named([], ["Classic"]), [busy, simple]);
        assert.deepEqual(await named([], ["consumer", "nonsense"]), []);
      }
    }
  });

  it("leaves out what the principal may not see, and is empty before there is a coordinator", async () => {
    const [{ call, list }] = await withGroups(["kafka-cluster", "secret"]);
    const everything = { statesFilter: [], typesFilter: [] };
    assert.equal((await call(list, ListGroups, 5, everything)).groups.length, 2);
    const narrow = groupHandlers(["kafka-cluster", "busy"]);
    await narrow.groups.ensureStarted();
    await narrow.groups.join({ apiVersion: 3, clientId: "c", clientHost: "/h" }, joinOf("busy"));
    await narrow.groups.join({ apiVersion: 3, clientId: "c", clientHost: "/h" }, joinOf("open"));
    assert.deepEqual((await narrow.call(narrow.list, ListGroups, 5, everything)).groups.map(({ groupId }) => groupId), ["open"]);
    const early = groupHandlers();
    assert.deepEqual(await early.call(early.list, ListGroups, 5, everything), { throttleTimeMs: 0, errorCode: 0, groups: [] });
  });
});

describe("DeleteGroups", () => {
  it("deletes what is empty, in every version, and names what is wrong with the others", async () => {
    for (const version of versionsOf(DeleteGroups)) {
      const [{ call, delete: deletion, groups }] = await withGroups(["secret"]);
      const { results } = await call(deletion, DeleteGroups, version, { groupsNames: ["busy", "simple", "simple", "none", "secret", ""] });
      assert.deepEqual(results.map(({ groupId, errorCode }) => [groupId, errorCode]), [
        ["busy", ErrorCode.NON_EMPTY_GROUP],
        ["simple", ErrorCode.NONE],
        ["none", ErrorCode.GROUP_ID_NOT_FOUND],
        ["secret", ErrorCode.GROUP_AUTHORIZATION_FAILED],
        ["", ErrorCode.GROUP_ID_NOT_FOUND],
      ]);
      assert.deepEqual((await groups.list([], [])).map(({ groupId }) => groupId), ["busy"]);
    }
  });
});

describe("OffsetDelete", () => {
  const of = (groupId: string, ...names: string[]) => ({
    groupId,
    topics: names.map((name) => ({ name, partitions: [{ partitionIndex: 5 }, { partitionIndex: 0 }] })),
  });

  it("deletes offsets, and names what is wrong with each partition", async () => {
    const [{ call, deleteOffsets, groups }] = await withGroups(["secret"]);
    const { errorCode, topics } = await call(deleteOffsets, OffsetDelete, 0, of("simple", "secret", "orders", "nothing"));
    assert.equal(errorCode, ErrorCode.NONE);
    const { TOPIC_AUTHORIZATION_FAILED, UNKNOWN_TOPIC_OR_PARTITION, GROUP_SUBSCRIBED_TO_TOPIC } = ErrorCode;
    assert.deepEqual(topics.map(({ name, partitions }) => [name, ...partitions.map((one) => [one.partitionIndex, one.errorCode])]), [
      ["secret", [5, TOPIC_AUTHORIZATION_FAILED], [0, TOPIC_AUTHORIZATION_FAILED]],
      ["orders", [5, UNKNOWN_TOPIC_OR_PARTITION], [0, 0]],
      ["nothing", [5, UNKNOWN_TOPIC_OR_PARTITION], [0, UNKNOWN_TOPIC_OR_PARTITION]],
    ]);
    assert.deepEqual(await groups.fetchOffsets("simple", null), []);
    const busy = await call(deleteOffsets, OffsetDelete, 0, of("busy", "orders"));
    assert.deepEqual(busy.topics[0].partitions.map((one) => one.errorCode), [UNKNOWN_TOPIC_OR_PARTITION, GROUP_SUBSCRIBED_TO_TOPIC]);
  });

  it("says nothing of topics without partitions, unless they are not there", async () => {
    const [{ call, deleteOffsets }] = await withGroups();
    const request = { groupId: "simple", topics: ["orders", "nothing"].map((name) => ({ name, partitions: [] })) };
    const topics = [{ name: "nothing", partitions: [] }];
    assert.deepEqual(await call(deleteOffsets, OffsetDelete, 0, request), { errorCode: 0, throttleTimeMs: 0, topics });
  });

  it("fails as a whole for a group that is not there, has no name or may not be touched", async () => {
    const [{ call, deleteOffsets }] = await withGroups(["secret"]);
    for (
      const [groupId, errorCode] of [
        ["none", ErrorCode.GROUP_ID_NOT_FOUND],
        ["", ErrorCode.INVALID_GROUP_ID],
        ["secret", ErrorCode.GROUP_AUTHORIZATION_FAILED],
      ] as const
    ) {
      assert.deepEqual(await call(deleteOffsets, OffsetDelete, 0, of(groupId, "orders")), { errorCode, throttleTimeMs: 0, topics: [] });
    }
  });
});
