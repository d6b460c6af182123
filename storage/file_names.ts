/** Names inside a data directory; those that Kafka has are Kafka's (`LogFileUtils`, `LocalLog`). */

/** Longest name that a file system takes. */
const MAX_NAME_LENGTH = 255;
const OFFSET_DIGITS = 20;

/** Kafka's files of a segment, and the one that only Ottla has: its checkpoint. */
export type SegmentFile = "log" | "index" | "timeindex" | "txnindex" | "snapshot" | "ottla";

/** `00000000000000000042.log` */
export function segmentFileName(baseOffset: number, kind: SegmentFile): string {
  return `${String(baseOffset).padStart(OFFSET_DIGITS, "0")}.${kind}`;
}

/** The offset in the name of a file of this kind, or null for any other name. */
export function offsetOfFile(fileName: string, kind: SegmentFile): number | null {
  // Of all the names in a directory few are of the kind.
  const match = fileName.endsWith(kind) ? /^(\d{20})\.(\w+)$/.exec(fileName) : null;
  return match === null || match[2] !== kind ? null : Number(match[1]);
}

/** What a file is called between the deletion of its segment and its own end (Kafka: `DELETED_FILE_SUFFIX`). */
export const DELETED_SUFFIX = ".deleted";

/** What the files of a compacted segment are called until it takes the place of others, and its checkpoint while it does (Kafka: `CLEANED_FILE_SUFFIX`, `SWAP_FILE_SUFFIX`). */
export const CLEANED_SUFFIX = ".cleaned";
export const SWAP_SUFFIX = ".swap";

/** Where the bytes are kept that recovery cut off the segment at `position`. */
export function tornFileName(baseOffset: number, position: number): string {
  return `${segmentFileName(baseOffset, "log")}.${position}.torn`;
}

/** `orders-3` */
export function partitionDirectoryName(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/** The topic and partition that a directory's name tells, or null for a directory of another kind. */
export function parsePartitionDirectory(name: string): { topic: string; partition: number } | null {
  const match = /^([A-Za-z0-9._-]+)-(\d{1,10})$/.exec(name);
  return match === null || name.endsWith("-delete") ? null : { topic: match[1], partition: Number(match[2]) };
}

/** What a directory is called between its deletion and the end of its files. */
export function deletedDirectoryName(name: string, unique: string): string {
  const suffix = `.${unique}-delete`;
  return name.slice(0, MAX_NAME_LENGTH - suffix.length) + suffix;
}

/** What a directory is called that no topic has. */
export function strayDirectoryName(name: string, unique: string): string {
  const suffix = `.${unique}-stray`;
  return name.slice(0, MAX_NAME_LENGTH - suffix.length) + suffix;
}

export function isStrayDirectory(name: string): boolean {
  return /\.[0-9a-f]{32}-stray$/.test(name);
}

export function isDeletedDirectory(name: string): boolean {
  return /\.[0-9a-f]{32}-delete$/.test(name);
}
