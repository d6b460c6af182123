import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import { defaultLogConfig, LogManager } from "./mod.ts";
import { append, contents, partition, platformOn } from "./testing.ts";

const config = { ...defaultLogConfig, segmentBytes: 300 };

async function open(disk: SimulatedDisk): Promise<{ manager: LogManager; log: Awaited<ReturnType<LogManager["openLog"]>> }> {
  const manager = await LogManager.open(platformOn(disk), "/data", { visibleWhenDurable: true });
  return { manager, log: await manager.openLog(partition, config) };
}

/** Appends over several segments, each record flushed before the next; answers the high watermark that was ever seen. */
async function run(disk: SimulatedDisk): Promise<number> {
  let seen = 0;
  try {
    const { manager, log } = await open(disk);
    for (let i = 0; i < 12; i++) {
      append(log, [`${i}`]);
      assert.equal(log.highWatermark, i);
      await log.flush().finally(() => seen = log.highWatermark);
    }
    await manager.close();
  } catch (error) {
    assert.match(String(error), /EIO|cannot be used|no more writes|failed/);
  }
  return seen;
}

describe("a high watermark that is the durable end", () => {
  it("follows the syncs, not the appends", async () => {
    const manager = await LogManager.open(platformOn(), "/data", { visibleWhenDurable: true });
    const log = await manager.openLog(partition, defaultLogConfig);
    append(log, ["a", "b"]);
    const flushed = log.flush();
    append(log, ["c"]);
    assert.deepEqual([log.highWatermark, log.logEndOffset], [0, 3]);
    await flushed;
    assert.equal(log.highWatermark, 2);
    await log.flush();
    assert.equal(log.highWatermark, 3);
    await manager.close();
  });

  it("is never lost in a power cut, at whatever disk operation", async () => {
    const whole = new SimulatedDisk(new SeededRandom(1));
    assert.equal(await run(whole), 12);
    for (let end = 1; end <= whole.operations; end++) {
      const disk = new SimulatedDisk(new SeededRandom(end));
      disk.endAt(end);
      const seen = await run(disk);
      const { manager, log } = await open(disk.crash());
      assert.ok(log.highWatermark >= seen, `${log.highWatermark} of ${seen} after operation ${end}`);
      assert.deepEqual(contents(log), Array.from({ length: log.highWatermark }, (_, i) => `${i}:${i}`));
      await manager.close();
    }
  });
});
