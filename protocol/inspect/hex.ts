const ROW_BYTES = 16;

/** `00 05 ab` */
export function hex(bytes: Uint8Array, separator = ""): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(separator);
}

/**
 * The row of 16 bytes that holds `position`, the one before and the one after, and a mark below the byte. `base` is the offset of the first of
 * `bytes`. A position at the end is marked behind the last byte.
 */
export function excerpt(bytes: Uint8Array, position: number, base: number): string[] {
  const marked = position - (base + position) % ROW_BYTES;
  const lines: string[] = [];
  for (let row = marked - ROW_BYTES; row <= marked + ROW_BYTES; row += ROW_BYTES) {
    const start = Math.max(0, row);
    const part = bytes.subarray(start, Math.max(start, row + ROW_BYTES));
    const isMarked = row === marked;
    if (part.length === 0 && !isMarked) continue;
    const offset = (base + row).toString(16).padStart(8, "0");
    lines.push(`${offset}  ${"   ".repeat(start - row)}${hex(part, " ")}`.trimEnd());
    if (isMarked) lines.push(" ".repeat(10 + 3 * (position - row)) + "^^");
  }
  return lines;
}
