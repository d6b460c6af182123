import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDisk, settleThrough } from "../platform/mod.ts";
import { ErrorCode, errorName } from "../protocol/errors.ts";
import { END_MARKER_BYTES, RecordBatch, RecordsError } from "../protocol/records/mod.ts";
import type { Log } from "./log.ts";
import { append, appendVerified, batchOf, filesOf, openLog, platformOn } from "./testing.ts";
import type { VerificationGuard } from "./verifications.ts";

/** Appends `count` records of producer 7; answers `offset`, `offset again` for a duplicate, or the name of the error. */
function produce(log: Log, epoch: number, sequence: number, count = 1, isTransactional = false): string {
  const options = { producerId: 7, producerEpoch: epoch, baseSequence: sequence, isTransactional };
  try {
    const { baseOffset, duplicate } = append(log, Array.from({ length: count }, () => "x"), 1_000, options);
    return duplicate ? `${baseOffset} again` : `${baseOffset}`;
  } catch (error) {
    if (error instanceof RecordsError) return errorName(error.code);
    throw error;
  }
}

type Step = readonly [epoch: number, sequence: number, count: number, expected: string];

const rows: readonly (readonly [name: string, steps: readonly Step[]])[] = [
  ["sequences that count up", [[0, 0, 2, "0"], [0, 2, 1, "2"], [0, 3, 3, "3"]]],
  ["a repeated batch has its old offset", [[0, 0, 2, "0"], [0, 2, 1, "2"], [0, 0, 2, "0 again"], [0, 2, 1, "2 again"], [0, 3, 1, "3"]]],
  ["a batch with the same beginning and another end is no repetition", [[0, 0, 2, "0"], [0, 0, 1, "OUT_OF_ORDER_SEQUENCE_NUMBER"]]],
  ["a gap", [[0, 0, 1, "0"], [0, 2, 1, "OUT_OF_ORDER_SEQUENCE_NUMBER"], [0, 1, 1, "1"]]],
  ["an unknown producer may begin anywhere", [[3, 41, 1, "0"], [3, 42, 1, "1"]]],
  ["a new epoch begins with 0", [[0, 0, 1, "0"], [1, 1, 1, "OUT_OF_ORDER_SEQUENCE_NUMBER"], [1, 0, 1, "1"], [1, 1, 1, "2"]]],
  ["an old epoch is fenced", [[1, 0, 1, "0"], [0, 1, 1, "INVALID_PRODUCER_EPOCH"], [0, 0, 1, "INVALID_PRODUCER_EPOCH"]]],
  ["a new epoch forgets the old one's batches", [[0, 0, 1, "0"], [1, 0, 1, "1"], [1, 0, 1, "1 again"], [
    0,
    0,
    1,
    "INVALID_PRODUCER_EPOCH",
  ]]],
  ["no epoch lies below -1, which is none", [[-2, 0, 1, "INVALID_PRODUCER_EPOCH"], [-1, 0, 1, "0"], [0, 1, 1, "1"]]],
  ["behind 2^31-1 comes 0", [[0, 0x7ffffffe, 2, "0"], [0, 0, 1, "2"], [0, 1, 1, "3"]]],
  ["a batch may cross 2^31-1", [[0, 0x7ffffffe, 4, "0"], [0, 0x7ffffffe, 4, "0 again"], [0, 2, 1, "4"]]],
  ["1 does not follow 2^31-1", [[0, 0x7fffffff, 1, "0"], [0, 1, 1, "OUT_OF_ORDER_SEQUENCE_NUMBER"]]],
  ["five batches are remembered, the sixth is not", [
    ...Array.from({ length: 6 }, (_, i): Step => [0, i, 1, `${i}`]),
    ...Array.from({ length: 5 }, (_, i): Step => [0, i + 1, 1, `${i + 1} again`]),
    [0, 0, 1, "OUT_OF_ORDER_SEQUENCE_NUMBER"],
  ]],
];

describe("idempotent producers", () => {
  for (const [name, steps] of rows) {
    it(name, async () => {
      const { log } = await openLog(platformOn());
      for (const [epoch, sequence, count, expected] of steps) assert.equal(produce(log, epoch, sequence, count), expected);
    });

    it(`${name}: also when the log is opened again before each append`, async () => {
      const disk = new MemoryDisk();
      for (const [epoch, sequence, count, expected] of steps) {
        const { log, manager } = await openLog(platformOn(disk));
        assert.equal(produce(log, epoch, sequence, count), expected);
        await manager.close();
      }
    });
  }

  it("do not share anything, and a refused or repeated batch is not written", async () => {
    const { log } = await openLog(platformOn());
    produce(log, 0, 0);
    append(log, ["y"], 1_000, { producerId: 8, producerEpoch: 0, baseSequence: 0 });
    append(log, ["z"]);
    const { sizeInBytes } = log;
    produce(log, 0, 0);
    produce(log, 0, 9);
    assert.equal(log.sizeInBytes, sizeInBytes);
    assert.equal(log.logEndOffset, 3);
  });

  it("repeat the timestamp of the first time", async () => {
    const { log } = await openLog(platformOn());
    const options = { producerId: 7, producerEpoch: 0, baseSequence: 0 };
    append(log, ["x", "y"], 1_234, options);
    const again = append(log, ["x", "y"], 1_234, options);
    assert.deepEqual(again, { baseOffset: 0, lastOffset: 1, logAppendTime: 1_234, logStartOffset: 0, duplicate: true });
  });

  it("cannot write to a transaction that nobody opened", async () => {
    const { log } = await openLog(platformOn());
    assert.equal(produce(log, 0, 0, 1, true), errorName(ErrorCode.INVALID_TXN_STATE));
  });
});

type Act =
  | { readonly write: readonly [epoch: number, sequence: number]; readonly plain?: true; readonly unverified?: true }
  | { readonly offsets: number }
  | { readonly end: "COMMIT" | "ABORT"; readonly epoch: number; readonly version?: number; readonly coordinator?: number };

/** Answers the offset, `offset again`, or the name of the error. */
function act(log: Log, step: Act): string {
  try {
    if ("end" in step) {
      const { epoch: producerEpoch, end, version: transactionVersion = 1, coordinator: coordinatorEpoch = 0 } = step;
      const marker = { producerId: 7, producerEpoch, committed: end === "COMMIT", coordinatorEpoch, transactionVersion };
      return String(log.appendEndMarker(marker, 0).baseOffset);
    }
    const isTransactional = !("plain" in step);
    const [producerEpoch, baseSequence] = "offsets" in step ? [step.offsets, -1] : step.write;
    const batch = batchOf(["x"], 1_000, { producerId: 7, producerEpoch, baseSequence, isTransactional });
    if ("offsets" in step) return String(appendVerified(log, batch).baseOffset);
    const isVerified = isTransactional && step.unverified !== true;
    const verification = isVerified ? log.startVerification(new RecordBatch(batch), false) : null;
    const { baseOffset, duplicate } = log.append(batch, { leaderEpoch: 0, origin: "client", verification });
    return duplicate ? `${baseOffset} again` : String(baseOffset);
  } catch (error) {
    if (error instanceof RecordsError) return errorName(error.code);
    throw error;
  }
}

const transactions: readonly (readonly [name: string, steps: readonly (readonly [Act, string])[]])[] = [
  ["a batch needs the coordinator's word where it begins a transaction, and no more", [
    [{ write: [0, 0], unverified: true }, "INVALID_TXN_STATE"],
    [{ write: [0, 0] }, "0"],
    [{ write: [0, 1], unverified: true }, "1"],
    [{ write: [0, 1], unverified: true }, "1 again"],
    [{ end: "COMMIT", epoch: 0 }, "2"],
    [{ write: [0, 1], unverified: true }, "1 again"],
    [{ write: [0, 2], unverified: true }, "INVALID_TXN_STATE"],
    [{ write: [0, 2] }, "3"],
  ]],
  ["sequences are those of any producer, also behind a marker of the same epoch", [
    [{ write: [0, 0] }, "0"],
    [{ write: [0, 2] }, "OUT_OF_ORDER_SEQUENCE_NUMBER"],
    [{ end: "ABORT", epoch: 0 }, "1"],
    [{ write: [0, 2] }, "OUT_OF_ORDER_SEQUENCE_NUMBER"],
    [{ write: [0, 1] }, "2"],
  ]],
  ["a batch without transaction may not come while one is open", [
    [{ write: [0, 0] }, "0"],
    [{ write: [0, 1], plain: true }, "INVALID_TXN_STATE"],
    [{ write: [0, 2], plain: true }, "OUT_OF_ORDER_SEQUENCE_NUMBER"],
    [{ end: "COMMIT", epoch: 0 }, "1"],
    [{ write: [0, 1], plain: true }, "2"],
  ]],
  ["a marker raises the epoch and fences the one before", [
    [{ write: [0, 0] }, "0"],
    [{ end: "ABORT", epoch: 1 }, "1"],
    [{ write: [0, 1] }, "INVALID_PRODUCER_EPOCH"],
    [{ write: [0, 0], unverified: true }, "INVALID_PRODUCER_EPOCH"],
    [{ end: "ABORT", epoch: 0 }, "INVALID_PRODUCER_EPOCH"],
    [{ write: [1, 1] }, "OUT_OF_ORDER_SEQUENCE_NUMBER"],
    [{ write: [1, 0] }, "2"],
  ]],
  ["a marker of version 1 has the epoch of the data or a larger one, and may come again", [
    [{ write: [3, 0] }, "0"],
    [{ end: "COMMIT", epoch: 2 }, "INVALID_PRODUCER_EPOCH"],
    [{ end: "COMMIT", epoch: 3 }, "1"],
    [{ end: "COMMIT", epoch: 3 }, "2"],
  ]],
  ["a marker of version 2 has a larger epoch than the data, and may come again when the transaction has ended", [
    [{ write: [3, 0] }, "0"],
    [{ end: "COMMIT", epoch: 3, version: 2 }, "INVALID_PRODUCER_EPOCH"],
    [{ end: "COMMIT", epoch: 4, version: 2 }, "1"],
    [{ end: "COMMIT", epoch: 4, version: 2 }, "2"],
    [{ end: "COMMIT", epoch: 3, version: 2 }, "INVALID_PRODUCER_EPOCH"],
    [{ write: [4, 0] }, "3"],
    [{ end: "COMMIT", epoch: 4, version: 2 }, "INVALID_PRODUCER_EPOCH"],
  ]],
  ["behind the last epoch there is none: a marker of version 2 keeps it", [
    [{ write: [0x7fff, 0] }, "0"],
    [{ end: "ABORT", epoch: 0x7fff, version: 2 }, "1"],
  ]],
  ["a marker of an older coordinator is fenced", [
    [{ end: "ABORT", epoch: 0, coordinator: 5 }, "0"],
    [{ write: [0, 0] }, "1"],
    [{ end: "ABORT", epoch: 0, coordinator: 4 }, "TRANSACTION_COORDINATOR_FENCED"],
    [{ end: "ABORT", epoch: 0, coordinator: 5 }, "2"],
  ]],
  ["a producer that only a marker told of begins with sequence 0", [
    [{ end: "COMMIT", epoch: 2 }, "0"],
    [{ write: [2, 1] }, "OUT_OF_ORDER_SEQUENCE_NUMBER"],
    [{ write: [2, 0] }, "1"],
  ]],
  ["offsets have no sequence, but an epoch", [
    [{ offsets: 1 }, "0"],
    [{ offsets: 1 }, "1"],
    [{ offsets: 0 }, "INVALID_PRODUCER_EPOCH"],
    [{ end: "COMMIT", epoch: 1 }, "2"],
    [{ offsets: 2 }, "3"],
  ]],
];

describe("transactional producers", () => {
  for (const [name, steps] of transactions) {
    it(name, async () => {
      const { log } = await openLog(platformOn());
      for (const [step, expected] of steps) assert.equal(act(log, step), expected, JSON.stringify(step));
    });

    it(`${name}: also when the log is opened again before each append`, async () => {
      const disk = new MemoryDisk();
      for (const [step, expected] of steps) {
        const { log, manager } = await openLog(platformOn(disk));
        assert.equal(act(log, step), expected, JSON.stringify(step));
        await manager.close();
      }
    });
  }
});

describe("the question to the coordinator", () => {
  const batchAt = (producerEpoch: number, baseSequence: number) => {
    const bytes = batchOf(["x"], 1_000, { producerId: 7, producerEpoch, baseSequence, isTransactional: true });
    return { bytes, header: new RecordBatch(bytes) };
  };
  const append = (log: Log, bytes: Uint8Array, verification: VerificationGuard | null): string => {
    try {
      return String(log.append(bytes, { leaderEpoch: 0, origin: "client", verification }).baseOffset);
    } catch (error) {
      if (error instanceof RecordsError) return errorName(error.code);
      throw error;
    }
  };
  const end = (log: Log, producerEpoch: number): void => {
    log.appendEndMarker({ producerId: 7, producerEpoch, committed: false, coordinatorEpoch: 0, transactionVersion: 2 }, 0);
  };

  it("is in vain where a marker comes before the answer", async () => {
    const { log } = await openLog(platformOn());
    const { bytes, header } = batchAt(0, 0);
    const guard = log.startVerification(header, false);
    end(log, 0);
    assert.equal(append(log, bytes, guard), "INVALID_TXN_STATE");
    assert.equal(append(log, bytes, log.startVerification(header, false)), "1");
    assert.equal(log.startVerification(header, false), null);
  });

  it("outlives the marker before the transaction that it is about, where every transaction has an epoch", async () => {
    const { log } = await openLog(platformOn());
    const { bytes, header } = batchAt(5, 0);
    const guard = log.startVerification(header, true);
    end(log, 5);
    assert.equal(append(log, bytes, guard), "1");
  });

  it("is shared, and of those who ask the smallest sequence comes first", async () => {
    const { log } = await openLog(platformOn());
    const later = batchAt(0, 6);
    const guard = log.startVerification(later.header, false);
    const first = batchAt(0, 5);
    assert.equal(log.startVerification(first.header, false), guard);
    assert.equal(append(log, later.bytes.slice(), guard), "OUT_OF_ORDER_SEQUENCE_NUMBER");
    assert.equal(append(log, first.bytes, guard), "0");
    assert.equal(append(log, later.bytes, null), "1");
  });

  it("is asked anew by a larger epoch", async () => {
    const { log } = await openLog(platformOn());
    const guard = log.startVerification(batchAt(0, 0).header, false);
    const next = batchAt(1, 3);
    log.startVerification(next.header, false);
    assert.equal(append(log, next.bytes, guard), "0");
  });

  it("has a producer of transaction version 2 that is not known begin with sequence 0", async () => {
    const { log } = await openLog(platformOn());
    const { bytes, header } = batchAt(0, 3);
    assert.equal(append(log, bytes, log.startVerification(header, true)), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  });

  it("is not asked for a producer of an old epoch", async () => {
    const { log } = await openLog(platformOn());
    end(log, 1);
    assert.throws(() => log.startVerification(batchAt(0, 0).header, false), { code: ErrorCode.INVALID_PRODUCER_EPOCH });
  });

  it("is forgotten after `producer.id.expiration.ms`", async () => {
    const env = platformOn();
    const { log } = await openLog(env);
    const { bytes, header } = batchAt(0, 0);
    const guard = log.startVerification(header, false);
    await settleThrough(env.clock, 10 * 86_400_000);
    assert.equal(append(log, bytes, guard), "INVALID_TXN_STATE");
  });
});

describe("a marker", () => {
  it("has the bytes that Kafka gives it", async () => {
    const disk = new MemoryDisk();
    const env = platformOn(disk);
    const { log, manager } = await openLog(env);
    append(log, ["x"], env.clock.now());
    const marker = { producerId: 7, producerEpoch: 3, committed: true, coordinatorEpoch: 9, transactionVersion: 2 };
    assert.deepEqual(log.appendEndMarker(marker, 4), {
      baseOffset: 1,
      lastOffset: 1,
      logAppendTime: -1,
      logStartOffset: 0,
      duplicate: false,
    });
    await manager.close();
    const written = filesOf(disk).get("00000000000000000000.log")!;
    const batch = new RecordBatch(written.slice(-END_MARKER_BYTES));
    assert.ok(batch.isValid());
    const { baseOffset, partitionLeaderEpoch, attributes, producerId, producerEpoch, baseSequence, maxTimestamp } = batch;
    assert.deepEqual(
      { baseOffset, partitionLeaderEpoch, attributes, producerId, producerEpoch, baseSequence, maxTimestamp },
      {
        baseOffset: 1,
        partitionLeaderEpoch: 4,
        attributes: 0x30,
        producerId: 7,
        producerEpoch: 3,
        baseSequence: -1,
        maxTimestamp: env.clock.now(),
      },
    );
    // Length 16, no attributes, no deltas; key: version 0, type 1; value: version 0, coordinator epoch 9; no headers.
    assert.equal(batch.recordsSection.toHex(), "20000000" + "08" + "00000001" + "0c" + "000000000009" + "00");
  });

  it("is written whatever size the topic allows, with the time that the topic wants", async () => {
    const { log } = await openLog(platformOn(), { maxMessageBytes: 1, segmentBytes: 14, messageTimestampType: "LogAppendTime" });
    const marker = { producerId: 7, producerEpoch: 0, committed: false, coordinatorEpoch: 0, transactionVersion: 2 };
    assert.ok(log.appendEndMarker(marker, 0).logAppendTime > 0);
    assert.equal(log.appendEndMarker(marker, 0).baseOffset, 1);
  });
});
