import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDisk } from "../platform/mod.ts";
import { ErrorCode, errorName } from "../protocol/errors.ts";
import { RecordsError } from "../protocol/records/mod.ts";
import type { Log } from "./log.ts";
import { append, openLog, platformOn } from "./testing.ts";

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
