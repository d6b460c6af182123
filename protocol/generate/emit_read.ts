import type { Field, Struct } from "./resolve.ts";
import {
  type Code,
  condition,
  defaultText,
  flexibleLocal,
  flexibleText,
  ifElse,
  indent,
  LINE_WIDTH,
  methodName,
  nullableName,
  plainFields,
  taggedFields,
  typeText,
} from "./text.ts";

/** The function that reads a struct. */
export function readFunction(struct: Struct): Code {
  const body = readBody(struct);
  const version = usesVersion(body) ? ", version: number" : "";
  return [`function read${struct.name}(reader: Reader${version}): ${struct.name} {`, ...indent(body), "}"];
}

function readBody(struct: Struct): Code {
  const flexible = flexibleText(struct);
  return [
    ...flexibleLocal(struct),
    ...plainFields(struct).flatMap((field) => readField(struct, field, flexible)),
    ...readTagged(struct, flexible),
    ...returnLiteral(struct),
  ];
}

function readField(struct: Struct, field: Field, flexible: string): Code {
  const { name } = field;
  const present = condition(field.versions, struct.versions);
  const value = readValue(field, flexible);
  if (present === null) return choice(`const ${name} =`, value);
  if (value.length === 1) return choice(`const ${name} =`, [present, value[0], defaultText(field)]);
  return [`let ${name}: ${typeText(field)} = ${defaultText(field)};`, ...ifElse(present, choice(`${name} =`, value))];
}

/** The expression that reads a field where it is present: one, or a test and one for either outcome. */
function readValue(field: Field, flexible: string): string[] {
  const call = (name: string): string => `reader.${name}(${readArguments(field, flexible)})`;
  if (field.base === "struct" && !field.array) return [`read${field.struct!.name}(${structArguments(field.struct!)})`];
  const method = methodName(field);
  if (field.nullable === null) return [call(method)];
  const test = condition(field.nullable, field.versions);
  return test === null ? [call(nullableName(method))] : [test, call(nullableName(method)), call(method)];
}

/** An assignment of a value, or of one of two; broken into lines where it is too long for one. */
function choice(target: string, [test, yes, no]: string[]): Code {
  if (yes === undefined) return [`${target} ${test};`];
  const line = `${target} ${test} ? ${yes} : ${no};`;
  return line.length <= LINE_WIDTH - 2 ? [line] : [`${target} ${test}`, `  ? ${yes}`, `  : ${no};`];
}

function readArguments({ base, array, struct }: Field, flexible: string): string {
  if (struct !== null) return `${flexible}, ${struct.minimalSize}, read${struct.name}, version`;
  return array || ["string", "bytes", "records"].includes(base) ? flexible : "";
}

function structArguments(struct: Struct): string {
  return usesVersion(readBody(struct)) ? "reader, version" : "reader";
}

function usesVersion(body: Code): boolean {
  return body.some((line) => /\bversion\b/.test(line));
}

function readTagged(struct: Struct, flexible: string): Code {
  const fields = taggedFields(struct);
  const when = (body: Code): Code => flexible === "true" ? body : ifElse(flexible, body);
  if (flexible === "false") return [];
  if (fields.length === 0) return when(["reader.skipTaggedFields();"]);
  const branches = fields.map((field) => {
    const version = condition(field.versions, struct.flexible!);
    const test = `tag === ${field.spec.tag}${version === null ? "" : ` && ${version}`}`;
    return [`if (${test}) {`, `  ${field.name} = ${readValue(field, "true")[0]};`];
  });
  const chain = branches.flatMap(([head, body], index) => [index === 0 ? head : `} else ${head}`, body]);
  return [
    ...fields.map((field) => `let ${field.name}: ${typeText(field)} = ${defaultText(field)};`),
    ...when([
      "for (let count = reader.unsignedVarint(); count > 0; count--) {",
      ...indent(["const tag = reader.unsignedVarint();", "const end = reader.taggedFieldEnd();"]),
      ...indent([...chain, "} else {", "  reader.skipTo(end);", "}", "reader.expectPosition(end);"]),
      "}",
    ]),
  ];
}

function returnLiteral(struct: Struct): Code {
  const names = struct.fields.map((field) => field.name);
  const line = `return { ${names.join(", ")} };`;
  return line.length <= LINE_WIDTH - 2 ? [line] : ["return {", ...indent(names.map((name) => `${name},`)), "};"];
}
