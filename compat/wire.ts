/** A client of our own codecs, for what needs no foreign eyes. */

import { WireClient } from "../broker/testing/wire_client.ts";
import { denoPlatform } from "../platform/deno/mod.ts";
import { CreateTopics, errorName, ListOffsets } from "../protocol/mod.ts";

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
