import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDisk, SeededRandom, settleThrough, SimulatedDisk } from "../platform/mod.ts";
import { appendVerified, batchOf, committedBatches, contents, filesOf, openLog, platformOn, type TestPlatform } from "./testing.ts";
import { readBytes, writeBytes } from "./text_files.ts";
import type { Log } from "./mod.ts";
import { OpenTransactions } from "./transactions.ts";

const decoder = new TextDecoder();
/** When the simulated clock begins, which markers go by. */
const NOW = Date.UTC(2026, 0);
const LOG = "/data/orders-0/00000000000000000000.log";
const INDEX = "/data/orders-0/00000000000000000000.txnindex";

/** Appends records of a producer's transaction; answers the offset of the first. */
function write(log: Log, producerId: number, ...values: string[]): number {
  return appendVerified(log, batchOf(values, NOW, { producerId, producerEpoch: 0, baseSequence: 0, isTransactional: true })).baseOffset;
}

function end(log: Log, producerId: number, type: "COMMIT" | "ABORT"): number {
  const marker = { producerId, producerEpoch: 0, committed: type === "COMMIT", coordinatorEpoch: 0, transactionVersion: 1 };
  return log.appendEndMarker(marker, 0).baseOffset;
}

/** What a consumer of `read_committed` reads, as `offset:value`. */
function committed(log: Log, from: number, maxBytes: number): string[] {
  const records = committedBatches(log, from, maxBytes).flatMap((batch) => [...batch.records()]);
  return [...records.filter(({ offset }) => offset >= from).map(({ offset, value }) => `${offset}:${decoder.decode(value!)}`)];
}

describe("the transactions of a partition", () => {
  it("are forgotten when their markers are visible, whether anybody asks for the last stable offset or not", () => {
    const transactions = new OpenTransactions();
    for (let offset = 0; offset < 10; offset += 2) {
      transactions.begin(offset);
      transactions.end({ producerId: 7, firstOffset: offset, lastOffset: offset + 1, isAborted: false }, offset);
      assert.equal(transactions.size, 1);
    }
    assert.equal(transactions.firstUnstable(9), 8);
    assert.equal(transactions.firstUnstable(10), null);
  });
});

describe("transactions in a log", () => {
  it("hold the last stable offset at the first record of the oldest that is open", async () => {
    const { log } = await openLog(platformOn());
    assert.equal(log.lastStableOffset, 0);
    write(log, 7, "a", "b");
    assert.equal(log.lastStableOffset, 0);
    write(log, 8, "c");
    end(log, 7, "COMMIT");
    assert.equal(log.lastStableOffset, 2);
    write(log, 7, "d");
    end(log, 8, "ABORT");
    assert.equal(log.lastStableOffset, 4);
    end(log, 7, "COMMIT");
    assert.equal(log.lastStableOffset, log.logEndOffset);
    assert.deepEqual(committed(log, 0, 1 << 20), ["0:a", "1:b", "4:d"]);
  });

  it("that wrote nothing here end without a trace, as do those whose records were deleted", async () => {
    const { log } = await openLog(platformOn());
    end(log, 9, "ABORT");
    write(log, 7, "a");
    await log.deleteRecordsBefore(2);
    assert.equal(log.lastStableOffset, 2);
    const source = log.read(0 + log.logStartOffset, 1, { minOneBatch: true, upTo: 2 });
    assert.deepEqual(log.abortedTransactions(2, source), []);
  });

  it("are remembered with their producers for as long as they are open", async () => {
    const env = platformOn();
    const { log } = await openLog(env, { delete: false });
    write(log, 7, "a");
    await settleThrough(env.clock, 10 * 86_400_000);
    assert.deepEqual([...log.producers.keys()], [7]);
    end(log, 7, "COMMIT");
    await settleThrough(env.clock, 10 * 86_400_000);
    assert.equal(log.producers.size, 0);
  });

  it("that are aborted stand in Kafka's index: version, producer, first and last offset, last stable offset", async () => {
    const disk = new MemoryDisk();
    const { log, manager } = await openLog(platformOn(disk));
    assert.equal(disk.stat(INDEX), null);
    write(log, 7, "a");
    write(log, 1, "b", "c");
    end(log, 1, "ABORT");
    end(log, 7, "ABORT");
    await manager.close();
    const int64 = (value: number): string => value.toString(16).padStart(16, "0");
    const entry = (...values: number[]): string => "0000" + values.map(int64).join("");
    assert.equal(readBytes(disk, INDEX)!.toHex(), entry(1, 1, 3, 0) + entry(7, 0, 4, 5));
  });

  it("are aborted still where somebody has cut off the end of the segment in which that stood", async () => {
    const disk = new MemoryDisk();
    const small = { segmentBytes: 200 };
    const { log, manager } = await openLog(platformOn(disk), small);
    write(log, 7, "a");
    end(log, 7, "ABORT");
    write(log, 8, "b", "c", "d");
    end(log, 8, "COMMIT");
    assert.equal(log.segmentCount, 2);
    await manager.close();
    writeBytes(disk, LOG, readBytes(disk, LOG)!.subarray(0, 100));
    const { log: again } = await openLog(platformOn(disk), small);
    const found = again.read(0, 50, { minOneBatch: true, upTo: again.lastStableOffset });
    const told = again.abortedTransactions(0, found).map((
      { producerId, firstOffset, lastOffset },
    ) => [producerId, firstOffset, lastOffset]);
    assert.deepEqual(told, [[7, 0, 1]]);
  });

  it("are not stable, in a log that shows only what is durable, before their marker is", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const { log } = await openLog(platformOn(disk), {}, { visibleWhenDurable: true });
    write(log, 7, "a");
    await log.flush();
    assert.deepEqual([log.highWatermark, log.lastStableOffset], [1, 0]);
    end(log, 7, "COMMIT");
    assert.deepEqual([log.highWatermark, log.lastStableOffset], [1, 0]);
    await log.flush();
    assert.deepEqual([log.highWatermark, log.lastStableOffset], [2, 2]);
  });
});

/** A transaction, or a record without one, as the model has it. */
interface Written {
  readonly offset: number;
  readonly value: string;
  readonly producerId: number;
  /** -1 without a transaction. */
  readonly transaction: number;
}

const PRODUCERS = [1, 2, 3, 4];

/** A log with transactions, and what a plain list says of it. */
class World {
  readonly #random: SeededRandom;
  readonly #config: { readonly segmentBytes: number; readonly indexIntervalBytes: number };
  #disk: SimulatedDisk;
  #env!: TestPlatform;
  #opened!: Awaited<ReturnType<typeof openLog>>;
  readonly #written: Written[] = [];
  /** The transaction that each producer has open. */
  readonly #open = new Map<number, number>();
  readonly #outcomes = new Map<number, "COMMIT" | "ABORT">();
  #transactions = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#disk = new SimulatedDisk(new SeededRandom(seed + 1));
    this.#config = { segmentBytes: 300 + this.#random.below(1500), indexIntervalBytes: this.#random.below(400) };
  }

  async run(steps: number): Promise<void> {
    await this.#start();
    this.#plain();
    const rare = [this.#reopen, this.#kill, this.#cutPower, this.#forget, this.#damageIndex];
    for (let step = 0; step < steps; step++) {
      const actions = this.#random.below(10) === 0 ? rare : [this.#write, this.#write, this.#write, this.#end, this.#plain];
      await actions[this.#random.below(actions.length)].call(this);
      await this.#env.pending.idle();
      this.#compare();
    }
  }

  get #log(): Log {
    return this.#opened.log;
  }

  async #start(): Promise<void> {
    this.#env = platformOn(this.#disk);
    this.#opened = await openLog(this.#env, this.#config);
  }

  #write(): void {
    const producerId = PRODUCERS[this.#random.below(PRODUCERS.length)];
    const transaction = this.#open.get(producerId) ?? this.#transactions++;
    this.#open.set(producerId, transaction);
    const values = Array.from({ length: 1 + this.#random.below(3) }, () => "x".repeat(this.#random.below(40)));
    const offset = write(this.#log, producerId, ...values);
    values.forEach((value, index) => this.#written.push({ offset: offset + index, value, producerId, transaction }));
  }

  #plain(): void {
    const offset = this.#log.append(batchOf(["plain"]), { leaderEpoch: 0, origin: "client" }).baseOffset;
    this.#written.push({ offset, value: "plain", producerId: -1, transaction: -1 });
  }

  #end(): void {
    const producerId = PRODUCERS[this.#random.below(PRODUCERS.length)];
    const type = this.#random.below(2) === 0 ? "COMMIT" : "ABORT";
    const transaction = this.#open.get(producerId);
    end(this.#log, producerId, type);
    if (transaction !== undefined) this.#outcomes.set(transaction, type);
    this.#open.delete(producerId);
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

  /** All checkpoints are lost, or one. */
  async #forget(): Promise<void> {
    await this.#opened.manager.close();
    const names = [...filesOf(this.#disk).keys()].filter((name) => name.endsWith(".ottla"));
    for (const name of this.#random.below(2) === 0 ? names : names.slice(0, 1)) await this.#disk.remove(`/data/orders-0/${name}`);
    await this.#start();
  }

  async #damageIndex(): Promise<void> {
    await this.#opened.manager.close();
    for (const [name, bytes] of filesOf(this.#disk)) {
      if (name.endsWith("index") && bytes.length > 0) {
        bytes[this.#random.below(bytes.length)] ^= 1 << this.#random.below(8);
        writeBytes(this.#disk, `/data/orders-0/${name}`, bytes);
      }
    }
    await this.#start();
  }

  #compare(): void {
    const open = new Set(this.#open.values());
    const firstOpen = this.#written.find(({ transaction }) => open.has(transaction));
    assert.equal(this.#log.lastStableOffset, firstOpen?.offset ?? this.#log.logEndOffset);
    const from = this.#random.below(this.#log.lastStableOffset + 1);
    const expected = this.#written.filter(({ offset, transaction }) =>
      offset >= from && offset < this.#log.lastStableOffset && this.#outcomes.get(transaction) !== "ABORT"
    );
    const maxBytes = 1 + this.#random.below(1_000);
    assert.deepEqual(committed(this.#log, from, maxBytes), expected.map(({ offset, value }) => `${offset}:${value}`));
  }
}

describe("a log with transactions and a list of them", () => {
  it("agree on what a read_committed consumer reads, over stops, crashes, lost checkpoints and damaged indexes", async () => {
    for (let seed = 1; seed <= 60; seed++) {
      await new World(seed).run(100).catch((cause) => {
        throw new Error(`seed ${seed}`, { cause });
      });
    }
  });

  it("has no other records than those for one that reads everything", async () => {
    const { log } = await openLog(platformOn());
    write(log, 7, "a");
    end(log, 7, "ABORT");
    assert.equal(contents(log)[0], "0:a");
  });
});
