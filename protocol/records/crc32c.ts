import { foldModule, HISTORY_BYTES } from "../generated/crc32c_fold.ts";

/** The Castagnoli polynomial, bits reversed (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;

/** Sixteen tables of 256 entries, one behind the other: entry `k * 256 + b` is the CRC of byte `b` followed by `k` zero bytes. */
const TABLES = makeTables();

/** From this many bytes on it pays to copy a message into the memory of WebAssembly. */
const FOLDED_FROM = 1024;

/** Bytes that are copied at once, so that they stay in the processor's nearest cache. */
const CHUNK_BYTES = 16 * 1024;

/** Bytes that folding leaves: what it looks back to, in the words that {@link sliceWords} takes at once. */
const REST_BYTES = Math.ceil(HISTORY_BYTES / 16) * 16;

/** Where the rest lies in the memory: behind the history and a chunk, and on a word. */
const REST = CHUNK_BYTES + 2 * REST_BYTES;

/** The instance made of {@link foldModule}, and views of its memory. */
interface Folder {
  readonly fold: (length: number, shift: number) => void;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly rest: Int32Array;
}

/** Made when it is first wanted; null where WebAssembly or its vectors are missing or forbidden. */
let folder: Folder | null | undefined;

/**
 * CRC-32C of `bytes[start, end)`, unsigned, as a record batch and a KRaft snapshot carry it.
 * `seed` is the CRC of the bytes before `start`, so that a checksum can be computed in pieces.
 */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length, seed = 0): number {
  if (end - start >= FOLDED_FROM) {
    if (folder === undefined) folder = makeFolder();
    if (folder !== null) return ~foldAndSlice(folder, bytes, start, end, ~seed) >>> 0;
  }
  return ~slice(bytes, start, end, ~seed) >>> 0;
}

/** As {@link slice} for long messages, by a message of {@link REST_BYTES} that has the same CRC: `protocol/generate/crc32c_fold.ts` tells how. */
function foldAndSlice(folder: Folder, bytes: Uint8Array, start: number, end: number, register: number): number {
  const { fold, bytes: memory, view, rest } = folder;
  memory.fill(0, 0, HISTORY_BYTES);
  let position = start;
  for (const last = end - REST_BYTES; position < last;) {
    const size = Math.min(CHUNK_BYTES, last - position);
    memory.set(new Uint8Array(bytes.buffer, bytes.byteOffset + position, size), HISTORY_BYTES);
    if (position === start) view.setInt32(HISTORY_BYTES, view.getInt32(HISTORY_BYTES, true) ^ register, true);
    fold(size, 0);
    memory.copyWithin(0, size, size + HISTORY_BYTES);
    position += size;
  }
  // The history is added to the rest; the rest itself is not, so that zeros stand for it.
  memory.fill(0, HISTORY_BYTES, HISTORY_BYTES + REST_BYTES);
  memory.set(new Uint8Array(bytes.buffer, bytes.byteOffset + position, REST_BYTES), REST);
  fold(REST_BYTES, REST - HISTORY_BYTES);
  return sliceWords(rest, 0);
}

function makeFolder(): Folder | null {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(foldModule));
    const { buffer } = exports.memory as WebAssembly.Memory;
    return {
      fold: exports.fold as Folder["fold"],
      bytes: new Uint8Array(buffer),
      view: new DataView(buffer),
      rest: new Int32Array(buffer, REST, REST_BYTES / 4),
    };
  } catch {
    return null;
  }
}

/** The CRC register behind `bytes[start, end)`: slicing-by-16 over 32-bit words; every platform that runs JavaScript is little-endian. */
function slice(bytes: Uint8Array, start: number, end: number, register: number): number {
  const table = TABLES;
  let crc = register;
  let position = start;
  if (end - start >= 64) {
    while (((bytes.byteOffset + position) & 3) !== 0) crc = table[(crc ^ bytes[position++]) & 0xff] ^ (crc >>> 8);
    const rounds = (end - position) >>> 4;
    crc = sliceWords(new Int32Array(bytes.buffer, bytes.byteOffset + position, rounds * 4), crc);
    position += rounds * 16;
  }
  while (position < end) crc = table[(crc ^ bytes[position++]) & 0xff] ^ (crc >>> 8);
  return crc;
}

function sliceWords(words: Int32Array, register: number): number {
  const table = TABLES;
  let crc = register;
  for (let i = 0; i < words.length; i += 4) {
    const a = words[i] ^ crc;
    const b = words[i + 1];
    const c = words[i + 2];
    const d = words[i + 3];
    crc = table[3840 + (a & 0xff)] ^ table[3584 + ((a >>> 8) & 0xff)] ^ table[3328 + ((a >>> 16) & 0xff)] ^ table[3072 + (a >>> 24)] ^
      table[2816 + (b & 0xff)] ^ table[2560 + ((b >>> 8) & 0xff)] ^ table[2304 + ((b >>> 16) & 0xff)] ^ table[2048 + (b >>> 24)] ^
      table[1792 + (c & 0xff)] ^ table[1536 + ((c >>> 8) & 0xff)] ^ table[1280 + ((c >>> 16) & 0xff)] ^ table[1024 + (c >>> 24)] ^
      table[768 + (d & 0xff)] ^ table[512 + ((d >>> 8) & 0xff)] ^ table[256 + ((d >>> 16) & 0xff)] ^ table[d >>> 24];
  }
  return crc;
}

function makeTables(): Int32Array {
  const tables = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) tables[i] = tables[tables[i - 256] & 0xff] ^ (tables[i - 256] >>> 8);
  return tables;
}
