/** Bytes from hexadecimal text as people and tools write it, or null for any other text. */

/** The offset before a row of `xxd`, `hexdump -C` or Wireshark. */
const ROW_OFFSET = /^(?:0x)?([0-9a-f]{4,16})(?::\s*|\s{2,})/i;
/** Up to 16 bytes; the characters that they stand for come after a wider gap. */
const ROW_BYTES = /^(?:[0-9a-f]{2} {0,2}){1,16}/i;
/** What stands between digits in listings and source code. */
const BETWEEN = /0x|\\x|[\s,:;\-[\]{}"'`]/gi;

/** Blanks, `0x`, commas and comments behind `#` are left out; rows of a dump lose their offsets and characters. */
export function parseHexText(text: string): Uint8Array | null {
  const lines = text.split("\n").map((line) => line.replace(/#.*$/, "").trimEnd()).filter((line) => line.trim() !== "");
  const digits = isDump(lines) ? lines.map(rowDigits).join("") : lines.join("").replace(BETWEEN, "");
  return /^([0-9a-f]{2})+$/i.test(digits) ? Uint8Array.fromHex(digits) : null;
}

/** Whether every line begins with an offset, the first with that of the beginning. The last may be nothing but the end's. */
function isDump(lines: readonly string[]): boolean {
  const first = ROW_OFFSET.exec(lines[0] ?? "");
  if (first === null || Number.parseInt(first[1], 16) !== 0) return false;
  return lines.every((line, index) => ROW_OFFSET.test(line) || (index === lines.length - 1 && isEnd(line)));
}

function isEnd(line: string): boolean {
  return /^[0-9a-f]{7,16}$/i.test(line);
}

function rowDigits(line: string): string {
  if (isEnd(line)) return "";
  return (ROW_BYTES.exec(line.replace(ROW_OFFSET, ""))?.[0] ?? "").replaceAll(" ", "");
}
