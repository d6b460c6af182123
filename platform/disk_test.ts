import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoDisk } from "./deno/disk.ts";
import { denoRandom } from "./deno/random.ts";
import { type Disk, DiskError } from "./disk.ts";
import { Pending } from "./pending.ts";
import { MemoryDisk } from "./simulated/memory_disk.ts";
import { SeededRandom } from "./simulated/random.ts";
import { SimulatedDisk } from "./simulated/simulated_disk.ts";

const disks: readonly [name: string, make: () => Disk][] = [
  ["MemoryDisk", () => new MemoryDisk()],
  ["SimulatedDisk", () => new SimulatedDisk(new SeededRandom(1))],
  ["denoDisk", () => denoDisk(new Pending())],
];

for (const [name, make] of disks) {
  describe(`what every disk does: ${name}`, () => {
    it("appends, reads by position, overwrites and cuts", () => inDirectory(make(), filesGrowAndShrink));
    it("opens only what is there unless it may create", () => inDirectory(make(), opening));
    it("lists, tells kinds and makes parents", () => inDirectory(make(), directories));
    it("renames over files and keeps open handles with their file", () => inDirectory(make(), renaming));
    it("removes files and whole directories, and what is absent", () => inDirectory(make(), removing));
    it("locks once", () => inDirectory(make(), locking));
    it("syncs files and directories", () => inDirectory(make(), syncing));
    it("holds files of several chunks", () => inDirectory(make(), largeFiles));
  });
}

/** Runs `test` in a directory of its own and removes that. */
async function inDirectory(disk: Disk, test: (disk: Disk, directory: string) => void | Promise<void>): Promise<void> {
  const directory = `.tmp/disk-${denoRandom.below(2 ** 32)}`;
  disk.makeDirectory(directory);
  try {
    await test(disk, directory);
  } finally {
    await disk.remove(directory);
  }
}

function filesGrowAndShrink(disk: Disk, directory: string): void {
  const file = disk.open(`${directory}/a`, { create: true });
  file.append(bytes(1, 2, 3, 4));
  file.append(bytes(5, 6));
  assert.equal(file.size, 6);
  assert.deepEqual(contentOf(disk, `${directory}/a`), bytes(1, 2, 3, 4, 5, 6));
  file.overwrite(bytes(9, 8), 1);
  const middle = new Uint8Array(3);
  assert.equal(file.read(middle, 1), 3);
  assert.deepEqual(middle, bytes(9, 8, 4));
  assert.equal(file.read(new Uint8Array(10), 4), 2);
  assert.equal(file.read(new Uint8Array(10), 6), 0);
  assert.throws(() => file.overwrite(bytes(1, 2), 5), /assertion/);
  file.truncate(2);
  file.append(bytes(7));
  assert.deepEqual(contentOf(disk, `${directory}/a`), bytes(1, 9, 7));
  file.close();
  file.close();
  assert.throws(() => file.append(bytes(1)), DiskError);
}

function opening(disk: Disk, directory: string): void {
  assert.throws(() => disk.open(`${directory}/absent`), failure("ENOENT"));
  assert.throws(() => disk.open(`${directory}/absent/file`, { create: true }), failure("ENOENT"));
  assert.throws(() => disk.open(directory), failure("EOTHER"));
  assert.throws(() => disk.open(directory, { readOnly: true }), failure("EOTHER"));
  disk.open(`${directory}/a`, { create: true }).close();
  assert.throws(() => disk.open(`${directory}/a/b`, { create: true }), failure("EOTHER"));
  const reader = disk.open(`${directory}/a`, { readOnly: true });
  assert.throws(() => reader.append(bytes(1)), failure("EOTHER"));
  reader.close();
}

function directories(disk: Disk, directory: string): void {
  disk.makeDirectory(`${directory}/x/y/z`);
  disk.makeDirectory(`${directory}/x/y`);
  const file = disk.open(`${directory}/x/b`, { create: true });
  file.append(bytes(1, 2, 3));
  file.close();
  disk.open(`${directory}/x/B`, { create: true }).close();
  assert.deepEqual(disk.list(`${directory}/x`), ["B", "b", "y"]);
  assert.deepEqual(disk.stat(`${directory}/x/b`), { kind: "file", size: 3 });
  assert.deepEqual(disk.stat(`${directory}/x/y/`), { kind: "directory", size: 0 });
  assert.equal(disk.stat(`${directory}/none`), null);
  assert.equal(disk.stat(`${directory}/x/b/none`), null);
  assert.throws(() => disk.list(`${directory}/none`), failure("ENOENT"));
  assert.throws(() => disk.list(`${directory}/x/b`), failure("EOTHER"));
  assert.throws(() => disk.makeDirectory(`${directory}/x/b`), failure("EEXIST"));
}

function renaming(disk: Disk, directory: string): void {
  const file = disk.open(`${directory}/new`, { create: true });
  file.append(bytes(1));
  const old = disk.open(`${directory}/old`, { create: true });
  old.append(bytes(2));
  disk.rename(`${directory}/new`, `${directory}/old`);
  assert.deepEqual(contentOf(disk, `${directory}/old`), bytes(1));
  old.append(bytes(3));
  assert.equal(old.size, 2);
  assert.deepEqual(disk.list(directory), ["old"]);
  file.close();
  old.close();
  disk.makeDirectory(`${directory}/full/inner`);
  disk.makeDirectory(`${directory}/empty`);
  assert.throws(() => disk.rename(`${directory}/none`, `${directory}/x`), failure("ENOENT"));
  assert.throws(() => disk.rename(`${directory}/old`, `${directory}/full`), failure("EOTHER"));
  assert.throws(() => disk.rename(`${directory}/empty`, `${directory}/full`), failure("EEXIST"));
  disk.rename(`${directory}/full`, `${directory}/empty`);
  assert.deepEqual(disk.list(`${directory}/empty`), ["inner"]);
}

async function removing(disk: Disk, directory: string): Promise<void> {
  disk.makeDirectory(`${directory}/x/y`);
  const file = disk.open(`${directory}/x/y/f`, { create: true });
  await disk.remove(`${directory}/x`);
  await disk.remove(`${directory}/x`);
  assert.deepEqual(disk.list(directory), []);
  file.append(bytes(1));
  assert.equal(file.size, 1);
  file.close();
}

function locking(disk: Disk, directory: string): void {
  const lock = disk.lock(`${directory}/.lock`);
  assert.ok(lock !== null);
  assert.equal(disk.lock(`${directory}/.lock`), null);
  lock.release();
  lock.release();
  const again = disk.lock(`${directory}/.lock`);
  assert.ok(again !== null);
  again.release();
}

async function syncing(disk: Disk, directory: string): Promise<void> {
  const file = disk.open(`${directory}/a`, { create: true });
  file.append(bytes(1, 2));
  const first = file.sync();
  file.append(bytes(3));
  await Promise.all([first, file.sync()]);
  file.close();
  await assert.rejects(async () => await file.sync(), DiskError);
  await disk.syncDirectory(directory);
  await assert.rejects(disk.syncDirectory(`${directory}/none`), failure("ENOENT"));
}

function largeFiles(disk: Disk, directory: string): void {
  const file = disk.open(`${directory}/large`, { create: true });
  const piece = new SeededRandom(7).bytes(700_001);
  for (let i = 0; i < 5; i++) file.append(piece);
  assert.equal(file.size, 5 * piece.length);
  const back = new Uint8Array(piece.length);
  for (let i = 0; i < 5; i++) {
    assert.equal(file.read(back, i * piece.length), piece.length);
    assert.ok(back.every((byte, index) => byte === piece[index]));
  }
  file.truncate(1_048_577);
  file.append(bytes(1));
  const end = new Uint8Array(3);
  assert.equal(file.read(end, 1_048_575), 3);
  assert.deepEqual(end, bytes(piece[1_048_575 - piece.length], piece[1_048_576 - piece.length], 1));
  file.close();
}

function contentOf(disk: Disk, path: string): Uint8Array {
  const file = disk.open(path, { readOnly: true });
  const content = new Uint8Array(file.size);
  file.read(content, 0);
  file.close();
  return content;
}

function failure(code: DiskError["code"]): (error: unknown) => boolean {
  return (error) => error instanceof DiskError && error.code === code;
}

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.of(...values);
}
