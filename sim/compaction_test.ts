import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settle, settleThrough } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/mod.ts";
import { OffsetCommit } from "../protocol/generated/08_offset_commit.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { CreateTopics } from "../protocol/generated/19_create_topics.ts";
import { DeleteGroups } from "../protocol/generated/42_delete_groups.ts";
import type { WireClient } from "../broker/testing/wire_client.ts";
import { BrokerWorld } from "../broker/testing/world.ts";

const OFFSETS = "data/__consumer_offsets-0";
const GROUPS = ["a", "b", "c", "gone"];
const COMMITS = 600;
/** So that a segment, a mebibyte at least, is full after some hundred commits. */
const METADATA = "m".repeat(4_000);

async function commit(client: WireClient, groupId: string, offset: number): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: METADATA }];
  const topics = [{ name: "t", topicId: "", partitions }];
  const member = { generationIdOrMemberEpoch: -1, memberId: "", groupInstanceId: null, retentionTimeMs: -1 };
  const answer = await client.call(OffsetCommit, 9, { groupId, ...member, topics });
  assert.equal(answer.topics[0].partitions[0].errorCode, ErrorCode.NONE);
}

async function committed(client: WireClient): Promise<(number | undefined)[]> {
  const wanted = GROUPS.map((groupId) => ({ groupId, memberId: null, memberEpoch: -1, topics: null }));
  const { groups } = await client.call(OffsetFetch, 9, { groupId: "", topics: [], groups: wanted, requireStable: false });
  return groups.map(({ topics }) => topics.at(0)?.partitions[0].committedOffset);
}

function bytesOfOffsets({ platform: { disk } }: BrokerWorld): number {
  const logs = disk.list(OFFSETS).filter((name) => name.endsWith(".log"));
  return logs.reduce((sum, name) => sum + disk.stat(`${OFFSETS}/${name}`)!.size, 0);
}

describe("__consumer_offsets", () => {
  it("is compacted: commits that were replaced go, groups that were deleted stay deleted, all others are there after a kill", async () => {
    const properties = {
      "offsets.topic.segment.bytes": 1 << 20,
      "log.cleaner.backoff.ms": 1_000,
      "log.cleaner.delete.retention.ms": 5_000,
    };
    const world = await BrokerWorld.start(1, { properties });
    const client = await world.connect();
    const topic = { name: "t", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    await client.call(CreateTopics, 7, { topics: [topic], timeoutMs: 10_000, validateOnly: false });
    await client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: GROUPS });
    for (let offset = 0; offset < COMMITS; offset++) await commit(client, GROUPS[offset % GROUPS.length], offset);
    const deleted = await client.call(DeleteGroups, 2, { groupsNames: ["gone"] });
    assert.equal(deleted.results[0].errorCode, ErrorCode.NONE);
    for (let offset = 0; offset < COMMITS; offset++) await commit(client, GROUPS[offset % 3], COMMITS + offset);
    const newest = [2 * COMMITS - 3, 2 * COMMITS - 2, 2 * COMMITS - 1, undefined];
    assert.deepEqual(await committed(client), newest);
    const before = bytesOfOffsets(world);
    await settleThrough(world.platform.clock, 20_000);
    // Compaction works in slices, each a turn of the event loop, for which no time passes.
    for (let turns = 0; turns < 10_000 && bytesOfOffsets(world) >= before / 2; turns++) await settle();
    assert.ok(bytesOfOffsets(world) < before / 2, `${bytesOfOffsets(world)} of ${before} bytes`);
    assert.deepEqual(await committed(client), newest);
    for (const how of ["kill", "power cut"] as const) {
      await world.restart(how);
      assert.deepEqual(await committed(await world.connect()), newest);
    }
  });
});
