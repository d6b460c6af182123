import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ErrorCode } from "../../../../protocol/errors.ts";
import { assertParked, GroupHarness } from "../../testing/group_harness.ts";

/** A group with one static member, which stays for `sessionTimeoutMs`. */
async function stable(h: GroupHarness, sessionTimeoutMs: number): Promise<string> {
  const { response } = await h.join({ groupInstanceId: "i", sessionTimeoutMs });
  await h.sync({ memberId: response!.memberId, generationId: 1 });
  return response!.memberId;
}

describe("deadlines are Kafka's:", () => {
  it("a heartbeat of a new member that still waits for its group starts its session", async () => {
    const h = new GroupHarness();
    await stable(h, 600_000);
    const { response } = await h.join();
    const waiting = await h.join({ memberId: response!.memberId, rebalanceTimeoutMs: 600_000 });
    assert.equal((await h.heartbeat(response!.memberId, 1)).response, ErrorCode.REBALANCE_IN_PROGRESS);
    await h.advance(9_999);
    assertParked(waiting);
    await h.advance(1);
    assert.equal(waiting.response!.errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it("a static member that came back has its predecessor's session timeout until its first heartbeat", async () => {
    const h = new GroupHarness();
    await stable(h, 10_000);
    await h.join({ groupInstanceId: "i", sessionTimeoutMs: 30_000 });
    await h.advance(9_999);
    assert.equal(h.group().state, "Stable");
    await h.advance(1);
    assert.equal(h.group().state, "Empty");
  });

  it("an initial rebalance is over when the last member id that it waits for is given up", async () => {
    const h = new GroupHarness({ groupInitialRebalanceDelayMs: 8_000 });
    await h.join({ sessionTimeoutMs: 6_000 });
    const waiting = await h.join({}, 3);
    await h.advance(5_999);
    assertParked(waiting);
    await h.advance(1);
    assert.equal(waiting.response!.generationId, 1);
  });

  it("a member id that is gone has none", async () => {
    const h = new GroupHarness({ groupMaxSize: 1 });
    const { response } = await h.join();
    await stable(h, 600_000);
    assert.equal((await h.join({ memberId: response!.memberId })).response!.errorCode, ErrorCode.GROUP_MAX_SIZE_REACHED);
    await h.advance(300_000);
    await h.leave([{ memberId: "", groupInstanceId: "i" }]);
    assert.deepEqual(h.timers, []);
    await h.join();
    await h.step((shard) => shard.deleteGroup("g"));
    assert.deepEqual(h.timers, []);
  });
});

describe("LeaveGroup", () => {
  it("finds a group that only commits offsets, and nobody in it", async () => {
    const h = new GroupHarness();
    await h.commit();
    const { response } = await h.leave([{ memberId: "nobody" }]);
    assert.deepEqual(response, [{ memberId: "nobody", groupInstanceId: null, errorCode: ErrorCode.UNKNOWN_MEMBER_ID }]);
  });
});
