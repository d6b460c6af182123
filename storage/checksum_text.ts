import { crc32c } from "../protocol/records/mod.ts";

const encoder = new TextEncoder();

/** The CRC-32C of a text in UTF-8, in eight hexadecimal digits: what small files of text have beside what they say. */
export function checksumText(text: string): string {
  return crc32c(encoder.encode(text)).toString(16).padStart(8, "0");
}
