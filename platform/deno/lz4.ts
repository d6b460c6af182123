import { CompressionError, type Lz4Codec } from "../compression.ts";
import { copyLiterals, copyMatch, findMatches } from "./matches.ts";
import { xxhash32 } from "./xxhash32.ts";

const MAGIC = 0x184d2204;
/** Version 01, independent blocks, no checksums, no content size: what Kafka's Java clients write. */
const FLAGS = 0x60;
/** Bits of the flags byte. */
const Flag = {
  CONTENT_CHECKSUM: 0x04,
  CONTENT_SIZE: 0x08,
  BLOCK_CHECKSUM: 0x10,
  INDEPENDENT: 0x20,
  VERSION: 0xc0,
  RESERVED: 0x03,
} as const;
/** The block descriptor for blocks of at most 64 KiB. */
const BLOCK_DESCRIPTOR = 0x40;
const BLOCK_BYTES = 65536;
const MIN_MATCH = 4;
/** A byte of input makes at most 255 of output. */
const MAX_EXPANSION = 255;
/** Set in a block's length when its bytes are stored as they are. */
const UNCOMPRESSED = 0x80000000;

/**
 * The LZ4 frame format with independent blocks (lz4_Frame_format.md). Like Kafka (`Lz4BlockInputStream`), refuses dependent blocks, checks the
 * header's and the blocks' checksums but not the content's, and ignores what follows the first frame.
 */
export const lz4: Lz4Codec = { compress, decompress };

interface Header {
  readonly blockChecksum: boolean;
  readonly maxBlockBytes: number;
  /** Where the first block begins. */
  readonly end: number;
}

function decompress(bytes: Uint8Array, maxBytes: number, headerChecksum: "checked" | "ignored" = "checked"): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { blockChecksum, maxBlockBytes, end: headerEnd } = readHeader(bytes, view, headerChecksum === "checked");
  let out = new Uint8Array(Math.min(maxBytes, bytes.length * 4));
  let filled = 0;
  for (let position = headerEnd;;) {
    if (bytes.length - position < 4) throw corrupt("it ends without an end mark");
    const word = view.getUint32(position, true);
    position += 4;
    if (word === 0) return out.subarray(0, filled);
    const size = word & ~UNCOMPRESSED;
    const stored = word >= UNCOMPRESSED;
    const end = position + size;
    if (size > maxBlockBytes) throw corrupt(`a block of ${size} bytes, where at most ${maxBlockBytes} are declared`);
    if (end + (blockChecksum ? 4 : 0) > bytes.length) throw corrupt("it ends inside a block");
    if (blockChecksum && xxhash32(bytes, position, end) !== view.getUint32(end, true)) throw corrupt("a block's checksum does not match");
    const room = Math.min(filled + Math.min(maxBlockBytes, size * MAX_EXPANSION), maxBytes);
    if (room > out.length) out = grow(out, filled, room, maxBytes);
    const decoded = stored ? copyStored(bytes, position, end, out, filled, room) : decodeBlock(bytes, position, end, out, filled, room);
    if (decoded < 0) {
      if (room === maxBytes) throw new CompressionError("too large", `LZ4 frame grows beyond ${maxBytes} bytes`);
      throw corrupt("a block is longer than declared");
    }
    filled = decoded;
    position = blockChecksum ? end + 4 : end;
  }
}

function readHeader(bytes: Uint8Array, view: DataView, checked: boolean): Header {
  if (bytes.length < 7 || view.getUint32(0, true) !== MAGIC) throw corrupt("its magic is missing");
  const flags = bytes[4];
  if ((flags & Flag.VERSION) !== (FLAGS & Flag.VERSION) || (flags & Flag.RESERVED) !== 0) throw corrupt(`flags ${flags} are not supported`);
  if ((flags & Flag.INDEPENDENT) === 0) throw corrupt("dependent blocks are not supported");
  const sizeCode = bytes[5] >>> 4;
  if (sizeCode < 4 || sizeCode > 7 || (bytes[5] & 0x0f) !== 0) throw corrupt(`block descriptor ${bytes[5]} is not supported`);
  const end = (flags & Flag.CONTENT_SIZE) === 0 ? 6 : 14;
  if (bytes.length <= end) throw corrupt("it ends inside its header");
  if (checked && bytes[end] !== ((xxhash32(bytes, 4, end) >>> 8) & 0xff)) throw corrupt("its header's checksum does not match");
  return { blockChecksum: (flags & Flag.BLOCK_CHECKSUM) !== 0, maxBlockBytes: 1 << (8 + 2 * sizeCode), end: end + 1 };
}

function grow(out: Uint8Array<ArrayBuffer>, filled: number, needed: number, maxBytes: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.min(maxBytes, Math.max(needed, out.length * 2)));
  grown.set(out.subarray(0, filled));
  return grown;
}

function copyStored(bytes: Uint8Array, from: number, to: number, out: Uint8Array, filled: number, room: number): number {
  if (to - from > room - filled) return -1;
  out.set(bytes.subarray(from, to), filled);
  return filled + to - from;
}

/** Decodes `bytes[from, to)` to `out[start, room)`; answers where the output ends, or -1 if it does not fit. */
function decodeBlock(bytes: Uint8Array, from: number, to: number, out: Uint8Array, start: number, room: number): number {
  let position = from;
  let filled = start;
  while (position < to) {
    const token = bytes[position++];
    let literals = token >>> 4;
    if (literals === 15) {
      for (let more = 255; more === 255; literals += more) {
        if (position >= to) throw corrupt("a block ends inside a length");
        more = bytes[position++];
      }
    }
    if (literals > to - position) throw corrupt("a block ends inside its literals");
    if (literals > room - filled) return -1;
    filled = copyLiterals(bytes, position, position + literals, out, filled);
    position += literals;
    if (position === to) return filled;
    if (to - position < 2) throw corrupt("a block ends inside a distance");
    const distance = bytes[position] | (bytes[position + 1] << 8);
    position += 2;
    let length = (token & 15) + MIN_MATCH;
    if (length === 15 + MIN_MATCH) {
      for (let more = 255; more === 255; length += more) {
        if (position >= to) throw corrupt("a block ends inside a length");
        more = bytes[position++];
      }
    }
    if (distance === 0 || distance > filled - start) throw corrupt("a distance reaches before its block");
    if (length > room - filled) return -1;
    filled = copyMatch(out, filled, distance, length);
  }
  throw corrupt("a block ends without literals");
}

function compress(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES);
  const out = new Uint8Array(11 + blocks * (4 + BLOCK_BYTES + (BLOCK_BYTES >>> 7)));
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  out[4] = FLAGS;
  out[5] = BLOCK_DESCRIPTOR;
  out[6] = (xxhash32(out, 4, 6) >>> 8) & 0xff;
  let filled = 7;
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const block = bytes.subarray(start, start + BLOCK_BYTES);
    const size = encodeBlock(block, out, filled + 4) - filled - 4;
    if (size < block.length) {
      view.setUint32(filled, size, true);
      filled += 4 + size;
    } else {
      view.setUint32(filled, (block.length | UNCOMPRESSED) >>> 0, true);
      out.set(block, filled + 4);
      filled += 4 + block.length;
    }
  }
  view.setUint32(filled, 0, true); // the end mark
  return out.subarray(0, filled + 4);
}

/** Encodes one block; the format wants its last five bytes as literals and no match in its last twelve. */
function encodeBlock(block: Uint8Array, out: Uint8Array, start: number): number {
  let filled = start;
  const literals = findMatches(block, 0, block.length, 12, 5, (from, position, distance, length) => {
    filled = writeLiterals(out, filled, block, from, position, length - MIN_MATCH);
    out[filled++] = distance & 0xff;
    out[filled++] = distance >>> 8;
    if (length - MIN_MATCH >= 15) filled = writeLength(out, filled, length - MIN_MATCH - 15);
  });
  return writeLiterals(out, filled, block, literals, block.length, 0);
}

/** A token with the literals' and the match's lengths, and the literals. */
function writeLiterals(out: Uint8Array, start: number, block: Uint8Array, from: number, to: number, matchCode: number): number {
  const size = to - from;
  out[start] = (Math.min(size, 15) << 4) | Math.min(matchCode, 15);
  const filled = size >= 15 ? writeLength(out, start + 1, size - 15) : start + 1;
  return copyLiterals(block, from, to, out, filled);
}

function writeLength(out: Uint8Array, start: number, value: number): number {
  let filled = start;
  let rest = value;
  for (; rest >= 255; rest -= 255) out[filled++] = 255;
  out[filled++] = rest;
  return filled;
}

function corrupt(why: string): CompressionError {
  return new CompressionError("corrupt", `not an LZ4 frame: ${why}`);
}
