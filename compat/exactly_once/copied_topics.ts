/** The two topics of the copiers: the input is filled here, and both are looked at. */

import { batchOf, produceTo } from "../../broker/testing/requests.ts";
import type { WireClient } from "../../broker/testing/wire_client.ts";
import { errorName } from "../../protocol/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { OffsetFetch } from "../../protocol/generated/09_offset_fetch.ts";
import { LeaveGroup } from "../../protocol/generated/13_leave_group.ts";
import { DescribeGroups } from "../../protocol/generated/15_describe_groups.ts";
import { consoleRead } from "../clients/console.ts";
import { createTopic, endOffsets } from "../wire.ts";
import { GROUP, INPUT, OUTPUT } from "./copiers.ts";

const PARTITIONS = 6;
/** So many records of each partition at least are to be copied after {@link fill}. */
const BACKLOG = 300;
const BATCH = 100;
const END = "end";

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

/** How many records there are to copy. */
export async function countInput(client: WireClient): Promise<number> {
  return (await endOffsets(client, INPUT, PARTITIONS)).reduce((sum, end) => sum + end, 0);
}

/** Takes every member out of the group, as `removeMembersFromConsumerGroup` of Kafka's Admin does: those that live come back, and nobody waits for the others. */
export async function expelMembers(client: WireClient): Promise<void> {
  const { groups: [{ members }] } = await client.call(DescribeGroups, 5, { groups: [GROUP], includeAuthorizedOperations: false });
  const leaving = members.map(({ memberId }) => ({ memberId, groupInstanceId: null, reason: "expelled" }));
  await client.call(LeaveGroup, 5, { groupId: GROUP, memberId: "", members: leaving });
}

/**
 * Reads the output with Java's consumer, `read_committed`, and answers how many copies there are. Throws when a partition does not hold what the input's
 * holds, each record once, in order. Nothing more may be copied by now.
 */
export async function checkCopies(bootstrap: string, client: WireClient): Promise<number> {
  const ends = await endOffsets(client, INPUT, PARTITIONS);
  // The consumer comes to these marks only when every transaction before them has ended; and with a copy too many it does not come to the last one.
  for (let partition = 0; partition < PARTITIONS; partition++) await write(client, OUTPUT, partition, [END]);
  const count = ends.reduce((sum, end) => sum + end, 0);
  const found: string[][] = ends.map(() => []);
  for (const line of await consoleRead(bootstrap, OUTPUT, count + PARTITIONS, "read_committed")) {
    const [partition, , , , value] = line.split("\t");
    found[Number(partition)].push(new TextDecoder().decode(Uint8Array.fromHex(value)));
  }
  const problems = ends.flatMap((end, partition) => {
    const expected = [...Array.from({ length: end }, (_, offset) => String(offset)), END];
    const at = expected.findIndex((value, i) => value !== found[partition][i]);
    if (at === -1 && found[partition].length === expected.length) return [];
    const around = found[partition].slice(Math.max(0, at - 3), at + 10);
    return [`partition ${partition}: of ${end} records copy ${at} is not the next: … ${around.join(" ")} …`];
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return count;
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
