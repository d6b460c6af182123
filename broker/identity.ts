import type { Disk, Random } from "../platform/mod.ts";
import { checksumText, readText, replaceText, StorageStartError } from "../storage/mod.ts";
import { ZERO_UUID } from "../protocol/mod.ts";
import { newUuid } from "./metadata/service.ts";

/** Kafka's file for it, in Kafka's form, so that Kafka's tools know the directory. Kafka: `MetaProperties`. */
export const IDENTITY_FILE = "meta.properties";

/** What the file says, under a line that to Kafka is a comment: the CRC-32C of the others. */
export interface Identity {
  readonly clusterId: string;
  /** The id of the node, the first if there are several, that writes there; null where a directory of another origin has none. */
  readonly nodeId: number | null;
  /** The id of the data directory; zero where a directory of another origin has none. */
  readonly directoryId: string;
  /** Kafka writes no checksum. */
  readonly hasChecksum: boolean;
}

/** The identity in the text of a `meta.properties`, or null where it is damaged. */
export function decodeIdentity(text: string): Identity | null {
  const [, , checksum = null, rest] = /^(#crc32c=([0-9a-f]{8})\n)?([^]*)$/.exec(text)!;
  const clusterId = rest.match(/^cluster\.id=(.+)$/m)?.[1];
  if (clusterId === undefined || (checksum !== null && checksum !== checksumText(rest))) return null;
  const nodeId = rest.match(/^node\.id=(\d+)$/m)?.[1];
  return {
    clusterId,
    nodeId: nodeId === undefined ? null : Number(nodeId),
    directoryId: rest.match(/^directory\.id=(.+)$/m)?.[1] ?? ZERO_UUID,
    hasChecksum: checksum !== null,
  };
}

/** Answers whose a data directory is; gives it a cluster id and an id of its own, and to the node `nodeId`, when it is new. Throws {@link StorageStartError} for a damaged one. */
export async function identityOf(disk: Disk, directory: string, nodeId: number, random: Random): Promise<Identity> {
  const text = readText(disk, `${directory}/${IDENTITY_FILE}`);
  if (text !== null) {
    const identity = decodeIdentity(text);
    if (identity === null) {
      throw new StorageStartError(`The file ${directory}/${IDENTITY_FILE} is damaged: whose data these are is not known.`);
    }
    return identity;
  }
  const [clusterId, directoryId] = [newUuid(random), newUuid(random)];
  const rest = `version=1\ncluster.id=${clusterId}\nnode.id=${nodeId}\ndirectory.id=${directoryId}\n`;
  await replaceText(disk, directory, IDENTITY_FILE, `#crc32c=${checksumText(rest)}\n${rest}`);
  return { clusterId, nodeId, directoryId, hasChecksum: true };
}
