import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OffsetIndex, TimeIndex } from "./sparse_index.ts";

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

describe("the offset index", () => {
  it("has Kafka's bytes: relative offset and position, int32 each", () => {
    const index = new OffsetIndex(1000);
    index.append(1005, 4200);
    index.append(1300, 70_000);
    assert.equal(hex(index.bytes), "00000005" + "00001068" + "0000012c" + "00011170");
  });

  it("finds the entry at or before an offset, for any number of entries", () => {
    for (let count = 0; count < 70; count++) {
      const index = new OffsetIndex(10);
      for (let i = 0; i < count; i++) index.append(10 + i * 3, i * 100);
      for (let offset = 9; offset < 10 + count * 3 + 2; offset++) {
        const expected = count === 0 || offset < 10 ? 0 : Math.min(count - 1, Math.floor((offset - 10) / 3)) * 100;
        assert.equal(index.lookup(offset), expected, `${count} entries, offset ${offset}`);
      }
    }
  });
});

describe("the time index", () => {
  it("has Kafka's bytes: timestamp int64, relative offset int32", () => {
    const index = new TimeIndex(1000);
    index.maybeAppend(1_700_000_000_000, 1002);
    assert.equal(hex(index.bytes), "0000018bcfe56800" + "00000002");
  });

  it("takes only timestamps that grow", () => {
    const index = new TimeIndex(0);
    for (const [timestamp, offset] of [[-1, 0], [5, 1], [5, 2], [4, 3], [9, 4]]) index.maybeAppend(timestamp, offset);
    assert.equal(index.count, 2);
    assert.deepEqual([4, 5, 8, 9, 10].map((timestamp) => index.lookup(timestamp)), [0, 1, 1, 4, 4]);
  });

  it("ends with the largest timestamp when it is written for a closed segment", () => {
    const index = new TimeIndex(0);
    index.maybeAppend(5, 1);
    assert.equal(hex(index.bytesWithLast(7, 3)), "0000000000000005" + "00000001" + "0000000000000007" + "00000003");
    assert.equal(index.count, 1);
    assert.deepEqual(index.bytesWithLast(5, 1), index.bytes);
  });
});
