import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../platform/mod.ts";
import { OffsetMap } from "./offset_map.ts";

const encoder = new TextEncoder();

describe("the map of keys", () => {
  it("knows of each key what was put last, as a map without limits does", () => {
    const random = new SeededRandom(1);
    const map = new OffsetMap(random, { bytes: 1 << 20, loadFactor: 0.9, expected: 3_000 });
    const model = new Map<string, number>();
    for (let i = 0; i < 5_000; i++) {
      const key = random.bytes(random.below(3)).toHex() + "x".repeat(random.below(5));
      const bytes = encoder.encode(`..${key}.`);
      const offset = i + (i % 2) * 2 ** 40;
      assert.equal(map.get(bytes, 2, bytes.length - 1), model.get(key) ?? -1);
      assert.ok(map.put(bytes, 2, bytes.length - 1, offset));
      model.set(key, offset);
      assert.deepEqual([map.size, map.latestOffset], [model.size, offset]);
    }
    for (const [key, offset] of model) assert.equal(map.get(encoder.encode(key), 0, key.length), offset);
  });

  it("takes offset 0 and the empty key for what they are", () => {
    const map = new OffsetMap(new SeededRandom(1), { bytes: 1000, loadFactor: 0.9, expected: 2 });
    assert.equal(map.get(new Uint8Array(), 0, 0), -1);
    map.put(new Uint8Array(), 0, 0, 0);
    assert.equal(map.get(new Uint8Array(), 0, 0), 0);
    assert.equal(map.get(new Uint8Array(1), 0, 1), -1);
  });

  it("is full once it has a slot of 24 bytes for so many keys, less what the load factor leaves free", () => {
    for (const [bytes, loadFactor, keys] of [[240, 0.5, 5], [240, 0.9, 9], [240, 1, 9], [1, 0.9, 1]]) {
      const map = new OffsetMap(new SeededRandom(1), { bytes, loadFactor, expected: 1_000 });
      let put = 0;
      while (map.put(Uint8Array.of(put), 0, 1, put)) put++;
      assert.equal(put, keys, `${bytes} bytes, ${loadFactor}`);
      assert.equal(map.get(Uint8Array.of(put), 0, 1), -1, "who is not in it is looked for in vain, not for ever");
    }
    const enough = new OffsetMap(new SeededRandom(1), { bytes: 1 << 20, loadFactor: 0.75, expected: 100 });
    for (let i = 0; i < 100; i++) assert.ok(enough.put(Uint8Array.of(i), 0, 1, i));
  });
});
