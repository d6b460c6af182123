import { type Codec, CompressionError } from "../compression.ts";
import { copyLiterals, copyMatch, findMatches } from "./matches.ts";

/** Compressed in fragments of this size, so that every distance fits into 16 bits. */
const FRAGMENT_BYTES = 65536;
/** Three bytes of input make at most 64 of output. */
const MAX_EXPANSION = 22;

/** The raw snappy block format (google/snappy, format_description.txt): a varint of the length, then literals and copies. */
export const snappy: Codec = { compress, decompress };

function decompress(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const [length, start] = readLength(bytes);
  if (length > maxBytes) throw new CompressionError("too large", `snappy block of ${length} bytes, at most ${maxBytes} are allowed`);
  if (length > bytes.length * MAX_EXPANSION) throw corrupt("it declares more bytes than its input can hold");
  const out = new Uint8Array(length);
  let filled = 0;
  let position = start;
  while (position < bytes.length) {
    const tag = bytes[position++];
    if ((tag & 3) === 0) {
      const extra = Math.max(0, (tag >>> 2) - 59);
      if (extra > bytes.length - position) throw corrupt("it ends inside a literal's length");
      const size = (extra === 0 ? tag >>> 2 : littleEndian(bytes, position, extra)) + 1;
      position += extra;
      if (size > bytes.length - position || size > length - filled) throw corrupt("a literal reaches beyond its end");
      filled = copyLiterals(bytes, position, position + size, out, filled);
      position += size;
      continue;
    }
    const extra = (tag & 3) === 3 ? 4 : tag & 3;
    if (extra > bytes.length - position) throw corrupt("it ends inside a copy");
    const size = extra === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
    const distance = littleEndian(bytes, position, extra) + (extra === 1 ? (tag >>> 5) << 8 : 0);
    position += extra;
    if (distance === 0 || distance > filled || size > length - filled) throw corrupt("a copy reaches beyond what is there");
    filled = copyMatch(out, filled, distance, size);
  }
  if (filled !== length) throw corrupt(`it declares ${length} bytes and holds ${filled}`);
  return out;
}

function readLength(bytes: Uint8Array): readonly [length: number, end: number] {
  let length = 0;
  for (let i = 0; i < 5 && i < bytes.length; i++) {
    length += (bytes[i] & 0x7f) * 2 ** (7 * i);
    if (bytes[i] < 128) return [length, i + 1];
  }
  throw corrupt("its length is not a varint");
}

function littleEndian(bytes: Uint8Array, position: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[position + i];
  return value;
}

function compress(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(32 + bytes.length + Math.ceil(bytes.length / 6)); // snappy::MaxCompressedLength
  let filled = 0;
  let rest = bytes.length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out[filled++] = (rest % 128) | 0x80;
  out[filled++] = rest;
  for (let start = 0; start < bytes.length; start += FRAGMENT_BYTES) {
    const end = Math.min(start + FRAGMENT_BYTES, bytes.length);
    const literals = findMatches(bytes, start, end, 4, 0, (from, position, distance, length) => {
      filled = writeLiteral(out, filled, bytes, from, position);
      filled = writeCopy(out, filled, distance, length);
    });
    filled = writeLiteral(out, filled, bytes, literals, end);
  }
  return out.subarray(0, filled);
}

function writeLiteral(out: Uint8Array, start: number, bytes: Uint8Array, from: number, to: number): number {
  const size = to - from;
  if (size === 0) return start;
  let filled = start;
  if (size <= 60) {
    out[filled++] = (size - 1) << 2;
  } else if (size <= 256) {
    out[filled++] = 60 << 2;
    out[filled++] = size - 1;
  } else {
    out[filled++] = 61 << 2;
    out[filled++] = (size - 1) & 0xff;
    out[filled++] = (size - 1) >>> 8;
  }
  return copyLiterals(bytes, from, to, out, filled);
}

function writeCopy(out: Uint8Array, start: number, distance: number, length: number): number {
  let filled = start;
  for (let left = length; left > 0;) {
    const size = Math.min(left, 64);
    out[filled++] = ((size - 1) << 2) | 2;
    out[filled++] = distance & 0xff;
    out[filled++] = distance >>> 8;
    left -= size;
  }
  return filled;
}

function corrupt(why: string): CompressionError {
  return new CompressionError("corrupt", `not a snappy block: ${why}`);
}
