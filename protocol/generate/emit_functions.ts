import type { Field, Struct } from "./resolve.ts";
import {
  choice,
  type Code,
  defaultOf,
  fits,
  flexibleIn,
  indent,
  isStruct,
  literal,
  methodOf,
  notDefault,
  outside,
  typeOf,
  when,
  within,
} from "./text.ts";

/** The function that reads a struct. */
export function readFunction(struct: Struct): Code {
  const body = readBody(struct);
  return functionCode(`read${struct.name}`, ["reader: Reader", ...versionParameter(body)], struct.name, body);
}

function readBody(struct: Struct): Code {
  const flexible = flexibleIn(struct);
  return [
    ...flexibleLocal(struct),
    ...struct.plain.flatMap((field) => readField(struct, field, flexible)),
    ...readTagged(struct, flexible),
    ...literal("return ", struct.fields.map(({ name, local }) => name === local ? name : `${name}: ${local}`)),
  ];
}

function readField(struct: Struct, field: Field, flexible: string): Code {
  const { local } = field;
  const present = within(field.versions, struct.versions);
  const value = readValue(field, flexible);
  if (present === null) return choice(`const ${local} =`, value);
  if (value.length === 1) return choice(`const ${local} =`, [present, value[0], defaultOf(field)]);
  return [`let ${local}: ${typeOf(field)} = ${defaultOf(field)};`, ...when(present, choice(`${local} =`, value))];
}

/** The expression that reads a field where it is present: one, or a test and one for either outcome. */
function readValue(field: Field, flexible: string): string[] {
  const call = (name: string): string => `reader.${name}(${readArguments(field, flexible)})`;
  if (isStruct(field)) return [`read${field.struct!.name}(${structArguments(field.struct!)})`];
  if (field.nullable === null) return [call(methodOf(field, false))];
  const test = within(field.nullable, field.versions);
  const nullable = call(methodOf(field, true));
  return test === null ? [nullable] : [test, nullable, call(methodOf(field, false))];
}

function readArguments({ base, array, struct }: Field, flexible: string): string {
  if (struct !== null && !array) return `read${struct.name}, version`;
  if (struct !== null) return `${flexible}, ${struct.minimalSize}, read${struct.name}, version`;
  return array || ["string", "bytes", "records"].includes(base) ? flexible : "";
}

function structArguments(struct: Struct): string {
  return usesVersion(readBody(struct)) ? "reader, version" : "reader";
}

function readTagged(struct: Struct, flexible: string): Code {
  const fields = struct.tagged;
  if (flexible === "false") return [];
  if (fields.length === 0) return whenFlexible(flexible, ["reader.skipTaggedFields();"]);
  const branches = fields.map((field) => {
    const version = within(field.versions, struct.flexible!);
    const test = `tag === ${field.spec.tag}${version === null ? "" : ` && ${version}`}`;
    return [`if (${test}) {`, `  ${field.local} = ${readValue(field, "true")[0]};`];
  });
  const chain = branches.flatMap(([head, body], index) => [index === 0 ? head : `} else ${head}`, body]);
  return [
    ...fields.map((field) => `let ${field.local}: ${typeOf(field)} = ${defaultOf(field)};`),
    ...whenFlexible(flexible, [
      "for (let left = reader.unsignedVarint(); left > 0; left--) {",
      ...indent(["const tag = reader.unsignedVarint();", "const end = reader.taggedFieldEnd();"]),
      ...indent([...chain, "} else {", "  reader.skipTo(end);", "}", "reader.expectPosition(end);"]),
      "}",
    ]),
  ];
}

/** The function that writes a struct, and the one that compares it with its default where that is needed. */
export function writeFunction(struct: Struct): Code {
  const body = writeBody(struct);
  return functionCode(
    `write${struct.name}`,
    ["writer: Writer", `${struct.fields.length === 0 ? "_" : ""}message: ${struct.name}`, ...versionParameter(body)],
    "void",
    body,
  );
}

/** The function that tells whether a struct, the value of a tagged field, may be left out. */
export function isDefaultFunction(struct: Struct): Code {
  const tests = struct.fields.map((field) => `!(${notDefault(field, `message.${field.name}`)})`);
  const readable = tests.map((test) => test.replace(/^!\((\S+) !== (\S+)\)$/, "$1 === $2"));
  return [`function isDefault${struct.name}(message: ${struct.name}): boolean {`, `  return ${readable.join(" && ")};`, "}"];
}

function writeBody(struct: Struct): Code {
  const flexible = flexibleIn(struct);
  return [
    ...flexibleLocal(struct),
    ...struct.plain.flatMap((field) => writeField(struct, field, flexible)),
    ...writeTagged(struct, flexible),
  ];
}

function writeField(struct: Struct, field: Field, flexible: string): Code {
  const value = `message.${field.name}`;
  const notNull = field.nullable && outside(field.nullable, field.versions);
  const write = [
    ...(notNull === null ? [] : when(`${value} === null && ${parenthesized(notNull)}`, [refuse(struct, field)])),
    writeValue(field, value, flexible),
  ];
  const present = within(field.versions, struct.versions);
  if (present === null) return write;
  if (field.spec.ignorable) return when(present, write);
  return [`if (${present}) {`, ...indent(write), `} else if (${notDefault(field, value)}) {`, ...indent([refuse(struct, field)]), "}"];
}

/** The statement that writes a value where the field is present. */
function writeValue(field: Field, value: string, flexible: string): string {
  const { base, array, struct, nullable } = field;
  if (isStruct(field)) return `write${struct!.name}(writer, ${value}${usesVersion(writeBody(struct!)) ? ", version" : ""});`;
  const method = methodOf(field, nullable !== null, field.spec.records === "source" ? "records" : undefined);
  if (struct !== null && !array) return `writer.${method}(${value}, write${struct.name}, version);`;
  if (struct !== null) return `writer.${method}(${value}, ${flexible}, write${struct.name}, version);`;
  const sized = array || ["string", "bytes", "records"].includes(base);
  return `writer.${method}(${value}${sized ? `, ${flexible}` : ""});`;
}

function writeTagged(struct: Struct, flexible: string): Code {
  const fields = struct.tagged;
  if (flexible === "false") return [];
  const body = fields.length === 0 ? ["writer.unsignedVarint(0);"] : [
    "let tagged = 0;",
    ...fields.map((field) => `if (${has(field)}) tagged++;`),
    "writer.unsignedVarint(tagged);",
    ...fields.flatMap((field) =>
      when(has(field), [
        `const start = writer.beginTaggedField(${field.spec.tag});`,
        writeValue(field, field.local, "true"),
        "writer.endTaggedField(start);",
      ])
    ),
  ];
  return [...fields.flatMap((field) => presence(struct, field)), ...whenFlexible(flexible, body)];
}

/** Declares the locals with a tagged field's value and whether it is to be written; refuses a value the version has no room for. */
function presence(struct: Struct, field: Field): Code {
  const single = isStruct(field);
  const test = single ? `${field.local} !== undefined && ${notDefault(field, field.local)}` : notDefault(field, field.local);
  const present = within(field.versions, struct.versions);
  const given = `message.${field.name}`;
  const nullIsAValue = field.nullable !== null && field.spec.default !== null;
  const orDefault = nullIsAValue ? [`${given} === undefined`, defaultOf(field), given] : [`${given} ?? ${defaultOf(field)}`];
  const value = choice(`const ${field.local} =`, single ? [given] : orDefault);
  if (present === null) return [...value, `const ${has(field)} = ${test};`];
  if (field.spec.ignorable) return [...value, `const ${has(field)} = ${present} && ${parenthesized(test)};`];
  const absent = parenthesized(outside(field.versions, struct.versions)!);
  return [...value, `const ${has(field)} = ${test};`, ...when(`${has(field)} && ${absent}`, [refuse(struct, field)])];
}

function has(field: Field): string {
  return `has${field.name[0].toUpperCase()}${field.name.slice(1)}`;
}

function refuse(struct: Struct, field: Field): string {
  return `throw EncodeError.field("${struct.name}.${field.name}", version);`;
}

function parenthesized(test: string): string {
  return test.includes(" || ") ? `(${test})` : test;
}

function flexibleLocal(struct: Struct): Code {
  return flexibleIn(struct) === "flexible" ? [`const flexible = ${within(struct.flexible!, struct.versions)};`] : [];
}

function whenFlexible(flexible: string, body: Code): Code {
  return flexible === "true" ? body : when(flexible, body);
}

function functionCode(name: string, parameters: readonly string[], result: string, body: Code): Code {
  const line = `function ${name}(${parameters.join(", ")}): ${result} {`;
  const head = fits(line) ? [line] : [`function ${name}(`, ...indent(parameters.map((parameter) => `${parameter},`)), `): ${result} {`];
  return [...head, ...indent(body), "}"];
}

function versionParameter(body: Code): string[] {
  return usesVersion(body) ? ["version: number"] : [];
}

/** Whether a function needs to know the version. A field of that name is none. */
function usesVersion(body: Code): boolean {
  return body.some((line) => /(?<![."])\bversion\b(?!:)/.test(line));
}
