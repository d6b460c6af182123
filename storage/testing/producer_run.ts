import assert from "node:assert/strict";
import { SeededRandom, SimulatedDisk } from "../../platform/mod.ts";
import { errorName } from "../../protocol/errors.ts";
import { RecordsError } from "../../protocol/records/mod.ts";
import type { Log, LogManager } from "../mod.ts";
import { batchOf, contents, markerBatch, openLog, platformOn, type TestPlatform } from "../testing.ts";

/** Steps of one run. */
export const PRODUCER_STEPS = 120;
const PRODUCERS = 4;
const LAST_SEQUENCE = 0x7fffffff;
const EXPIRATION_MS = 86_400_000;

/** The value of a marker, as text. */
const MARKER = "\0\0\0\0\0\0";

/** A batch as it was sent; a marker has no sequence. */
interface Sent {
  readonly producerId: number;
  readonly epoch: number;
  readonly first: number;
  readonly count: number;
  readonly isMarker: boolean;
}

interface Stored extends Sent {
  readonly baseOffset: number;
}

/** What the model knows of a producer: its epoch, and the last five batches of it. */
interface Known {
  epoch: number;
  batches: readonly Stored[];
  wroteAt: number;
}

/** A log and what it must know of its producers, told as plainly as possible: the list of all batches, and who is remembered. */
class ProducerWorld {
  readonly #random: SeededRandom;
  readonly #config: { readonly segmentBytes: number };
  #disk: SimulatedDisk;
  #env!: TestPlatform;
  #log!: Log;
  #manager!: LogManager;
  #stored: Stored[] = [];
  #flushed = 0;
  readonly #known = new Map<number, Known>();
  /** Who was forgotten once. */
  readonly #forgotten = new Set<number>();
  /** What was sent and accepted, or refused: to be sent again. */
  readonly #sent: Sent[] = [];
  readonly story: string[] = [];

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#disk = new SimulatedDisk(new SeededRandom(seed + 1));
    // Who is remembered after a start depends on the segments: either there are many, or time passes.
    this.#config = { segmentBytes: seed % 2 === 0 ? 400 + this.#random.below(2_000) : 1 << 30 };
  }

  async run(): Promise<void> {
    await this.#open();
    for (let step = 0; step < PRODUCER_STEPS; step++) {
      await this.#step();
      assert.equal(this.#log.producers.size, this.#known.size, "how many producers are remembered");
      assert.equal(this.#log.logEndOffset, endOf(this.#stored));
    }
    const found = contents(this.#log).map((line) => line.split(":")[1]);
    const expected = this.#stored.flatMap((batch) => Array.from({ length: batch.count }, () => batch.isMarker ? MARKER : nameOf(batch)));
    assert.deepEqual(found, expected, "every record once, in order");
    await this.#manager.close();
  }

  #step(): void | Promise<void> {
    const kind = this.#random.below(40);
    if (kind < 17) return this.#send(this.#next());
    if (kind < 26) return this.#send(this.#again());
    if (kind < 33) return this.#send(this.#odd());
    if (kind < 35) return this.#send(this.#marker());
    if (kind < 36) return this.#flush();
    if (kind < 37) return this.#pass();
    if (kind < 38) return this.#reopen();
    if (kind < 39) return this.#kill();
    return this.#cutPower();
  }

  /** What a producer would send that does everything right. */
  #next(): Sent {
    const producerId = 7 + this.#random.below(PRODUCERS);
    const known = this.#known.get(producerId);
    const count = 1 + this.#random.below(3);
    // Some begin near the end of the numbers.
    if (known === undefined) {
      return { producerId, epoch: 0, first: this.#random.below(3) * (LAST_SEQUENCE - 4 >> 1), count, isMarker: false };
    }
    return { producerId, epoch: known.epoch, first: expectedOf(known), count, isMarker: false };
  }

  /** One of the last batches, as if its answer had been lost. */
  #again(): Sent {
    const sent = this.#sent.at(-1 - this.#random.below(12));
    return sent ?? this.#next();
  }

  /** Something that is wrong, or at least unusual. */
  #odd(): Sent {
    const next = this.#next();
    const again = this.#again();
    switch (this.#random.below(6)) {
      case 0:
        return { ...next, first: Math.min(LAST_SEQUENCE, next.first + 1 + this.#random.below(3)) };
      case 1:
        return { ...again, count: again.count + 1 };
      case 2:
        return { ...next, epoch: next.epoch + 1, first: 0 };
      case 3:
        return { ...next, epoch: next.epoch + 1 };
      case 4:
        return { ...next, epoch: Math.max(0, next.epoch - 1) };
      default:
        return { ...again, epoch: again.epoch + 1 };
    }
  }

  /** The end of a transaction, which a coordinator writes, perhaps with a raised epoch. */
  #marker(): Sent {
    const { producerId, epoch } = this.#next();
    return { producerId, epoch: epoch + this.#random.below(2), first: -1, count: 1, isMarker: true };
  }

  #send(sent: Sent): void {
    const expected = this.#expected(sent);
    this.story.push(`${nameOf(sent)} × ${sent.count} → ${expected}`);
    assert.equal(this.#append(sent), expected);
    if (!sent.isMarker) this.#sent.push(sent);
    if (/again|_/.test(expected)) return;
    const stored = { ...sent, baseOffset: Number(expected) };
    this.#stored.push(stored);
    this.#note(stored);
  }

  /** KIP-98: the offset, `offset again`, or the name of an error. */
  #expected(sent: Sent): string {
    const known = this.#known.get(sent.producerId);
    const end = String(endOf(this.#stored));
    if (sent.isMarker || known === undefined) return end;
    const same = known.batches.find(({ epoch, first, count }) => epoch === sent.epoch && first === sent.first && count === sent.count);
    if (same !== undefined) return `${same.baseOffset} again`;
    if (sent.epoch < known.epoch) return "INVALID_PRODUCER_EPOCH";
    return sent.first === (sent.epoch > known.epoch ? 0 : expectedOf(known)) ? end : "OUT_OF_ORDER_SEQUENCE_NUMBER";
  }

  #append(sent: Sent): string {
    const { producerId, epoch: producerEpoch, first: baseSequence, count, isMarker } = sent;
    const now = this.#env.clock.now();
    const values = Array.from({ length: count }, () => nameOf(sent));
    const bytes = isMarker
      ? markerBatch(producerId, producerEpoch, "COMMIT", now)
      : batchOf(values, now, { producerId, producerEpoch, baseSequence });
    try {
      const { baseOffset, lastOffset, duplicate } = this.#log.append(bytes, {
        leaderEpoch: 0,
        origin: isMarker ? "coordinator" : "client",
      });
      assert.equal(lastOffset, baseOffset + count - 1);
      return duplicate ? `${baseOffset} again` : String(baseOffset);
    } catch (error) {
      if (error instanceof RecordsError) return errorName(error.code);
      throw error;
    }
  }

  #note(stored: Stored): void {
    const { producerId, epoch } = stored;
    const known = this.#known.get(producerId);
    const before = known?.epoch === epoch ? known.batches : [];
    const batches = stored.isMarker ? before : [...before, stored].slice(-5);
    this.#known.set(producerId, { epoch, batches, wroteAt: this.#env.clock.monotonic() });
  }

  async #flush(): Promise<void> {
    this.story.push("flush");
    await this.#log.flush();
    this.#flushed = this.#stored.length;
  }

  /** Time passes; who has written nothing for a day is forgotten. */
  async #pass(): Promise<void> {
    const ms = this.#config.segmentBytes < 1 << 30 ? this.#random.below(1000) : this.#random.below(3) * (EXPIRATION_MS / 2);
    this.story.push(`${ms} ms pass`);
    this.#env.clock.advance(ms);
    await this.#env.pending.idle();
    this.#log.removeExpiredProducers();
    const now = this.#env.clock.monotonic();
    for (const [producerId, { wroteAt }] of this.#known) {
      if (now - wroteAt < EXPIRATION_MS) continue;
      this.#known.delete(producerId);
      this.#forgotten.add(producerId);
    }
  }

  async #reopen(): Promise<void> {
    this.story.push("reopen");
    await this.#manager.close();
    this.#flushed = this.#stored.length;
    await this.#open();
  }

  async #kill(): Promise<void> {
    this.story.push("kill");
    this.#disk = this.#disk.kill();
    await this.#open();
  }

  /** The last batches may be gone, never one that was flushed. */
  async #cutPower(): Promise<void> {
    this.story.push("power cut");
    this.#disk = this.#disk.crash();
    await this.#open();
  }

  /** All that the log holds counts as just written. */
  async #open(): Promise<void> {
    this.#env = platformOn(this.#disk);
    const { log, manager } = await openLog(this.#env, this.#config);
    this.#log = log;
    this.#manager = manager;
    const lost = this.#stored.findIndex(({ baseOffset }) => baseOffset >= log.logEndOffset);
    if (lost >= 0) this.#stored.length = lost;
    assert.ok(this.#stored.length >= this.#flushed, "what was flushed is there");
    this.#known.clear();
    for (const stored of this.#stored) this.#note(stored);
    for (const id of this.#forgotten) this.#askFor(id);
  }

  /** Whether a producer that was forgotten is known at a start, and how much of its batches, depends on how far back the log was read again. */
  #askFor(producerId: number): void {
    const known = this.#known.get(producerId);
    const remembered = this.#log.producers.get(producerId);
    if (known === undefined || remembered === undefined) return void this.#known.delete(producerId);
    const count = remembered.batches.length;
    const offsets = (count === 0 ? [] : known.batches.slice(-count)).map(({ baseOffset }) => baseOffset);
    assert.deepEqual(remembered.batches.map(({ firstOffset }) => firstOffset), offsets);
    this.#known.set(producerId, { ...known, batches: count === 0 ? [] : known.batches.slice(-count) });
  }
}

/** Runs the steps of `seed`. Throws with what was done. */
export async function runProducers(seed: number): Promise<void> {
  const world = new ProducerWorld(seed);
  await world.run().catch((cause) => {
    throw new Error(`producers, seed ${seed}:\n${world.story.join("\n")}`, { cause });
  });
}

function endOf(stored: readonly Stored[]): number {
  const last = stored.at(-1);
  return last === undefined ? 0 : last.baseOffset + last.count;
}

/** The sequence that the next batch begins with: behind the largest comes 0. */
function expectedOf({ batches }: Known): number {
  const last = batches.at(-1);
  if (last === undefined) return 0;
  return (last.first + last.count) % (LAST_SEQUENCE + 1);
}

function nameOf({ producerId, epoch, first, isMarker }: Sent): string {
  return isMarker ? `marker of ${producerId}/${epoch}` : `${producerId}/${epoch} from ${first}`;
}
