import assert from "node:assert/strict";
import { test } from "node:test";
import { textAt } from "./recent_texts.ts";

/** Pseudo-random numbers below `limit` (xorshift32). */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

function read(bytes: Uint8Array, start: number, length: number): string {
  return textAt(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), start, length);
}

test("a text is what its bytes say, whatever was read before", () => {
  const random = randomFrom(7);
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  // Few different bytes, so that texts come again and differ little; some are no UTF-8, or not whole.
  const bytes = Uint8Array.from({ length: 3_000 }, () => [0x61, 0x61, 0x61, 0x62, 0xc3, 0xa4, 0x00, 0xff][random(8)]);
  for (let i = 0; i < 60_000; i++) {
    const length = random(random(4) === 0 ? 70 : 6);
    const start = random(bytes.length - length);
    assert.equal(read(bytes, start, length), utf8.decode(bytes.subarray(start, start + length)));
  }
});

test("a text that is kept does not change with the bytes it was read from", () => {
  const bytes = new TextEncoder().encode("orders-by-region");
  assert.equal(read(bytes, 0, bytes.length), "orders-by-region");
  bytes[3] = 0x44;
  assert.equal(read(bytes, 0, bytes.length), "ordDrs-by-region");
  bytes[3] = 0x65;
  assert.equal(read(bytes, 0, bytes.length), "orders-by-region");
});

test("a byte order mark is a part of the text", () => {
  const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61);
  for (let i = 0; i < 2; i++) assert.equal(read(bytes, 0, 4), "\ufeffa");
});
