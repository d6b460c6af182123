import assert from "node:assert/strict";
import { it } from "node:test";
import { foldModule } from "../generated/crc32c_fold.ts";
import { crc32c } from "./crc32c.ts";
import { randomBytes, randomFrom } from "./testdata/random_batches.ts";

/** The definition, bit by bit. */
function slowly(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82f63b78;
  }
  return ~crc >>> 0;
}

function compare(bytes: Uint8Array, start: number, end: number, seed = 0): void {
  const expected = slowly(bytes.subarray(start, end), seed);
  assert.equal(crc32c(bytes, start, end, seed), expected, `${start} to ${end}`);
  assert.equal(crc32c(bytes.subarray(start), 0, end - start, seed), expected, `view, ${start} to ${end}`);
}

it("the examples of RFC 3720, appendix B.4", () => {
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(0)), 0);
});

it("every short length and alignment agrees with the definition", () => {
  const bytes = randomBytes(randomFrom(3), 316);
  for (let start = 0; start < 16; start++) {
    for (let end = start; end <= start + 300; end++) compare(bytes, start, end);
  }
});

it("long ones agree, also where they are cut into chunks", () => {
  const random = randomFrom(5);
  const bytes = randomBytes(random, 120_000);
  // Where folding begins, and where a second and a third chunk do: the chunks are of 16 KiB and 432 bytes are left over.
  for (const length of [1_024, 16_384, 16_816, 32_768, 33_200]) {
    for (let i = -2; i <= 2; i++) {
      const start = random(17);
      compare(bytes, start, start + length + i, random(2 ** 31));
    }
  }
  for (let i = 0; i < 60; i++) {
    const start = random(100_000);
    compare(bytes, start, start + random(bytes.length - start));
  }
});

it("the module for long ones is one, or they would be computed slowly", () => {
  assert.ok(WebAssembly.validate(foldModule));
});

it("pieces add up", () => {
  const bytes = randomBytes(randomFrom(4), 40_000);
  for (const cut of [0, 1, 63, 64, 500, 1_023, 1_024, 1_456, 20_000, 39_999, 40_000]) {
    assert.equal(crc32c(bytes, cut, bytes.length, crc32c(bytes, 0, cut)), crc32c(bytes));
  }
});
