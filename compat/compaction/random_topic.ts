/** What is written to a compacted topic, made by chance, to be written to Ottla and to Apache Kafka alike. */
import { SeededRandom } from "../../platform/mod.ts";
import type { CompressionType, NewRecord } from "../../protocol/records/mod.ts";

/** By what rules a producer writes; version 2 of transactions has a new epoch for each (KIP-890). */
export type ProducerKind = "plain" | "idempotent" | "transactional 1" | "transactional 2";

export const PRODUCERS: readonly ProducerKind[] = [
  "plain",
  "idempotent",
  "idempotent",
  "transactional 1",
  "transactional 2",
  "transactional 2",
  "idempotent",
];
/** Writes once, at first, and others write to its key: of the batch that it is known by nothing is left but the header. */
const LEAVER = PRODUCERS.length - 1;

export type Step =
  | {
    readonly kind: "append";
    readonly producer: number;
    readonly compressionType: CompressionType;
    readonly records: readonly NewRecord[];
  }
  | { readonly kind: "end"; readonly producer: number; readonly commits: boolean };

/** A topic of one partition. */
export interface RandomTopic {
  readonly name: string;
  /** With which it is made, and under which nothing is compacted. */
  readonly config: Readonly<Record<string, string>>;
  /** What makes all of it be compacted. */
  readonly compacting: Readonly<Record<string, string>>;
  /** Records younger than that many milliseconds are not compacted; 0 if all are. */
  readonly minLagMs: number;
  /** Whether its first records are older than {@link RETENTION_MS}, and to be deleted with their segments. */
  readonly isDeleting: boolean;
  /** Each to be written, and then compacted. */
  readonly rounds: readonly (readonly Step[])[];
}

/** Between the age of the oldest records and that of all others. */
export const RETENTION_MS = 5 * 86_400_000;
const OLDEST_MS = 2 * RETENTION_MS;
const OLD_MS = 2 * 3_600_000;
const LAG_MS = 3_600_000;
const SEGMENT_MS = 60_000;
const STEPS = 100;
const CODECS = ["none", "none", "gzip", "snappy", "lz4", "zstd"] as const;
const encoder = new TextEncoder();
const KEYS = [..."abcdefghijk", "", "long ".repeat(1_000)].map((key) => encoder.encode(key));

export function randomTopic(seed: number): RandomTopic {
  const random = new SeededRandom(seed);
  const isDeleting = random.below(3) === 0;
  const [isByTime, hasMinLag, hasMaxLag] =
    [[true, false, false], [true, false, false], [false, true, false], [false, false, true]][random.below(4)];
  const minLagMs = hasMinLag ? LAG_MS : 0;
  const config = {
    "cleanup.policy": isDeleting ? "compact,delete" : "compact",
    "segment.bytes": "1048576",
    ...(isByTime ? { "segment.ms": `${SEGMENT_MS}` } : {}),
    "index.interval.bytes": `${random.below(5_000)}`,
    "delete.retention.ms": random.below(2) === 0 ? "0" : "86400000",
    "min.compaction.lag.ms": `${minLagMs}`,
    "max.compaction.lag.ms": "9223372036854775807",
    "min.cleanable.dirty.ratio": "1",
    "retention.ms": "-1",
  };
  const script = new Script(random, Date.now(), { isByTime, isDeleting, minLagMs });
  const rounds = Array.from({ length: 2 + random.below(2) }, (_, round) => script.round(round));
  const compacting: Record<string, string> = hasMaxLag ? { "max.compaction.lag.ms": "60000" } : { "min.cleanable.dirty.ratio": "0" };
  return { name: `compacted-${seed}`, config, compacting, minLagMs, isDeleting, rounds };
}

interface Kind {
  /** Whether segments are full when their time is over; otherwise some values are so large that they are soon full. */
  readonly isByTime: boolean;
  readonly isDeleting: boolean;
  readonly minLagMs: number;
}

class Script {
  readonly #open = new Set<number>();
  /** Records have the times of the hour to come where that is what ends segments: behind a marker, whose time is the present, old ones would not. */
  #time: number;

  constructor(private readonly random: SeededRandom, private readonly now: number, private readonly kind: Kind) {
    this.#time = kind.isByTime ? now : now - OLD_MS;
  }

  round(round: number): Step[] {
    const { isByTime, isDeleting, minLagMs } = this.kind;
    const steps: Step[] = [];
    if (round === 0 && isDeleting) {
      for (let i = 0; i < STEPS / 2; i++) steps.push(this.#append(0, this.now - OLDEST_MS + i));
    }
    // First a batch, which is sent until the topic takes one again: a marker that Kafka's log refuses as too large is never written.
    const value = encoder.encode("replaced");
    const first = { timestamp: this.#time, key: KEYS[0], value };
    steps.push({ kind: "append", producer: round === 0 ? LEAVER : 0, compressionType: "none", records: [first] });
    for (let step = 0; step < STEPS; step++) {
      this.#time += this.random.below(isByTime ? SEGMENT_MS / 5 : 1_000);
      // The markers of transactions are as young as can be: behind the first nothing is compacted before its time.
      const isQuiet = minLagMs > 0 && step < STEPS * 0.6;
      if (isQuiet && round > 0) continue;
      const producer = this.random.below(isQuiet ? 3 : LEAVER);
      if (this.#open.has(producer) && this.random.below(3) === 0) steps.push(this.#end(producer));
      else steps.push(this.#append(producer, this.#time - this.random.below(2_000)));
    }
    // Most have nothing that is open when they are compacted.
    if (this.random.below(3) > 0) { for (const producer of [...this.#open]) steps.push(this.#end(producer)); }
    return steps;
  }

  #append(producer: number, timestamp: number): Step {
    const { random } = this;
    if (PRODUCERS[producer].startsWith("transactional")) this.#open.add(producer);
    if (!this.kind.isByTime && random.below(7) === 0) {
      const value = new Uint8Array(150_000 + random.below(250_000)).fill(random.below(256));
      return { kind: "append", producer, compressionType: "none", records: [{ timestamp, key: KEYS[random.below(3)], value }] };
    }
    const records = Array.from({ length: 1 + random.below(6) }, () => ({
      timestamp: timestamp + random.below(500),
      key: KEYS[random.below(KEYS.length)],
      value: random.below(4) === 0 ? null : random.bytes(random.below(3) * random.below(40)),
      headers: random.below(3) === 0
        ? [{ key: "h", value: random.below(2) === 0 ? null : random.bytes(3) }, { key: "", value: random.bytes(1) }]
        : [],
    }));
    return { kind: "append", producer, compressionType: CODECS[random.below(CODECS.length)], records };
  }

  #end(producer: number): Step {
    this.#open.delete(producer);
    return { kind: "end", producer, commits: this.random.below(2) === 0 };
  }
}
