import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arbitraryMessage, seededRandom } from "./arbitrary.ts";
import { codecs } from "./codecs.ts";
import { layout, LayoutError } from "./layout.ts";
import { encode } from "./walker.ts";

const MESSAGES_PER_VERSION = 10;

describe("the layout of a message", () => {
  for (const { name, type, fields, flexible, versions, read } of codecs) {
    test(`${name} ${type}: covers every byte once, in order, and agrees with the codec on damaged bytes`, () => {
      const random = seededRandom(name.length * 100 + type.length);
      for (const version of versions) {
        for (let i = 0; i < MESSAGES_PER_VERSION; i++) {
          const bytes = Uint8Array.from(encode(fields, flexible, version, arbitraryMessage(fields, version, random)));
          let covered = 0;
          const end = layout(fields, flexible, version, bytes, 0, (kind, _name, start, end) => {
            if (kind === "array" || kind === "element") return;
            assert.equal(start, covered);
            covered = end;
          });
          assert.deepEqual([end, covered], [bytes.length, bytes.length], `v${version}, message ${i}`);
          if (bytes.length === 0) continue;
          const damaged = bytes.slice();
          damaged[random(bytes.length)] ^= 1 << random(8);
          const whole = (): void => assert.equal(layout(fields, flexible, version, damaged, 0, () => {}), damaged.length);
          assert.equal(succeeds(() => read(damaged, version)), succeeds(whole), `v${version}, message ${i}: ${damaged}`);
        }
      }
    });
  }

  test("names what is wrong", () => {
    assert.throws(() => layout({ a: { type: "int32", versions: "0+", doc: "" } }, "none", 0, new Uint8Array(3), 0, () => {}), LayoutError);
  });
});

function succeeds(run: () => void): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
