import { type Field, intersect, type Range, type Struct } from "./resolve.ts";

/** Pieces of TypeScript that reading and writing share. */

/** Lines of code, each with its indentation. */
export type Code = string[];

/** `deno fmt` breaks lines longer than this. What is emitted here is already in its form. */
export const LINE_WIDTH = 140;

/** Indents code one step. */
export function indent(code: Code): Code {
  return code.map((line) => `  ${line}`);
}

/** `if (test) { … } else { … }`; a single line when there is one statement that fits. */
export function ifElse(test: string, body: Code, otherwise: Code = []): Code {
  const line = `if (${test}) ${body[0]}`;
  if (body.length === 1 && otherwise.length === 0 && line.length < LINE_WIDTH - 8) return [line];
  return [`if (${test}) {`, ...indent(body), ...(otherwise.length === 0 ? [] : ["} else {", ...indent(otherwise)]), "}"];
}

/** The test whether a version out of `around` lies in `range`; null when all do. */
export function condition(range: Range, around: Range): string | null {
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
export function flexibleText(struct: Struct): string {
  if (struct.flexible === null) return "false";
  return condition(struct.flexible, struct.versions) === null ? "true" : "flexible";
}

/** Declares the local that {@link flexibleText} may name. */
export function flexibleLocal(struct: Struct): Code {
  return flexibleText(struct) === "flexible" ? [`const flexible = ${condition(struct.flexible!, struct.versions)};`] : [];
}

/** The tagged fields of a struct, by tag. */
export function taggedFields(struct: Struct): Field[] {
  return struct.fields.filter((field) => field.spec.tag !== undefined).sort((a, b) => a.spec.tag! - b.spec.tag!);
}

/** The fields of a struct that are not tagged, in wire order. */
export function plainFields(struct: Struct): Field[] {
  return struct.fields.filter((field) => field.spec.tag === undefined);
}

/** The name of the method of Reader and Writer for a field, but for `nullable`. */
export function methodName(field: Field): string {
  if (field.array) return field.struct === null ? `${field.base}Array` : "array";
  if (field.base === "int64" && field.spec.int64 === "bigint") return "bigInt64";
  return field.base === "records" ? "bytes" : field.base;
}

/** A method's name with `nullable` in front. */
export function nullableName(method: string): string {
  return `nullable${method[0].toUpperCase()}${method.slice(1)}`;
}

/** The TypeScript type of a field. */
export function typeText({ spec, base, array, nullable }: Field): string {
  const types = { bool: "boolean", uuid: "Uuid", string: "string", bytes: "Uint8Array", records: "Uint8Array", struct: spec.struct! };
  const element = base in types ? types[base as keyof typeof types] : spec.int64 ?? "number";
  const alternatives = [array ? `${element}[]` : element];
  if (spec.records === "source") alternatives.push("RecordsSource");
  if (nullable !== null) alternatives.push("null");
  return alternatives.join(" | ");
}

/** The value of a field that is absent. */
export function defaultText({ spec, base, array, struct }: Field): string {
  if (spec.default === null || base === "records") return "null";
  if (typeof spec.default === "bigint") return `${spec.default}n`;
  if (spec.default !== undefined) return JSON.stringify(spec.default);
  if (array) return "[]";
  if (base === "struct") return `{ ${struct!.fields.map((field) => `${field.name}: ${defaultText(field)}`).join(", ")} }`;
  const zeros = { bool: "false", uuid: "ZERO_UUID", string: '""', bytes: "new Uint8Array(0)" };
  return base in zeros ? zeros[base as keyof typeof zeros] : spec.int64 === "bigint" ? "0n" : "0";
}

/** The test whether `value`, of a field's type, is not the field's default. */
export function notDefault(field: Field, value: string): string {
  const { base, array, nullable, spec } = field;
  if (base === "struct" && !array) return `!isDefault${spec.struct}(${value})`;
  if (defaultText(field) === "null") return `${value} !== null`;
  if (array || base === "bytes") return nullable === null ? `${value}.length > 0` : `${value} === null || ${value}.length > 0`;
  if (base === "bool") return spec.default === true ? `!${value}` : value;
  return `${value} !== ${defaultText(field)}`;
}
