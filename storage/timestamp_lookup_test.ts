import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../platform/mod.ts";
import { buildBatch } from "../protocol/records/mod.ts";
import { append, openLog, platformOn } from "./testing.ts";

describe("look-up by timestamp", () => {
  it("answers what a walk over all records answers", async () => {
    const random = new SeededRandom(11);
    const { log } = await openLog(platformOn(), { segmentBytes: 700, indexIntervalBytes: 60, segmentIndexBytes: 1000 });
    const timestamps: number[] = [];
    for (let i = 0; i < 60; i++) {
      const records = Array.from({ length: 1 + random.below(3) }, () => ({ timestamp: random.below(500), key: null, value: null }));
      log.append(buildBatch(records), { leaderEpoch: 0, origin: "client" });
      timestamps.push(...records.map((record) => record.timestamp));
    }
    assert.ok(log.segmentCount > 5);
    for (let wanted = 0; wanted <= 500; wanted++) {
      const offset = timestamps.findIndex((timestamp) => timestamp >= wanted);
      const expected = offset < 0 ? null : { timestamp: timestamps[offset], offset, leaderEpoch: 0 };
      assert.deepEqual(log.offsetForTimestamp(wanted), expected, `timestamp ${wanted}`);
    }
    const max = Math.max(...timestamps);
    assert.deepEqual(log.maxTimestampOffset(), { timestamp: max, offset: timestamps.indexOf(max), leaderEpoch: 0 });
    assert.equal(log.maxTimestamp, max);
  });

  it("answers null in an empty log", async () => {
    const { log } = await openLog(platformOn());
    assert.equal(log.offsetForTimestamp(0), null);
    assert.equal(log.maxTimestampOffset(), null);
  });

  it("takes the time of the append for LogAppendTime", async () => {
    const env = platformOn();
    const { log } = await openLog(env, { messageTimestampType: "LogAppendTime" });
    const first = env.clock.now();
    assert.equal(append(log, ["a", "b"], 5).logAppendTime, first);
    env.clock.advance(1_000);
    append(log, ["c"], 5);
    assert.deepEqual(log.offsetForTimestamp(first + 1), { timestamp: first + 1_000, offset: 2, leaderEpoch: 0 });
    assert.deepEqual(log.offsetForTimestamp(6), { timestamp: first, offset: 0, leaderEpoch: 0 });
  });
});
