import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Disk, MemoryDisk, SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import type { Log, LogConfig, LogManager } from "./mod.ts";
import { decodeOffsets, OffsetCheckpoint } from "./offset_checkpoint.ts";
import { append, batchOf, logsForKafka, openLog, partition, platformOn, type TestPlatform } from "./testing.ts";
import { readText, writeBytes } from "./text_files.ts";

const STARTS = "/data/log-start-offset-checkpoint";
const one = batchOf(["x"]).length;
const namesake = { ...partition, topicId: "BBBBBBBBBBBBBBBBBBBBBQ" };

/** Counts how often the file is written. */
class CountingDisk extends MemoryDisk {
  written = 0;

  override rename(from: string, to: string): void {
    if (to === STARTS) this.written++;
    super.rename(from, to);
  }
}

/** Two segments of three records each. */
async function sixRecords(disk: Disk, config: Partial<LogConfig> = {}): Promise<{ env: TestPlatform; log: Log; manager: LogManager }> {
  const env = platformOn(disk);
  const opened = await openLog(env, { segmentBytes: 3 * one, ...config });
  for (let i = 0; i < 6; i++) append(opened.log, [`${i}`]);
  await env.pending.idle();
  return { env, ...opened };
}

async function aMinute({ clock, pending }: TestPlatform): Promise<void> {
  clock.advance(60_000);
  await pending.idle();
}

function starts(disk: Disk): [string, number][] | null {
  const text = readText(disk, STARTS);
  return text === null ? null : [...decodeOffsets(text)!];
}

describe("where logs start, for Apache Kafka", () => {
  it("is written once a minute, in its format, of those that start within their first segment", async () => {
    const disk = new MemoryDisk();
    const { env, log } = await sixRecords(disk);
    await aMinute(env);
    assert.equal(starts(disk), null);
    await log.deleteRecordsBefore(2);
    assert.equal(starts(disk), null);
    await aMinute(env);
    assert.match(readText(disk, STARTS)!, /^0\n2\n#crc32c 0 \d+\norders 0 2\n$/);
    await log.deleteRecordsBefore(3);
    assert.equal(log.segmentCount, 1);
    await aMinute(env);
    assert.deepEqual(starts(disk), []);
  });

  it("is written when the directory is closed, and stays there while a log is not open", async () => {
    const disk = new MemoryDisk();
    const { log, manager } = await sixRecords(disk);
    await log.deleteRecordsBefore(6);
    await manager.close();
    assert.deepEqual(starts(disk), [["orders-0", 6]]);
    const again = await openLog(platformOn(disk), { segmentBytes: 3 * one });
    await again.manager.openLog({ ...partition, partition: 1 }, again.log.config);
    await again.log.deleteRecordsBefore(6);
    await again.manager.close();
    assert.deepEqual(starts(disk), [["orders-0", 6]]);
  });

  it("is nothing that Ottla goes by", async () => {
    for (const text of ["0\n1\norders 0 5\n", "0\n1\norders 0 1\n", "no offsets"]) {
      const disk = new MemoryDisk();
      const { log, manager } = await sixRecords(disk);
      await log.deleteRecordsBefore(2);
      await manager.close();
      writeBytes(disk, STARTS, new TextEncoder().encode(text));
      const again = await openLog(platformOn(disk), { segmentBytes: 3 * one });
      assert.equal(again.log.logStartOffset, 2);
      await again.manager.close();
      assert.deepEqual(starts(disk), [["orders-0", 2]], text);
    }
  });

  it("is no reason to stop where it cannot be written, and is tried again", async () => {
    const disk = new MemoryDisk();
    const { env, log, manager } = await sixRecords(disk);
    await log.deleteRecordsBefore(2);
    disk.makeDirectory(STARTS);
    await aMinute(env);
    assert.match(env.logger.events.at(-1)!.message, /cannot write where logs start/);
    await disk.remove(STARTS);
    await aMinute(env);
    assert.deepEqual(starts(disk), [["orders-0", 2]]);
    await disk.remove(STARTS);
    disk.makeDirectory(STARTS);
    await manager.removeLog("orders", 0);
    assert.ok(!disk.list("/data").includes("orders-0"));
  });

  it("is written once for a topic of many partitions that is deleted", async () => {
    const disk = new CountingDisk();
    const { log, manager } = await sixRecords(disk);
    const logs = await Promise.all([1, 2].map((number) => manager.openLog({ ...partition, partition: number }, log.config)));
    for (const each of logs) append(each, ["a", "b"]);
    for (const each of [log, ...logs]) await each.deleteRecordsBefore(1);
    await manager.close();
    assert.equal(starts(disk)!.length, 3);
    disk.written = 0;
    const again = await openLog(platformOn(disk));
    await again.manager.forgetStarts("orders", 3);
    for (const number of [0, 1, 2]) await again.manager.removeLog("orders", number);
    assert.deepEqual([disk.written, starts(disk)], [1, []]);
  });

  it("is forgotten before the log's directory goes, and so never a namesake's, at whatever operation a crash comes", async () => {
    const script = async (disk: SimulatedDisk): Promise<void> => {
      const { env, log, manager } = await sixRecords(disk);
      await log.deleteRecordsBefore(2);
      await aMinute(env);
      await manager.removeLog("orders", 0);
      const again = await manager.openLog(namesake, log.config);
      append(again, ["new"]);
      await again.flush();
      await manager.close();
    };
    const whole = new SimulatedDisk(new SeededRandom(1));
    await script(whole);
    let told = 0;
    for (let end = 1; end <= whole.operations; end++) {
      for (const power of [false, true]) {
        const disk = new SimulatedDisk(new SeededRandom(end));
        disk.endAt(end);
        await script(disk).catch((error) => assert.match(String(error), /EIO|cannot|no more writes|could not/));
        const left = power ? disk.crash() : disk.kill();
        const found = logsForKafka(left).get("orders-0");
        if (found === undefined) assert.ok(!starts(left)?.some(([name]) => name === "orders-0"), `operation ${end}`);
        else if (found.topicId === namesake.topicId) assert.equal(found.start, 0, `operation ${end}`);
        else if (found.start > 0) told++;
      }
    }
    assert.ok(told > 0);
  });
});

describe("a file with an offset for each partition", () => {
  it("names nothing that was forgotten once that has settled, also while it is being written", async () => {
    for (let turns = 0; turns < 5; turns++) {
      const disk = new SimulatedDisk(new SeededRandom(1));
      disk.makeDirectory("/data");
      const file = await OffsetCheckpoint.open(disk, "/data", "offsets");
      file.set("orders-0", 5);
      file.set("orders-1", 6);
      await file.write();
      file.forget("orders-0");
      const written = file.write();
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      await file.settleForgotten();
      assert.deepEqual([...decodeOffsets(readText(disk, "/data/offsets")!)!], [["orders-1", 6]], `${turns} turns`);
      await written;
    }
  });
});
