import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ErrorCode } from "../../../protocol/errors.ts";
import { commitTo, GroupHarness, subscriptionTo } from "../testing/group_harness.ts";
import type { GroupRecord } from "./records.ts";

const offsetTombstone = (topic: string, partition: number): GroupRecord => ({
  type: "OffsetCommit",
  key: { group: "g", topic, partition },
  value: null,
});
const groupTombstone: GroupRecord = { type: "GroupMetadata", key: { group: "g" }, value: null };
const deleteTopic = (name: string) => [{ name, partitions: [{ partitionIndex: 0 }] }];

async function stable(h: GroupHarness, protocolType: string, metadata: Uint8Array): Promise<string> {
  const { response } = await h.join({ protocolType, protocols: [{ name: "range", metadata }] }, 3);
  await h.sync({ memberId: response!.memberId, generationId: response!.generationId, protocolType });
  return response!.memberId;
}

describe("DeleteGroups", () => {
  it("forgets offsets and group, once the group is empty", async () => {
    const h = new GroupHarness();
    await h.commit({ topics: [commitTo("t", 0, 5), commitTo("u", 1, 6)] });
    const memberId = await stable(h, "consumer", subscriptionTo("t"));
    assert.equal((await h.step((shard) => shard.deleteGroup("g"))).error, ErrorCode.NON_EMPTY_GROUP);
    await h.leave([{ memberId }]);
    const deleted = await h.step((shard) => shard.deleteGroup("g"));
    assert.deepEqual([deleted.response, deleted.records], [true, [offsetTombstone("t", 0), offsetTombstone("u", 1), groupTombstone]]);
    assert.equal((await h.step((shard) => shard.deleteGroup("g"))).error, ErrorCode.GROUP_ID_NOT_FOUND);
    assert.equal((await h.join({ memberId })).response?.errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it("takes a batch at a time", async () => {
    const h = new GroupHarness({ maxBatchBytes: 300 });
    for (let i = 0; i < 3; i++) await h.commit({ topics: [commitTo("t", i, 5)] });
    const first = await h.step((shard) => shard.deleteGroup("g"));
    assert.deepEqual([first.response, first.records], [false, [offsetTombstone("t", 0), offsetTombstone("t", 1)]]);
    const last = await h.step((shard) => shard.deleteGroup("g"));
    assert.deepEqual([last.response, last.records], [true, [offsetTombstone("t", 2), groupTombstone]]);
  });

  it("ends the wait for a member that was given its id", async () => {
    const h = new GroupHarness();
    const { response } = await h.join();
    assert.equal((await h.step((shard) => shard.deleteGroup("g"))).response, true);
    assert.equal((await h.join({ memberId: response!.memberId })).response?.errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
    await h.advance(60_000);
    assert.deepEqual(h.timed, []);
  });
});

describe("OffsetDelete", () => {
  it("spares topics that a consumer subscribes to, also after a restart", async () => {
    const h = new GroupHarness();
    await h.commit({ topics: [commitTo("t", 0, 5), commitTo("u", 0, 6)] });
    await stable(h, "consumer", subscriptionTo("t"));
    for (const restarted of [false, true]) {
      if (restarted) await h.restart();
      const spared = await h.step((shard) => shard.deleteOffsets("g", deleteTopic("t")));
      assert.deepEqual(spared.response?.[0].partitions, [{ partitionIndex: 0, errorCode: ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC }]);
      assert.deepEqual(spared.records, []);
    }
    const deleted = await h.step((shard) => shard.deleteOffsets("g", deleteTopic("u")));
    assert.deepEqual(deleted.response?.[0].partitions, [{ partitionIndex: 0, errorCode: ErrorCode.NONE }]);
    assert.deepEqual(deleted.records, [offsetTombstone("u", 0)]);
  });

  it("leaves a group without offsets, which is gone when it is next looked at", async () => {
    const h = new GroupHarness();
    await h.commit({ topics: [commitTo("t", 0, 5)] });
    await h.step((shard) => shard.deleteOffsets("g", deleteTopic("t")));
    await h.restart();
    assert.deepEqual(h.shard.list([], []), [{ groupId: "g", protocolType: "", groupState: "Empty", groupType: "classic" }]);
    await h.advance(h.settings.offsetsRetentionCheckIntervalMs);
    assert.deepEqual([h.timed, h.shard.list([], [])], [[groupTombstone], []]);
  });

  it("assumes that consumers read everything when they say it in a way of their own", async () => {
    const h = new GroupHarness();
    await h.commit({ topics: [commitTo("t", 0, 5)] });
    await stable(h, "consumer", Uint8Array.of(1, 2, 3));
    const { response } = await h.step((shard) => shard.deleteOffsets("g", deleteTopic("t")));
    assert.equal(response?.[0].partitions[0].errorCode, ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC);
  });

  it("is refused while others than consumers are members, and when the batch would be too large", async () => {
    const h = new GroupHarness({ maxBatchBytes: 2_000 });
    await h.commit({ topics: [commitTo("t", 0, 5)] });
    const memberId = await stable(h, "connect", Uint8Array.of(1));
    assert.equal((await h.step((shard) => shard.deleteOffsets("g", deleteTopic("t")))).error, ErrorCode.NON_EMPTY_GROUP);
    await h.leave([{ memberId }]);
    const many = Array.from({ length: 100 }, () => deleteTopic("t")[0]);
    assert.equal((await h.step((shard) => shard.deleteOffsets("g", many))).error, ErrorCode.UNKNOWN_SERVER_ERROR);
    assert.deepEqual((await h.step((shard) => shard.deleteOffsets("g", deleteTopic("t")))).records, [offsetTombstone("t", 0)]);
  });
});
