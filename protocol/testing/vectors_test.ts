import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { codecs } from "./codecs.ts";
import { fromJson, vectors } from "./fixtures.ts";

describe("generated codecs do what Kafka's Java classes do", () => {
  for (const { name, type, fields, versions, read, write } of codecs) {
    test(`${name} ${type}`, () => {
      const examples = vectors(name).filter((example) => example.type === type);
      assert.deepEqual([...new Set(examples.map((example) => example.version))], versions, "the versions in the file");
      for (const { source, version, message, bytes } of examples) {
        const expected = fromJson(fields, version, message);
        assert.deepEqual(read(bytes, version), expected, source);
        assert.deepEqual(write(expected, version), bytes, source);
      }
    });
  }
});
