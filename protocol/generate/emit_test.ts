import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apiSpecs, recordSpecs } from "../schema/mod.ts";
import type { FieldSpec, FieldSpecs } from "../schema/spec.ts";
import { listFiles, readText } from "../testing/files.ts";
import { generate } from "./emit.ts";
import { resolve } from "./resolve.ts";

const definition = { name: "Test", versions: "0-5", flexible: "2+", doc: "" } as const;

function structField(fields: FieldSpecs, versions = "0+"): FieldSpec {
  return { type: "[]struct", versions, struct: "A", fields, doc: "" };
}

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
    [/records may be null in all versions or none/, { a: { type: "records", versions: "0+", nullable: "1+", doc: "" } }],
    [/tagged in a version that is not flexible/, { a: { type: "int8", versions: "0+", tag: 0, doc: "" } }],
    [/tagged, it may be null in all versions or none/, { a: { type: "string", versions: "2+", nullable: "3+", tag: 0, doc: "" } }],
    [/a tag is used twice/, { a: { type: "int8", versions: "2+", tag: 0, doc: "" }, b: { type: "int8", versions: "2+", tag: 0, doc: "" } }],
    [/only structs have a struct/, { a: { type: "[]struct", versions: "0+", doc: "" } }],
    [/struct may be null in all versions or none/, {
      a: { type: "struct", versions: "0+", nullable: "1+", struct: "A", fields: {}, doc: "" },
    }],
    [/elements without bytes/, { a: { type: "[]struct", versions: "0+", struct: "A", fields: {}, doc: "" } }],
  ];
  for (const [why, fields] of cases) {
    test(String(why), () => {
      assert.throws(() => resolve({ ...definition, fields }), why);
    });
  }

  test("an unstable version that does not follow the stable ones", () => {
    const spec = { ...definition, key: 1, unstable: "7", request: {}, response: {} };
    assert.throws(() => resolve(spec), /must follow the stable ones/);
  });

  test("two structs of one name", () => {
    const field = (): FieldSpec => structField({ x: { type: "int8", versions: "0+", doc: "" } });
    assert.throws(() => resolve({ ...definition, fields: { a: field(), b: field() } }), /called A/);
  });
});

test("a struct in two places is made once, for all versions of the message", () => {
  const shared = { x: { type: "int8", versions: "0-4", doc: "" }, y: { type: "int8", versions: "4+", doc: "" } } as const;
  const { structs } = resolve({ ...definition, fields: { a: structField(shared, "0-1"), b: structField(shared, "4+") } });
  const [a, b] = structs[0].fields.map((field) => field.struct!);
  assert.equal(a, b);
  assert.deepEqual(a.versions, { from: 0, to: 5 });
  assert.deepEqual(a.fields.map(({ versions }) => versions), [{ from: 0, to: 4 }, { from: 4, to: 5 }]);
});
