const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;
const PRIME_5 = 0x165667b1;

/** xxHash32 with seed 0 of `bytes[start, end)`, unsigned: the checksum of LZ4 frames. */
export function xxhash32(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  let hash = PRIME_5;
  if (end - start >= 16) {
    let a = (PRIME_1 + PRIME_2) | 0, b = PRIME_2 | 0, c = 0, d = -PRIME_1 | 0;
    for (; position <= end - 16; position += 16) {
      a = round(a, word(bytes, position));
      b = round(b, word(bytes, position + 4));
      c = round(c, word(bytes, position + 8));
      d = round(d, word(bytes, position + 12));
    }
    hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
  }
  hash = (hash + (end - start)) | 0;
  for (; position <= end - 4; position += 4) hash = Math.imul(rotate(hash + Math.imul(word(bytes, position), PRIME_3), 17), PRIME_4);
  for (; position < end; position++) hash = Math.imul(rotate(hash + Math.imul(bytes[position], PRIME_5), 11), PRIME_1);
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function round(lane: number, value: number): number {
  return Math.imul(rotate(lane + Math.imul(value, PRIME_2), 13), PRIME_1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(bytes: Uint8Array, position: number): number {
  return bytes[position] | (bytes[position + 1] << 8) | (bytes[position + 2] << 16) | (bytes[position + 3] << 24);
}
