import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import { OffsetCommit } from "../../protocol/generated/08_offset_commit.ts";
import { OffsetFetch, type OffsetFetchRequest } from "../../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../../protocol/generated/10_find_coordinator.ts";
import { JoinGroup } from "../../protocol/generated/11_join_group.ts";
import { Heartbeat } from "../../protocol/generated/12_heartbeat.ts";
import { LeaveGroup } from "../../protocol/generated/13_leave_group.ts";
import { SyncGroup } from "../../protocol/generated/14_sync_group.ts";
import { groupRecordCodec } from "../coordinator/group/records.ts";
import { groupHandlers as setUp, joinOf, ORDERS_ID, versionsOf } from "../testing/group_handlers.ts";

function commitOf(version: number, topic = "orders", topicId = ORDERS_ID, partitions = [0, 1, 2]) {
  return {
    groupId: "g",
    generationIdOrMemberEpoch: -1,
    memberId: "",
    groupInstanceId: null,
    retentionTimeMs: -1,
    topics: [{
      name: version < 10 ? topic : "",
      topicId: version < 10 ? ZERO_UUID : topicId,
      partitions: partitions.map((partitionIndex) => ({
        partitionIndex,
        committedOffset: 40 + partitionIndex,
        committedLeaderEpoch: -1,
        committedMetadata: null,
      })),
    }],
  };
}

function fetchOf(version: number, all: boolean): OffsetFetchRequest {
  const name = version < 10 ? "orders" : "";
  const topicId = version < 10 ? ZERO_UUID : ORDERS_ID;
  if (version < 8) {
    const topics = all ? null : [{ name, partitionIndexes: [0, 5] }];
    return { groupId: "g", topics, groups: [], requireStable: version >= 7 };
  }
  const groupTopics = all ? null : [{ name, topicId, partitionIndexes: [0, 5] }];
  const group = { groupId: "g", memberId: null, memberEpoch: -1, topics: groupTopics };
  return { groupId: "", topics: [], groups: [group, { ...group, groupId: "h" }], requireStable: true };
}

describe("the life of a member", () => {
  it("goes the same way in every version of every API", async () => {
    for (const version of versionsOf(JoinGroup)) {
      const { call, groups, join, sync, heartbeat, leave } = setUp();
      await groups.ensureStarted();
      const at = (api: { maxVersion: number }) => Math.min(version, api.maxVersion);
      let joined = await call(join, JoinGroup, version, joinOf("g"));
      if (version >= 4) {
        assert.equal(joined.errorCode, ErrorCode.MEMBER_ID_REQUIRED);
        assert.equal(joined.protocolName, version < 7 ? "" : null);
        joined = await call(join, JoinGroup, version, joinOf("g", joined.memberId));
      }
      const { memberId } = joined;
      assert.equal(joined.errorCode, ErrorCode.NONE);
      assert.deepEqual(joined.members.map(({ metadata }) => metadata), [Uint8Array.of(1)]);
      const synced = await call(sync, SyncGroup, at(SyncGroup), {
        groupId: "g",
        generationId: 1,
        memberId,
        groupInstanceId: null,
        protocolType: "consumer",
        protocolName: "range",
        assignments: [{ memberId, assignment: Uint8Array.of(9, 9) }],
      });
      assert.deepEqual(synced.assignment, Uint8Array.of(9, 9));
      const beat = { groupId: "g", generationId: 1, memberId, groupInstanceId: null };
      assert.equal((await call(heartbeat, Heartbeat, at(Heartbeat), beat)).errorCode, ErrorCode.NONE);
      const leaving = at(LeaveGroup) < 3
        ? { groupId: "g", memberId, members: [] }
        : { groupId: "g", memberId: "", members: [{ memberId, groupInstanceId: null, reason: null }] };
      const left = await call(leave, LeaveGroup, at(LeaveGroup), leaving);
      assert.equal(left.errorCode, ErrorCode.NONE);
      const again = await call(leave, LeaveGroup, at(LeaveGroup), leaving);
      assert.equal(at(LeaveGroup) < 3 ? again.errorCode : again.members[0].errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
      assert.equal((await call(heartbeat, Heartbeat, at(Heartbeat), beat)).errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
    }
  });

  it("is refused by each API in a group that does not exist, and without permission", async () => {
    const { call, groups, join, sync, heartbeat, leave } = setUp(["secret"]);
    await groups.ensureStarted();
    const member = { memberId: "m", groupInstanceId: null };
    const syncOf = (groupId: string, protocolName: string | null = "range") => ({
      ...member,
      groupId,
      generationId: 1,
      protocolType: "consumer",
      protocolName,
      assignments: [],
    });
    const { UNKNOWN_MEMBER_ID, GROUP_AUTHORIZATION_FAILED, INCONSISTENT_GROUP_PROTOCOL } = ErrorCode;
    assert.equal((await call(sync, SyncGroup, 5, syncOf("g"))).errorCode, UNKNOWN_MEMBER_ID);
    assert.equal((await call(sync, SyncGroup, 5, syncOf("g", null))).errorCode, INCONSISTENT_GROUP_PROTOCOL);
    assert.equal((await call(leave, LeaveGroup, 5, { groupId: "g", memberId: "", members: [{ ...member, reason: null }] })).errorCode, 0);
    assert.equal((await call(sync, SyncGroup, 5, syncOf("secret"))).errorCode, GROUP_AUTHORIZATION_FAILED);
    assert.equal((await call(join, JoinGroup, 9, joinOf("secret"))).errorCode, GROUP_AUTHORIZATION_FAILED);
    const beat = { ...member, groupId: "secret", generationId: 1 };
    assert.equal((await call(heartbeat, Heartbeat, 4, beat)).errorCode, GROUP_AUTHORIZATION_FAILED);
    assert.equal(
      (await call(leave, LeaveGroup, 5, { groupId: "secret", memberId: "", members: [] })).errorCode,
      GROUP_AUTHORIZATION_FAILED,
    );
  });

  it("with a protocol whose name is empty hears of none where it can be null", async () => {
    const { call, groups, join } = setUp();
    await groups.ensureStarted();
    for (const version of [3, 7]) {
      const request = { ...joinOf(`g${version}`), protocols: [{ name: "", metadata: Uint8Array.of(1) }] };
      let joined = await call(join, JoinGroup, version, request);
      if (version >= 4) joined = await call(join, JoinGroup, version, { ...request, memberId: joined.memberId });
      assert.deepEqual([joined.errorCode, joined.protocolName], [ErrorCode.NONE, version < 7 ? "" : null]);
    }
  });

  it("is not measured while the coordinator loads", () => {
    const { heartbeat } = setUp();
    const request = { groupId: "g", generationId: 1, memberId: "m", groupInstanceId: null };
    assert.equal(heartbeat.fail(request, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, null).errorCode, ErrorCode.NONE);
    assert.equal(heartbeat.fail(request, ErrorCode.NOT_COORDINATOR, null).errorCode, ErrorCode.NOT_COORDINATOR);
  });
});

describe("OffsetCommit and OffsetFetch", () => {
  it("agree in every version", async () => {
    for (const version of versionsOf(OffsetCommit)) {
      const { call, groups, logs, commit, fetch } = setUp();
      await groups.ensureStarted();
      const committed = await call(commit, OffsetCommit, version, commitOf(version));
      assert.deepEqual(committed.topics[0].partitions.map(({ errorCode }) => errorCode), [0, 0, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION]);
      const stored = groupRecordCodec.decode(logs[0].records[0].key, logs[0].records[0].value);
      assert.equal(stored?.type === "OffsetCommit" && stored.value?.topicId, ORDERS_ID);
      for (const fetchVersion of versionsOf(OffsetFetch)) {
        const some = await call(fetch, OffsetFetch, fetchVersion, fetchOf(fetchVersion, false));
        const topics = fetchVersion < 8 ? some.topics : some.groups[0].topics;
        assert.deepEqual(
          topics[0].partitions.map((
            { partitionIndex, committedOffset, metadata, errorCode },
          ) => [partitionIndex, committedOffset, metadata, errorCode]),
          [[0, 40, "", 0], [5, -1, "", 0]],
        );
        if (fetchVersion >= 10) assert.equal(some.groups[0].topics[0].topicId, ORDERS_ID);
        if (fetchVersion < 2) continue;
        const all = await call(fetch, OffsetFetch, fetchVersion, fetchOf(fetchVersion, true));
        const found = fetchVersion < 8 ? all.topics : all.groups[0].topics;
        assert.deepEqual(found.map(({ partitions }) => partitions.map(({ committedOffset }) => committedOffset)), [[40, 41]]);
        if (fetchVersion >= 8) assert.deepEqual(all.groups[1], { groupId: "h", topics: [], errorCode: 0 });
      }
    }
  });

  it("answer for a partition as often as it is named, also where it is not there", async () => {
    const { call, groups, commit } = setUp();
    await groups.ensureStarted();
    const request = commitOf(9, "orders", ORDERS_ID, [5, 5]);
    const committed = await call(commit, OffsetCommit, 9, { ...request, topics: [...request.topics, ...commitOf(9).topics] });
    const unknown = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    assert.deepEqual(committed.topics.map(({ partitions }) => partitions.map(({ errorCode }) => errorCode)), [[unknown, unknown], [
      0,
      0,
      unknown,
    ]]);
  });

  it("name what is wrong with each topic", async () => {
    const { call, groups, commit, fetch } = setUp(["secret"]);
    await groups.ensureStarted();
    const codeOf = async (version: number, topic: string, topicId: string) =>
      (await call(commit, OffsetCommit, version, commitOf(version, topic, topicId, [0]))).topics[0].partitions[0].errorCode;
    assert.equal(await codeOf(9, "nothing", ""), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    assert.equal(await codeOf(9, "secret", ""), ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    assert.equal(await codeOf(10, "", "AAAAAAAAAAAAAAAAAAAACQ"), ErrorCode.UNKNOWN_TOPIC_ID);
    const group = { groupId: "g", memberId: null, memberEpoch: -1 };
    const wanted = [
      { name: "secret", topicId: ZERO_UUID, partitionIndexes: [0] },
      { name: "nothing", topicId: ZERO_UUID, partitionIndexes: [0] },
    ];
    const named = await call(fetch, OffsetFetch, 9, {
      groupId: "",
      topics: [],
      groups: [{ ...group, topics: wanted }],
      requireStable: false,
    });
    assert.deepEqual(named.groups[0].topics.map(({ name, partitions }) => [name, partitions[0].errorCode]), [
      ["nothing", 0],
      ["secret", ErrorCode.TOPIC_AUTHORIZATION_FAILED],
    ]);
    const unknown = [{ name: "", topicId: "AAAAAAAAAAAAAAAAAAAACQ", partitionIndexes: [0] }];
    const byId = await call(fetch, OffsetFetch, 10, {
      groupId: "",
      topics: [],
      groups: [{ ...group, topics: unknown }],
      requireStable: false,
    });
    assert.equal(byId.groups[0].topics[0].partitions[0].errorCode, ErrorCode.UNKNOWN_TOPIC_ID);
  });

  it("say nothing of topics without partitions", async () => {
    const { call, groups, commit } = setUp();
    await groups.ensureStarted();
    const request = commitOf(9);
    const answer = await call(commit, OffsetCommit, 9, {
      ...request,
      topics: [{ ...request.topics[0], partitions: [] }, ...request.topics],
    });
    assert.deepEqual(answer.topics.map(({ partitions }) => partitions.length), [3]);
  });

  it("fail as a whole without permission for the group, or before there is a coordinator", async () => {
    const denied = setUp(["g"]);
    const committed = await denied.call(denied.commit, OffsetCommit, 9, commitOf(9));
    assert.equal(committed.topics[0].partitions[0].errorCode, ErrorCode.GROUP_AUTHORIZATION_FAILED);
    const { call, fetch } = setUp();
    for (const version of versionsOf(OffsetFetch)) {
      const failed = await call(fetch, OffsetFetch, version, fetchOf(version, false));
      const code = version < 2 ? failed.topics[0].partitions[0].errorCode : version < 8 ? failed.errorCode : failed.groups[0].errorCode;
      assert.equal(code, ErrorCode.NOT_COORDINATOR, `version ${version}`);
    }
  });
});

describe("FindCoordinator", () => {
  it("names this node for groups, in every version, and makes the offsets topic", async () => {
    for (const version of versionsOf(FindCoordinator)) {
      const { call, find, groups } = setUp();
      const request = version < 4 ? { key: "g", keyType: 0, coordinatorKeys: [] } : { key: "", keyType: 0, coordinatorKeys: ["g", "h"] };
      const found = await call(find, FindCoordinator, version, request);
      const nodes = version < 4 ? [found] : found.coordinators;
      assert.equal(nodes.length, version < 4 ? 1 : 2);
      for (const { nodeId, host, port, errorCode } of nodes) assert.deepEqual([nodeId, host, port, errorCode], [1, "127.0.0.1", 9092, 0]);
      assert.deepEqual(await groups.fetchOffsets("g", null), []);
    }
  });

  it("refuses share groups with a message, and groups and transactional ids without permission", async () => {
    const { call, find } = setUp(["secret"]);
    const old = await call(find, FindCoordinator, 3, { key: "secret", keyType: 1, coordinatorKeys: [] });
    assert.deepEqual([old.errorCode, old.nodeId, old.port], [ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, -1, -1]);
    const share = await call(find, FindCoordinator, 6, { key: "", keyType: 2, coordinatorKeys: ["g:t:0"] });
    assert.equal(share.coordinators[0].errorCode, ErrorCode.INVALID_REQUEST);
    const secret = await call(find, FindCoordinator, 6, { key: "", keyType: 0, coordinatorKeys: ["secret"] });
    assert.equal(secret.coordinators[0].errorCode, ErrorCode.GROUP_AUTHORIZATION_FAILED);
  });
});
