import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoCompression } from "../platform/deno/mod.ts";
import { MemoryDisk } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { RecordsError } from "../protocol/records/mod.ts";
import { append, batchOf, contents, filesOf, openLog, platformOn } from "./testing.ts";

const read = { minOneBatch: true, upTo: Infinity };

describe("a log", () => {
  it("makes no file before its first append, and Kafka's files with it", async () => {
    const env = platformOn();
    const { manager, log } = await openLog(env);
    assert.equal(env.disk.stat("/data/orders-0"), null);
    append(log, ["a"]);
    await env.pending.idle();
    assert.deepEqual(env.disk.list("/data/orders-0"), [
      "00000000000000000000.index",
      "00000000000000000000.log",
      "00000000000000000000.timeindex",
      "leader-epoch-checkpoint",
      "partition.metadata",
    ]);
    await manager.close();
  });

  it("gives offsets, and reads what was appended", async () => {
    const { log } = await openLog(platformOn());
    assert.deepEqual(append(log, ["a", "b"]), { baseOffset: 0, lastOffset: 1, logAppendTime: -1, logStartOffset: 0, duplicate: false });
    assert.equal(append(log, ["c"]).baseOffset, 2);
    assert.deepEqual(contents(log), ["0:a", "1:b", "2:c"]);
    assert.equal(log.logEndOffset, 3);
    assert.equal(log.highWatermark, 3);
  });

  it("compresses anew with the level that the topic wants", async () => {
    const text = Array.from({ length: 2_000 }, (_, i) => `${i * i}`).join(" ");
    const sizes = new Map<string, number>();
    for (const [compressionType, compressionLevel] of [["gzip", 1], ["gzip", 9], ["zstd", -100], ["zstd", 19]] as const) {
      const { log } = await openLog({ ...platformOn(), compression: denoCompression }, { compressionType, compressionLevel });
      append(log, [text]);
      sizes.set(`${compressionType} ${compressionLevel}`, log.sizeInBytes);
    }
    assert.ok(sizes.get("gzip 9")! < sizes.get("gzip 1")!);
    assert.ok(sizes.get("zstd 19")! < sizes.get("zstd -100")!);
  });

  it("answers offsets outside it with OFFSET_OUT_OF_RANGE, and the end with nothing", async () => {
    const { log } = await openLog(platformOn());
    append(log, ["a"]);
    assert.equal(log.read(1, 100, read).byteLength, 0);
    for (const offset of [-1, 2]) {
      assert.throws(
        () => log.read(offset, 100, read),
        (error) => error instanceof RecordsError && error.code === ErrorCode.OFFSET_OUT_OF_RANGE,
      );
    }
  });

  it("answers a first batch that is too large only if asked to (KIP-74)", async () => {
    const { log } = await openLog(platformOn());
    append(log, ["a".repeat(1000)]);
    append(log, ["b"]);
    const first = batchOf(["a".repeat(1000)]).length;
    assert.equal(log.read(0, 100, read).byteLength, first);
    assert.equal(log.read(0, 100, { ...read, minOneBatch: false }).byteLength, 0);
    assert.equal(log.read(0, first + 10, read).byteLength, first + 10);
  });

  it("answers nothing from `upTo` on", async () => {
    const { log } = await openLog(platformOn());
    for (const value of ["a", "b", "c"]) append(log, [value]);
    const one = batchOf(["a"]).length;
    assert.equal(log.read(0, 1000, { minOneBatch: true, upTo: 2 }).byteLength, 2 * one);
    assert.equal(log.read(2, 1000, { minOneBatch: true, upTo: 2 }).byteLength, 0);
  });

  it("has everything again when it is opened again", async () => {
    const disk = new MemoryDisk();
    const first = await openLog(platformOn(disk), { segmentBytes: 200 });
    for (let i = 0; i < 10; i++) append(first.log, [`${i}`]);
    assert.ok(first.log.segmentCount > 2);
    await first.manager.close();
    const before = filesOf(disk);
    const second = await openLog(platformOn(disk), { segmentBytes: 200 });
    assert.equal(second.manager.uncleanStart, false);
    assert.deepEqual(contents(second.log), Array.from({ length: 10 }, (_, i) => `${i}:${i}`));
    assert.deepEqual(filesOf(disk), before);
    append(second.log, ["next"]);
    assert.equal(contents(second.log).at(-1), "10:next");
  });

  it("is replayed batch by batch from any offset, over segments", async () => {
    const { log } = await openLog(platformOn(), { segmentBytes: 300 });
    assert.deepEqual([...log.batchesFrom(0)], []);
    for (let i = 0; i < 8; i++) append(log, ["a", "b"]);
    assert.ok(log.segmentCount > 2);
    for (let offset = 0; offset <= 16; offset++) {
      const found = Array.from(log.batchesFrom(offset), (batch) => batch.baseOffset);
      assert.deepEqual(found, [0, 2, 4, 6, 8, 10, 12, 14].filter((base) => base + 1 >= offset), `offset ${offset}`);
    }
  });

  it("stores the leader epoch in each batch, and refuses one that goes back", async () => {
    const { log } = await openLog(platformOn());
    append(log, ["a"], 1_000, {}, 3);
    append(log, ["b"], 1_000, {}, 5);
    assert.deepEqual(Array.from(log.batchesFrom(0), (batch) => batch.partitionLeaderEpoch), [3, 5]);
    assert.deepEqual([log.epochAt(0), log.epochAt(1), log.latestEpoch], [3, 5, 5]);
    assert.throws(() => append(log, ["c"], 1_000, {}, 4), /assertion/);
    assert.equal(log.logEndOffset, 2);
  });

  it("obeys a config that changes", async () => {
    const { log } = await openLog(platformOn());
    append(log, ["a".repeat(200)]);
    log.config = { ...log.config, maxMessageBytes: 100 };
    assert.throws(
      () => append(log, ["a".repeat(200)]),
      (error) => error instanceof RecordsError && error.code === ErrorCode.MESSAGE_TOO_LARGE,
    );
    log.config = { ...log.config, segmentBytes: 100 };
    append(log, ["b"]);
    assert.equal(log.segmentCount, 2);
  });
});
