import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DecodeError } from "../wire/mod.ts";
import { seededRandom } from "./arbitrary.ts";
import { codecs } from "./codecs.ts";
import { vectors } from "./fixtures.ts";

const FLIPS_PER_MESSAGE = 20;

describe("bytes that are no message are a DecodeError and nothing else", () => {
  for (const { name, type, read } of codecs) {
    const examples = vectors(name).filter((example) => example.type === type);

    test(`${name} ${type}: cut off anywhere`, () => {
      for (const { source, version, bytes } of examples) {
        for (let length = 0; length < bytes.length; length++) {
          assert.throws(() => read(bytes.subarray(0, length), version), DecodeError, `${source}, ${length} of ${bytes.length} bytes`);
        }
      }
    });

    test(`${name} ${type}: a byte too many`, () => {
      for (const { source, version, bytes } of examples) {
        assert.throws(() => read(Uint8Array.of(...bytes, 0), version), { name: "DecodeError", position: bytes.length }, source);
      }
    });

    test(`${name} ${type}: a byte changed`, () => {
      const random = seededRandom(name.length);
      for (const { source, version, bytes } of examples.filter((example) => example.bytes.length > 0)) {
        for (let i = 0; i < FLIPS_PER_MESSAGE; i++) {
          const changed = bytes.slice();
          const position = random(bytes.length);
          changed[position] = [0x00, 0x7f, 0x80, 0xff, random(256)][random(5)];
          const problem = problemOf(() => read(changed, version));
          assert.ok(problem === null || problem instanceof DecodeError, `${source}, byte ${position}: ${problem}`);
        }
      }
    });
  }
});

function problemOf(run: () => void): unknown {
  try {
    run();
    return null;
  } catch (error) {
    return error;
  }
}
