export const PARTITION_METADATA_FILE = "partition.metadata";

/** Kafka's `PartitionMetadataFile`: which incarnation of a topic a directory belongs to. */
export function encodePartitionMetadata(topicId: string): string {
  return `version: 0\ntopic_id: ${topicId}`;
}

/** The topic id, or null if the file is damaged. */
export function decodePartitionMetadata(text: string): string | null {
  return /^version: 0\ntopic_id: ([A-Za-z0-9_-]{22})\s*$/.exec(text)?.[1] ?? null;
}
