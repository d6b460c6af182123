import assert from "node:assert/strict";
import { it } from "node:test";
import { PLACES } from "./crc32c_fold.ts";

/** x^32 + …, as RFC 3720 has it: the highest power first, without x^32 itself. */
const CASTAGNOLI = 0x1edc6f41;

/** The remainder of x to the `power`. */
function remainder(power: number): number {
  let rest = 1;
  for (let i = 0; i < power; i++) rest = (rest << 1) ^ (rest < 0 ? CASTAGNOLI : 0);
  return rest;
}

it("what is added to a message is a multiple of the CRC's polynomial, in places of any size", () => {
  const highest = Math.max(...PLACES);
  for (const bits of [1, 8, 16, 128]) {
    const terms = [0, ...PLACES].map((places) => remainder((highest - places) * bits));
    assert.equal(terms.reduce((sum, term) => sum ^ term), 0, `places of ${bits} bits`);
  }
});
