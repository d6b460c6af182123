/** The two topics of the copiers, and their group. */

import { batchOf, produceTo } from "../../broker/testing/requests.ts";
import type { WireClient } from "../../broker/testing/wire_client.ts";
import { errorName } from "../../protocol/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { OffsetFetch } from "../../protocol/generated/09_offset_fetch.ts";
import { LeaveGroup } from "../../protocol/generated/13_leave_group.ts";
import { DescribeGroups } from "../../protocol/generated/15_describe_groups.ts";
import { createTopic, endOffsets } from "../wire.ts";
import { GROUP, INPUT, OUTPUT } from "./copiers.ts";
import { MARK } from "./output.ts";

const PARTITIONS = 6;
/** So many records of each partition at least are to be copied after {@link fill}. */
const BACKLOG = 300;
const BATCH = 100;

export async function makeTopics(client: WireClient): Promise<void> {
  await createTopic(client, INPUT, PARTITIONS);
  await createTopic(client, OUTPUT, PARTITIONS);
}

/** Writes to the input: each record says at which offset it is. */
export async function fill(client: WireClient): Promise<void> {
  const ends = await endOffsets(client, INPUT, PARTITIONS);
  const copied = await committed(client) ?? [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    while (ends[partition] - (copied[partition] ?? 0) < BACKLOG) {
      await write(client, INPUT, partition, Array.from({ length: BATCH }, (_, i) => String(ends[partition] + i)));
      ends[partition] += BATCH;
    }
  }
}

/** How many records are copied for good, of all partitions; undefined: the broker cannot tell yet. */
export async function countCopied(client: WireClient): Promise<number | undefined> {
  return (await committed(client))?.reduce((sum, offset) => sum + offset, 0);
}

/** How many records there are to copy, by partition. */
export async function countInput(client: WireClient): Promise<number[]> {
  return await endOffsets(client, INPUT, PARTITIONS);
}

/** Ends each partition of the output with {@link MARK}, which belongs to no transaction. */
export async function markOutput(client: WireClient): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition++) await write(client, OUTPUT, partition, [MARK]);
}

/** Takes every member out of the group, as `removeMembersFromConsumerGroup` of Kafka's Admin does: those that live come back, and nobody waits for the others. */
export async function expelMembers(client: WireClient): Promise<void> {
  const { groups: [{ members }] } = await client.call(DescribeGroups, 5, { groups: [GROUP], includeAuthorizedOperations: false });
  const leaving = members.map(({ memberId }) => ({ memberId, groupInstanceId: null, reason: "expelled" }));
  await client.call(LeaveGroup, 5, { groupId: GROUP, memberId: "", members: leaving });
}

async function committed(client: WireClient): Promise<number[] | undefined> {
  const { errorCode, topics } = await client.call(OffsetFetch, 5, { groupId: GROUP, topics: null, groups: [], requireStable: false });
  if (errorCode !== 0) return undefined;
  const offsets: number[] = new Array(PARTITIONS).fill(0);
  for (const { name, partitions } of topics) {
    if (name === INPUT) { for (const { partitionIndex, committedOffset } of partitions) offsets[partitionIndex] = committedOffset; }
  }
  return offsets;
}

async function write(client: WireClient, topic: string, partition: number, values: readonly string[]): Promise<void> {
  const { responses } = await client.call(Produce, 9, produceTo(topic, partition, batchOf(values, {}, Date.now())));
  const { errorCode } = responses[0].partitionResponses[0];
  if (errorCode !== 0) throw new Error(`${topic}-${partition}: ${errorName(errorCode)}`);
}
