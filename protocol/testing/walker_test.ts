import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arbitraryMessage, seededRandom } from "./arbitrary.ts";
import { codecs } from "./codecs.ts";
import { decode, encode } from "./walker.ts";

const MESSAGES_PER_VERSION = 25;

describe("generated codecs do what the walker does", () => {
  for (const { name, type, fields, flexible, versions, read, write } of codecs) {
    test(`${name} ${type}`, () => {
      const random = seededRandom(name.length * 100 + type.length);
      for (const version of versions) {
        for (let i = 0; i < MESSAGES_PER_VERSION; i++) {
          const message = arbitraryMessage(fields, version, random);
          const bytes = Uint8Array.from(encode(fields, flexible, version, message));
          assert.deepEqual(write(message, version), bytes, `v${version}, message ${i}, written`);
          assert.deepEqual(read(bytes, version), message, `v${version}, message ${i}, read`);
          assert.deepEqual(decode(fields, flexible, version, { bytes }), message, `v${version}, message ${i}, read by the walker`);
          const extended = Uint8Array.from(encode(fields, flexible, version, message, true));
          assert.deepEqual(read(extended, version), message, `v${version}, message ${i}, read with tagged fields that nobody knows`);
        }
      }
    });
  }
});
