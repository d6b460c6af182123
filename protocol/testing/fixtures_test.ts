import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apiSpecs } from "../schema/mod.ts";
import { codecs } from "./codecs.ts";
import { exampleFiles, examplesOf, specsWithExamples } from "./examples.ts";
import { listFiles, readText } from "./files.ts";
import { fixtureFolders, fixtures, fromJson, parseHex } from "./fixtures.ts";

describe("generated codecs read and write the bytes written down by hand", () => {
  for (const folder of fixtureFolders()) {
    test(folder, () => {
      const key = Number(folder.slice(0, 2));
      const name = apiSpecs.find((spec) => spec.key === key)?.name;
      for (const { source, type, version, message, bytes } of fixtures(folder)) {
        const { fields, read, write } = codecs.find((codec) => codec.name === name && codec.type === type)!;
        const expected = fromJson(fields, version, message);
        assert.deepEqual(read(bytes, version), expected, source);
        assert.deepEqual(write(expected, version), bytes, source);
      }
    });
  }
});

/** The rest has examples made of the definitions, and is vouched for by Kafka's Java classes (`vectors_test.ts`, and every pair in `compat`). */
const byHand = [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 22, 23, 32, 42, 47, 60];

test("what applications use most has a request and a response written down by hand, with and without compact lengths", () => {
  const written = fixtureFolders().flatMap((folder) =>
    fixtures(folder).map(({ type, version }) => ({ key: Number(folder.slice(0, 2)), type, version }))
  );
  const missing = apiSpecs.filter(({ key }) => byHand.includes(key)).flatMap(({ key, name, versions, flexible }) =>
    ["request", "response"].flatMap((type) => {
      const found = written.filter((one) => one.key === key && one.type === type).map((one) => one.version);
      const first = flexible === "none" ? Infinity : Number.parseInt(flexible);
      const [lowest] = versions.split("-").map(Number);
      const kinds = [
        ...(lowest < first ? [found.some((version) => version < first)] : []),
        ...(first < Infinity ? [found.some((version) => version >= first)] : []),
      ];
      return kinds.every((there) => there) ? [] : [`${name} ${type}`];
    })
  );
  assert.deepEqual(missing, []);
});

test("of every other API there is an example of every field, as the definitions give it", () => {
  const files = exampleFiles();
  assert.deepEqual(listFiles("testdata/examples").sort(), [...files.keys()].sort());
  for (const [name, text] of files) assert.equal(readText(`testdata/examples/${name}`), text, `${name} is stale`);
});

describe("generated codecs read and write the examples", () => {
  for (const spec of specsWithExamples()) {
    test(spec.name, () => {
      for (const { type, version, message, lines } of examplesOf(spec)) {
        const { read, write } = codecs.find((codec) => codec.name === spec.name && codec.type === type)!;
        const bytes = parseHex(lines.join("\n"));
        assert.deepEqual(read(bytes, version), message, `${type} v${version}`);
        assert.deepEqual(write(message, version), bytes, `${type} v${version}`);
      }
    });
  }
});

test("hexadecimal text: blanks and comments are left out, halves of bytes are not", () => {
  assert.deepEqual(parseHex('04 66 6F\n6f # groupId "foo"\n# 00\n'), Uint8Array.of(4, 0x66, 0x6f, 0x6f));
  assert.throws(() => parseHex("04 6"), /pairs/);
});
