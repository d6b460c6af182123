import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settleThrough } from "../platform/mod.ts";
import { ErrorCode, ZERO_UUID } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { Fetch } from "../protocol/generated/01_fetch.ts";
import { ListOffsets } from "../protocol/generated/02_list_offsets.ts";
import { OffsetCommit } from "../protocol/generated/08_offset_commit.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { OffsetForLeaderEpoch } from "../protocol/generated/23_offset_for_leader_epoch.ts";
import { batches } from "../protocol/records/mod.ts";
import { batchOf, fetchFrom, offsetOf, produceTo } from "./testing/requests.ts";
import type { WireClient } from "./testing/wire_client.ts";
import { BrokerWorld } from "./testing/world.ts";

const decoder = new TextDecoder();

async function within<T>(world: BrokerWorld, outcome: Promise<T>): Promise<T> {
  await settleThrough(world.platform.clock, 10);
  return await outcome;
}

async function outcomeOf(world: BrokerWorld, client: WireClient, value: string, acks: number): Promise<number> {
  const { responses } = await within(world, client.call(Produce, 9, produceTo("t", 0, batchOf([value]), acks)));
  return responses[0].partitionResponses[0].errorCode;
}

async function valuesIn(world: BrokerWorld, client: WireClient): Promise<string[]> {
  const { responses } = await within(world, client.call(Fetch, 12, fetchFrom("t", 0, 0)));
  const records = responses[0].partitions[0].records as Uint8Array;
  return [...batches(records)].flatMap((batch) => [...batch.records()]).map(({ value }) => decoder.decode(value!));
}

describe("durability power", () => {
  it("refuses acks=all after a failed sync, shows consumers nothing of it, and takes no more writes", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 1 } } });
    const client = await world.connect();
    assert.equal(await outcomeOf(world, client, "kept", -1), ErrorCode.NONE);
    world.platform.disk.failNext("sync", "EIO");
    assert.equal(await outcomeOf(world, client, "lost", -1), ErrorCode.KAFKA_STORAGE_ERROR);
    assert.deepEqual(await valuesIn(world, client), ["kept"]);
    assert.equal(await outcomeOf(world, client, "late", 1), ErrorCode.KAFKA_STORAGE_ERROR);
  });

  it("answers acks=1 after the write; the record becomes visible when it is durable", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 1 } } });
    const client = await world.connect();
    assert.equal(await outcomeOf(world, client, "kept", -1), ErrorCode.NONE);
    world.platform.disk.failNext("sync", "EIO");
    assert.equal(await outcomeOf(world, client, "never", 1), ErrorCode.NONE);
    assert.deepEqual(await valuesIn(world, client), ["kept"]);
    await world.restart("power cut");
    const next = await world.connect();
    assert.equal(await outcomeOf(world, next, "more", 1), ErrorCode.NONE);
    assert.equal((await valuesIn(world, next)).at(-1), "more");
  });
});

describe("durability process", () => {
  it("may keep a commit and lose what was committed, and tells whoever asks by the commit's epoch where the log ends", async () => {
    let above = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const world = await BrokerWorld.start(seed, { durability: "process", topics: { t: { partitions: 1 } } });
      const client = await world.connect();
      await within(world, client.call(FindCoordinator, 3, { key: "g", keyType: 0, coordinatorKeys: [] }));
      // The checkpoint of every minute has the directory of `__consumer_offsets` on the disk before.
      await commit(world, client, 0);
      await settleThrough(world.platform.clock, 61_000);
      assert.equal(await outcomeOf(world, client, "read", -1), ErrorCode.NONE);
      await commit(world, client, 1);
      await world.restart("power cut");
      const next = await world.connect();
      const end = await endOf(world, next);
      if (await committedIn(world, next) > end) above++;
      // Other records take the offsets; the epoch of the lost ones ended before.
      assert.equal(await outcomeOf(world, next, "another", -1), ErrorCode.NONE);
      assert.equal(await endOfEpoch(world, next, 0), end);
    }
    assert.ok(above > 0);
  });
});

async function commit(world: BrokerWorld, client: WireClient, committedOffset: number): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset, committedLeaderEpoch: 0, committedMetadata: "" }];
  const topics = [{ name: "t", topicId: ZERO_UUID, partitions }];
  const who = { groupId: "g", generationIdOrMemberEpoch: -1, memberId: "", groupInstanceId: null, retentionTimeMs: -1 };
  const answer = await within(world, client.call(OffsetCommit, 7, { ...who, topics }));
  assert.equal(answer.topics[0].partitions[0].errorCode, ErrorCode.NONE);
}

async function committedIn(world: BrokerWorld, client: WireClient): Promise<number> {
  const topics = [{ name: "t", partitionIndexes: [0] }];
  const answer = await within(world, client.call(OffsetFetch, 7, { groupId: "g", topics, groups: [], requireStable: false }));
  assert.equal(answer.errorCode, ErrorCode.NONE);
  return answer.topics[0].partitions[0].committedOffset;
}

async function endOf(world: BrokerWorld, client: WireClient): Promise<number> {
  const { topics } = await within(world, client.call(ListOffsets, 5, offsetOf("t", 0, -1n)));
  return topics[0].partitions[0].offset;
}

async function endOfEpoch(world: BrokerWorld, client: WireClient, leaderEpoch: number): Promise<number> {
  const partitions = [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch }];
  const { topics } = await within(world, client.call(OffsetForLeaderEpoch, 4, { replicaId: -1, topics: [{ topic: "t", partitions }] }));
  return topics[0].partitions[0].endOffset;
}
