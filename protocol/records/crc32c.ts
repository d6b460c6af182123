/** The Castagnoli polynomial, bits reversed (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;

/** Sixteen tables of 256 entries, one behind the other: entry `k * 256 + b` is the CRC of byte `b` followed by `k` zero bytes. */
const TABLES = makeTables();

/**
 * CRC-32C of `bytes[start, end)`, unsigned, as a record batch and a KRaft snapshot carry it.
 * `seed` is the CRC of the bytes before `start`, so that a checksum can be computed in pieces.
 *
 * Slicing-by-16 over 32-bit words; every platform that runs JavaScript is little-endian.
 */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length, seed = 0): number {
  const table = TABLES;
  let crc = ~seed;
  let position = start;
  if (end - start >= 64) {
    while (((bytes.byteOffset + position) & 3) !== 0) crc = table[(crc ^ bytes[position++]) & 0xff] ^ (crc >>> 8);
    const rounds = (end - position) >>> 4;
    crc = foldWords(new Int32Array(bytes.buffer, bytes.byteOffset + position, rounds * 4), crc);
    position += rounds * 16;
  }
  while (position < end) crc = table[(crc ^ bytes[position++]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

function foldWords(words: Int32Array, seed: number): number {
  const table = TABLES;
  let crc = seed;
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
