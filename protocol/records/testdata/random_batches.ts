import { RecordBatch } from "../batch.ts";
import { BatchBuilder, type BatchOptions, emptyBatch, type NewRecord } from "../builder.ts";
import { type Codecs, type CompressionType, compressionTypes } from "../compression.ts";
import type { LogRecord } from "../record.ts";

const NOW = 1_800_000_000_000;
const HEADER_KEYS = ["", "a", "trace-id", "schlüssel", "\ufeff🔑"];

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
  const timestamp = pick(random, [NOW, NOW + random(100_000) - 50_000, NOW + random(100), random(2 ** 31) * 2 ** 20, -1]);
  return { timestamp, key: randomPayload(random, 20), value: randomPayload(random, size), headers };
}

/** The bytes of records, and the offset and timestamp that a reader must find. */
export interface RandomBatch {
  readonly type: CompressionType;
  readonly records: readonly LogRecord[];
  readonly bytes: Uint8Array;
}

/** Batches of every compression type, small and large, some of them as compaction leaves them. */
export function* randomBatches(seed: number, count: number, codecs: Codecs): Generator<RandomBatch> {
  const random = randomFrom(seed);
  for (let i = 0; i < count; i++) {
    const type = compressionTypes[i % compressionTypes.length];
    const size = i % 37 === 0 ? 150_000 : 150;
    const records = Array.from({ length: 1 + random(size > 150 ? 3 : pick(random, [1, 5, 30])) }, () => randomRecord(random, size));
    yield randomBatch(random, records, type, codecs);
  }
}

function randomBatch(random: (limit: number) => number, records: NewRecord[], type: CompressionType, codecs: Codecs): RandomBatch {
  const compacted = random(4) === 0;
  const baseOffset = pick(random, [0, random(1000), random(2 ** 31) * 4_000_000]);
  const offsets: number[] = [];
  for (let next = baseOffset; offsets.length < records.length; next = offsets[offsets.length - 1] + 1) {
    offsets.push(compacted ? next + random(pick(random, [1, 3, 300, 50_000_000])) : next);
  }
  const logAppendTime = random(3) === 0 ? NOW : undefined;
  const builder = new BatchBuilder({
    compressionType: type,
    compressionLevel: random(2) === 0 ? 1 + random(9) : undefined,
    codecs,
    baseOffset,
    lastOffset: compacted ? offsets[offsets.length - 1] + random(3) : undefined,
    deleteHorizonMs: compacted && random(2) === 0 ? NOW + random(1_000_000) : undefined,
    partitionLeaderEpoch: random(50) - 1,
    logAppendTime,
    ...randomProducer(random),
  });
  for (const [i, record] of records.entries()) builder.appendWithOffset(offsets[i], record);
  const read = records.map(({ timestamp, key, value, headers = [] }, i) => {
    return { offset: offsets[i], timestamp: logAppendTime ?? timestamp, key, value, headers };
  });
  const bytes = builder.build();
  return compacted && random(10) === 0 ? { type, records: [], bytes: emptyBatch(new RecordBatch(bytes)) } : { type, records: read, bytes };
}

/** None, an idempotent one, a transactional one, a coordinator's marker. */
function randomProducer(random: (limit: number) => number): BatchOptions {
  const producerId = pick(random, [0, random(1000), random(2 ** 31) * 4_000_000, Number.MAX_SAFE_INTEGER]);
  const producerEpoch = pick(random, [0, random(100), 0x7fff]);
  const baseSequence = pick(random, [0, random(1000), 0x7fffffff]);
  switch (random(4)) {
    case 0:
      return {};
    case 1:
      return { producerId, producerEpoch, isTransactional: true, isControl: true };
    default:
      return { producerId, producerEpoch, baseSequence, isTransactional: random(2) === 0 };
  }
}

function pick<T>(random: (limit: number) => number, choices: readonly T[]): T {
  return choices[random(choices.length)];
}
