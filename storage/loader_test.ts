import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Disk, MemoryDisk } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { batches, RecordBatch, RecordsError } from "../protocol/records/mod.ts";
import { type Log, StorageError } from "./mod.ts";
import { writeBytes } from "./text_files.ts";
import { append, batchOf, contents, filesOf, openLog, platformOn } from "./testing.ts";

const PARTITION = "/data/orders-0";
const LOG = "00000000000000000000.log";
const one = batchOf(["x"]).length;
const config = { indexIntervalBytes: 100 };

/** As if the process had been killed before it wrote any checkpoint, and with `durable`, recovery points later than that. */
async function forgetStop(disk: Disk, durable?: number): Promise<void> {
  if (durable !== undefined) setRecoveryPoint(disk, durable);
  writeBytes(disk, "/data/dirty", new Uint8Array());
  for (const name of filesOf(disk).keys()) if (name.endsWith(".ottla")) await disk.remove(`${PARTITION}/${name}`);
}

function setRecoveryPoint(disk: Disk, offset: number): void {
  writeBytes(disk, "/data/recovery-point-offset-checkpoint", new TextEncoder().encode(`0\n1\norders 0 ${offset}\n`));
}

function isCorrupt(error: unknown): boolean {
  return error instanceof RecordsError && error.code === ErrorCode.CORRUPT_MESSAGE;
}

/** What can be read, offset by offset. */
function readable(log: Log): string[] {
  const found: string[] = [];
  for (let offset = log.logStartOffset; offset < log.logEndOffset; offset++) {
    try {
      const source = log.read(offset, 1, { minOneBatch: true, upTo: log.logEndOffset });
      const bytes = new Uint8Array(source.byteLength);
      source.copyInto(bytes);
      for (const batch of batches(bytes)) {
        for (const record of batch.records()) found.push(`${record.offset}:${new TextDecoder().decode(record.value!)}`);
      }
    } catch (error) {
      if (!isCorrupt(error)) throw error;
    }
  }
  return found;
}

/** The batch that whoever asks for the offset is answered with, if it is one; null where it is not, or there is an error. */
function firstBatchAt(log: Log, offset: number): RecordBatch | null {
  try {
    const source = log.read(offset, 1, { minOneBatch: true, upTo: log.logEndOffset });
    const bytes = new Uint8Array(source.byteLength);
    source.copyInto(bytes);
    const batch = new RecordBatch(bytes);
    return batch.isValid() ? batch : null;
  } catch (error) {
    if (isCorrupt(error) || error instanceof StorageError) return null;
    throw error;
  }
}

/** Of a log that can be opened all but the second batch can be read. */
async function secondIsGone(disk: Disk): Promise<void> {
  const { log, manager } = await openLog(platformOn(disk), {});
  assert.deepEqual(readable(log), ["0:a", "2:c"]);
  await manager.close();
}

/** A disk with a log of three batches of one record; `clean` tells how its process ended. */
async function threeBatches(clean: boolean): Promise<{ disk: Disk; bytes: Uint8Array }> {
  const disk = new MemoryDisk();
  const env = platformOn(disk);
  const { log, manager } = await openLog(env, config);
  for (const value of ["a", "b", "c"]) append(log, [value]);
  await manager.close();
  if (!clean) await forgetStop(disk);
  return { disk, bytes: filesOf(disk).get(LOG)! };
}

function damaged(bytes: Uint8Array, position: number): Uint8Array {
  const copy = bytes.slice();
  copy[position] ^= 0x40;
  return copy;
}

describe("opening a log", () => {
  for (const clean of [true, false]) {
    it(`cuts a torn append of every length off, and keeps its bytes (${clean ? "clean" : "unclean"} stop)`, async () => {
      const { disk, bytes } = await threeBatches(clean);
      setRecoveryPoint(disk, 2);
      for (let length = 2 * one; length < 3 * one; length++) {
        writeBytes(disk, `${PARTITION}/${LOG}`, bytes.subarray(0, length));
        const env = platformOn(disk);
        const { log, manager } = await openLog(env, config);
        assert.deepEqual(contents(log), ["0:a", "1:b"]);
        const files = filesOf(disk);
        const torn = files.get(`${LOG}.${2 * one}.torn`) ?? new Uint8Array();
        assert.deepEqual(torn, bytes.slice(2 * one, length));
        assert.equal(files.get(LOG)!.length, 2 * one);
        assert.equal(env.logger.events.filter((event) => event.level === "warn").length, length > 2 * one ? 1 : 0);
        assert.equal(append(log, ["d"]).baseOffset, 2);
        assert.deepEqual(contents(log), ["0:a", "1:b", "2:d"]);
        await manager.close();
        await disk.remove(`${PARTITION}/${LOG}.${2 * one}.torn`);
        if (clean) setRecoveryPoint(disk, 2);
        else await forgetStop(disk, 2);
      }
    });

    it(`does not give offsets away again whose records were durable and are gone (${clean ? "clean" : "unclean"} stop)`, async () => {
      const { disk, bytes } = await threeBatches(clean);
      for (const length of [2 * one, 3 * one - 1]) {
        writeBytes(disk, `${PARTITION}/${LOG}`, bytes.subarray(0, length));
        for (let start = 0; start < 3; start++) {
          const { log, manager } = await openLog(platformOn(disk), config);
          const behind = Array.from({ length: start }, (_, i) => `${3 + i}:d`);
          assert.deepEqual([log.logEndOffset, readable(log)], [3 + start, ["0:a", "1:b", ...behind]]);
          append(log, ["d"]);
          await manager.close();
          if (!clean) await forgetStop(disk, 3);
        }
        for (const name of filesOf(disk).keys()) if (name !== LOG) await disk.remove(`${PARTITION}/${name}`);
        setRecoveryPoint(disk, 3);
      }
    });
  }

  it("cuts zeros and rubbish behind the last batch off", async () => {
    for (const rest of [new Uint8Array(4096), new Uint8Array(3 << 20), new Uint8Array(500).fill(2)]) {
      const { disk, bytes } = await threeBatches(false);
      writeBytes(disk, `${PARTITION}/${LOG}`, Uint8Array.from([...bytes, ...rest]));
      const { log } = await openLog(platformOn(disk), config);
      assert.deepEqual(contents(log), ["0:a", "1:b", "2:c"]);
      assert.equal(filesOf(disk).get(`${LOG}.${3 * one}.torn`)!.length, rest.length);
    }
  });

  it("checks every checksum after an unclean stop: a last batch with a flipped bit goes, wherever the bit", async () => {
    const { disk, bytes } = await threeBatches(false);
    setRecoveryPoint(disk, 2);
    // Base offset and leader epoch are not covered by the CRC; a flip there is seen only if the value becomes impossible.
    for (const position of [8, 16, 17, 21, 23, 30, 60, one - 1]) {
      writeBytes(disk, `${PARTITION}/${LOG}`, damaged(bytes, 2 * one + position));
      const { log, manager } = await openLog(platformOn(disk), config);
      assert.deepEqual(contents(log), ["0:a", "1:b"], `byte ${position}`);
      await manager.close();
      await forgetStop(disk, 2);
    }
  });

  it("steps over a damaged batch with good ones behind it, leaves its bytes, and says so, also at the next start", async () => {
    for (const position of [0, 8, 16, 17, 21, 30, one - 1, one + 10, one + 20]) {
      const { disk, bytes } = await threeBatches(false);
      const wrong = damaged(bytes, position);
      writeBytes(disk, `${PARTITION}/${LOG}`, wrong);
      const bad = Math.floor(position / one);
      for (let start = 0; start < 3; start++) {
        const env = platformOn(disk);
        const { log, manager } = await openLog(env, config);
        assert.deepEqual(readable(log), ["0:a", "1:b", "2:c"].filter((_, offset) => offset !== bad), `byte ${position}, start ${start}`);
        assert.throws(() => log.read(bad, 1, { minOneBatch: true, upTo: 3 }), isCorrupt);
        assert.deepEqual(filesOf(disk).get(LOG), wrong);
        if (start === 0) assert.match(env.logger.events.find(({ level }) => level === "error")!.message, /some offsets cannot be read/);
        await manager.close();
        if (start === 1) await forgetStop(disk);
      }
    }
  });

  it("finds damage that came after a clean stop when somebody reads it, and the rest can be read", async () => {
    for (const bad of [0, 1]) {
      const { disk, bytes } = await threeBatches(true);
      writeBytes(disk, `${PARTITION}/${LOG}`, damaged(bytes, bad * one + 16));
      const env = platformOn(disk);
      const { log } = await openLog(env, config);
      assert.deepEqual(readable(log), ["0:a", "1:b", "2:c"].filter((_, offset) => offset !== bad));
      assert.equal(env.logger.events.filter(({ level }) => level === "error").length, 1);
      assert.equal(append(log, ["d"]).baseOffset, 3);
    }
  });

  it("finds damage right behind damage that came earlier", async () => {
    const disk = new MemoryDisk();
    const { log } = await openLog(platformOn(disk), config);
    for (const value of ["a", "b", "c", "d"]) append(log, [value]);
    for (const [bad, left] of [[1, ["0:a", "2:c", "3:d"]], [2, ["0:a", "3:d"]]] as const) {
      const file = disk.open(`${PARTITION}/${LOG}`);
      file.overwrite(Uint8Array.of(0), bad * one + 16);
      file.close();
      assert.deepEqual(readable(log), left);
    }
  });

  it("finds damage when it looks for a timestamp behind it", async () => {
    const disk = new MemoryDisk();
    const { log } = await openLog(platformOn(disk), { indexIntervalBytes: 1 << 20 });
    for (const [i, value] of ["a", "b", "c"].entries()) append(log, [value], 1_000 + i);
    const file = disk.open(`${PARTITION}/${LOG}`);
    file.overwrite(Uint8Array.of(0), one + 16);
    file.close();
    assert.equal(log.offsetForTimestamp(1_001)?.offset, 2);
    assert.ok(log.isDamaged);
  });

  it("never answers with what stands behind the offset that is asked for, whichever parts of the file have changed places", async () => {
    const disk = new MemoryDisk();
    const { log, manager } = await openLog(platformOn(disk), config);
    for (let i = 0; i < 24; i++) append(log, Array.from({ length: 1 + i % 3 }, () => "x".repeat(i * 7 % 40)));
    const { logEndOffset } = log;
    await manager.close();
    const files = new Map(filesOf(disk));
    const bytes = files.get(LOG)!;
    const part = 256;
    for (let a = 0; a + part <= bytes.length; a += part) {
      for (let b = a + part; b + part <= bytes.length; b += part) {
        const moved = bytes.slice();
        moved.set(bytes.subarray(a, a + part), b);
        moved.set(bytes.subarray(b, b + part), a);
        for (const [name, content] of files) writeBytes(disk, `${PARTITION}/${name}`, name === LOG ? moved : content);
        const again = await openLog(platformOn(disk), config);
        for (let round = 0; round < 2; round++) {
          for (let offset = 0; offset < logEndOffset; offset++) {
            const first = firstBatchAt(again.log, offset);
            assert.ok(first === null || (first.baseOffset <= offset && offset <= first.lastOffset), `${a}, ${b}: ${offset}`);
          }
        }
        await again.manager.close();
      }
    }
  });

  it("steps over a missing or damaged segment with good ones behind it", async () => {
    const disk = new MemoryDisk();
    const { log, manager } = await openLog(platformOn(disk), { segmentBytes: one });
    for (const value of ["a", "b", "c"]) append(log, [value]);
    await manager.close();
    const second = `${PARTITION}/00000000000000000001.log`;
    const bytes = filesOf(disk).get("00000000000000000001.log")!;
    for (const wrong of [bytes.subarray(0, 10), new Uint8Array(), damaged(bytes, 16)]) {
      writeBytes(disk, second, wrong);
      await secondIsGone(disk);
    }
    await disk.remove(second);
    await secondIsGone(disk);
    await forgetStop(disk);
    const env = platformOn(disk);
    const { log: found } = await openLog(env, {});
    assert.deepEqual(readable(found), ["0:a", "2:c"]);
    assert.deepEqual(env.logger.events.find(({ level }) => level === "error")?.facts.reason, "offset 1 is missing");
  });

  it("drops segments behind a torn append that hold nothing", async () => {
    const disk = new MemoryDisk();
    const { log, manager } = await openLog(platformOn(disk), { segmentBytes: one });
    for (const value of ["a", "b", "c"]) append(log, [value]);
    await manager.close();
    writeBytes(disk, `${PARTITION}/00000000000000000001.log`, new Uint8Array(10));
    writeBytes(disk, `${PARTITION}/00000000000000000002.log`, new Uint8Array());
    setRecoveryPoint(disk, 1);
    const again = await openLog(platformOn(disk), { segmentBytes: one });
    assert.equal(append(again.log, ["d"]).baseOffset, 1);
    append(again.log, ["e"]);
    assert.deepEqual(contents(again.log), ["0:a", "1:d", "2:e"]);
    assert.deepEqual(filesOf(disk).get("00000000000000000001.log.0.torn"), new Uint8Array(10));
  });

  it("builds the same indexes from the batches as the appends did", async () => {
    const disk = new MemoryDisk();
    const options = { segmentBytes: 3000, indexIntervalBytes: 150 };
    const { log, manager } = await openLog(platformOn(disk), options);
    for (let i = 0; i < 120; i++) append(log, Array.from({ length: 1 + i % 4 }, () => `${i}`), 1_000 + i + (i * 37) % 50);
    const found = log.offsetForTimestamp(1_120);
    await manager.close();
    const written = filesOf(disk);
    assert.ok([...written].filter(([name, bytes]) => name.endsWith(".timeindex") && bytes.length > 12).length > 2);
    for (const change of [() => null, () => new Uint8Array(), () => new Uint8Array(80).fill(1)]) {
      for (const name of written.keys()) {
        if (!name.endsWith("index")) continue;
        const bytes = change();
        if (bytes === null) await disk.remove(`${PARTITION}/${name}`);
        else writeBytes(disk, `${PARTITION}/${name}`, bytes);
      }
      const again = await openLog(platformOn(disk), options);
      assert.equal(contents(again.log).length, 300);
      assert.deepEqual(again.log.offsetForTimestamp(1_120), found);
      await again.manager.close();
      assert.deepEqual(filesOf(disk), written);
    }
  });

  it("makes an index anew that an append, or a look-up by time, finds to be wrong, and forgets nothing else for that", async () => {
    for (const name of ["00000000000000000000.index", "00000000000000000000.timeindex"]) {
      for (
        const change of [
          () => new Uint8Array(),
          (bytes: Uint8Array) => damaged(bytes, 1),
          (bytes: Uint8Array) => damaged(bytes, bytes.length - 1),
        ]
      ) {
        const disk = new MemoryDisk();
        const { log, manager } = await openLog(platformOn(disk), config);
        for (let i = 0; i < 40; i++) append(log, [`${i}`], 1_000 + i);
        await manager.close();
        writeBytes(disk, `${PARTITION}/${name}`, change(filesOf(disk).get(name)!));
        const again = await openLog(platformOn(disk), config);
        if (name.endsWith("timeindex")) assert.equal(again.log.offsetForTimestamp(1_030)?.offset, 30);
        append(again.log, ["new"], 2_000);
        for (const [timestamp, offset] of [[2_000, 40], [1_007, 7], [1_039, 39]]) {
          assert.equal(again.log.offsetForTimestamp(timestamp)?.offset, offset);
        }
        assert.equal(contents(again.log).length, 41);
        await again.manager.close();
        const third = await openLog(platformOn(disk), config);
        assert.deepEqual([third.log.offsetForTimestamp(2_000)?.offset, third.log.logEndOffset, third.log.maxTimestamp], [40, 41, 2_000]);
        await third.manager.close();
      }
    }
  });

  it("writes indexes that name the last offset of a batch and where it begins, as Kafka's do", async () => {
    const disk = new MemoryDisk();
    const { log, manager } = await openLog(platformOn(disk), { indexIntervalBytes: 150 });
    for (let i = 0; i < 20; i++) append(log, [`${i}`, "x"], 1_000 + (i * 7) % 20);
    await manager.close();
    const files = filesOf(disk);
    const known = new Map<number, number>();
    const timestamps = new Map<number, number>();
    let position = 0;
    for (const batch of batches(files.get(LOG)!)) {
      known.set(batch.lastOffset, position);
      timestamps.set(batch.lastOffset, batch.maxTimestamp);
      position += batch.sizeInBytes;
    }
    const index = new DataView(files.get("00000000000000000000.index")!.buffer);
    assert.ok(index.byteLength > 3 * 8);
    for (let at = 0, before = 0; at < index.byteLength; at += 8) {
      assert.equal(index.getInt32(at + 4), known.get(index.getInt32(at)));
      assert.ok(index.getInt32(at + 4) - before > 150);
      before = index.getInt32(at + 4);
    }
    const times = new DataView(files.get("00000000000000000000.timeindex")!.buffer);
    assert.ok(times.byteLength > 12);
    for (let at = 0; at < times.byteLength; at += 12) {
      assert.equal(Number(times.getBigInt64(at)), timestamps.get(times.getInt32(at + 8)));
    }
    assert.equal(Number(times.getBigInt64(times.byteLength - 12)), log.maxTimestamp);
  });
});
