import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ErrorCode } from "../../../../protocol/errors.ts";
import { assertParked, type Call, GroupHarness } from "../../testing/group_harness.ts";
import type { JoinGroupResponse } from "../../../../protocol/generated/11_join_group.ts";

const encoder = new TextEncoder();

/** Joins as a client of version 4 and later does: asks for a member id, comes back with it. */
async function joinTwice(h: GroupHarness, fields: Parameters<GroupHarness["join"]>[0] = {}): Promise<Call<JoinGroupResponse>> {
  const first = await h.join(fields);
  assert.equal(first.response?.errorCode, ErrorCode.MEMBER_ID_REQUIRED);
  return h.join({ ...fields, memberId: first.response.memberId });
}

/** A group of static members, stable; answers their member ids. */
async function stable(h: GroupHarness, instances: readonly string[]): Promise<string[]> {
  const calls: Call<JoinGroupResponse>[] = [];
  for (const groupInstanceId of instances) calls.push(await h.join({ groupInstanceId }));
  for (const [index, groupInstanceId] of instances.entries()) {
    if (h.group().state !== "PreparingRebalance") break;
    const memberId = h.group().memberIdOf(instances[index])!;
    if (h.group().members.get(memberId)!.awaitingJoin === null) calls[index] = await h.join({ groupInstanceId, memberId });
  }
  const ids = instances.map((instance) => h.group().memberIdOf(instance)!);
  const { generation: generationId, leader } = h.group();
  const assignments = ids.map((memberId, index) => ({ memberId, assignment: encoder.encode(`part ${index}`) }));
  await h.sync({ memberId: leader!, generationId, assignments });
  for (const memberId of ids) await h.sync({ memberId, generationId });
  assert.equal(h.group().state, "Stable");
  return ids;
}

describe("JoinGroup of new members", () => {
  it("gives a member id first, and writes the empty group (KIP-394)", async () => {
    const h = new GroupHarness();
    const { response, records } = await h.join({}, 4, "app");
    assert.equal(response?.errorCode, ErrorCode.MEMBER_ID_REQUIRED);
    assert.match(response.memberId, /^app-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const value = { protocolType: "", generation: 0, protocol: null, leader: null, currentStateTimestamp: h.clock.now(), members: [] };
    assert.deepEqual(records, [{ type: "GroupMetadata", key: { group: "g" }, value }]);
    assert.deepEqual([...h.group().pendingJoin], [response.memberId]);
  });

  it("takes versions before 4 at once, and completes the first generation without delay", async () => {
    const h = new GroupHarness();
    const { response } = await h.join({}, 3);
    assert.equal(response?.errorCode, ErrorCode.NONE);
    assert.equal(response.generationId, 1);
    assert.equal(response.leader, response.memberId);
    assert.deepEqual(response.members, [{ memberId: response.memberId, groupInstanceId: null, metadata: Uint8Array.of(1, 2, 3) }]);
    assert.equal(h.group().state, "CompletingRebalance");
  });

  it("takes the session timeout for the rebalance timeout in version 0", async () => {
    const h = new GroupHarness();
    await h.join({ sessionTimeoutMs: 7_000, rebalanceTimeoutMs: 1 }, 0);
    assert.equal(h.group().rebalanceTimeoutMs, 7_000);
    const memberId = h.group().leader!;
    await h.sync({ memberId, generationId: 1 });
    await h.join({ memberId, sessionTimeoutMs: 8_000, rebalanceTimeoutMs: 1 }, 0);
    assert.equal(h.group().rebalanceTimeoutMs, 8_000);
  });

  it("waits for group.initial.rebalance.delay.ms, longer as members come, no longer than the rebalance timeout", async () => {
    const h = new GroupHarness({ groupInitialRebalanceDelayMs: 3_000 });
    const first = await h.join({ rebalanceTimeoutMs: 7_000 }, 3);
    await h.advance(2_999);
    const second = await h.join({ rebalanceTimeoutMs: 7_000 }, 3);
    await h.advance(1);
    assertParked(first);
    await h.join({ rebalanceTimeoutMs: 7_000 }, 3);
    await h.advance(3_000);
    assertParked(first);
    await h.join({ rebalanceTimeoutMs: 7_000 }, 3);
    await h.advance(1_000);
    assert.equal(first.response?.generationId, 1);
    assert.equal(first.response.members.length, 4);
    assert.deepEqual(second.response?.members, []);
  });

  it("completes the initial rebalance after one delay when nobody else comes", async () => {
    const h = new GroupHarness({ groupInitialRebalanceDelayMs: 3_000 });
    const first = await h.join({}, 3);
    await h.advance(3_000);
    assert.equal(first.response?.generationId, 1);
  });

  it("does not know a member id in a group that does not exist", async () => {
    const h = new GroupHarness();
    const { response, records } = await h.join({ memberId: "somebody" });
    assert.equal(response?.errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
    assert.deepEqual(records, []);
    assert.equal(h.shard.groups.size, 0);
  });

  it("refuses members without protocols, or with none that the group shares", async () => {
    const h = new GroupHarness();
    assert.equal((await h.join({ protocols: [] }, 3)).response?.errorCode, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    assert.equal((await h.join({ protocolType: "" }, 3)).response?.errorCode, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    await h.join({}, 3);
    assert.equal((await h.join({ protocolType: "connect" }, 3)).response?.errorCode, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    const other = { protocols: [{ name: "sticky", metadata: new Uint8Array(0) }] };
    assert.equal((await h.join(other, 3)).response?.errorCode, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    assert.equal(h.group().members.size, 1);
  });

  it("elects the protocol that all know and most like best", async () => {
    const h = new GroupHarness({ groupInitialRebalanceDelayMs: 100 });
    const named = (...names: string[]) => ({ protocols: names.map((name) => ({ name, metadata: encoder.encode(name) })) });
    const calls = [
      await h.join(named("a", "b", "c"), 3),
      await h.join(named("c", "b"), 3),
      await h.join(named("c", "b", "x"), 3),
      await h.join(named("c", "b", "a"), 3),
    ];
    await h.advance(300);
    assert.deepEqual(calls.map(({ response }) => response?.protocolName), ["c", "c", "c", "c"]);
    assert.deepEqual(calls[0].response?.members.map(({ metadata }) => new TextDecoder().decode(metadata)), ["c", "c", "c", "c"]);
  });

  it("forgets a member id that nobody joins with", async () => {
    const h = new GroupHarness();
    const { response } = await h.join({ sessionTimeoutMs: 6_000 });
    await h.advance(6_000);
    assert.equal(h.group().pendingJoin.size, 0);
    const late = await h.join({ memberId: response!.memberId });
    assert.equal(late.response?.errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it("gives member ids to members without an instance id only", async () => {
    const h = new GroupHarness();
    const { response } = await h.join();
    const other = await h.join({ memberId: response!.memberId, groupInstanceId: "one" });
    assert.equal(other.response?.errorCode, ErrorCode.UNKNOWN_SERVER_ERROR);
    assert.equal(h.group().members.size, 0);
  });

  it("takes no member whose id would be longer than a record can hold", async () => {
    const h = new GroupHarness();
    for (const version of [3, 9]) {
      const { response } = await h.join({ groupInstanceId: version < 5 ? null : "i".repeat(0x7fff) }, version, "c".repeat(0x7fff));
      assert.equal(response?.errorCode, ErrorCode.UNKNOWN_SERVER_ERROR);
    }
    assert.equal((await h.join({}, 3, "c".repeat(0x7fff - 37))).response?.errorCode, ErrorCode.NONE);
  });

  it("does not begin a generation while a member id waits to be used, unless the rebalance timeout passes", async () => {
    const h = new GroupHarness();
    const first = await joinTwice(h);
    await h.sync({ memberId: first.response!.memberId, generationId: 1 });
    await h.join();
    const again = await h.join({ memberId: first.response!.memberId });
    assertParked(again);
    assert.equal(h.group().state, "PreparingRebalance");
    await h.advance(10_000);
    assert.equal(again.response!.generationId, 2);
  });

  it("takes out a new member whose JoinGroup waited for five minutes", async () => {
    const h = new GroupHarness();
    const first = await h.join({ rebalanceTimeoutMs: 600_000, sessionTimeoutMs: 1_800_000 }, 3);
    await h.sync({ memberId: first.response!.memberId, generationId: 1 });
    const second = await h.join({ rebalanceTimeoutMs: 600_000 }, 3);
    await h.advance(299_999);
    assertParked(second);
    await h.advance(1);
    assert.equal(second.response!.errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
    assert.equal(h.group().members.size, 1);
  });
});

describe("JoinGroup of members", () => {
  it("asks all to rejoin when one comes, and begins the next generation when all did", async () => {
    const h = new GroupHarness();
    const [first] = await stable(h, ["one"]);
    const second = await joinTwice(h);
    assertParked(second);
    assert.equal((await h.heartbeat(first, 1)).response, ErrorCode.REBALANCE_IN_PROGRESS);
    const again = await h.join({ memberId: first, groupInstanceId: "one" });
    assert.equal(again.response?.generationId, 2);
    assert.equal(again.response.leader, first);
    assert.equal(again.response.members.length, 2);
    assert.equal(second.response!.generationId, 2);
    assert.deepEqual(second.response!.members, []);
  });

  it("takes out who did not rejoin, and elects another leader", async () => {
    const h = new GroupHarness();
    const first = await joinTwice(h);
    const leader = first.response!.memberId;
    await h.sync({ memberId: leader, generationId: 1 });
    const second = await joinTwice(h, { sessionTimeoutMs: 60_000 });
    for (let i = 0; i < 6; i++) {
      await h.heartbeat(leader, 1);
      await h.advance(9_999);
    }
    await h.heartbeat(leader, 1);
    await h.advance(6);
    assert.equal(second.response!.generationId, 2);
    assert.equal(second.response!.leader, second.response!.memberId);
    assert.equal(h.group().members.size, 1);
    assert.equal((await h.heartbeat(leader, 1)).error, ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it("repeats the answer in CompletingRebalance for the same protocols, and rebalances for others", async () => {
    const h = new GroupHarness();
    const { response } = await joinTwice(h);
    const memberId = response!.memberId;
    const same = await h.join({ memberId });
    assert.equal(same.response?.generationId, 1);
    assert.equal(same.response.members.length, 1);
    const other = await h.join({ memberId, protocols: [{ name: "range", metadata: Uint8Array.of(9) }] });
    assert.equal(other.response?.generationId, 2);
    assert.deepEqual(other.response.members[0].metadata, Uint8Array.of(9));
  });

  it("in Stable, tells a follower with the same protocols its generation, and rebalances for the leader", async () => {
    const h = new GroupHarness();
    const [leader, follower] = await stable(h, ["one", "two"]);
    const { generation } = h.group();
    const same = await h.join({ memberId: follower, groupInstanceId: "two" });
    assert.equal(same.response?.generationId, generation);
    assert.deepEqual(same.response.members, []);
    const lead = await h.join({ memberId: leader, groupInstanceId: "one" });
    assertParked(lead);
    assert.equal(h.group().state, "PreparingRebalance");
  });

  it("answers an earlier JoinGroup of the same member that is still waiting", async () => {
    const h = new GroupHarness();
    const [first] = await stable(h, ["one", "two"]);
    const before = await h.join({ memberId: first, groupInstanceId: "one" });
    const after = await h.join({ memberId: first, groupInstanceId: "one" });
    assert.equal(before.response?.errorCode, ErrorCode.REBALANCE_IN_PROGRESS);
    assertParked(after);
  });

  it("holds groups to group.max.size", async () => {
    const h = new GroupHarness({ groupMaxSize: 2 });
    const [first, second] = await stable(h, ["one", "two"]);
    const third = await h.join({}, 3);
    assert.equal(third.response?.errorCode, ErrorCode.GROUP_MAX_SIZE_REACHED);
    assert.equal(third.response.memberId, "");
    await h.restart({ groupMaxSize: 1 });
    assert.equal(h.group().state, "PreparingRebalance");
    const kept = await h.join({ memberId: second, groupInstanceId: "two" });
    const dropped = await h.join({ memberId: first, groupInstanceId: "one" });
    assert.equal(dropped.response?.errorCode, ErrorCode.GROUP_MAX_SIZE_REACHED);
    assert.equal(kept.response?.members.length, 1);
  });
});

describe("JoinGroup of static members (KIP-345)", () => {
  it("replaces a member that came back without a rebalance, and spares the leader the assignment from version 9 on", async () => {
    const h = new GroupHarness();
    const [first, second] = await stable(h, ["one", "two"]);
    const { generation } = h.group();
    const leader = await h.join({ groupInstanceId: "one" });
    assert.equal(leader.response?.generationId, generation);
    assert.equal(leader.response.skipAssignment, true);
    assert.equal(leader.response.leader, leader.response.memberId);
    assert.equal(leader.response.members.length, 2);
    assert.notEqual(leader.response.memberId, first);
    assert.equal(leader.records.length, 1);
    const follower = await h.join({ groupInstanceId: "two" });
    assert.equal(follower.response?.skipAssignment, false);
    assert.deepEqual(follower.response.members, []);
    assert.equal(h.group().state, "Stable");
    const kept = await h.sync({ memberId: leader.response.memberId, generationId: generation });
    assert.deepEqual(kept.response?.assignment, encoder.encode("part 0"));
    assert.equal((await h.heartbeat(first, generation, "one")).error, ErrorCode.FENCED_INSTANCE_ID);
    assert.equal((await h.heartbeat(second, generation)).error, ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it("tells older clients of the leader that is gone, so that they do not assign", async () => {
    const h = new GroupHarness();
    const [first] = await stable(h, ["one"]);
    const { response } = await h.join({ groupInstanceId: "one" }, 8);
    assert.equal(response?.leader, first);
    assert.deepEqual(response.members, []);
  });

  it("rebalances when the protocol would change", async () => {
    const h = new GroupHarness();
    const both = [{ name: "range", metadata: new Uint8Array(0) }, { name: "sticky", metadata: new Uint8Array(0) }];
    const first = await h.join({ groupInstanceId: "one", protocols: both });
    await h.sync({ memberId: first.response!.memberId, generationId: 1 });
    const again = await h.join({ groupInstanceId: "one", protocols: both.toReversed() });
    assert.equal(again.response?.generationId, 2);
    assert.equal(again.response.protocolName, "sticky");
  });

  it("fences the predecessor that is still waiting, and rebalances while an assignment is being made", async () => {
    const h = new GroupHarness();
    const first = await h.join({ groupInstanceId: "one" });
    const second = await h.join({ groupInstanceId: "two" });
    const firstAgain = await h.join({ groupInstanceId: "one", memberId: first.response!.memberId });
    assert.equal(firstAgain.response?.generationId, 2);
    const waiting = await h.sync({ memberId: second.response!.memberId, generationId: 2 });
    const newcomer = await h.join({ groupInstanceId: "two" });
    assert.equal(waiting.response?.errorCode, ErrorCode.FENCED_INSTANCE_ID);
    assertParked(newcomer);
    assert.equal(h.group().state, "PreparingRebalance");
    const usurper = await h.join({ groupInstanceId: "two" });
    assert.equal(newcomer.response!.errorCode, ErrorCode.FENCED_INSTANCE_ID);
    assertParked(usurper);
  });

  it("keeps static members that do not rejoin until their session ends", async () => {
    const h = new GroupHarness();
    const [, second] = await stable(h, ["one", "two"]);
    const joined = await h.join({ memberId: second, groupInstanceId: "two", protocols: [{ name: "range", metadata: Uint8Array.of(7) }] });
    await h.advance(9_999);
    assertParked(joined);
    await h.advance(1);
    assert.equal(joined.response!.members.length, 1, "the other one's session ended");
  });

  it("waits on for static members that give each other no time to rejoin, and does not ask again at once", async () => {
    const h = new GroupHarness();
    const impatient = { rebalanceTimeoutMs: 0, sessionTimeoutMs: 20_000 };
    const { response } = await h.join({ groupInstanceId: "one", ...impatient });
    await h.sync({ memberId: response!.memberId, generationId: 1 });
    const second = await h.join({ groupInstanceId: "two", ...impatient });
    await h.leave([{ memberId: "", groupInstanceId: "two" }]);
    assert.equal(second.response!.errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
    await h.advance(10_000);
    assert.equal(h.group().state, "PreparingRebalance");
    const asked = h.logger.events.filter(({ message }) => message.startsWith("nobody rejoined"));
    assert.equal(asked.length, 11, "at once, and after each of ten seconds");
  });

  it("knows no member id with another's instance id, nor an instance id that nobody has", async () => {
    const h = new GroupHarness();
    const [first] = await stable(h, ["one", "two"]);
    assert.equal((await h.join({ memberId: first, groupInstanceId: "two" })).response?.errorCode, ErrorCode.FENCED_INSTANCE_ID);
    assert.equal((await h.join({ memberId: first, groupInstanceId: "x" })).response?.errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
  });
});
