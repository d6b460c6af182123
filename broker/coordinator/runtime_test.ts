import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { DiskError, ManualClock, recordingLogger } from "../../platform/mod.ts";
import { ErrorCode } from "../../protocol/errors.ts";
import { RecordsError } from "../../protocol/records/mod.ts";
import { StorageError } from "../../storage/mod.ts";
import { KafkaError } from "../kafka_error.ts";
import { ShardRuntime, type ShardRuntimeOptions } from "./runtime.ts";
import { type Decision, Parked, type RecordCodec, type Shard, type ShardTimers } from "./shard.ts";
import { MemoryShardLog } from "./testing/memory_shard_log.ts";

/** A sum that some wait for. */
class Sum implements Shard<number> {
  total = 0;
  loads = 0;
  /** What came in transactions. */
  readonly story: string[] = [];
  readonly waiting: { atLeast: number; parked: Parked<number> }[] = [];
  constructor(readonly timers: ShardTimers<number>) {}

  replay(record: number, _offset: number, producerId: number): void {
    if (producerId !== -1) this.story.push(`${record} of ${producerId}`);
    if (record === 13) throw new Error("assertion: 13 is never written");
    this.total += record;
  }

  replayEndTransactionMarker(producerId: number, committed: boolean): void {
    this.story.push(`${producerId} ${committed ? "commits" : "aborts"}`);
  }

  loaded(): void {
    this.loads++;
  }

  add(...records: number[]): Decision<number, number> {
    const response = this.total + records.reduce((sum, record) => sum + record, 0);
    const replies = this.waiting.filter(({ atLeast }) => atLeast <= response).map(({ parked }) => parked.reply(response));
    return { response, records, replies };
  }

  waitFor(atLeast: number): Decision<number, number> {
    const parked = new Parked<number>();
    this.waiting.push({ atLeast, parked });
    return { response: parked, records: [] };
  }
}

const marker = { producerEpoch: 0, coordinatorEpoch: 0, transactionVersion: 1 };

const codec: RecordCodec<number> = {
  encode: (record) => ({ key: null, value: Uint8Array.of(record) }),
  decode: (_key, value) => {
    if (value === null) throw new Error("no value");
    return value[0] === 255 ? null : value[0];
  },
};

async function setUp(log: MemoryShardLog = new MemoryShardLog()) {
  const clock = new ManualClock();
  const logger = recordingLogger();
  const options: ShardRuntimeOptions<number, Sum> = {
    name: "sums-0",
    log,
    codec,
    create: (timers) => new Sum(timers),
    timers: clock,
    logger,
  };
  return { runtime: await ShardRuntime.load(options), log, clock, logger, options };
}

function failsWith(code: number): (error: unknown) => boolean {
  return (error) => error instanceof KafkaError && error.code === code;
}

/** Lets everything run that waits for nothing but its turn. */
async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

describe("ShardRuntime", () => {
  it("decides at the call, appends, replays and answers", async () => {
    const { runtime, log } = await setUp();
    const answer = runtime.write("Add", (sum) => sum.add(1, 2));
    assert.equal(runtime.shard.total, 3);
    assert.equal(await answer, 3);
    assert.deepEqual(log.records.map(({ value }) => value), [Uint8Array.of(1), Uint8Array.of(2)]);
    assert.equal(runtime.endOffset, 2);
  });

  it("is rebuilt from its log", async () => {
    const { runtime, log } = await setUp();
    await runtime.write("Add", (sum) => sum.add(4, 5));
    const again = await setUp(log);
    assert.equal(again.runtime.shard.total, 9);
    assert.equal(again.runtime.endOffset, 2);
    assert.equal(again.runtime.shard.loads, 1);
  });

  it("holds every answer back until what it rests on is durable", async () => {
    const { runtime, log } = await setUp();
    const release = log.hold();
    const answered: string[] = [];
    const note = (name: string) => () => void answered.push(name);
    const all = [
      runtime.write("Add", (sum) => sum.add(1)).then(note("write")),
      runtime.read((sum) => sum.total).then(note("read")),
      runtime.write("Fail", () => {
        throw new KafkaError(ErrorCode.INVALID_REQUEST);
      }).catch(note("error")),
    ];
    await turns();
    assert.deepEqual(answered, []);
    release();
    await Promise.all(all);
    assert.deepEqual(answered.sort(), ["error", "read", "write"]);
  });

  it("completes a parked request when the decision that answers it is durable", async () => {
    const { runtime, log } = await setUp();
    let got: number | null = null;
    const waiting = runtime.write("Wait", (sum) => sum.waitFor(5)).then((total) => got = total);
    await runtime.write("Add", (sum) => sum.add(3));
    const release = log.hold();
    const adding = runtime.write("Add", (sum) => sum.add(3));
    await turns();
    assert.equal(got, null);
    release();
    await Promise.all([adding, waiting]);
    assert.equal(got, 6);
  });

  it("drops the shard when an append fails: what waited gets NOT_COORDINATOR, the state comes from the log", async () => {
    const { runtime, log, clock, logger } = await setUp();
    await runtime.write("Add", (sum) => sum.add(2));
    const before = runtime.shard;
    const waiting = runtime.write("Wait", (sum) => sum.waitFor(100));
    let fired = false;
    before.timers.schedule("t", 10, () => {
      fired = true;
      return { response: undefined, records: [] };
    });
    log.failNext("append", new Error("disk full"));
    const adding = runtime.write("Add", (sum) => sum.add(1));
    await assert.rejects(adding, failsWith(ErrorCode.NOT_COORDINATOR));
    await assert.rejects(waiting, failsWith(ErrorCode.NOT_COORDINATOR));
    await turns();
    assert.notEqual(runtime.shard, before);
    assert.equal(runtime.shard.total, 2);
    clock.advance(1000);
    assert.equal(fired, false);
    assert.equal(logger.events.filter(({ level }) => level === "error").length, 1);
  });

  it("drops the shard when a sync fails, and takes nothing back that stands in the log", async () => {
    const { runtime, log } = await setUp();
    log.failNext("durable", new Error("EIO"));
    const [first, second] = await Promise.allSettled([
      runtime.write("Add", (sum) => sum.add(1)),
      runtime.read((sum) => sum.total),
    ]);
    assert.ok(first.status === "rejected" && failsWith(ErrorCode.NOT_COORDINATOR)(first.reason));
    assert.ok(second.status === "rejected" && failsWith(ErrorCode.NOT_COORDINATOR)(second.reason));
    await turns();
    assert.equal(runtime.shard.total, 1);
  });

  it("drops the shard when deciding or replaying breaks", async () => {
    const { runtime, log } = await setUp();
    const first = runtime.shard;
    await assert.rejects(
      runtime.write("Bug", () => {
        throw new TypeError("a defect");
      }),
      failsWith(ErrorCode.NOT_COORDINATOR),
    );
    await turns();
    assert.notEqual(runtime.shard, first);
    await assert.rejects(runtime.write("Add", (sum) => sum.add(13)), failsWith(ErrorCode.NOT_COORDINATOR));
    await turns();
    // The record that nobody can replay stands in the log now: closed for good.
    await assert.rejects(runtime.read((sum) => sum.total), failsWith(ErrorCode.NOT_COORDINATOR));
    assert.equal(log.records.length, 1);
  });

  it("stays closed when a record cannot be decoded, and says so", async () => {
    const log = new MemoryShardLog();
    log.append([{ key: null, value: Uint8Array.of(1) }, { key: null, value: null }]);
    await assert.rejects(setUp(log), /sums-0 cannot be read back at offset 1/);
    const { options, logger } = await setUp();
    const runtime = ShardRuntime.start({ ...options, log });
    await assert.rejects(runtime.read((sum) => sum.total), failsWith(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
    await turns();
    await assert.rejects(runtime.read((sum) => sum.total), failsWith(ErrorCode.NOT_COORDINATOR));
    assert.equal(logger.events.at(-1)?.level, "error");
    assert.equal(logger.events.at(-1)?.facts.offset, 1);
  });

  it("is read again, as long as it is not closed, when the disk failed", async () => {
    const { options, clock, log } = await setUp();
    log.append([{ key: null, value: Uint8Array.of(5) }]);
    const failRead = () => log.failNext("read", new StorageError("read failed", { cause: new DiskError("EIO", "read", "sums-0") }));
    failRead();
    const runtime = ShardRuntime.start({ ...options, log });
    await turns();
    assert.equal(runtime.state, "failed");
    await assert.rejects(runtime.read((sum) => sum.total), failsWith(ErrorCode.NOT_COORDINATOR));
    failRead();
    clock.advance(10_000);
    await turns();
    assert.equal(runtime.state, "failed");
    clock.advance(10_000);
    assert.equal(runtime.state, "loading");
    await turns();
    assert.equal(await runtime.read((sum) => sum.total), 5);
    failRead();
    const closed = ShardRuntime.start({ ...options, log });
    await turns();
    closed.close();
    const { reads } = log;
    clock.advance(10_000);
    await turns();
    assert.equal(log.reads, reads);
  });

  it("is not read again for what stands in it", async () => {
    const log = new MemoryShardLog();
    log.append([{ key: null, value: null }]);
    const { options, clock } = await setUp();
    ShardRuntime.start({ ...options, log });
    await turns();
    clock.advance(60_000);
    await turns();
    assert.equal(log.reads, 1);
  });

  it("skips records of unknown types with a warning", async () => {
    const log = new MemoryShardLog();
    log.append([{ key: null, value: Uint8Array.of(255) }, { key: null, value: Uint8Array.of(7) }]);
    const { runtime, logger } = await setUp(log);
    assert.equal(runtime.shard.total, 7);
    assert.deepEqual(logger.events.map(({ level, facts }) => [level, facts.offset]), [["warn", 0]]);
  });

  it("runs timers as decisions; the same key replaces, cancel forgets", async () => {
    const { runtime, clock } = await setUp();
    const { timers } = runtime.shard;
    const add = (amount: number) => (): Decision<void, number> => ({ response: undefined, records: [amount] });
    timers.schedule("a", 10, add(1));
    timers.schedule("a", 20, add(2));
    timers.schedule("b", 10, add(4));
    timers.cancel("b");
    clock.advance(10);
    assert.equal(runtime.shard.total, 0);
    clock.advance(10);
    assert.equal(runtime.shard.total, 2);
    clock.advance(100);
    assert.equal(runtime.shard.total, 2);
    await turns();
  });

  it("writes in a transaction, whose end the shard is told of, also when it is read from its log", async () => {
    const { runtime, log } = await setUp();
    const transaction = { producerId: 7, producerEpoch: 0, verification: null };
    await runtime.write("Add", (sum) => sum.add(1), transaction);
    await runtime.write("Add", (sum) => sum.add(2), { ...transaction, producerId: 8 });
    await runtime.endTransaction("End", { ...marker, producerId: 7, committed: true });
    await runtime.endTransaction("End", { ...marker, producerId: 8, committed: false });
    assert.deepEqual([runtime.shard.story, runtime.endOffset], [["1 of 7", "2 of 8", "7 commits", "8 aborts"], 4]);
    const again = await setUp(log);
    assert.deepEqual([again.runtime.shard.story, again.runtime.endOffset], [runtime.shard.story, 4]);
  });

  it("goes on when its log does not take what comes in a transaction, and says why once that is durable", async () => {
    const { runtime, log } = await setUp();
    const before = runtime.shard;
    const refuse = (): void => log.failNext("append", new RecordsError(ErrorCode.INVALID_PRODUCER_EPOCH, "old"));
    const release = log.hold();
    const first = runtime.write("Add", (sum) => sum.add(1));
    let refused = 0;
    const note = (error: unknown): void => {
      assert.ok(failsWith(ErrorCode.INVALID_PRODUCER_EPOCH)(error));
      refused++;
    };
    refuse();
    const second = runtime.write("Add", (sum) => sum.add(2), { producerId: 7, producerEpoch: 0, verification: null }).catch(note);
    refuse();
    const third = runtime.endTransaction("End", { ...marker, producerId: 7, committed: true }).catch(note);
    await turns();
    assert.equal(refused, 0);
    release();
    await Promise.all([first, second, third]);
    assert.deepEqual([refused, runtime.shard === before, runtime.shard.total], [2, true, 1]);
    refuse();
    await assert.rejects(runtime.write("Add", (sum) => sum.add(3)), failsWith(ErrorCode.NOT_COORDINATOR));
  });

  it("writes nothing while too few replicas are in sync, and answers who was parked", async () => {
    const { log, runtime } = await setUp();
    const waiting = runtime.write("wait", (sum) => sum.waitFor(5));
    log.hasEnoughReplicas = false;
    await assert.rejects(runtime.write("add", (sum) => sum.add(5)), failsWith(ErrorCode.COORDINATOR_NOT_AVAILABLE));
    assert.equal(await waiting, 5);
    assert.equal(await runtime.read((sum) => sum.total), 0);
    assert.equal(await runtime.write("nothing", (sum) => sum.add()), 0);
    log.hasEnoughReplicas = true;
    assert.equal(await runtime.write("add", (sum) => sum.add(2)), 2);
    assert.deepEqual(log.records.map(({ value }) => value![0]), [2]);
  });

  it("ends what waits when it is closed", async () => {
    const { runtime } = await setUp();
    const waiting = runtime.write("Wait", (sum) => sum.waitFor(5));
    runtime.close();
    await assert.rejects(waiting, failsWith(ErrorCode.NOT_COORDINATOR));
    await assert.rejects(runtime.read((sum) => sum.total), failsWith(ErrorCode.NOT_COORDINATOR));
  });
});
