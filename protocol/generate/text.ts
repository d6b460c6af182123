import { type Field, intersect, type Range, type Struct } from "./resolve.ts";

/** Pieces of TypeScript that reading and writing share. */

/** Lines of code, each with its indentation. */
export type Code = string[];

/** `deno fmt` breaks lines longer than this. What is emitted here is already in its form. */
const LINE_WIDTH = 140;

/** Whether a line may stay one, at the outermost level. */
export function fits(line: string): boolean {
  return line.length <= LINE_WIDTH;
}

/** Indents code one step. */
export function indent(code: Code): Code {
  return code.map((line) => `  ${line}`);
}

/** Names as an object literal: in one line behind `before`, or a line each. */
export function literal(before: string, names: readonly string[]): Code {
  if (names.length === 0) return [`${before}{};`];
  const line = `${before}{ ${names.join(", ")} };`;
  return line.length <= LINE_WIDTH - 2 ? [line] : [`${before}{`, ...indent(names.map((name) => `${name},`)), "};"];
}

/** `if (test) { … }`; a single line when there is one statement that fits. */
export function when(test: string, body: Code): Code {
  const line = `if (${test}) ${body[0]}`;
  return body.length === 1 && line.length < LINE_WIDTH - 8 ? [line] : [`if (${test}) {`, ...indent(body), "}"];
}

/** An assignment of a value, or of one of two; broken into lines where it is too long for one. */
export function choice(target: string, [test, yes, no]: string[]): Code {
  if (yes === undefined) return [`${target} ${test};`];
  const line = `${target} ${test} ? ${yes} : ${no};`;
  return line.length <= LINE_WIDTH - 2 ? [line] : [`${target} ${test}`, `  ? ${yes}`, `  : ${no};`];
}

/** The test whether a version out of `around` lies in `range`; null when all do. */
export function within(range: Range, around: Range): string | null {
  const { from, to } = intersect(range, around)!;
  const tests = [];
  if (from === to && from > around.from && to < around.to) return `version === ${from}`;
  if (from > around.from) tests.push(`version >= ${from}`);
  if (to < around.to) tests.push(`version <= ${to}`);
  return tests.length === 0 ? null : tests.join(" && ");
}

/** The test whether a version out of `around` lies outside of `range`; null when none does. */
export function outside(range: Range, around: Range): string | null {
  const tests = [];
  if (range.from > around.from) tests.push(`version < ${range.from}`);
  if (range.to < around.to) tests.push(`version > ${range.to}`);
  return tests.length === 0 ? null : tests.join(" || ");
}

/** Whether lengths are compact in a struct: `true`, `false`, or the name of a local that tells. */
export function flexibleIn(struct: Struct): string {
  if (struct.flexible === null) return "false";
  return within(struct.flexible, struct.versions) === null ? "true" : "flexible";
}

/** The name of the method of Reader and Writer for a field, or of the one for a value that may be null. */
export function methodOf({ spec, base, array, struct }: Field, nullable: boolean, special?: string): string {
  const names: Record<string, string> = {
    int64: spec.int64 === "bigint" ? "bigInt64" : "int64",
    records: "bytes",
    struct: spec.tag === undefined ? "struct" : "taggedStruct",
  };
  const element = special ?? names[base] ?? base;
  const name = array ? (struct === null ? `${element}Array` : "array") : element;
  return nullable ? `nullable${name[0].toUpperCase()}${name.slice(1)}` : name;
}

/** Whether a field is one struct, always there. */
export function isStruct({ base, array, nullable }: Field): boolean {
  return base === "struct" && !array && nullable === null;
}

/** The TypeScript type of a field. */
export function typeOf({ spec, base, array, nullable }: Field): string {
  const element =
    { bool: "boolean", uuid: "Uuid", string: "string", bytes: "Uint8Array", records: "Uint8Array", struct: spec.struct }[base as string] ??
      spec.int64 ?? "number";
  const alternatives = [array ? `${element}[]` : element];
  if (spec.records === "source") alternatives.push("RecordsSource");
  if (nullable !== null) alternatives.push("null");
  return alternatives.join(" | ");
}

/** The value of a field that is absent. */
export function defaultOf({ spec, base, array, struct, nullable }: Field): string {
  if (spec.default === null || base === "records" && nullable !== null) return "null";
  if (typeof spec.default === "bigint") return `${spec.default}n`;
  if (spec.default !== undefined) return JSON.stringify(spec.default);
  if (array) return "[]";
  if (base === "struct") return `{ ${struct!.fields.map((field) => `${field.name}: ${defaultOf(field)}`).join(", ")} }`;
  const zeros = { bool: "false", uuid: "ZERO_UUID", string: '""', bytes: "new Uint8Array(0)", records: "new Uint8Array(0)" };
  return base in zeros ? zeros[base as keyof typeof zeros] : spec.int64 === "bigint" ? "0n" : "0";
}

/** The test whether `value`, of a field's type, is not the field's default. */
export function notDefault(field: Field, value: string): string {
  const { base, array, nullable, spec } = field;
  if (spec.default === null || base === "records" && nullable !== null) return `${value} !== null`;
  if (base === "struct" && !array) {
    const differs = `!isDefault${spec.struct}(${value})`;
    return nullable === null ? differs : `${value} === null || ${differs}`;
  }
  if (array || base === "bytes") return nullable === null ? `${value}.length > 0` : `${value} === null || ${value}.length > 0`;
  if (base === "bool") return spec.default === true ? `!${value}` : value;
  return `${value} !== ${defaultOf(field)}`;
}
