import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DiskError, MemoryDisk, SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import { FileCache, filesWithin } from "./file_cache.ts";
import { writeBytes } from "./text_files.ts";

function byteOf(file: { read(into: Uint8Array, position: number): number }, position: number): number {
  const into = new Uint8Array(1);
  assert.equal(file.read(into, position), 1);
  return into[0];
}

describe("a cache of files", () => {
  it("has no more open than it may, and each holds what was written to it", () => {
    const cache = new FileCache(new MemoryDisk(), 3);
    const files = Array.from({ length: 10 }, (_, i) => cache.open(`/${i}`));
    for (let round = 0; round < 4; round++) {
      for (const [i, file] of files.entries()) {
        file.append(Uint8Array.of(round * 16 + i));
        assert.ok(cache.openCount <= 3);
      }
    }
    for (const [i, file] of files.entries()) {
      assert.equal(file.size, 4);
      for (let round = 0; round < 4; round++) assert.equal(byteOf(file, round), round * 16 + i);
      file.close();
    }
    assert.equal(cache.openCount, 0);
  });

  it("keeps those open that are used, and of the others rather what was not synced yet", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const cache = new FileCache(disk, 3);
    const [hot, synced, unsynced] = ["hot", "synced", "unsynced"].map((name) => cache.open(`/${name}`));
    synced.append(Uint8Array.of(1));
    await synced.sync();
    unsynced.append(Uint8Array.of(1));
    for (let i = 0; i < 5; i++) {
      hot.append(Uint8Array.of(1));
      cache.open(`/${i}`);
    }
    const before = disk.operations;
    hot.append(Uint8Array.of(1));
    assert.equal(disk.operations - before, 1, "it is still open");
  });

  it("leaves a file open while it is synced, and lets few be synced at a time", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const cache = new FileCache(disk, 8);
    const files = Array.from({ length: 10 }, (_, i) => cache.open(`/${i}`));
    for (const file of files) file.append(Uint8Array.of(1));
    const syncs = files.map((file) => file.sync());
    assert.equal(files.filter(({ isSyncing }) => isSyncing).length, 1);
    files[9].append(Uint8Array.of(1));
    assert.ok(files[0].isSyncing && cache.openCount <= 8);
    await Promise.all(syncs);
    assert.ok(files.every(({ isSyncing }) => !isSyncing));
    for (const file of files) assert.equal(file.isUnsynced, false);
  });

  it("refuses a file that has changed while it was closed", () => {
    const disk = new MemoryDisk();
    writeBytes(disk, "/a", new Uint8Array(5));
    const file = new FileCache(disk, 1).known("/a", 6);
    assert.throws(() => byteOf(file, 0), (error) => error instanceof DiskError && error.code === "EIO");
  });
});

it("files get the greater part of many descriptors, and leave most of few to connections", () => {
  assert.deepEqual([64, 1_024, 4_096, 20_000].map(filesWithin), [16, 424, 3_072, 15_000]);
});
