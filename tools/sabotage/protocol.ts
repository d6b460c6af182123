import type { Campaign } from "./mutation.ts";

/** Bugs in definitions, in the generator, and in what the generated code calls. */
export const protocol: Campaign = {
  files: ["protocol", "platform", "tools", "deno.json", "deno.lock"],
  prepare: ["run", "-A", "protocol/generate/main.ts"],
  command: ["run", "-A", "tools/run_tests.ts", "protocol/testing", "protocol/wire", "protocol/header_test.ts"],
  mutations: [
    {
      name: "definition: another default",
      file: "protocol/schema/22_init_producer_id.ts",
      from: `producerId: {
      type: "int64",
      versions: "3+",
      default: -1,`,
      to: `producerId: {
      type: "int64",
      versions: "3+",`,
    },
    {
      name: "definition: another default of a tagged field",
      file: "protocol/schema/records/transaction_log_value.ts",
      from: `tag: 1,\n      default: -1,`,
      to: `tag: 1,\n      default: -2,`,
    },
    {
      name: "definition: a field from a version too early on",
      file: "protocol/schema/12_heartbeat.ts",
      from: `versions: "3+",\n      nullable: "3+",`,
      to: `versions: "2+",\n      nullable: "2+",`,
    },
    {
      name: "definition: a field for a version too long",
      file: "protocol/schema/20_delete_topics.ts",
      from: `topicNames: { type: "[]string", versions: "0-5"`,
      to: `topicNames: { type: "[]string", versions: "0+"`,
    },
    {
      name: "definition: another tag",
      file: "protocol/schema/records/transaction_log_value.ts",
      from: `tag: 1,`,
      to: `tag: 5,`,
    },
    {
      name: "definition: signed instead of unsigned",
      file: "protocol/schema/80_add_raft_voter.ts",
      from: `port: { type: "uint16"`,
      to: `port: { type: "int16"`,
    },
    {
      name: "definition: a number of another width",
      file: "protocol/schema/43_elect_leaders.ts",
      from: `type: "int8"`,
      to: `type: "int16"`,
    },
    {
      name: "definition: never null",
      file: "protocol/schema/10_find_coordinator.ts",
      from: `versions: "1-3", nullable: "1-3",`,
      to: `versions: "1-3",`,
    },
    {
      name: "definition: may be null",
      file: "protocol/schema/12_heartbeat.ts",
      from: `memberId: { type: "string", versions: "0+",`,
      to: `memberId: { type: "string", versions: "0+", nullable: "0+",`,
    },
    {
      name: "definition: two fields in the wrong order",
      file: "protocol/schema/26_end_txn.ts",
      from: `
    producerEpoch: { type: "int16", versions: "0+", doc: "The producer's epoch." },
    committed: { type: "bool", versions: "0+", doc: "True commits, false aborts." },`,
      to: `
    committed: { type: "bool", versions: "0+", doc: "True commits, false aborts." },
    producerEpoch: { type: "int16", versions: "0+", doc: "The producer's epoch." },`,
    },
    {
      name: "definition: compact a version too early",
      file: "protocol/schema/21_delete_records.ts",
      from: `flexible: "2+"`,
      to: `flexible: "1+"`,
    },
    {
      name: "definition: never compact",
      file: "protocol/schema/records/transaction_log_value.ts",
      from: `flexible: "1+"`,
      to: `flexible: "none"`,
    },
    {
      name: "definition: a value that older versions drop is refused",
      file: "protocol/schema/26_end_txn.ts",
      from: `ignorable: true,\n      doc: "The epoch`,
      to: `doc: "The epoch`,
    },
    {
      name: "definition: a version too few",
      file: "protocol/schema/66_list_transactions.ts",
      from: `versions: "0-2",`,
      to: `versions: "0-1",`,
    },
    {
      name: "generator: compact lengths a version late",
      file: "protocol/generate/text.ts",
      from: "if (from > around.from) tests.push(`version >= ${from}`);",
      to: "if (from > around.from) tests.push(`version > ${from}`);",
    },
    {
      name: "generator: nullable in all versions or none",
      file: "protocol/generate/emit_functions.ts",
      from: "return test === null ? [nullable] : [test, nullable, call(methodOf(field, false))];",
      to: "return [nullable];",
    },
    {
      name: "generator: tagged fields in the order of the definition",
      file: "protocol/generate/resolve.ts",
      from: ".sort((a, b) => a.spec.tag! - b.spec.tag!)",
      to: "",
    },
    {
      name: "generator: tagged fields are written even with their default",
      file: "protocol/generate/emit_functions.ts",
      from: "`const ${has(field)} = ${test};`, ...when",
      to: "`const ${has(field)} = true;`, ...when",
    },
    {
      name: "generator: absent fields read as zero, whatever their default",
      file: "protocol/generate/text.ts",
      from: "if (spec.default !== undefined) return JSON.stringify(spec.default);",
      to: "",
    },
    {
      name: "generator: what a version cannot carry is dropped silently",
      file: "protocol/generate/emit_functions.ts",
      from: "if (field.spec.ignorable) return when(present, write);",
      to: "if (present) return when(present, write);",
    },
    {
      name: "generator: null is written where it is not allowed",
      file: "protocol/generate/emit_functions.ts",
      from: "const notNull = field.nullable && outside(field.nullable, field.versions);",
      to: "const notNull = null;",
    },
    {
      name: "generator: shared structs know the versions of their first place only",
      file: "protocol/generate/resolve.ts",
      from: "message.shared.has(specs) ? message : around",
      to: "around",
    },
    {
      name: "generator: elements counted as larger than they are",
      file: "protocol/generate/resolve.ts",
      from: "return Math.min(...sizes);",
      to: "return Math.max(...sizes);",
    },
    {
      name: "generator: unknown tagged fields are not skipped",
      file: "protocol/generate/emit_functions.ts",
      from: `"  reader.skipTo(end);"`,
      to: `"  reader.skipTo(end + 1);"`,
    },
    {
      name: "generator: a struct that may be null in a tagged field as in any other",
      file: "protocol/generate/text.ts",
      from: 'spec.tag === undefined ? "struct" : "taggedStruct"',
      to: '"struct"',
    },
    {
      name: "wire: a compact length of one byte only",
      file: "protocol/wire/writer.ts",
      from: "if (flexible) this.unsignedVarint(length + 1);",
      to: "if (flexible) this.int8((length + 1) & 0x7f);",
    },
    {
      name: "wire: the size of a large tagged field",
      file: "protocol/wire/writer.ts",
      from: "this.#bytes.copyWithin(start + 1 + extra, start + 1, end);",
      to: "",
    },
    {
      name: "wire: uint16 read with a sign",
      file: "protocol/wire/reader.ts",
      from: "return this.#view.getUint16(this.#advance(2));",
      to: "return this.#view.getInt16(this.#advance(2));",
    },
    {
      name: "wire: an array's count is believed",
      file: "protocol/wire/reader.ts",
      from: "if (length * elementSize > this.remaining) {",
      to: "if (false) {",
    },
  ],
};
