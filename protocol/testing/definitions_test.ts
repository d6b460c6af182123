import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apiSpecs, recordSpecs } from "../schema/mod.ts";
import type { FieldSpec, RecordSpec } from "../schema/spec.ts";
import { differences, type Exceptions } from "./definitions.ts";
import { meantDifferences } from "./meant_differences.ts";
import { type Schema, schemas } from "./schemas.ts";

test("our definitions are the schemas in Kafka's jars", () => {
  assert.deepEqual(differences(apiSpecs, recordSpecs, schemas(), meantDifferences), []);
});

const schema: Schema = {
  apiKey: 7,
  type: "metadata",
  name: "TestRecord",
  validVersions: "0-3",
  flexibleVersions: "2+",
  fields: [
    { name: "Count", type: "int32", versions: "0+", default: "-1", ignorable: true },
    { name: "Text", type: "string", versions: "1-2", nullableVersions: "2+", default: "null" },
    {
      name: "Parts",
      type: "[]Part",
      versions: "0+",
      fields: [{ name: "Offset", type: "int64", versions: "0+", default: "0x7fffffffffffffff" }],
    },
    { name: "Share", type: "float64", taggedVersions: "2+", tag: 0 },
    { name: "Gone", type: "string", versions: "4+" },
    { name: "Common", type: "Shared", versions: "3+", nullableVersions: "3+", default: "null" },
  ],
  commonStructs: [{ name: "Shared", versions: "0+", fields: [{ name: "Ids", type: "[]uuid", versions: "0+" }] }],
};

const fields = {
  count: { type: "int32", versions: "0+", default: -1, ignorable: true, doc: "" },
  text: { type: "string", versions: "1-2", nullable: "2+", default: null, doc: "" },
  parts: {
    type: "[]struct",
    versions: "0+",
    struct: "TestPart",
    fields: { offset: { type: "int64", versions: "0+", int64: "bigint", default: 2n ** 63n - 1n, doc: "" } },
    doc: "",
  },
  share: { type: "float64", versions: "2+", tag: 0, doc: "" },
  common: {
    type: "struct",
    versions: "3+",
    nullable: "3+",
    default: null,
    struct: "TestShared",
    fields: { ids: { type: "[]uuid", versions: "0+", doc: "" } },
    doc: "",
  },
} satisfies Record<string, FieldSpec>;

const record: RecordSpec = { apiKey: 7, name: "TestRecord", versions: "0-3", flexible: "2+", doc: "", fields };

function compared(spec: RecordSpec, exceptions: Exceptions = {}): string[] {
  return differences([], [spec], new Map([[schema.name, schema]]), exceptions);
}

function withField(name: string, changed: Partial<FieldSpec>): RecordSpec {
  return { ...record, fields: { ...fields, [name]: { ...fields[name as keyof typeof fields], ...changed } } };
}

test("a definition that says what the schema says", () => {
  assert.deepEqual(compared(record), []);
});

describe("what is different is told, with its path", () => {
  const cases: [told: RegExp, spec: RecordSpec][] = [
    [/^TestRecord: versions: Kafka's 0-3/, { ...record, versions: "0-2" }],
    [/^TestRecord: flexible: Kafka's 2\+, ours 3\+/, { ...record, flexible: "3+" }],
    [/^TestRecord: key: Kafka's 7, ours 8/, { ...record, apiKey: 8 }],
    [/^TestRecord\.count: type: Kafka's int32, ours int16/, withField("count", { type: "int16" })],
    [/^TestRecord\.count: default: Kafka's -1, ours 0/, withField("count", { default: undefined })],
    [/^TestRecord\.count: ignorable: Kafka's true, ours false/, withField("count", { ignorable: undefined })],
    [/^TestRecord\.text: versions: Kafka's 1-2, ours 1\+/, withField("text", { versions: "1+" })],
    [/^TestRecord\.text: nullable: Kafka's 2\+, ours 1\+/, withField("text", { nullable: "1+" })],
    [/^TestRecord\.text: default: Kafka's null, ours ""/, withField("text", { default: "" })],
    [/^TestRecord\.share: tag: Kafka's 0, ours 1/, withField("share", { tag: 1 })],
    [/^TestRecord\.parts is a Piece: Kafka's is a Part/, withField("parts", { struct: "Piece" })],
    [
      /^TestRecord\.parts\.offset: default: Kafka's 9223372036854775807n, ours 0n/,
      withField("parts", {
        fields: { offset: { ...fields.parts.fields.offset, default: 0n } },
      }),
    ],
    [
      /^TestRecord\.common\.ids: type: Kafka's \[\]uuid, ours \[\]string/,
      withField("common", {
        fields: { ids: { type: "[]string", versions: "0+", doc: "" } },
      }),
    ],
  ];
  for (const [told, spec] of cases) {
    test(String(told), () => {
      const found = compared(spec);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0], told);
    });
  }

  test("a field too many, too few, or in another place", () => {
    const { count, ...others } = fields;
    assert.deepEqual(compared({ ...record, fields: others }).map((line) => line.split(":")[0]), ["TestRecord", "TestRecord.count"]);
    assert.deepEqual(compared({ ...record, fields: { ...fields, more: count } }).at(-1), "TestRecord.more: Kafka has none");
    assert.match(compared({ ...record, fields: { ...others, count } }).join(), /^TestRecord: fields without a tag, in order: [^:]*$/);
  });

  test("a schema without a definition, and a definition without a schema", () => {
    const stranger = { ...record, name: "Stranger" };
    assert.deepEqual(compared(stranger), ["Stranger: Kafka has none", "TestRecord: no definition"]);
  });
});

test("what is meant is not told, and what is meant but not there is", () => {
  const changed = withField("count", { type: "int16" });
  assert.deepEqual(compared(changed, { "TestRecord.count: type": "for this test" }), []);
  assert.deepEqual(compared(record, { "TestRecord.count: type": "for this test" }), ["TestRecord.count: type: an exception that is none"]);
});
