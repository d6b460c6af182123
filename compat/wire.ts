/** A client of our own codecs, for what needs no foreign eyes. */

import { fetchFrom } from "../broker/testing/requests.ts";
import { WireClient } from "../broker/testing/wire_client.ts";
import { denoPlatform } from "../platform/deno/mod.ts";
import { ErrorCode, errorName } from "../protocol/mod.ts";
import { Fetch } from "../protocol/generated/01_fetch.ts";
import { ListOffsets } from "../protocol/generated/02_list_offsets.ts";
import { Metadata } from "../protocol/generated/03_metadata.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { CreateTopics } from "../protocol/generated/19_create_topics.ts";
import { batches } from "../protocol/records/mod.ts";
import { waitUntil } from "./processes.ts";

const SETTLE_MS = 15_000;
const COORDINATOR_MS = 60_000;

const { network } = denoPlatform();

export async function connectWire(bootstrap: string): Promise<WireClient> {
  const [hostname, port] = bootstrap.split(":");
  return new WireClient(await network.connect({ hostname, port: Number(port) }), "compat");
}

export async function createTopic(
  client: WireClient,
  name: string,
  partitions: number,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  const error = await askForTopic(client, name, partitions, config);
  if (error !== "NONE") throw new Error(`topic ${name} was not created: ${error}`);
}

/** Makes a topic, as soon as one of that name has gone that is being deleted, and waits until all its partitions are served. */
export async function makeTopic(
  bootstrap: string,
  name: string,
  partitions: number,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  const client = await connectWire(bootstrap);
  try {
    const error = await waitUntil(`${name} is made`, SETTLE_MS, async () => {
      const error = await askForTopic(client, name, partitions, config);
      return error === "TOPIC_ALREADY_EXISTS" ? undefined : error;
    });
    if (error !== "NONE") throw new Error(`topic ${name} was not created: ${error}`);
    await waitUntil(`${name} is served`, SETTLE_MS, () => endOffsets(client, name, partitions).catch(() => undefined));
  } finally {
    client.close();
  }
}

/** Answers the error's name. */
async function askForTopic(
  client: WireClient,
  name: string,
  partitions: number,
  config: Readonly<Record<string, string>> = {},
): Promise<string> {
  const configs = Object.entries(config).map(([name, value]) => ({ name, value }));
  const topic = { name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs };
  const { topics: [{ errorCode }] } = await client.call(CreateTopics, 5, { topics: [topic], timeoutMs: 10_000, validateOnly: false });
  return errorName(errorCode);
}

/** The id of the broker, which is alone in its cluster. */
export async function brokerId(bootstrap: string): Promise<number> {
  const client = await connectWire(bootstrap);
  const { brokers } = await client.call(Metadata, 5, {
    topics: [],
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  });
  client.close();
  return brokers[0].nodeId;
}

/** Settles once the coordinator of groups answers: Kafka makes and loads its topic of offsets when it is first asked for. */
export async function awaitCoordinator(bootstrap: string): Promise<void> {
  const client = await connectWire(bootstrap);
  try {
    await waitUntil("the coordinator of groups answers", COORDINATOR_MS, async () => {
      const { coordinators: [{ errorCode }] } = await client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["g"] });
      if (errorCode !== ErrorCode.NONE) return undefined;
      const groups = [{ groupId: "g", memberId: null, memberEpoch: -1, topics: null }];
      const answer = await client.call(OffsetFetch, 8, { groupId: "", topics: [], groups, requireStable: false });
      // A broker may say that there is no such group, where Kafka tells of no offsets: it has answered.
      return [ErrorCode.NONE, ErrorCode.GROUP_ID_NOT_FOUND].includes(answer.groups[0].errorCode) || undefined;
    });
  } finally {
    client.close();
  }
}

/** Where each of the topic's partitions ends, for a reader. */
export async function endOffsets(client: WireClient, name: string, partitions: number): Promise<number[]> {
  const LATEST = -1n;
  const asked = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp: LATEST }));
  const request = { replicaId: -1, isolationLevel: 0, topics: [{ name, partitions: asked }], timeoutMs: 10_000 };
  const { topics } = await client.call(ListOffsets, 5, request);
  return topics[0].partitions.map(({ errorCode, offset }) => {
    if (errorCode !== 0) throw new Error(`no end of ${name}: ${errorName(errorCode)}`);
    return offset;
  });
}

/** Reads a partition from offset `from` to its end, which is answered. Throws at a gap, since a log that nobody deletes from has none. */
export async function readPartition(
  client: WireClient,
  topic: string,
  partition: number,
  from: number,
  each: (value: string, offset: number) => void,
): Promise<number> {
  const decoder = new TextDecoder();
  let next = from;
  while (true) {
    const { responses } = await client.call(Fetch, 11, fetchFrom(topic, partition, next));
    const { errorCode, highWatermark, records } = responses[0].partitions[0];
    if (errorCode !== 0) throw new Error(`${topic}-${partition} cannot be read from ${next}: ${errorName(errorCode)}`);
    if (next === highWatermark) return next;
    if (!(records instanceof Uint8Array)) throw new Error(`nothing at ${next} of ${topic}-${partition}, which ends at ${highWatermark}`);
    for (const batch of batches(records)) {
      for (const { offset, value } of batch.records()) {
        if (offset < next) continue;
        if (offset !== next) throw new Error(`${topic}-${partition}: offset ${offset} comes after ${next - 1}`);
        each(decoder.decode(value ?? undefined), offset);
        next++;
      }
    }
  }
}
