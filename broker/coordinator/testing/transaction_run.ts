import assert from "node:assert/strict";
import { ManualClock, recordingLogger, SeededRandom, settle, settleThrough } from "../../../platform/mod.ts";
import type { EndMarker } from "../../../storage/mod.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { KafkaError } from "../../kafka_error.ts";
import { transactionRecordCodec } from "../transaction/records.ts";
import { type TransactionPartitions, TransactionService } from "../transaction/service.ts";
import { stateName } from "../transaction/state.ts";
import { MemoryShardLog } from "./memory_shard_log.ts";
import { transactionSettings } from "./transaction_harness.ts";
import { type Credential, type Expected, ModelTransactionalId, NEW } from "./transaction_model.ts";

/** Steps of one run. */
export const TRANSACTION_STEPS = 60;

const IDS = ["x", "y"];
const ABORT_INTERVAL_MS = 10_000;
const EXPIRATION_MS = transactionSettings.transactionalIdExpirationMs;

/** Runs the steps of `seed` against the service of transactions and the model; answers how many transactions were ended. Throws with the story when they differ. */
export async function runTransactions(seed: number): Promise<number> {
  const run = new TransactionRun(seed);
  try {
    await run.start();
    for (let step = 0; step < TRANSACTION_STEPS; step++) await run.step();
    return run.ended;
  } catch (cause) {
    throw new Error(`transactions, seed ${seed}:\n${run.story.join("\n")}`, { cause });
  }
}

/** Partitions that note what they are told, or fail. */
class NotedPartitions implements TransactionPartitions {
  canWrite = true;
  readonly markers: string[] = [];

  durable(): Promise<void> {
    return Promise.resolve();
  }

  writeMarker(topic: string, partition: number, { producerId, producerEpoch, committed }: EndMarker): Promise<void> {
    if (!this.canWrite) return Promise.reject(new Error("no disk"));
    this.markers.push(`${topic}-${partition} ${producerId}/${producerEpoch} ${committed}`);
    return Promise.resolve();
  }

  coordinatorEpoch(): number {
    return 0;
  }
}

class TransactionRun {
  readonly story: string[] = [];
  ended = 0;
  readonly #random: SeededRandom;
  readonly #clock = new ManualClock();
  readonly #log = new MemoryShardLog();
  readonly #partitions = new NotedPartitions();
  readonly #models = new Map(IDS.map((id) => [id, new ModelTransactionalId(() => this.#partitions.canWrite)]));
  /** Whatever producers of each id were ever told, oldest first. */
  readonly #told = new Map<string, Credential[]>(IDS.map((id) => [id, []]));
  #service!: TransactionService;
  #nextProducerId = 0;
  #nextLook = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  async start(): Promise<void> {
    this.#service = TransactionService.in({
      topic: "__transaction_state",
      existing: () => [this.#log],
      ensure: () => Promise.resolve([this.#log]),
      leaderOf: () => 1,
    }, {
      settings: {
        ...transactionSettings,
        transactionAbortIntervalMs: ABORT_INTERVAL_MS,
        transactionalIdRemovalIntervalMs: EXPIRATION_MS * 10,
      },
      partitions: this.#partitions,
      newProducerId: () => Promise.resolve(this.#nextProducerId++),
      clock: this.#clock,
      timers: this.#clock,
      logger: recordingLogger(),
    });
    await this.#service.start();
    this.#nextLook = this.#clock.monotonic() + ABORT_INTERVAL_MS;
  }

  async step(): Promise<void> {
    const id = this.#oneOf(IDS);
    const model = this.#models.get(id)!;
    const kind = model.state === null ? this.#random.below(12) : this.#random.below(100);
    if (!this.#partitions.canWrite && this.#random.below(4) === 0) this.#setMarkers(true);
    if (kind < 8) await this.#init(id, model, null);
    else if (kind < 16) await this.#init(id, model, this.#credential(id));
    else if (kind < 45) await this.#add(id, model);
    else if (kind < 75) await this.#end(id, model);
    else if (kind < 80) await this.#endAndAdd(id, model);
    else if (kind < 90) await this.#advance();
    else if (kind < 94) this.#setMarkers(false);
    else if (kind < 97) await this.#restart();
    else await this.#age(id, model);
    await this.#compare();
  }

  #setMarkers(canWrite: boolean): void {
    this.#partitions.canWrite = canWrite;
    this.#note(`markers ${canWrite ? "can" : "cannot"} be written`);
  }

  async #init(id: string, model: ModelTransactionalId, expected: Credential | null): Promise<void> {
    const timeoutMs = this.#random.below(10) === 0 ? 0 : 1_000 + this.#random.below(40_000);
    const wanted = model.init(timeoutMs, expected, this.#now);
    await this.#check(`${id} init ${timeoutMs} ${text(expected)}`, id, wanted, this.#service.initProducerId(id, timeoutMs, expected));
  }

  async #add(id: string, model: ModelTransactionalId): Promise<void> {
    const credential = this.#credential(id);
    const partition = this.#random.below(3);
    const wanted = model.add(credential, `t-${partition}`, this.#now);
    const topics = [{ topic: "t", partitionIds: [partition] }];
    const add = async () => await this.#service.addPartitions(id, credential, topics, this.#oneOf([0, 2]));
    await this.#check(`${id} add ${partition} ${text(credential)}`, id, wanted, add());
  }

  async #end(id: string, model: ModelTransactionalId): Promise<void> {
    const [credential, committed, version] = [this.#credential(id), this.#random.below(2) === 0, this.#oneOf([0, 2] as const)];
    const wanted = model.end(credential, committed, version, this.#now);
    const asked = this.#service.endTransaction(id, { ...credential, committed, transactionVersion: version });
    await this.#check(`${id} end ${committed} ${text(credential)} version ${version}`, id, wanted, asked);
    if (typeof wanted !== "number") this.ended++;
  }

  /** A partition that is added while the transaction is being ended. */
  async #endAndAdd(id: string, model: ModelTransactionalId): Promise<void> {
    const credential = this.#credential(id);
    if (model.state !== "Ongoing" || credential.producerId !== model.producerId || credential.producerEpoch !== model.epoch) return;
    const late = model.add(credential, "t-1", this.#now, true);
    const wanted = model.end(credential, true, 2, this.#now);
    const ending = this.#service.endTransaction(id, { ...credential, committed: true, transactionVersion: 2 });
    while (!this.story.at(-1)?.endsWith("at once")) this.#note(`${id} end and add at once`);
    const adding = settled(
      Promise.resolve().then(() => Promise.resolve()).then(() =>
        this.#service.addPartitions(id, credential, [{ topic: "t", partitionIds: [1] }], 2)
      ),
    );
    await this.#check(`${id} end true ${text(credential)} version 2`, id, wanted, ending);
    const code = await adding;
    // It comes while the end is under way, or after; then it has an old epoch.
    assert.ok(
      code === late || code === ErrorCode.PRODUCER_FENCED || code === ErrorCode.INVALID_PRODUCER_ID_MAPPING,
      `add answered ${code}`,
    );
    this.ended++;
  }

  /** After some turns. */
  async #addLater(id: string, credential: Credential): Promise<void> {
    for (let turns = this.#random.below(20); turns > 0; turns--) await Promise.resolve();
    await this.#service.addPartitions(id, credential, [{ topic: "t", partitionIds: [1] }], 2);
  }

  async #advance(): Promise<void> {
    const ms = this.#random.below(25_000);
    this.#note(`${ms} ms pass`);
    const end = this.#clock.monotonic() + ms;
    for (; this.#nextLook <= end; this.#nextLook += ABORT_INTERVAL_MS) {
      await settleThrough(this.#clock, this.#nextLook - this.#clock.monotonic());
      await settle();
      for (const model of this.#models.values()) {
        if (model.state === "Ongoing" && model.startedAt + model.timeoutMs < this.#now) model.fence(this.#now);
        if (this.#partitions.canWrite) model.complete();
      }
    }
    await settleThrough(this.#clock, end - this.#clock.monotonic());
    await settle();
  }

  async #restart(): Promise<void> {
    this.#note("restart");
    const before = await this.#service.list();
    await this.#reopen();
    if (before.some(([, { transactionStatus }]) => stateName(transactionStatus).startsWith("Prepare"))) return;
    assert.deepEqual(new Map(await this.#service.list()), new Map(before), "what is read from the log is what was alive");
  }

  async #reopen(): Promise<void> {
    this.#service.close();
    await this.start();
    for (const model of this.#models.values()) {
      model.lastEpoch = -1;
      if (this.#partitions.canWrite) model.complete();
    }
  }

  /** The transactional id has had many epochs, as if they had been used. */
  async #age(id: string, model: ModelTransactionalId): Promise<void> {
    if (model.state === null || model.isPrepared) return;
    this.#note(`${id} ages`);
    const newest = [...this.#log.records].reverse().map(({ key, value }) => transactionRecordCodec.decode(key, value)!).find((
      { transactionalId },
    ) => transactionalId === id)!;
    if (model.producerId === NEW) return;
    model.epoch = Math.max(model.epoch, 32_763 + this.#random.below(4));
    model.lastEpoch = -1;
    const value = { ...newest.value!, producerEpoch: model.epoch };
    this.#log.append([transactionRecordCodec.encode({ transactionalId: id, value })]);
    this.#told.get(id)!.push({ producerId: model.producerId as number, producerEpoch: model.epoch });
    await this.#reopen();
  }

  async #check(what: string, id: string, wanted: Expected, asked: Promise<Credential | void>): Promise<void> {
    const answer = await settled(asked);
    this.#note(`${what}: ${typeof answer === "object" ? text(answer) : answer ?? "done"}`);
    const model = this.#models.get(id)!;
    if (typeof wanted === "number") return assert.equal(answer, wanted);
    if (wanted === "done") return assert.equal(answer, undefined);
    assert.ok(typeof answer === "object");
    assert.equal(answer.producerEpoch, wanted.producerEpoch);
    if (wanted.producerId === NEW) {
      for (const told of this.#told.values()) {
        for (const { producerId } of told) assert.ok(answer.producerId > producerId, "an id is given twice");
      }
      if (model.producerId === NEW) model.producerId = answer.producerId;
      if (model.previousId === NEW) model.previousId = answer.producerId;
    } else assert.equal(answer.producerId, wanted.producerId);
    this.#told.get(id)!.push({ producerId: answer.producerId, producerEpoch: answer.producerEpoch });
  }

  async #compare(): Promise<void> {
    const listed = new Map(await this.#service.list());
    for (const [id, model] of this.#models) {
      const value = listed.get(id);
      assert.equal(value === undefined ? null : stateName(value.transactionStatus), model.state, id);
      if (value === undefined) continue;
      if (model.producerId === NEW) model.producerId = value.producerId; // it was replaced, and nobody has been told
      const partitions = (value.transactionPartitions ?? []).flatMap(({ topic, partitionIds }) =>
        partitionIds.map((index) => `${topic}-${index}`)
      );
      assert.deepEqual([value.producerId, value.producerEpoch, partitions], [model.producerId, model.epoch, model.partitions], id);
      assert.equal(value.transactionStartTimestampMs, model.startedAt, id);
    }
    const markers = [...this.#models.values()].flatMap((model) => model.markers);
    assert.deepEqual(this.#partitions.markers.toSorted(), markers.toSorted(), "the markers of all transactions, each once");
  }

  /** Mostly the newest. */
  #credential(id: string): Credential {
    const told = this.#told.get(id)!;
    if (told.length === 0 || this.#random.below(20) === 0) {
      return { producerId: this.#random.below(5), producerEpoch: this.#random.below(3) };
    }
    return this.#random.below(4) === 0 ? this.#oneOf(told.slice(-4)) : told.at(-1)!;
  }

  get #now(): number {
    return this.#clock.now();
  }

  #oneOf<T>(choices: readonly T[]): T {
    return choices[this.#random.below(choices.length)];
  }

  #note(what: string): void {
    this.story.push(what);
  }
}

/** The answer, or the error's code. */
async function settled<T>(asked: Promise<T>): Promise<T | number> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof KafkaError) return error.code;
    throw error;
  }
}

function text(credential: Credential | null): string {
  return credential === null ? "-" : `${credential.producerId}/${credential.producerEpoch}`;
}
