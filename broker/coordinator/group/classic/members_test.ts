import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ErrorCode } from "../../../../protocol/errors.ts";
import { assertParked, GroupHarness } from "../../testing/group_harness.ts";

const part = (byte: number) => Uint8Array.of(byte, byte);

/** Two dynamic members in CompletingRebalance of generation 2; the leader first. */
async function twoJoined(h: GroupHarness): Promise<[leader: string, follower: string]> {
  const first = await h.join({}, 3);
  const leader = first.response!.memberId;
  const second = await h.join({}, 3);
  assertParked(second);
  await h.join({ memberId: leader }, 3);
  assert.equal(h.group().state, "CompletingRebalance");
  return [leader, [...h.group().members.keys()].find((id) => id !== leader)!];
}

async function twoStable(h: GroupHarness): Promise<[leader: string, follower: string]> {
  const [leader, follower] = await twoJoined(h);
  const assignments = [{ memberId: leader, assignment: part(1) }, { memberId: follower, assignment: part(2) }];
  await h.sync({ memberId: leader, generationId: 2, assignments });
  await h.sync({ memberId: follower, generationId: 2 });
  return [leader, follower];
}

describe("SyncGroup", () => {
  it("parks followers until the leader's assignment is written, and drops parts of strangers", async () => {
    const h = new GroupHarness();
    const [leader, follower] = await twoJoined(h);
    const waiting = await h.sync({ memberId: follower, generationId: 2 });
    assertParked(waiting);
    const assignments = [{ memberId: follower, assignment: part(2) }, { memberId: "stranger", assignment: part(3) }];
    const led = await h.sync({ memberId: leader, generationId: 2, assignments });
    const named = { throttleTimeMs: 0, errorCode: 0, protocolType: "consumer", protocolName: "range" };
    assert.deepEqual(led.response, { ...named, assignment: new Uint8Array(0) });
    assert.deepEqual(waiting.response, { ...named, assignment: part(2) });
    const member = {
      groupInstanceId: null,
      clientId: "c",
      clientHost: "/127.0.0.1",
      rebalanceTimeout: 60_000,
      sessionTimeout: 10_000,
      subscription: Uint8Array.of(1, 2, 3),
    };
    const value = {
      protocolType: "consumer",
      generation: 2,
      protocol: "range",
      leader,
      currentStateTimestamp: h.clock.now(),
      members: [
        { memberId: leader, ...member, assignment: new Uint8Array(0) },
        { memberId: follower, ...member, assignment: part(2) },
      ],
    };
    assert.deepEqual(led.records, [{ type: "GroupMetadata", key: { group: "g" }, value }]);
    assert.equal(h.group().state, "Stable");
  });

  it("answers from the log in Stable, also after a restart", async () => {
    const h = new GroupHarness();
    const [leader, follower] = await twoStable(h);
    await h.restart();
    assert.deepEqual((await h.sync({ memberId: follower, generationId: 2 })).response?.assignment, part(2));
    assert.deepEqual((await h.sync({ memberId: leader, generationId: 2 })).response?.assignment, part(1));
  });

  it("refuses strangers, other generations, other protocols, and members of a group that rebalances", async () => {
    const h = new GroupHarness();
    assert.equal((await h.sync({ memberId: "x", generationId: 1 })).error, ErrorCode.UNKNOWN_MEMBER_ID);
    const [leader, follower] = await twoJoined(h);
    assert.equal((await h.sync({ memberId: "x", generationId: 2 })).error, ErrorCode.UNKNOWN_MEMBER_ID);
    assert.equal((await h.sync({ memberId: leader, generationId: 1 })).error, ErrorCode.ILLEGAL_GENERATION);
    const wrongType = { memberId: leader, generationId: 2, protocolType: "connect" };
    assert.equal((await h.sync(wrongType)).error, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    const wrongName = { memberId: leader, generationId: 2, protocolName: "sticky" };
    assert.equal((await h.sync(wrongName)).error, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    await h.leave([{ memberId: follower }]);
    assert.equal((await h.sync({ memberId: leader, generationId: 2 })).error, ErrorCode.REBALANCE_IN_PROGRESS);
  });

  it("sends waiting followers back to join when the group rebalances meanwhile", async () => {
    const h = new GroupHarness();
    const [leader, follower] = await twoJoined(h);
    const waiting = await h.sync({ memberId: follower, generationId: 2 });
    await h.leave([{ memberId: leader }]);
    assert.equal(waiting.response?.errorCode, ErrorCode.REBALANCE_IN_PROGRESS);
    assert.equal(h.group().leader, follower);
  });

  it("takes out who sends none within the rebalance timeout, also when the group is stable", async () => {
    const h = new GroupHarness();
    const [leader, follower] = await twoJoined(h);
    await h.sync({ memberId: leader, generationId: 2 });
    for (let i = 0; i < 12; i++) {
      await h.advance(4_999);
      await h.heartbeat(leader, 2);
      await h.heartbeat(follower, 2);
    }
    assert.equal(h.group().state, "Stable");
    await h.advance(12);
    assert.equal(h.group().state, "PreparingRebalance");
    assert.deepEqual([...h.group().members.keys()], [leader]);
  });

  it("does not store an assignment that is too large for the log", async () => {
    const h = new GroupHarness({ maxBatchBytes: 4_000 });
    const [leader, follower] = await twoJoined(h);
    const waiting = await h.sync({ memberId: follower, generationId: 2 });
    const assignments = [{ memberId: follower, assignment: new Uint8Array(4_000) }];
    const led = await h.sync({ memberId: leader, generationId: 2, assignments });
    assert.equal(led.response?.errorCode, ErrorCode.UNKNOWN_SERVER_ERROR);
    assert.equal(waiting.response?.errorCode, ErrorCode.UNKNOWN_SERVER_ERROR);
    assert.deepEqual(led.records, []);
    assert.equal(h.group().state, "PreparingRebalance");
  });
});

describe("Heartbeat", () => {
  it("keeps a session alive; without it the member is out and the others rejoin", async () => {
    const h = new GroupHarness();
    const [leader, follower] = await twoStable(h);
    for (let i = 0; i < 5; i++) {
      await h.advance(9_999);
      assert.equal((await h.heartbeat(leader, 2)).response, i < 2 ? ErrorCode.NONE : ErrorCode.REBALANCE_IN_PROGRESS);
      if (i === 0) await h.heartbeat(follower, 2);
    }
    assert.deepEqual([...h.group().members.keys()], [leader]);
    assert.equal(h.group().state, "PreparingRebalance");
    assert.equal((await h.heartbeat(follower, 2)).error, ErrorCode.UNKNOWN_MEMBER_ID);
    assert.equal((await h.heartbeat(leader, 2)).response, ErrorCode.REBALANCE_IN_PROGRESS);
  });

  it("is answered in CompletingRebalance, and refused with another generation or in no group", async () => {
    const h = new GroupHarness();
    assert.equal((await h.heartbeat("x", 1)).error, ErrorCode.UNKNOWN_MEMBER_ID);
    const [leader] = await twoJoined(h);
    assert.equal((await h.heartbeat(leader, 2)).response, ErrorCode.NONE);
    assert.equal((await h.heartbeat(leader, 1)).error, ErrorCode.ILLEGAL_GENERATION);
  });

  it("is not expected of members whose request waits here", async () => {
    const h = new GroupHarness();
    const [leader, follower] = await twoStable(h);
    const waiting = await h.join({ memberId: leader, rebalanceTimeoutMs: 300_000 }, 3);
    for (let i = 0; i < 5; i++) {
      await h.advance(9_000);
      await h.heartbeat(follower, 2);
    }
    assertParked(waiting);
    assert.equal(h.group().members.size, 2);
  });

  it("gives every member of a loaded group its session timeout anew", async () => {
    const h = new GroupHarness();
    const [leader, follower] = await twoStable(h);
    await h.advance(9_999);
    await h.restart();
    await h.advance(9_999);
    assert.equal((await h.heartbeat(leader, 2)).response, ErrorCode.NONE);
    await h.advance(1);
    assert.equal(h.group().members.has(follower), false);
  });
});

describe("LeaveGroup", () => {
  it("empties the group with the last member, in the log too", async () => {
    const h = new GroupHarness();
    const [leader, follower] = await twoStable(h);
    const both = await h.leave([{ memberId: leader, reason: "done" }, { memberId: follower }, { memberId: "x" }]);
    assert.deepEqual(both.response?.map(({ errorCode }) => errorCode), [0, 0, ErrorCode.UNKNOWN_MEMBER_ID]);
    const value = {
      protocolType: "consumer",
      generation: 3,
      protocol: null,
      leader: null,
      currentStateTimestamp: h.clock.now(),
      members: [],
    };
    assert.deepEqual(both.records, [{ type: "GroupMetadata", key: { group: "g" }, value }]);
    assert.equal(h.group().state, "Empty");
    assert.deepEqual(h.timers, []);
    assert.equal((await h.heartbeat(leader, 3)).error, ErrorCode.UNKNOWN_MEMBER_ID);
    await h.restart();
    assert.equal((await h.join({}, 3)).response?.generationId, 4);
  });

  it("removes static members by instance id, and fences by it", async () => {
    const h = new GroupHarness();
    const first = await h.join({ groupInstanceId: "one" });
    await h.sync({ memberId: first.response!.memberId, generationId: 1 });
    const left = await h.leave([
      { memberId: "", groupInstanceId: "nobody" },
      { memberId: "", groupInstanceId: null },
      { memberId: "other", groupInstanceId: "one" },
      { memberId: "", groupInstanceId: "one" },
    ]);
    const { UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID } = ErrorCode;
    assert.deepEqual(left.response?.map(({ errorCode }) => errorCode), [UNKNOWN_MEMBER_ID, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, 0]);
    assert.equal(h.group().state, "Empty");
  });

  it("gives up a member id that was not used yet, which ends a rebalance that waited for it", async () => {
    const h = new GroupHarness();
    const first = await h.join({}, 3);
    const { memberId } = first.response!;
    const pending = await h.join();
    const again = await h.join({ memberId, protocols: [{ name: "range", metadata: Uint8Array.of(4) }] }, 3);
    assertParked(again);
    const left = await h.leave([{ memberId: pending.response!.memberId }]);
    assert.deepEqual(left.response?.map(({ errorCode }) => errorCode), [0]);
    assert.equal(again.response!.generationId, 2);
  });

  it("answers the JoinGroup of a member that leaves while it waits", async () => {
    const h = new GroupHarness();
    const [leader] = await twoStable(h);
    const waiting = await h.join({ memberId: leader }, 3);
    await h.leave([{ memberId: leader }]);
    assert.equal(waiting.response?.errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it("is refused in a group that does not exist", async () => {
    const h = new GroupHarness();
    assert.equal((await h.leave([{ memberId: "x" }])).error, ErrorCode.UNKNOWN_MEMBER_ID);
  });
});
