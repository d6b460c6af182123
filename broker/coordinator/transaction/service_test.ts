import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock, recordingLogger, settle } from "../../../platform/mod.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { MemoryShardLog } from "../testing/memory_shard_log.ts";
import { transactionSettings } from "../testing/transaction_harness.ts";
import { transactionRecordCodec } from "./records.ts";
import { type TransactionPartitions, TransactionService } from "./service.ts";
import { stateName } from "./state.ts";

/** What the service asks of partitions waits until it is told how that ends. */
class HeldPartitions implements TransactionPartitions {
  readonly asked: string[] = [];
  #waiting: { what: string; resolve: () => void; reject: (error: Error) => void }[] = [];

  durable(topic: string, partition: number): Promise<void> {
    return this.#hold(`durable ${topic}-${partition}`);
  }

  writeMarker(topic: string, partition: number, marker: { producerEpoch: number; committed: boolean }): Promise<void> {
    return this.#hold(`${marker.committed ? "commit" : "abort"} ${topic}-${partition} ${marker.producerEpoch}`);
  }

  coordinatorEpoch(): number {
    return 0;
  }

  /** @param fails what of it does, if there is an error */
  async release(error: Error | null = null, fails = (_what: string): boolean => true): Promise<void> {
    for (const { what, resolve, reject } of this.#waiting.splice(0)) error !== null && fails(what) ? reject(error) : resolve();
    await settle();
  }

  #hold(what: string): Promise<void> {
    this.asked.push(what);
    return new Promise((resolve, reject) => this.#waiting.push({ what, resolve, reject }));
  }
}

/** A transaction of "x" over two partitions. */
async function setUp() {
  const log = new MemoryShardLog();
  const clock = new ManualClock();
  let nextProducerId = 0;
  const make = (partitions: TransactionPartitions) =>
    TransactionService.in(
      { topic: "__transaction_state", existing: () => [log], ensure: () => Promise.resolve([log]), leaderOf: () => 1 },
      {
        settings: { ...transactionSettings, transactionAbortIntervalMs: 10_000, transactionalIdRemovalIntervalMs: 60_000 },
        partitions,
        newProducerId: () => Promise.resolve(nextProducerId++),
        clock,
        timers: clock,
        logger: recordingLogger(),
      },
    );
  const partitions = new HeldPartitions();
  const service = make(partitions);
  await service.start();
  const producer = await service.initProducerId("x", 60_000, null);
  await service.addPartitions("x", producer, [{ topic: "t", partitionIds: [0, 1] }], 2);
  const states = () => log.records.map(({ key, value }) => stateName(transactionRecordCodec.decode(key, value)!.value!.transactionStatus));
  const commit = { ...producer, committed: true, transactionVersion: 2 };
  return { service, partitions, states, commit, clock, make, producer, reserved: () => nextProducerId };
}

interface Watched {
  outcome: unknown;
}

function epochOf({ outcome }: Watched): number {
  return (outcome as { producerEpoch: number }).producerEpoch;
}

/** Notes when a promise settles, an error by its code. */
function watch(promise: Promise<unknown>): Watched {
  const watched: Watched = { outcome: undefined };
  promise.then((value) => watched.outcome = value, (error: { code: number }) => watched.outcome = error.code);
  return watched;
}

describe("TransactionService", () => {
  it("reserves a producer id only for a decision that needs one", async () => {
    const { service, commit, reserved } = await setUp();
    const before = reserved();
    for (const timeoutMs of [-1, 0, 2 ** 31 - 1]) {
      await assert.rejects(service.initProducerId("y", timeoutMs, null), { code: ErrorCode.INVALID_TRANSACTION_TIMEOUT });
    }
    await assert.rejects(service.endTransaction("z", commit), { code: ErrorCode.INVALID_PRODUCER_ID_MAPPING });
    assert.equal(reserved(), before);
    const { producerId } = await service.initProducerId("y", 60_000, null);
    assert.deepEqual([producerId, reserved()], [before, before + 1]);
  });

  it("decides a commit when the data is durable, notes its end when the markers are, and answers then", async () => {
    const { service, partitions, states, commit } = await setUp();
    const end = watch(service.endTransaction("x", commit));
    await settle();
    assert.deepEqual([partitions.asked, states()], [["durable t-0", "durable t-1"], ["Empty", "Ongoing"]]);
    await partitions.release();
    assert.deepEqual([partitions.asked.slice(2), states().slice(2)], [["commit t-0 1", "commit t-1 1"], ["PrepareCommit"]]);
    assert.equal(end.outcome, undefined);
    await partitions.release();
    assert.deepEqual(states().slice(3), ["CompleteCommit"]);
    assert.equal(epochOf(end), 1);
  });

  it("does not wait for the data of a transaction that is aborted", async () => {
    const { service, partitions, states, commit } = await setUp();
    const end = watch(service.endTransaction("x", { ...commit, committed: false }));
    await settle();
    assert.deepEqual([partitions.asked, states().at(-1)], [["abort t-0 1", "abort t-1 1"], "PrepareAbort"]);
    await partitions.release();
    assert.notEqual(end.outcome, undefined);
  });

  it("leaves a transaction open whose data cannot be made durable", async () => {
    const { service, partitions, states, commit } = await setUp();
    const end = watch(service.endTransaction("x", commit));
    await settle();
    await partitions.release(new Error("no disk"));
    assert.equal(end.outcome, ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assert.equal(states().at(-1), "Ongoing");
    const abort = watch(service.endTransaction("x", { ...commit, committed: false }));
    await settle();
    await partitions.release();
    assert.equal(epochOf(abort), 1);
  });

  it("answers when a marker cannot be written, and writes it later", async () => {
    const { service, partitions, states, commit, clock } = await setUp();
    const end = watch(service.endTransaction("x", commit));
    await settle();
    await partitions.release();
    await partitions.release(new Error("no disk"));
    assert.equal(epochOf(end), 1);
    assert.equal(states().at(-1), "PrepareCommit");
    clock.advance(10_000);
    await settle();
    assert.deepEqual(partitions.asked.slice(4), ["commit t-0 1", "commit t-1 1"]);
    await partitions.release();
    assert.equal(states().at(-1), "CompleteCommit");
  });

  it("writes later only the markers that are not written yet", async () => {
    const { service, partitions, states, commit, clock } = await setUp();
    void watch(service.endTransaction("x", commit));
    await settle();
    await partitions.release();
    for (const _ of [1, 2]) {
      await partitions.release(new Error("no disk"), (what) => what === "commit t-1 1");
      clock.advance(10_000);
      await settle();
    }
    await partitions.release();
    assert.deepEqual(partitions.asked.slice(2), ["commit t-0 1", "commit t-1 1", "commit t-1 1", "commit t-1 1"]);
    assert.equal(states().at(-1), "CompleteCommit");
  });

  it("has InitProducerId wait for the transaction that it aborts", async () => {
    const { service, partitions, states } = await setUp();
    const init = watch(service.initProducerId("x", 60_000, null));
    await settle();
    assert.deepEqual([partitions.asked, init.outcome], [["abort t-0 1", "abort t-1 1"], undefined]);
    const second = watch(service.initProducerId("x", 60_000, null));
    await partitions.release();
    assert.deepEqual(states().slice(2), ["PrepareAbort", "CompleteAbort", "Empty", "Empty"]);
    assert.deepEqual(new Set([epochOf(init), epochOf(second)]), new Set([2, 3]));
  });

  it("ends what was decided before it serves", async () => {
    const { service, partitions, states, commit, make } = await setUp();
    void watch(service.endTransaction("x", commit));
    await settle();
    await partitions.release();
    service.close();
    const again = new HeldPartitions();
    const started = watch(make(again).start().then(() => "started"));
    await settle();
    assert.deepEqual([again.asked, started.outcome], [["commit t-0 1", "commit t-1 1"], undefined]);
    await again.release();
    assert.deepEqual([started.outcome, states().at(-1)], ["started", "CompleteCommit"]);
  });
});
