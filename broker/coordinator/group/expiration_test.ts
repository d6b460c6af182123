import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { commitTo, GroupHarness, subscriptionTo } from "../testing/group_harness.ts";
import { type GroupRecord, groupRecordCodec } from "./records.ts";

const RETENTION = 60_000;
const offsetTombstone = (topic: string, partition = 0): GroupRecord => ({
  type: "OffsetCommit",
  key: { group: "g", topic, partition },
  value: null,
});
const groupTombstone: GroupRecord = { type: "GroupMetadata", key: { group: "g" }, value: null };

/** Looks for expired offsets every second. */
function setUp(settings: { maxBatchBytes?: number } = {}): GroupHarness {
  return new GroupHarness({ offsetsRetentionMs: RETENTION, offsetsRetentionCheckIntervalMs: 1_000, ...settings });
}

/** A member that stays for an hour without a heartbeat. */
async function stable(h: GroupHarness, protocolType = "consumer", metadata = subscriptionTo("t")): Promise<string> {
  const { response } = await h.join({ protocolType, protocols: [{ name: "range", metadata }], sessionTimeoutMs: 1_800_000 }, 3);
  await h.sync({ memberId: response!.memberId, generationId: response!.generationId, protocolType });
  return response!.memberId;
}

/** What becomes of the offsets when time passes: the tombstones, and that nothing came a second sooner. */
async function expiresIn(h: GroupHarness, ms: number): Promise<readonly GroupRecord[]> {
  await h.advance(ms - 1_000);
  assert.deepEqual(h.timed, []);
  await h.advance(1_000);
  return h.timed;
}

describe("offsets expire (KIP-211)", () => {
  it("of a group that only commits, each by the time of its commit", async () => {
    const h = setUp();
    await h.commit({ topics: [commitTo("t", 0, 5)] });
    await h.advance(10_000);
    await h.commit({ topics: [commitTo("u", 0, 5)] });
    assert.deepEqual(await expiresIn(h, RETENTION - 10_000), [offsetTombstone("t")]);
    assert.deepEqual(await expiresIn(h, 10_000), [offsetTombstone("u"), groupTombstone]);
    assert.deepEqual(h.shard.list([], []), []);
    await h.advance(5_000);
    assert.deepEqual(h.timed, []);
  });

  it("of an empty group, all from when it became empty, also after a restart", async () => {
    const h = setUp();
    await h.commit({ topics: [commitTo("t", 0, 5), commitTo("u", 0, 5)] });
    const memberId = await stable(h);
    await h.advance(RETENTION / 2);
    await h.leave([{ memberId }]);
    await h.advance(RETENTION / 2);
    assert.deepEqual(h.timed, []);
    await h.restart();
    assert.deepEqual(await expiresIn(h, RETENTION / 2), [offsetTombstone("t"), offsetTombstone("u"), groupTombstone]);
    assert.equal(h.shard.groups.size, 0);
  });

  it("of consumers, for topics that none of them reads, and never for those that they do", async () => {
    const h = setUp();
    await stable(h);
    await h.commit({
      topics: [commitTo("t", 0, 5), commitTo("u", 0, 5)],
      memberId: [...h.group().members.keys()][0],
      generationIdOrMemberEpoch: 1,
    });
    assert.deepEqual(await expiresIn(h, RETENTION), [offsetTombstone("u")]);
    await h.advance(10 * RETENTION);
    assert.deepEqual(h.timed, []);
    assert.equal(h.group().state, "Stable");
  });

  it("never while members are others than consumers, say it in a way of their own, or rebalance", async () => {
    for (const [protocolType, metadata] of [["connect", subscriptionTo("t")], ["consumer", Uint8Array.of(1)]] as const) {
      const h = setUp();
      await h.commit({ topics: [commitTo("u", 0, 5)] });
      await stable(h, protocolType, metadata);
      await h.advance(2 * RETENTION);
      assert.deepEqual(h.timed, []);
    }
    const h = setUp();
    await h.commit({ topics: [commitTo("u", 0, 5)] });
    await h.join({
      protocols: [{ name: "range", metadata: subscriptionTo("t") }],
      sessionTimeoutMs: 1_800_000,
      rebalanceTimeoutMs: 1_800_000,
    }, 3);
    assert.equal(h.group().state, "CompletingRebalance");
    await h.advance(2 * RETENTION);
    assert.deepEqual(h.timed, []);
  });

  it("when the client said so, in versions 2 to 4", async () => {
    const h = setUp();
    await h.commit({ topics: [commitTo("t", 0, 5)], retentionTimeMs: 3_000 }, 4);
    await h.commit({ topics: [commitTo("u", 0, 5)], retentionTimeMs: 2 * RETENTION }, 4);
    assert.deepEqual(await expiresIn(h, 3_000), [offsetTombstone("t")]);
    assert.deepEqual(await expiresIn(h, 2 * RETENTION - 3_000), [offsetTombstone("u"), groupTombstone]);
  });

  it("from their commit where an old record does not say since when the group is empty", async () => {
    const h = setUp();
    const memberId = await stable(h);
    await h.leave([{ memberId }]);
    await h.commit({ topics: [commitTo("t", 0, 5)] });
    const value = { ...h.group().committed!, currentStateTimestamp: -1 };
    h.stored.push({ ...groupRecordCodec.encode({ type: "GroupMetadata", key: { group: "g" }, value }), producerId: -1 });
    await h.restart();
    await h.advance(10_000);
    await h.commit({ topics: [commitTo("t", 0, 6)] });
    assert.deepEqual(await expiresIn(h, RETENTION), [offsetTombstone("t"), groupTombstone]);
  });

  it("a batch at a time", async () => {
    const h = setUp({ maxBatchBytes: 300 });
    for (let partition = 0; partition < 5; partition++) await h.commit({ topics: [commitTo("t", partition, 5)] });
    await h.advance(RETENTION);
    assert.deepEqual(h.timed, [...[0, 1, 2, 3, 4].map((partition) => offsetTombstone("t", partition)), groupTombstone]);
    assert.deepEqual(h.logger.events.flatMap(({ facts }) => facts.tombstones ?? []), [2, 2, 2]);
  });

  it("and a group without members or offsets is gone with the next look", async () => {
    const h = setUp();
    const memberId = await stable(h);
    await h.leave([{ memberId }]);
    await h.advance(1_000);
    assert.deepEqual(h.timed, [groupTombstone]);
    assert.equal(h.shard.groups.size, 0);
  });
});
