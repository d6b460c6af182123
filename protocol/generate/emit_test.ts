import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apiSpecs, recordSpecs } from "../schema/mod.ts";
import type { FieldSpecs } from "../schema/spec.ts";
import { listFiles, readText } from "../testing/files.ts";
import { generate } from "./emit.ts";
import { resolve } from "./resolve.ts";

test("the generated files are what the definitions give", () => {
  const files = generate(apiSpecs, recordSpecs);
  for (const { path, text } of files) assert.equal(readText(`generated/${path}`), text, `${path} is stale: run \`deno task gen\``);
  const there = [
    ...listFiles("generated").filter((name) => name !== "records"),
    ...listFiles("generated/records").map((name) => `records/${name}`),
  ];
  assert.deepEqual(there.sort(), files.map((file) => file.path).sort());
});

describe("definitions that contradict themselves are refused", () => {
  const cases: [why: RegExp, fields: FieldSpecs][] = [
    [/a: no version has it/, { a: { type: "int8", versions: "6+", doc: "" } }],
    [/is not a range/, { a: { type: "int8", versions: "1..2", doc: "" } }],
    [/ends before it starts/, { a: { type: "int8", versions: "3-2", doc: "" } }],
    [/nullable only where it does not exist/, { a: { type: "string", versions: "0-1", nullable: "2+", doc: "" } }],
    [/null by default but never nullable/, { a: { type: "string", versions: "0+", default: null, doc: "" } }],
    [/int8 cannot be null/, { a: { type: "int8", versions: "0+", nullable: "0+", doc: "" } }],
    [/records are nullable/, { a: { type: "records", versions: "0+", doc: "" } }],
    [/tagged in a version that is not flexible/, { a: { type: "int8", versions: "0+", tag: 0, doc: "" } }],
    [/nullable always and by default/, { a: { type: "string", versions: "2+", nullable: "3+", tag: 0, default: null, doc: "" } }],
    [/a tag is used twice/, { a: { type: "int8", versions: "2+", tag: 0, doc: "" }, b: { type: "int8", versions: "2+", tag: 0, doc: "" } }],
    [/only structs have a struct/, { a: { type: "[]struct", versions: "0+", doc: "" } }],
    [/a struct that is not tagged/, { a: { type: "struct", versions: "0+", struct: "A", fields: {}, doc: "" } }],
    [/elements without bytes/, { a: { type: "[]struct", versions: "0+", struct: "A", fields: {}, doc: "" } }],
    [/needed by the generated code/, { version: { type: "int8", versions: "0+", doc: "" } }],
  ];
  for (const [why, fields] of cases) {
    test(String(why), () => {
      assert.throws(() => resolve({ name: "Test", versions: "0-5", flexible: "2+", doc: "", fields }), why);
    });
  }

  test("two structs of one name", () => {
    const field = {
      type: "[]struct",
      versions: "0+",
      struct: "A",
      fields: { x: { type: "int8", versions: "0+", doc: "" } },
      doc: "",
    } as const;
    assert.throws(() => resolve({ name: "Test", versions: "0-5", flexible: "2+", doc: "", fields: { a: field, b: field } }), /called A/);
  });
});
