import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDisk } from "../platform/mod.ts";
import { FileCache } from "./file_cache.ts";
import { BLOCK_ENTRIES, OffsetIndex, TimeIndex, WrongIndexError } from "./sparse_index.ts";
import { readBytes, writeBytes } from "./text_files.ts";

const PATH = "/index";

const paths = { pathOf: () => PATH };

function offsetIndex(disk: MemoryDisk, baseOffset: number): OffsetIndex {
  return new OffsetIndex(new FileCache(disk, 4), paths, baseOffset);
}

function timeIndex(disk: MemoryDisk, baseOffset: number): TimeIndex {
  return new TimeIndex(new FileCache(disk, 4), paths, baseOffset);
}

const hexOf = (disk: MemoryDisk): string => readBytes(disk, PATH)!.toHex();

describe("the offset index", () => {
  it("has Kafka's bytes: relative offset and position, int32 each", () => {
    const disk = new MemoryDisk();
    const index = offsetIndex(disk, 1000);
    index.append(1005, 4200);
    index.append(1300, 70_000);
    index.write();
    assert.equal(hexOf(disk), "00000005" + "00001068" + "0000012c" + "00011170");
  });

  it("finds the entry at or before an offset, for any number of entries in the file and in memory", () => {
    for (let count = 0; count < 70; count++) {
      const index = offsetIndex(new MemoryDisk(), 10);
      const written = count * 7 % (count + 1);
      for (let i = 0; i < count; i++) {
        if (i === written) index.write();
        index.append(10 + i * 3, i * 100);
      }
      for (let offset = 9; offset < 10 + count * 3 + 2; offset++) {
        const expected = count === 0 || offset < 10 ? 0 : Math.min(count - 1, Math.floor((offset - 10) / 3)) * 100;
        assert.equal(index.lookup(offset).position, expected, `${count} entries, offset ${offset}`);
      }
    }
  });

  it("takes from its file what it is told to, finds out with the first look when a bit is wrong, and writes over the rest", () => {
    const disk = new MemoryDisk();
    const index = offsetIndex(disk, 0);
    index.append(5, 100);
    index.append(9, 200);
    index.write();
    const { stored } = index;
    index.append(12, 300);
    index.write();
    const bytes = readBytes(disk, PATH)!;
    const again = (file: Uint8Array): OffsetIndex => {
      writeBytes(disk, PATH, file);
      const restored = offsetIndex(disk, 0);
      restored.restore(stored);
      return restored;
    };
    for (let i = 0; i < 16; i++) {
      const wrong = again(bytes.map((byte, at) => at === i ? byte ^ 1 : byte));
      assert.throws(() => wrong.lookup(5), WrongIndexError, `byte ${i}`);
      assert.throws(() => wrong.lookup(5), WrongIndexError, "the second look");
    }
    assert.throws(() => again(bytes.subarray(0, 15)).lookup(5), WrongIndexError);
    assert.throws(() => again(bytes.subarray(0, 15)).write(), WrongIndexError);
    const right = again(bytes);
    assert.equal(right.lookup(100).position, 200);
    right.append(11, 250);
    right.write();
    assert.equal(hexOf(disk), "0000000500000064" + "00000009000000c8" + "0000000b000000fa");
  });

  it("looks at no block of its file that nobody needs, however many writes made it", () => {
    const disk = new MemoryDisk();
    const index = offsetIndex(disk, 0);
    const count = 5 * BLOCK_ENTRIES + 7;
    for (let i = 0; i < count; i++) {
      if (i % 1000 === 999) index.write();
      index.append(i, i);
    }
    index.write();
    const bytes = readBytes(disk, PATH)!;
    bytes[4 * BLOCK_ENTRIES * OffsetIndex.ENTRY_BYTES + 9] ^= 1;
    writeBytes(disk, PATH, bytes);
    const again = offsetIndex(disk, 0);
    again.restore(index.stored);
    assert.equal(again.lastPosition, count - 1);
    assert.equal(again.lookup(100).position, 100);
    assert.equal(again.lookup(3 * BLOCK_ENTRIES + 900).position, 3 * BLOCK_ENTRIES + 900);
    assert.throws(() => again.lookup(4 * BLOCK_ENTRIES + 900), WrongIndexError);
    bytes[4 * BLOCK_ENTRIES * OffsetIndex.ENTRY_BYTES + 9] ^= 1;
    writeBytes(disk, PATH, bytes);
    again.append(count, count);
    again.write();
    const third = offsetIndex(disk, 0);
    third.restore(again.stored);
    third.check();
    assert.equal(third.lookup(count).position, count);
  });
});

describe("the time index", () => {
  it("has Kafka's bytes: timestamp int64, relative offset int32", () => {
    const disk = new MemoryDisk();
    const index = timeIndex(disk, 1000);
    index.maybeAppend(1_700_000_000_000, 1002);
    index.write();
    assert.equal(hexOf(disk), "0000018bcfe56800" + "00000002");
  });

  it("takes only timestamps that grow, also behind those in the file", () => {
    const index = timeIndex(new MemoryDisk(), 0);
    for (const [timestamp, offset] of [[-1, 0], [5, 1], [5, 2], [4, 3]]) index.maybeAppend(timestamp, offset);
    index.write();
    for (const [timestamp, offset] of [[5, 3], [9, 4]]) index.maybeAppend(timestamp, offset);
    assert.equal(index.count, 2);
    assert.deepEqual([4, 5, 8, 9, 10].map((timestamp) => index.lookup(timestamp)), [0, 1, 1, 4, 4]);
  });
});
