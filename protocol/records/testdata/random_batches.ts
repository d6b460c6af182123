import { buildBatch, type NewRecord } from "../builder.ts";
import { type Codecs, type CompressionType, compressionTypes } from "../compression.ts";

const NOW = 1_800_000_000_000;
const HEADER_KEYS = ["", "a", "trace-id", "schlüssel", "🔑"];

/** Pseudo-random numbers below `limit`, the same for the same seed (xorshift32). */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Bytes as data have them: runs, repetitions and noise. */
export function randomBytes(random: (limit: number) => number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let position = 0; position < length;) {
    const run = Math.min(1 + random(200), length - position);
    const kind = random(3);
    const distance = 1 + random(Math.max(1, position));
    for (let i = 0; i < run; i++, position++) {
      bytes[position] = kind === 0 ? random(256) : kind === 1 ? distance & 0xff : bytes[Math.max(0, position - distance)];
    }
  }
  return bytes;
}

function randomPayload(random: (limit: number) => number, limit: number): Uint8Array | null {
  return random(6) === 0 ? null : randomBytes(random, random(limit));
}

/** A record of at most some `size` bytes. */
function randomRecord(random: (limit: number) => number, size: number): NewRecord {
  const headers = Array.from({ length: Math.max(0, random(5) - 2) }, () => ({
    key: HEADER_KEYS[random(HEADER_KEYS.length)],
    value: randomPayload(random, 10),
  }));
  const timestamp = random(5) === 0 ? random(2 ** 31) * 2 ** 20 : NOW + random(100_000) - 50_000;
  return { timestamp, key: randomPayload(random, 20), value: randomPayload(random, size), headers };
}

/** A batch and the records that it was built of. */
export interface RandomBatch {
  readonly type: CompressionType;
  readonly baseOffset: number;
  readonly records: readonly NewRecord[];
  readonly bytes: Uint8Array;
}

/** Batches of every compression type, small and large. */
export function* randomBatches(seed: number, count: number, codecs: Codecs): Generator<RandomBatch> {
  const random = randomFrom(seed);
  for (let i = 0; i < count; i++) {
    const type = compressionTypes[i % compressionTypes.length];
    const size = i % 7 === 0 ? 150_000 : 100;
    const records = Array.from({ length: 1 + random(size > 100 ? 3 : 30) }, () => randomRecord(random, size));
    const baseOffset = random(2 ** 31) * 1000;
    const bytes = buildBatch(records, {
      compressionType: type,
      codecs,
      baseOffset,
      partitionLeaderEpoch: random(50) - 1,
      producerId: random(1000),
      producerEpoch: random(100),
      baseSequence: random(2 ** 31),
      isTransactional: random(2) === 0,
      logAppendTime: random(3) === 0 ? NOW : undefined,
    });
    yield { type, baseOffset, records, bytes };
  }
}
