import assert from "node:assert/strict";
import { type ManualClock, SeededRandom, settle, SimulatedDisk } from "../../platform/mod.ts";
import { denoCompression } from "../../platform/deno/mod.ts";
import { batches, buildBatch, type RecordBatch } from "../../protocol/records/mod.ts";
import type { Log } from "../mod.ts";
import { appendVerified, committedBatches, filesOf, markerBatch, openLog, platformOn, type TestPlatform } from "../testing.ts";

const PRODUCERS = [1, 2, 3];
const KEYS = ["a", "b", "c", "d", "e", "f", null];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface ModelRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestamp: number;
}

/** A batch of data as far as compaction has left it. */
interface ModelBatch {
  readonly baseOffset: number;
  /** -1 without one. */
  readonly transaction: number;
  records: readonly ModelRecord[];
  horizon: number | null;
}

/** Which records Kafka's rules leave. */
class CompactedList {
  readonly batches: ModelBatch[] = [];
  readonly outcomes = new Map<number, "COMMIT" | "ABORT">();
  /** Until when each marker has to stay at least, by its offset. */
  readonly markers = new Map<number, number>();

  get records(): ModelRecord[] {
    return this.batches.flatMap((batch) => batch.records);
  }

  isAborted({ transaction }: ModelBatch): boolean {
    return this.outcomes.get(transaction) === "ABORT";
  }

  /** A round that has read the keys from `from` up to `to`, and written anew the segments up to `end`. */
  clean(from: number, to: number, end: number, now: number, retentionMs: number): void {
    for (const [offset, until] of this.markers) if (offset < end && until === Infinity) this.markers.set(offset, now + retentionMs);
    const latest = new Map<string | null, number>();
    for (const batch of this.batches) {
      if (this.isAborted(batch)) continue;
      for (const { offset, key } of batch.records) if (offset >= from && offset < to) latest.set(key, offset);
    }
    for (const batch of this.batches.filter(({ baseOffset }) => baseOffset < end)) {
      const dropsTombstones = batch.horizon !== null && now >= batch.horizon;
      batch.records = this.isAborted(batch)
        ? []
        : batch.records.filter(({ offset, key, value }) =>
          offset >= to || (key !== null && offset >= (latest.get(key) ?? -1) && (value !== null || !dropsTombstones))
        );
      if (batch.records.some(({ value }) => value === null)) batch.horizon ??= now + retentionMs;
    }
  }
}

/** A clock that moves a little whenever somebody looks at it, so that slices are short. */
function restless(clock: ManualClock, random: SeededRandom): ManualClock {
  let extra = 0;
  return new Proxy(clock, {
    get(target, name) {
      if (name === "monotonic") return () => target.monotonic() + (extra += random.below(3) / 4);
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

class World {
  readonly #random: SeededRandom;
  readonly #config;
  readonly #list = new CompactedList();
  readonly #open = new Map<number, number>();
  readonly #sequences = new Map<number, number>();
  #disk: SimulatedDisk;
  #env!: TestPlatform;
  #opened!: Awaited<ReturnType<typeof openLog>>;
  #elapsed = 0;
  #transactions = 0;
  #made = 0;
  #cleanedTo: number | undefined;
  #cleanedAt = 0;
  rounds = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#disk = new SimulatedDisk(new SeededRandom(seed + 1));
    this.#config = {
      compact: true,
      delete: false,
      segmentBytes: 300 + this.#random.below(1500),
      indexIntervalBytes: this.#random.below(400),
      deleteRetentionMs: this.#random.below(5_000),
      minCompactionLagMs: this.#random.below(2) * this.#random.below(3_000),
    };
  }

  async run(steps: number): Promise<void> {
    await this.#start();
    this.#plain();
    const rare = [this.#reopen, this.#kill, this.#cutPower, this.#forget];
    const usual = [this.#plain, this.#plain, this.#idempotent, this.#transactional, this.#transactional, this.#end, this.#wait];
    for (let step = 0; step < steps; step++) {
      const dice = this.#random.below(20);
      const actions = dice === 0 ? rare : dice < 3 ? [this.#clean] : usual;
      await actions[this.#random.below(actions.length)].call(this);
      await this.#env.pending.idle();
      if (dice < 3) this.#compare();
    }
  }

  get #log(): Log {
    return this.#opened.log;
  }

  async #start(): Promise<void> {
    const env = platformOn(this.#disk);
    this.#env = { ...env, compression: denoCompression, clock: restless(env.clock, this.#random) };
    this.#env.clock.advance(this.#elapsed);
    this.#opened = await openLog(this.#env, this.#config, { cleanerEnabled: false });
  }

  #records(): { key: string | null; value: string | null; timestamp: number }[] {
    return Array.from({ length: 1 + this.#random.below(4) }, () => ({
      key: KEYS[this.#random.below(this.#random.below(20) === 0 ? KEYS.length : KEYS.length - 1)],
      value: this.#random.below(4) === 0 ? null : `${this.#made++}`.padStart(1 + this.#random.below(40), "-"),
      timestamp: this.#env.clock.now() - this.#random.below(500),
    }));
  }

  #write(producerId: number, transaction: number): void {
    const records = this.#records();
    const bytes = records.map(({ key, value, timestamp }) => ({
      timestamp,
      key: key === null ? null : encoder.encode(key),
      value: value === null ? null : encoder.encode(value),
    }));
    const baseSequence = this.#sequences.get(producerId) ?? 0;
    const producer = producerId < 0 ? {} : { producerId, producerEpoch: 0, baseSequence, isTransactional: transaction >= 0 };
    // Keys are missing from what was written before the topic was compacted.
    this.#log.config = { ...this.#log.config, compact: records.every(({ key }) => key !== null) };
    const codecs = denoCompression;
    const compressionType = this.#random.below(4) === 0 ? "gzip" : "none";
    const batch = buildBatch(bytes, { ...producer, codecs, compressionType });
    const { baseOffset } = appendVerified(this.#log, batch);
    this.#log.config = { ...this.#log.config, compact: true };
    this.#sequences.set(producerId, baseSequence + records.length);
    this.#list.batches.push({
      baseOffset,
      transaction,
      records: records.map((record, index) => ({ offset: baseOffset + index, ...record })),
      horizon: null,
    });
  }

  #plain(): void {
    this.#write(-1, -1);
  }

  #idempotent(): void {
    this.#write(9, -1);
  }

  #transactional(): void {
    const producerId = PRODUCERS[this.#random.below(PRODUCERS.length)];
    const transaction = this.#open.get(producerId) ?? this.#transactions++;
    this.#open.set(producerId, transaction);
    this.#write(producerId, transaction);
  }

  #end(): void {
    const producerId = PRODUCERS[this.#random.below(PRODUCERS.length)];
    const type = this.#random.below(2) === 0 ? "COMMIT" : "ABORT";
    const transaction = this.#open.get(producerId);
    const marker = markerBatch(producerId, 0, type, this.#env.clock.now());
    this.#list.markers.set(appendVerified(this.#log, marker).baseOffset, Infinity);
    if (transaction !== undefined) this.#list.outcomes.set(transaction, type);
    this.#open.delete(producerId);
  }

  #wait(): void {
    const ms = this.#random.below(1_500);
    this.#elapsed += ms;
    this.#env.clock.advance(ms);
  }

  /** Others write while a round goes on. */
  async #clean(): Promise<void> {
    await this.#log.flush();
    const cleanable = this.#log.compaction.cleanable(this.#cleanedTo);
    if (cleanable === null || cleanable.bytes === 0) return;
    const now = this.#env.clock.now();
    const isOpen = ({ transaction }: ModelBatch): boolean => transaction >= 0 && !this.#list.outcomes.has(transaction);
    const firstOpen = this.#list.batches.find(isOpen)?.baseOffset ?? Infinity;
    assert.ok(cleanable.firstUncleanableOffset <= firstOpen, "what nobody has decided yet is left alone");
    const bases = this.#segmentOffsets();
    let isDone = false;
    const round = this.#log.compaction.clean(cleanable, { bytes: 24 * (2 + this.#random.below(12)), loadFactor: 0.9 })
      .finally(() => isDone = true);
    while (!isDone) {
      await settle();
      if (this.#random.below(4) === 0) this.#plain();
      this.#env.clock.advance(0);
    }
    this.#cleanedTo = await round;
    this.#cleanedAt = now;
    assert.ok(this.#cleanedTo > cleanable.firstDirtyOffset && this.#cleanedTo <= cleanable.firstUncleanableOffset);
    const end = bases.find((base) => base >= this.#cleanedTo!) ?? Infinity;
    this.#list.clean(cleanable.firstDirtyOffset, this.#cleanedTo, end, now, this.#config.deleteRetentionMs);
    this.rounds++;
  }

  #segmentOffsets(): number[] {
    return [...filesOf(this.#disk).keys()].filter((name) => name.endsWith(".log")).map((name) => Number(name.slice(0, 20)));
  }

  async #reopen(): Promise<void> {
    await this.#opened.manager.close();
    await this.#start();
  }

  async #kill(): Promise<void> {
    this.#disk = this.#disk.kill();
    await this.#start();
  }

  async #cutPower(): Promise<void> {
    await this.#log.flush();
    this.#disk = this.#disk.crash();
    await this.#start();
  }

  async #forget(): Promise<void> {
    await this.#opened.manager.close();
    const names = [...filesOf(this.#disk).keys()].filter((name) => /\.(ottla|snapshot|index|timeindex)$/.test(name));
    const loses = this.#random.below(2);
    for (const name of names) if (loses === 1 || this.#random.below(2) === 0) await this.#disk.remove(`/data/orders-0/${name}`);
    await this.#start();
  }

  #compare(): void {
    const expected = this.#list.records;
    const found = read(this.#log, 1 + this.#random.below(1_000));
    assert.deepEqual(found.flatMap(dataOf), expected);
    this.#comparePlaces(found);
    this.#compareSegments();
    const markers = new Set(found.filter(({ isControl, recordCount }) => isControl && recordCount > 0).map(({ baseOffset }) => baseOffset));
    for (const [offset, until] of this.#list.markers) if (this.#cleanedAt < until) assert.ok(markers.has(offset), `marker ${offset}`);
    const firstOpen = this.#list.batches.find(({ transaction }) => transaction >= 0 && !this.#list.outcomes.has(transaction));
    assert.equal(this.#log.lastStableOffset, firstOpen?.baseOffset ?? this.#log.logEndOffset);
    const committed = this.#list.batches.filter((batch) => !this.#list.isAborted(batch) && batch.baseOffset < this.#log.lastStableOffset)
      .flatMap(({ records }) => records);
    const seen = committedBatches(this.#log, this.#log.logStartOffset, 1 + this.#random.below(500));
    assert.deepEqual([...seen.flatMap(dataOf)], committed);
    // The log still knows what its producers wrote last.
    for (const [producerId, sequence] of this.#sequences) {
      if (producerId >= 0) assert.equal(this.#log.producers.get(producerId)?.batches.at(-1)?.lastSequence, sequence - 1);
    }
  }

  /** A fetch of any offset finds what comes next, and so do look-ups by time. */
  #comparePlaces(found: readonly RecordBatch[]): void {
    if (this.#log.logEndOffset === 0) return;
    const offset = this.#random.below(this.#log.logEndOffset);
    const [first] = read(this.#log, 1, offset, true);
    assert.equal(first.baseOffset, found.find(({ lastOffset }) => lastOffset >= offset)!.baseOffset);
    const all = found.flatMap((batch) => [...batch.records(denoCompression)]);
    const timestamp = this.#env.clock.now() - this.#random.below(5_000);
    assert.equal(this.#log.offsetForTimestamp(timestamp)?.offset, all.find((record) => record.timestamp >= timestamp)?.offset);
    const latest = Math.max(...all.map((record) => record.timestamp));
    assert.equal(this.#log.maxTimestampOffset()?.offset, all.find((record) => record.timestamp === latest)?.offset);
  }

  /** A segment ends where the next begins, as its own last batch says; nothing is left of the exchange. */
  #compareSegments(): void {
    const files = filesOf(this.#disk);
    const bases = this.#segmentOffsets();
    for (const [index, base] of bases.entries()) {
      const last = [...batches(files.get(`${base}.log`.padStart(24, "0"))!)].at(-1);
      if (index < bases.length - 1) assert.equal(last!.lastOffset + 1, bases[index + 1]);
    }
    assert.deepEqual([...files.keys()].filter((name) => /\.(cleaned|swap)$/.test(name)), []);
  }
}

function dataOf(batch: RecordBatch): ModelRecord[] {
  if (batch.isControl) return [];
  const text = (bytes: Uint8Array | null): string | null => bytes === null ? null : decoder.decode(bytes);
  return [...batch.records(denoCompression)].map(({ offset, key, value, timestamp }) => ({
    offset,
    key: text(key),
    value: text(value),
    timestamp,
  }));
}

/** Reads the log's batches in steps of `maxBytes`, from `from` on; or the first step alone. */
function read(log: Log, maxBytes: number, from = log.logStartOffset, once = false, upTo = log.highWatermark): RecordBatch[] {
  const found: RecordBatch[] = [];
  for (let offset = from; offset < upTo;) {
    const source = log.read(offset, maxBytes, { minOneBatch: true, upTo });
    const bytes = new Uint8Array(source.byteLength);
    source.copyInto(bytes);
    const before = offset;
    for (const batch of batches(bytes)) {
      found.push(batch);
      offset = batch.lastOffset + 1;
    }
    if (once) break;
    assert.notEqual(offset, before, `nothing at ${offset}`);
  }
  return found;
}

/** What one run does. */
export const COMPACTION_STEPS = 150;

/** A log that is compacted, and a list of what Kafka's rules leave of it, must agree. Answers how many rounds there were. */
export async function runCompaction(seed: number): Promise<number> {
  const world = new World(seed);
  await world.run(COMPACTION_STEPS).catch((cause) => {
    throw new Error(`seed ${seed}`, { cause });
  });
  return world.rounds;
}
