import { checksumText } from "./checksum_text.ts";

/**
 * The file beside a log's segments that says where the log starts, if that is not where its first segment does: what is below was deleted, and must not come
 * back. It is durable before a segment goes and before a DeleteRecords is answered. Kafka keeps the offsets of all logs in one file without a checksum, which
 * it takes for empty when it cannot be read.
 */
export const START_OFFSET_FILE = "log-start-offset";

/** A line: the offset, and the CRC-32C of its digits in eight hexadecimal digits. */
export function encodeStartOffset(offset: number): string {
  return `${offset} ${checksumText(`${offset}`)}\n`;
}

/** The offset, or null where the file is damaged. */
export function decodeStartOffset(text: string): number | null {
  const match = /^(\d+) ([0-9a-f]{8})\n$/.exec(text);
  return match === null || match[2] !== checksumText(match[1]) ? null : Number(match[1]);
}
