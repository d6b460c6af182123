import { checksumText } from "./checksum_text.ts";

export const PARTITION_METADATA_FILE = "partition.metadata";
const ID_LENGTH = 22;

/**
 * Kafka's `PartitionMetadataFile`: which incarnation of a topic a directory belongs to. A third line, over which Kafka reads, has the CRC-32C of the id: with
 * another id the records would be somebody else's.
 */
export function encodePartitionMetadata(topicId: string): string {
  return `version: 0\ntopic_id: ${topicId}\ncrc32c: ${checksumText(topicId)}\n`;
}

/** The topic id, or null if the file is damaged. Kafka's have no third line. */
export function decodePartitionMetadata(text: string): string | null {
  const [, topicId, , checksum = null] = /^version: 0\ntopic_id: ([A-Za-z0-9_-]{22})(\ncrc32c: ([0-9a-f]{8}))?\s*$/.exec(text) ?? [];
  return topicId === undefined || (checksum !== null && checksum !== checksumText(topicId)) ? null : topicId;
}

/** Whether a file that has no id may never have been synced: of such a power cut leaves nothing, a part, or zeros, but it turns no bits. */
export function mayBeUnsynced(text: string | null): boolean {
  return text === null || text.length < encodePartitionMetadata("").length + ID_LENGTH || /^\0*$/.test(text);
}
