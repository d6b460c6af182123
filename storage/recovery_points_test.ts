import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Disk, MemoryDisk } from "../platform/mod.ts";
import { decodeOffsets } from "./offset_checkpoint.ts";
import { readText, writeBytes } from "./text_files.ts";
import type { Log } from "./mod.ts";
import { append, batchOf, contents, filesOf, openLog, platformOn, type TestPlatform } from "./testing.ts";

const FILE = "/data/recovery-point-offset-checkpoint";
const PARTITION = "/data/orders-0";
const LOG = "00000000000000000000.log";
const one = batchOf(["x"]).length;
const encoder = new TextEncoder();

/** Writes a, b and c and dies; `flushedAfter` says behind which of them all was made durable and noted. Flips a bit of b. No checkpoint is left. */
async function damagedInTheMiddle(flushedAfter: string | null): Promise<{ disk: Disk; damaged: Uint8Array }> {
  const disk = new MemoryDisk();
  const env = platformOn(disk);
  const { log } = await openLog(env);
  for (const value of ["a", "b", "c"]) {
    append(log, [value]);
    if (value !== flushedAfter) continue;
    await log.flush();
    await nextCheckpoint(env);
  }
  await disk.remove("/data/.lock");
  await disk.remove(`${PARTITION}/00000000000000000000.ottla`);
  const bytes = filesOf(disk).get(LOG)!;
  bytes[2 * one - 1] ^= 1;
  writeBytes(disk, `${PARTITION}/${LOG}`, bytes);
  return { disk, damaged: bytes };
}

/** The end of the log is where it was, the damaged record cannot be read, the one behind it can. */
function isSteppedOver(log: Log): void {
  assert.equal(log.logEndOffset, 3);
  assert.throws(() => log.read(1, 1, { minOneBatch: true, upTo: 3 }), /Offsets 1 to 1 cannot be read/);
  assert.equal(log.read(2, 1, { minOneBatch: true, upTo: 3 }).byteLength, one);
}

/** What the file says. */
function points(disk: Disk): [string, number][] {
  return [...decodeOffsets(readText(disk, FILE)!)!];
}

async function nextCheckpoint({ clock, pending }: TestPlatform): Promise<void> {
  clock.advance(60_000);
  await pending.idle();
}

describe("the recovery point", () => {
  it("is written once a minute, in Kafka's format, and when the log is closed", async () => {
    const env = platformOn();
    const { log, manager } = await openLog(env);
    append(log, ["a", "b"]);
    await log.flush();
    assert.equal(log.recoveryPoint, 2);
    assert.deepEqual(points(env.disk), []);
    append(log, ["c"]);
    await nextCheckpoint(env);
    assert.match(readText(env.disk, FILE)!, /^0\n2\n#crc32c 0 \d+\norders 0 3\n$/);
    append(log, ["d"]);
    await manager.close();
    assert.deepEqual(points(env.disk), [["orders-0", 4]]);
  });

  it("rises when a full segment has been synced in the background", async () => {
    const env = platformOn();
    const { log } = await openLog(env, { segmentBytes: 2 * one });
    for (const value of ["a", "b", "c"]) append(log, [value]);
    assert.equal(log.recoveryPoint, 0);
    await env.pending.idle();
    assert.equal(log.recoveryPoint, 2);
  });

  it("is forgotten with its partition, before a namesake has files", async () => {
    const env = platformOn();
    const { log, manager } = await openLog(env);
    append(log, ["a"]);
    await log.flush();
    await nextCheckpoint(env);
    await manager.removeLog("orders", 0);
    await manager.openLog({ ...log.id, topicId: "BAAAAAAAAAAAAAAAAAAAAQ" }, log.config);
    assert.deepEqual(points(env.disk), []);
  });

  it("survives a failed write of itself, which is tried again", async () => {
    const env = platformOn();
    const { log } = await openLog(env);
    append(log, ["a"]);
    await log.flush();
    await env.disk.remove("/data/recovery-point-offset-checkpoint");
    env.disk.makeDirectory(FILE);
    await nextCheckpoint(env);
    assert.match(env.logger.events.at(-1)!.message, /cannot write recovery points/);
    await env.disk.remove(FILE);
    await nextCheckpoint(env);
    assert.deepEqual(points(env.disk), [["orders-0", 1]]);
  });
});

describe("damage with good batches behind it, after an unclean stop", () => {
  for (const flushedAfter of [null, "a"]) {
    it(`was torn if it stands above the recovery point: it is cut off, its bytes kept (durable: ${flushedAfter})`, async () => {
      const { disk, damaged } = await damagedInTheMiddle(flushedAfter);
      const { log } = await openLog(platformOn(disk));
      assert.deepEqual(contents(log), ["0:a"]);
      assert.deepEqual(filesOf(disk).get(`${LOG}.${one}.torn`), damaged.slice(one));
      append(log, ["d"]);
      assert.deepEqual(contents(log), ["0:a", "1:d"]);
    });
  }

  for (const flushedAfter of ["b", "c"]) {
    it(`is stepped over below, and stays: somebody was promised it (durable: ${flushedAfter})`, async () => {
      const { disk, damaged } = await damagedInTheMiddle(flushedAfter);
      isSteppedOver((await openLog(platformOn(disk))).log);
      assert.deepEqual(filesOf(disk).get(LOG), damaged);
    });
  }

  for (const text of [null, "", "0\n2\norders 0 0\n", "0\n1\norders 0 -1\n", "1\n0\n"]) {
    it(`is stepped over when the points are lost (${JSON.stringify(text)}), and still at the next start`, async () => {
      const { disk } = await damagedInTheMiddle(null);
      if (text === null) await disk.remove(FILE);
      else writeBytes(disk, FILE, encoder.encode(text));
      for (let start = 0; start < 2; start++) {
        const env = platformOn(disk);
        isSteppedOver((await openLog(env)).log);
        await nextCheckpoint(env);
        await disk.remove("/data/.lock");
      }
    });
  }

  it("may be an old batch that came back behind new ones: its leader epoch tells", async () => {
    const disk = new MemoryDisk();
    const { log } = await openLog(platformOn(disk));
    append(log, ["new"], 1_000, {}, 2);
    append(log, ["old"], 1_000, {}, 2);
    const bytes = filesOf(disk).get(LOG)!;
    new DataView(bytes.buffer).setInt32(one + 2 + 12, 1);
    writeBytes(disk, `${PARTITION}/${LOG}`, bytes);
    await disk.remove("/data/.lock");
    const again = await openLog(platformOn(disk));
    assert.deepEqual(contents(again.log), ["0:new"]);
  });
});
