/** Slots of the hash table: 2^14, which 64 KiB of input fill well. */
const HASH_BITS = 14;
const slots = new Int32Array(1 << HASH_BITS);

/** A repetition: the literals before it begin at `literals`; `length` bytes at `position` also stand `distance` bytes before. */
export type Match = (literals: number, position: number, distance: number, length: number) => void;

/**
 * Finds repetitions of at least four bytes in `bytes[start, end)`, greedily, as LZ4 and snappy both want them. None begins in the last
 * `startMargin` (at least 4) bytes or reaches into the last `endMargin`. Distances stay below `end - start`.
 * Answers where the literals behind the last repetition begin. The same bytes always give the same matches.
 */
export function findMatches(bytes: Uint8Array, start: number, end: number, startMargin: number, endMargin: number, visit: Match): number {
  slots.fill(-1);
  const lastStart = end - startMargin;
  const matchEnd = end - endMargin;
  let literals = start;
  let position = start;
  let misses = 0;
  while (position <= lastStart) {
    const word = wordAt(bytes, position);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const candidate = slots[slot];
    slots[slot] = position;
    if (candidate < 0 || wordAt(bytes, candidate) !== word) {
      position += 1 + (misses++ >> 6); // hurry through what does not repeat
      continue;
    }
    misses = 0;
    let length = 4;
    while (position + length < matchEnd && bytes[candidate + length] === bytes[position + length]) length++;
    visit(literals, position, position - candidate, length);
    position += length;
    literals = position;
  }
  return literals;
}

/** Below this many bytes a loop is faster than `set` and `copyWithin`. */
const SHORT = 48;

/** Copies `bytes[from, to)` to `out` at `filled`; answers where it ends there. Both must have the room. */
export function copyLiterals(bytes: Uint8Array, from: number, to: number, out: Uint8Array, filled: number): number {
  if (to - from >= SHORT) {
    out.set(bytes.subarray(from, to), filled);
    return filled + to - from;
  }
  for (let position = from; position < to;) out[filled++] = bytes[position++];
  return filled;
}

/** Appends to `out[0, filled)` the `length` bytes that stand `distance` before its end; where they overlap, they repeat. */
export function copyMatch(out: Uint8Array, filled: number, distance: number, length: number): number {
  const end = filled + length;
  if (length >= SHORT && distance >= length) {
    out.copyWithin(filled, filled - distance, end - distance);
    return end;
  }
  for (; filled < end; filled++) out[filled] = out[filled - distance];
  return end;
}

function wordAt(bytes: Uint8Array, position: number): number {
  return bytes[position] | (bytes[position + 1] << 8) | (bytes[position + 2] << 16) | (bytes[position + 3] << 24);
}
