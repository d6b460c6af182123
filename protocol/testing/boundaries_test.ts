import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FieldSpecs } from "../schema/spec.ts";
import { DecodeError } from "../wire/mod.ts";
import { seededRandom } from "./arbitrary.ts";
import { BOUNDARY_MESSAGES, boundaryMessage, missingBoundaries } from "./boundaries.ts";
import { codecs } from "./codecs.ts";
import { encode, hasVersion, type Message } from "./walker.ts";

describe("values at the ends of every field", () => {
  for (const { name, type, fields, flexible, versions, read, write } of codecs) {
    test(`${name} ${type}`, () => {
      const random = seededRandom(name.length * 100 + type.length);
      for (const version of versions) {
        const messages = Array.from({ length: BOUNDARY_MESSAGES }, (_, number) => boundaryMessage(fields, version, number, random));
        assert.deepEqual(missingBoundaries(fields, version, messages), [], `v${version}`);
        for (const [number, message] of messages.entries()) {
          const bytes = Uint8Array.from(encode(fields, flexible, version, message));
          assert.deepEqual(write(message, version), bytes, `v${version}, message ${number}, written`);
          assert.deepEqual(read(bytes, version), message, `v${version}, message ${number}, read`);
        }
        for (const [path, message] of withHugeInt64(fields, version, messages.at(-1)!)) {
          const bytes = Uint8Array.from(encode(fields, flexible, version, message));
          assert.throws(() => read(bytes, version), (error) => error instanceof DecodeError && /int64 beyond/.test(error.message), path);
        }
      }
    });
  }

  test("what is missing is told", () => {
    const fields: FieldSpecs = {
      a: { type: "int8", versions: "0+", doc: "" },
      b: {
        type: "[]struct",
        versions: "1+",
        struct: "B",
        doc: "",
        fields: { c: { type: "string", versions: "0+", nullable: "0+", doc: "" } },
      },
    };
    const messages = [{ a: 0, b: [] }, { a: 127, b: [{ c: "" }] }];
    assert.deepEqual(missingBoundaries(fields, 0, messages), ["a: -128"]);
    assert.deepEqual(missingBoundaries(fields, 1, messages), ["a: -128", "b: 127 long", "b.c: 126 long", "b.c: 127 long", "b.c: null"]);
  });
});

/** The message once for each int64 that is a number here, with 2^53 in its place: one more than is exact. */
function* withHugeInt64(fields: FieldSpecs, version: number, message: Message): Generator<[path: string, Message]> {
  for (const [name, spec] of Object.entries(fields).filter(([, spec]) => hasVersion(spec.versions, version))) {
    const array = spec.type.startsWith("[]");
    if (spec.type.endsWith("int64") && spec.int64 === undefined) yield [name, { ...message, [name]: array ? [2n ** 53n] : 2n ** 53n }];
    if (spec.fields === undefined) continue;
    const [first, ...others] = [message[name]].flat() as Message[];
    for (const [path, inner] of withHugeInt64(spec.fields, version, first)) {
      yield [`${name}.${path}`, { ...message, [name]: array ? [inner, ...others] : inner }];
    }
  }
}
