import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import { batches, buildBatch } from "../protocol/records/mod.ts";
import { StorageError } from "./storage_error.ts";
import { contents, openLog, platformOn, type TestPlatform } from "./testing.ts";

const STEPS = 120;
const encoder = new TextEncoder();

interface Entry {
  readonly value: string;
  readonly timestamp: number;
  /** The offset at which its batch begins. */
  readonly batch: number;
}

/** A log as an array. Every step does something to both and compares what they say. */
class World {
  readonly #random: SeededRandom;
  readonly #config: { segmentBytes: number; indexIntervalBytes: number; segmentMs: number };
  #disk: SimulatedDisk;
  #env!: TestPlatform;
  #opened!: Awaited<ReturnType<typeof openLog>>;
  #entries: Entry[] = [];
  #epoch = 0;
  #made = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#disk = new SimulatedDisk(new SeededRandom(seed + 1));
    this.#config = {
      segmentBytes: 300 + this.#random.below(3000),
      indexIntervalBytes: this.#random.below(500),
      segmentMs: 100 + this.#random.below(2000),
    };
  }

  async run(): Promise<void> {
    await this.#open();
    const actions = [this.#append, this.#append, this.#append, this.#append, this.#read, this.#read, this.#byTime, this.#flush];
    const rare = [this.#failAppend, this.#reopen, this.#kill, this.#cutPower, this.#newEpoch];
    for (let step = 0; step < STEPS; step++) {
      const from = this.#random.below(8) === 0 ? rare : actions;
      await from[this.#random.below(from.length)].call(this);
      assert.equal(this.#opened.log.logEndOffset, this.#entries.length);
    }
    this.#compareAll();
    await this.#opened.manager.close();
  }

  async #open(): Promise<void> {
    this.#env = platformOn(this.#disk);
    this.#opened = await openLog(this.#env, this.#config);
  }

  #batch(): { bytes: Uint8Array; entries: Entry[] } {
    const batch = this.#entries.length;
    const entries = Array.from({ length: 1 + this.#random.below(4) }, () => {
      const value = `${this.#made++}`.padStart(1 + this.#random.below(60), "-");
      return { value, timestamp: 1_000 + this.#made * 10 - this.#random.below(200), batch };
    });
    return { bytes: buildBatch(entries.map(({ value, timestamp }) => ({ timestamp, key: null, value: encoder.encode(value) }))), entries };
  }

  async #append(): Promise<void> {
    const { bytes, entries } = this.#batch();
    const result = this.#opened.log.append(bytes, { leaderEpoch: this.#epoch, origin: "client" });
    assert.equal(result.baseOffset, this.#entries.length);
    this.#entries.push(...entries);
    assert.equal(result.lastOffset, this.#entries.length - 1);
    await this.#env.pending.idle();
  }

  /** What fails may be the index of a finished segment: then the append goes through. */
  async #failAppend(): Promise<void> {
    this.#disk.failNext("append", "ENOSPC", this.#random.below(70));
    const { bytes, entries } = this.#batch();
    try {
      this.#opened.log.append(bytes, { leaderEpoch: this.#epoch, origin: "client" });
      this.#entries.push(...entries);
    } catch (error) {
      assert.ok(error instanceof StorageError);
    }
    await this.#env.pending.idle();
  }

  #read(): void {
    if (this.#entries.length === 0) return;
    const offset = this.#random.below(this.#entries.length);
    const upTo = this.#random.below(this.#entries.length + 1);
    const maxBytes = this.#random.below(400);
    const source = this.#opened.log.read(offset, maxBytes, { minOneBatch: true, upTo });
    if (offset >= upTo) return assert.equal(source.byteLength, 0);
    const bytes = new Uint8Array(source.byteLength);
    source.copyInto(bytes);
    const found = [...batches(bytes)];
    if (this.#entries[upTo]?.batch === this.#entries[offset].batch) return;
    assert.equal(found[0].baseOffset, this.#entries[offset].batch);
    assert.ok(found.at(-1)!.lastOffset < upTo);
    assert.ok(bytes.length <= Math.max(maxBytes, found[0].sizeInBytes));
  }

  #byTime(): void {
    const wanted = 900 + this.#random.below(this.#made * 10 + 200);
    const offset = this.#entries.findIndex(({ timestamp }) => timestamp >= wanted);
    const found = this.#opened.log.offsetForTimestamp(wanted);
    assert.equal(found?.offset ?? -1, offset);
    const max = Math.max(...this.#entries.map(({ timestamp }) => timestamp));
    const latest = this.#entries.findIndex(({ timestamp }) => timestamp === max);
    assert.equal(this.#opened.log.maxTimestampOffset()?.offset ?? -1, latest);
  }

  #flush(): Promise<void> {
    return this.#opened.log.flush();
  }

  #newEpoch(): void {
    this.#epoch++;
  }

  async #reopen(): Promise<void> {
    await this.#opened.manager.close();
    await this.#open();
    this.#compareAll();
  }

  async #kill(): Promise<void> {
    this.#disk = this.#disk.kill();
    await this.#open();
    this.#compareAll();
  }

  /** With nothing unsynced, the power may go too. */
  async #cutPower(): Promise<void> {
    await this.#opened.log.flush();
    this.#disk = this.#disk.crash();
    await this.#open();
    this.#compareAll();
  }

  #compareAll(): void {
    const maxBytes = 1 + this.#random.below(2000);
    assert.deepEqual(contents(this.#opened.log, maxBytes), this.#entries.map(({ value }, offset) => `${offset}:${value}`));
  }
}

describe("a log and an array", () => {
  it("agree after any sequence of appends, reads, failures, stops and crashes", async () => {
    for (let seed = 1; seed <= 150; seed++) {
      await new World(seed).run().catch((cause) => {
        throw new Error(`seed ${seed}`, { cause });
      });
    }
  });
});
