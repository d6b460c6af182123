import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode } from "../protocol/errors.ts";
import { RecordsError } from "../protocol/records/mod.ts";
import { writeBytes } from "./text_files.ts";
import { append, batchOf, contents, filesOf, openLog, platformOn } from "./testing.ts";

const one = batchOf(["x"]).length;

describe("a new segment begins", () => {
  it("when the batch would make the old one larger than segment.bytes", async () => {
    const { log } = await openLog(platformOn(), { segmentBytes: 2 * one });
    append(log, ["a"]);
    append(log, ["b"]);
    assert.equal(log.segmentCount, 1);
    append(log, ["c"]);
    assert.equal(log.segmentCount, 2);
    assert.deepEqual(contents(log), ["0:a", "1:b", "2:c"]);
  });

  it("when timestamps span more than segment.ms, whatever the clock says", async () => {
    const env = platformOn();
    const { log } = await openLog(env, { segmentMs: 100 });
    append(log, ["a"], 1_000);
    env.clock.advance(10_000);
    append(log, ["b"], 1_100);
    assert.equal(log.segmentCount, 1);
    append(log, ["c"], 1_101);
    assert.equal(log.segmentCount, 2);
  });

  it("by the clock when the first batch has no timestamp", async () => {
    const env = platformOn();
    const { log } = await openLog(env, { segmentMs: 100 });
    append(log, ["a"], -1);
    env.clock.advance(100);
    append(log, ["b"], 1_000_000);
    assert.equal(log.segmentCount, 1);
    env.clock.advance(1);
    append(log, ["c"], -1);
    assert.equal(log.segmentCount, 2);
  });

  it("when an index is full: the time index keeps a place for its last entry", async () => {
    const { log } = await openLog(platformOn(), { indexIntervalBytes: 0, segmentIndexBytes: 36 });
    for (let i = 0; i < 3; i++) append(log, [`${i}`], 1_000 + i);
    assert.equal(log.segmentCount, 1);
    append(log, ["3"], 1_003);
    assert.equal(log.segmentCount, 2);
  });

  it("takes segment.jitter.ms off segment.ms", async () => {
    const spans = new Set<number>();
    for (let seed = 0; seed < 8; seed++) {
      const { log } = await openLog(platformOn(undefined, seed), { segmentMs: 100, segmentJitterMs: 50 });
      let span = 0;
      for (; log.segmentCount < 2; span++) append(log, ["a"], 1_000 + span);
      assert.ok(span > 50 && span <= 102, `${span}`);
      spans.add(span);
    }
    assert.ok(spans.size > 2);
  });

  it("takes no more than segment.ms off it, however large segment.jitter.ms is", async () => {
    const spans = new Set<number>();
    for (let seed = 0; seed < 8; seed++) {
      const { log } = await openLog(platformOn(undefined, seed), { segmentMs: 100, segmentJitterMs: Number.MAX_SAFE_INTEGER });
      append(log, ["a"], 1_000);
      append(log, ["a"], 1_000);
      assert.equal(log.segmentCount, 1);
      let span = 0;
      for (; log.segmentCount < 2; span++) append(log, ["a"], 1_000 + span);
      assert.ok(span <= 102, `${span}`);
      spans.add(span);
    }
    assert.ok(spans.size > 2);
  });

  it("before offsets are further than 2^31-1 from its base", async () => {
    const env = platformOn();
    const base = batchOf(["far"], 1_000, { baseOffset: 0x7fffffff, partitionLeaderEpoch: 0 });
    env.disk.makeDirectory("/data");
    const first = await openLog(env);
    append(first.log, ["near"]);
    await first.manager.close();
    const path = "/data/orders-0/00000000000000000000.log";
    writeBytes(env.disk, path, Uint8Array.from([...filesOf(env.disk).get("00000000000000000000.log")!, ...base]));
    const { log } = await openLog(env);
    assert.equal(log.logEndOffset, 0x80000000);
    append(log, ["next"]);
    assert.equal(log.segmentCount, 2);
    assert.deepEqual(contents(log), ["0:near", "2147483647:far", "2147483648:next"]);
  });

  it("but never for a batch that no segment could hold", async () => {
    const { log } = await openLog(platformOn(), { segmentBytes: one });
    append(log, ["a"]);
    assert.throws(
      () => append(log, ["bb"]),
      (error) => error instanceof RecordsError && error.code === ErrorCode.RECORD_LIST_TOO_LARGE,
    );
    assert.equal(log.segmentCount, 1);
  });
});
