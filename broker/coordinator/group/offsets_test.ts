import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ErrorCode, errorName } from "../../../protocol/errors.ts";
import { ZERO_UUID } from "../../../protocol/mod.ts";
import { commitTo, GroupHarness } from "../testing/group_harness.ts";

const fetched = (partitionIndex: number, committedOffset: number, metadata = "") => ({
  partitionIndex,
  committedOffset,
  committedLeaderEpoch: committedOffset === -1 ? -1 : 3,
  metadata,
  errorCode: 0,
});

async function member(h: GroupHarness): Promise<string> {
  const { response } = await h.join({}, 3);
  await h.sync({ memberId: response!.memberId, generationId: 1 });
  return response!.memberId;
}

describe("OffsetCommit and OffsetFetch", () => {
  it("store and read, without a group of members", async () => {
    const h = new GroupHarness();
    const { response, records } = await h.commit({ topics: [commitTo("t", 0, 5, "note"), commitTo("u", 2, 7)] });
    assert.deepEqual(response?.map(({ partitions }) => partitions), [
      [{ partitionIndex: 0, errorCode: 0 }],
      [{ partitionIndex: 2, errorCode: 0 }],
    ]);
    const value = { offset: 5, leaderEpoch: 3, metadata: "note", commitTimestamp: h.clock.now(), expireTimestamp: -1, topicId: ZERO_UUID };
    assert.deepEqual(records[0], { type: "OffsetCommit", key: { group: "g", topic: "t", partition: 0 }, value });
    await h.restart();
    assert.deepEqual(h.shard.fetch("g", [{ name: "t", topicId: ZERO_UUID, partitionIndexes: [0, 1] }])[0].partitions, [
      fetched(0, 5, "note"),
      fetched(1, -1),
    ]);
    assert.deepEqual(h.shard.fetch("g", null).map(({ name, partitions }) => [name, partitions]), [
      ["t", [fetched(0, 5, "note")]],
      ["u", [fetched(2, 7)]],
    ]);
    assert.deepEqual(h.shard.fetch("other", null), []);
  });

  it("keep the retention that versions 2 to 4 may ask for", async () => {
    const h = new GroupHarness();
    const { records } = await h.commit({ retentionTimeMs: 1_000 }, 4);
    assert.equal(records[0].type === "OffsetCommit" && records[0].value?.expireTimestamp, h.clock.now() + 1_000);
    const forever = await h.commit({ retentionTimeMs: Number.MAX_SAFE_INTEGER }, 4);
    assert.equal(forever.records[0].type === "OffsetCommit" && forever.records[0].value?.expireTimestamp, Number.MAX_SAFE_INTEGER);
  });

  it("accept members of the current generation and keep their session alive", async () => {
    const h = new GroupHarness();
    const memberId = await member(h);
    for (let i = 0; i < 3; i++) {
      await h.advance(9_999);
      assert.equal((await h.commit({ memberId, generationIdOrMemberEpoch: 1 })).error, null);
    }
    assert.equal((await h.commit({ memberId, generationIdOrMemberEpoch: 0 })).error, ErrorCode.ILLEGAL_GENERATION);
    assert.equal((await h.commit({ memberId: "x", generationIdOrMemberEpoch: 1 })).error, ErrorCode.UNKNOWN_MEMBER_ID);
    assert.equal((await h.commit()).error, ErrorCode.UNKNOWN_MEMBER_ID, "not from outside while there are members");
    await h.leave([{ memberId }]);
    assert.equal((await h.commit()).error, null);
  });

  it("refuse commits while an assignment is being made, accept them while members rejoin", async () => {
    const h = new GroupHarness();
    const { response } = await h.join({}, 3);
    const memberId = response!.memberId;
    assert.equal((await h.commit({ memberId, generationIdOrMemberEpoch: 1 })).error, ErrorCode.REBALANCE_IN_PROGRESS);
    await h.sync({ memberId, generationId: 1 });
    await h.join({}, 3);
    assert.equal(h.group().state, "PreparingRebalance");
    assert.equal((await h.commit({ memberId, generationIdOrMemberEpoch: 1 })).error, null);
  });

  it("refuse a generation of a group that does not exist, by version", async () => {
    const h = new GroupHarness();
    assert.equal((await h.commit({ memberId: "x", generationIdOrMemberEpoch: 1 }, 9)).error, ErrorCode.GROUP_ID_NOT_FOUND);
    assert.equal((await h.commit({ memberId: "x", generationIdOrMemberEpoch: 1 }, 8)).error, ErrorCode.ILLEGAL_GENERATION);
  });

  it("fence static members by their instance id", async () => {
    const h = new GroupHarness();
    const { response } = await h.join({ groupInstanceId: "one" });
    await h.sync({ memberId: response!.memberId, generationId: 1 });
    const old = { memberId: response!.memberId, groupInstanceId: "one", generationIdOrMemberEpoch: 1 };
    assert.equal((await h.commit(old)).error, null);
    await h.join({ groupInstanceId: "one" });
    assert.equal((await h.commit(old)).error, ErrorCode.FENCED_INSTANCE_ID);
  });

  it("limit what is stored with an offset, and what is stored at once", async () => {
    const h = new GroupHarness({ offsetMetadataMaxBytes: 10, maxBatchBytes: 1_000 });
    const { response, records } = await h.commit({ topics: [commitTo("t", 0, 1, "x".repeat(11)), commitTo("t", 1, 1, "x".repeat(10))] });
    assert.deepEqual(response?.map(({ partitions }) => partitions[0].errorCode), [ErrorCode.OFFSET_METADATA_TOO_LARGE, 0]);
    assert.equal(records.length, 1);
    const many = Array.from({ length: 50 }, (_, partition) => commitTo("t", partition, 1));
    assert.equal((await h.commit({ topics: many })).error, ErrorCode.UNKNOWN_SERVER_ERROR);
  });

  it("know a topic from another one of the same name, when both ids are known", async () => {
    const h = new GroupHarness();
    const [one, two] = ["AAAAAAAAAAAAAAAAAAAAAQ", "AAAAAAAAAAAAAAAAAAAAAg"];
    await h.step((shard) =>
      shard.commit({ apiVersion: 10, clientId: "", clientHost: "" }, {
        groupId: "g",
        generationIdOrMemberEpoch: -1,
        memberId: "",
        groupInstanceId: null,
        retentionTimeMs: -1,
        topics: [{ ...commitTo("t", 0, 5), topicId: one }],
      })
    );
    const at = (topicId: string) => h.shard.fetch("g", [{ name: "t", topicId, partitionIndexes: [0] }])[0].partitions[0].committedOffset;
    assert.deepEqual([at(one), at(two), at(ZERO_UUID)], [5, -1, 5]);
  });

  it("forget topics that are deleted", async () => {
    const h = new GroupHarness();
    await h.commit({ topics: [commitTo("t", 0, 5), commitTo("u", 0, 6)] });
    const { records } = await h.step((shard) => shard.forgetTopics(new Set(["t"])));
    assert.deepEqual(records, [{ type: "OffsetCommit", key: { group: "g", topic: "t", partition: 0 }, value: null }]);
    assert.deepEqual(h.shard.fetch("g", null).map(({ name }) => name), ["u"]);
    await h.step((shard) => shard.forgetTopics(new Set(["u"])));
    assert.deepEqual(h.shard.fetch("g", null), []);
  });

  it("forget no more at once than the log takes", async () => {
    const h = new GroupHarness({ maxBatchBytes: 300 });
    for (let partition = 0; partition < 5; partition++) await h.commit({ topics: [commitTo("t", partition, 5)] });
    const forget = async () => (await h.step((shard) => shard.forgetTopics(new Set(["t"])))).records.length;
    assert.deepEqual([await forget(), await forget(), await forget(), await forget()], [2, 2, 1, 0]);
  });
});

describe("TxnOffsetCommit", () => {
  const read = (h: GroupHarness, requireStable = false): (string | number)[] =>
    h.shard.fetch("g", [{ name: "t", topicId: ZERO_UUID, partitionIndexes: [0] }], requireStable)[0].partitions.map((partition) =>
      partition.errorCode === 0 ? partition.committedOffset : errorName(partition.errorCode)
    );

  it("counts when its transaction is committed, and is unstable until then to those who ask", async () => {
    const h = new GroupHarness();
    await h.commit({ topics: [commitTo("t", 0, 1)] });
    const { response, records } = await h.commitTransactional(7, { topics: [commitTo("t", 0, 5, "note"), commitTo("u", 2, 7)] });
    assert.deepEqual(response?.map(({ name, partitions }) => [name, partitions]), [
      ["t", [{ partitionIndex: 0, errorCode: 0 }]],
      ["u", [{ partitionIndex: 2, errorCode: 0 }]],
    ]);
    const value = { offset: 5, leaderEpoch: 3, metadata: "note", commitTimestamp: h.clock.now(), expireTimestamp: -1, topicId: ZERO_UUID };
    assert.deepEqual(records[0], { type: "OffsetCommit", key: { group: "g", topic: "t", partition: 0 }, value });
    await h.restart();
    assert.deepEqual([read(h), read(h, true)], [[1], ["UNSTABLE_OFFSET_COMMIT"]]);
    assert.deepEqual(h.shard.fetch("g", null, true), [
      { name: "t", topicId: ZERO_UUID, partitions: [{ ...fetched(0, -1), errorCode: ErrorCode.UNSTABLE_OFFSET_COMMIT }] },
    ]);
    h.end(8, "commit");
    assert.deepEqual(read(h, true), ["UNSTABLE_OFFSET_COMMIT"]);
    h.end(7, "commit");
    assert.deepEqual([read(h), read(h, true)], [[5], [5]]);
  });

  it("never counts when its transaction is aborted, nor after a tombstone", async () => {
    const h = new GroupHarness();
    await h.commitTransactional(7);
    h.end(7, "abort");
    assert.deepEqual(read(h, true), [-1]);
    await h.commitTransactional(7);
    const deleted = await h.step((shard) => shard.deleteOffsets("g", [{ name: "t", partitions: [{ partitionIndex: 0 }] }]));
    assert.equal(deleted.records.length, 1);
    h.end(7, "commit");
    assert.deepEqual(read(h, true), [-1]);
  });

  it("does not go behind what was committed after it, whenever it ends", async () => {
    const h = new GroupHarness();
    await h.commitTransactional(7, { topics: [commitTo("t", 0, 5)] });
    await h.commitTransactional(8, { topics: [commitTo("t", 0, 6)] });
    h.end(8, "commit");
    h.end(7, "commit");
    assert.deepEqual(read(h), [6]);
    await h.commitTransactional(7, { topics: [commitTo("t", 0, 7)] });
    await h.commit({ topics: [commitTo("t", 0, 8)] });
    h.end(7, "commit");
    assert.deepEqual(read(h), [8]);
  });

  it("is fenced by member, generation and instance, but not while a rebalance is completed, and not by who names none", async () => {
    const h = new GroupHarness();
    const { response } = await h.join({}, 3);
    const memberId = response!.memberId;
    const codes = [];
    for (
      const fields of [
        { memberId, generationId: 1 },
        { memberId, generationId: 0 },
        { memberId: "x", generationId: 1 },
        { memberId, generationId: -1 },
        { memberId, generationId: 1, groupInstanceId: "i" },
        { generationId: -1 },
        { groupId: "other", generationId: 1 },
        { groupId: "other", generationId: -1 },
      ]
    ) codes.push(errorName((await h.commitTransactional(7, fields)).error ?? 0));
    assert.equal(h.group().state, "CompletingRebalance");
    assert.deepEqual(codes, [
      "NONE",
      "ILLEGAL_GENERATION",
      "UNKNOWN_MEMBER_ID",
      "ILLEGAL_GENERATION",
      "UNKNOWN_MEMBER_ID",
      "NONE",
      "ILLEGAL_GENERATION",
      "NONE",
    ]);
  });

  it("keeps its group and what was committed before from expiring, and is deleted with the group", async () => {
    const h = new GroupHarness({ offsetsRetentionMs: 1_000 });
    await h.commit({ topics: [commitTo("t", 0, 1), commitTo("t", 1, 1)] });
    await h.commitTransactional(7);
    await h.advance(h.settings.offsetsRetentionCheckIntervalMs);
    assert.deepEqual(h.timed.map(({ key }) => key), [{ group: "g", topic: "t", partition: 1 }]);
    const { records } = await h.step((shard) => shard.deleteGroup("g"));
    assert.deepEqual(records.map(({ key }) => key), [{ group: "g", topic: "t", partition: 0 }, { group: "g" }]);
    h.end(7, "commit");
    assert.deepEqual(read(h), [-1]);
  });

  it("is forgotten with its topic", async () => {
    const h = new GroupHarness();
    await h.commitTransactional(7);
    const { records } = await h.step((shard) => shard.forgetTopics(new Set(["t"])));
    assert.deepEqual(records, [{ type: "OffsetCommit", key: { group: "g", topic: "t", partition: 0 }, value: null }]);
    h.end(7, "commit");
    assert.deepEqual(read(h), [-1]);
  });
});
