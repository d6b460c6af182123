import assert from "node:assert/strict";
import { it } from "node:test";
import { crc32c } from "./crc32c.ts";
import { randomBytes, randomFrom } from "./testdata/random_batches.ts";

/** The definition, bit by bit. */
function slowly(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82f63b78;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

it("the examples of RFC 3720, appendix B.4", () => {
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(0)), 0);
});

it("every length and alignment agrees with the definition", () => {
  const random = randomFrom(3);
  const bytes = randomBytes(random, 400);
  for (let start = 0; start < 9; start++) {
    for (let end = start; end <= bytes.length; end += 1 + random(3)) {
      assert.equal(crc32c(bytes, start, end), slowly(bytes.subarray(start, end)), `${start} to ${end}`);
      assert.equal(crc32c(bytes.subarray(start), 0, end - start), slowly(bytes.subarray(start, end)), `view, ${start} to ${end}`);
    }
  }
});

it("pieces add up", () => {
  const bytes = randomBytes(randomFrom(4), 1_000);
  for (const cut of [0, 1, 63, 64, 500, 999, 1_000]) {
    assert.equal(crc32c(bytes, cut, 1_000, crc32c(bytes, 0, cut)), crc32c(bytes));
  }
});
