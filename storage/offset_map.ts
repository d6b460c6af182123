import type { Random } from "../platform/mod.ts";

/** A slot: four words of the key's hash, two of the offset. Kafka's `SkimpyOffsetMap` has slots of the same size. */
const SLOT_WORDS = 6;
const SLOT_BYTES = SLOT_WORDS * 4;
const WORD = 2 ** 32;

/**
 * Which offset a key was written at last (Kafka's `SkimpyOffsetMap`): a table of fixed size that knows keys by 128 bits of a keyed hash (Kafka: MD5), so that its
 * memory does not depend on how long they are. Two keys are taken for one with a chance of 2^-128, and nobody who does not know the random key can find such two.
 */
export class OffsetMap {
  readonly #slots: Uint32Array;
  readonly #slotCount: number;
  readonly #capacity: number;
  readonly #hash = new Uint32Array(4);
  readonly #keys: Uint32Array;
  #size = 0;
  /** The offset up to which all keys are in the map, at or above any that was put; -1 at first. */
  latestOffset = -1;

  /**
   * @param bytes most memory that the table may take
   * @param loadFactor which part of the slots may be filled
   * @param expected no more keys than this will be put
   */
  constructor(random: Random, { bytes, loadFactor, expected }: { bytes: number; loadFactor: number; expected: number }) {
    const affordable = Math.floor(bytes / SLOT_BYTES);
    this.#slotCount = Math.max(2, Math.min(affordable, Math.ceil(expected / loadFactor) + 1));
    this.#capacity = Math.max(1, Math.min(this.#slotCount - 1, Math.floor(this.#slotCount * loadFactor)));
    this.#slots = new Uint32Array(this.#slotCount * SLOT_WORDS);
    this.#keys = new Uint32Array(random.bytes(8).slice().buffer);
  }

  get size(): number {
    return this.#size;
  }

  /** Notes that the key `bytes[start, end)` was written at `offset`; false if the map is full, which it is for keys that it has too. */
  put(bytes: Uint8Array, start: number, end: number, offset: number): boolean {
    if (this.#size >= this.#capacity) return false;
    const at = this.#find(bytes, start, end);
    const slots = this.#slots;
    if (isEmpty(slots, at)) {
      slots.set(this.#hash, at);
      this.#size++;
    }
    // One is added: zeros are an empty slot.
    slots[at + 4] = Math.floor((offset + 1) / WORD);
    slots[at + 5] = offset + 1;
    this.latestOffset = offset;
    return true;
  }

  /** The offset at which the key `bytes[start, end)` was written last, or -1. */
  get(bytes: Uint8Array, start: number, end: number): number {
    const at = this.#find(bytes, start, end);
    return this.#slots[at + 4] * WORD + this.#slots[at + 5] - 1;
  }

  /** Where the key's slot is, or the empty one that it would have. */
  #find(bytes: Uint8Array, start: number, end: number): number {
    const hash = this.#hash;
    hashOf(bytes, start, end, this.#keys, hash);
    const slots = this.#slots;
    const last = slots.length - SLOT_WORDS;
    let at = (hash[0] % this.#slotCount) * SLOT_WORDS;
    while (!isEmpty(slots, at)) {
      if (slots[at] === hash[0] && slots[at + 1] === hash[1] && slots[at + 2] === hash[2] && slots[at + 3] === hash[3]) break;
      at = at === last ? 0 : at + SLOT_WORDS;
    }
    return at;
  }
}

function isEmpty(slots: Uint32Array, at: number): boolean {
  return slots[at + 5] === 0 && slots[at + 4] === 0;
}

/** HalfSipHash-2-4 (Aumasson and Bernstein) of `bytes[start, end)`, its output carried on to four words. */
function hashOf(bytes: Uint8Array, start: number, end: number, [k0, k1]: Uint32Array, out: Uint32Array): void {
  let [v0, v1, v2, v3] = [k0, k1 ^ 0xee, k0 ^ 0x6c796765, k1 ^ 0x74656462];
  const rounds = (count: number): void => {
    for (let i = 0; i < count; i++) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
  };
  const take = (word: number): void => {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  };
  let at = start;
  for (; at + 4 <= end; at += 4) take(bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
  let rest = (end - start) << 24;
  for (let shift = 0; at < end; at++, shift += 8) rest |= bytes[at] << shift;
  take(rest);
  v2 ^= 0xee;
  for (let i = 0; i < out.length; i++) {
    rounds(4);
    out[i] = v1 ^ v3;
    v1 ^= 0xdd;
  }
}
