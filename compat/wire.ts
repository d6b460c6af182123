/** A client of our own codecs, for what needs no foreign eyes. */

import { fetchFrom } from "../broker/testing/requests.ts";
import { WireClient } from "../broker/testing/wire_client.ts";
import { denoPlatform } from "../platform/deno/mod.ts";
import { errorName } from "../protocol/mod.ts";
import { Fetch } from "../protocol/generated/01_fetch.ts";
import { ListOffsets } from "../protocol/generated/02_list_offsets.ts";
import { CreateTopics } from "../protocol/generated/19_create_topics.ts";
import { batches } from "../protocol/records/mod.ts";

const { network } = denoPlatform();

export async function connectWire(bootstrap: string): Promise<WireClient> {
  const [hostname, port] = bootstrap.split(":");
  return new WireClient(await network.connect({ hostname, port: Number(port) }), "compat");
}

export async function createTopic(client: WireClient, name: string, partitions: number): Promise<void> {
  const topic = { name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs: [] };
  const { topics: [{ errorCode }] } = await client.call(CreateTopics, 5, { topics: [topic], timeoutMs: 10_000, validateOnly: false });
  if (errorCode !== 0) throw new Error(`topic ${name} was not created: ${errorName(errorCode)}`);
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
