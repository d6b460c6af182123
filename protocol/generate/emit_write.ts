import type { Field, Struct } from "./resolve.ts";
import {
  type Code,
  condition,
  defaultText,
  flexibleLocal,
  flexibleText,
  ifElse,
  indent,
  methodName,
  notDefault,
  nullableName,
  outside,
  plainFields,
  taggedFields,
} from "./text.ts";

/** The function that writes a struct, and the one that compares it with its default where that is needed. */
export function writeFunction(struct: Struct): Code {
  const body = writeBody(struct);
  const version = usesVersion(body) ? ", version: number" : "";
  return [`function write${struct.name}(writer: Writer, message: ${struct.name}${version}): void {`, ...indent(body), "}"];
}

/** The function that tells whether a struct, the value of a tagged field, may be left out. */
export function isDefaultFunction(struct: Struct): Code {
  const tests = struct.fields.map((field) => `!(${notDefault(field, `message.${field.name}`)})`);
  const readable = tests.map((test) => test.replace(/^!\((\S+) !== (\S+)\)$/, "$1 === $2"));
  return [`function isDefault${struct.name}(message: ${struct.name}): boolean {`, `  return ${readable.join(" && ")};`, "}"];
}

function writeBody(struct: Struct): Code {
  const flexible = flexibleText(struct);
  return [
    ...flexibleLocal(struct),
    ...plainFields(struct).flatMap((field) => writeField(struct, field, flexible)),
    ...writeTagged(struct, flexible),
  ];
}

function writeField(struct: Struct, field: Field, flexible: string): Code {
  const value = `message.${field.name}`;
  const notNull = field.nullable && outside(field.nullable, field.versions);
  const write = [
    ...(notNull === null ? [] : ifElse(`${value} === null && ${parenthesized(notNull)}`, [refuse(struct, field)])),
    writeValue(field, value, flexible),
  ];
  const present = condition(field.versions, struct.versions);
  if (present === null) return write;
  if (field.spec.ignorable) return ifElse(present, write);
  return [`if (${present}) {`, ...indent(write), `} else if (${notDefault(field, value)}) {`, ...indent([refuse(struct, field)]), "}"];
}

/** The statement that writes a value where the field is present. */
function writeValue(field: Field, value: string, flexible: string): string {
  const { base, array, struct, nullable } = field;
  if (base === "struct" && !array) return `write${struct!.name}(writer, ${value}${usesVersion(writeBody(struct!)) ? ", version" : ""});`;
  const plain = field.spec.records === "source" ? "records" : methodName(field);
  const method = nullable === null ? plain : nullableName(plain);
  if (struct !== null) return `writer.${method}(${value}, ${flexible}, write${struct.name}, version);`;
  const sized = array || ["string", "bytes", "records"].includes(base);
  return `writer.${method}(${value}${sized ? `, ${flexible}` : ""});`;
}

function writeTagged(struct: Struct, flexible: string): Code {
  const fields = taggedFields(struct);
  if (flexible === "false") return [];
  const body = fields.length === 0 ? ["writer.unsignedVarint(0);"] : [
    "let tagged = 0;",
    ...fields.map((field) => `if (${has(field)}) tagged++;`),
    "writer.unsignedVarint(tagged);",
    ...fields.flatMap((field) =>
      ifElse(has(field), [
        `const start = writer.beginTaggedField(${field.spec.tag});`,
        writeValue(field, field.name, "true"),
        "writer.endTaggedField(start);",
      ])
    ),
  ];
  return [...fields.flatMap((field) => presence(struct, field)), ...(flexible === "true" ? body : ifElse(flexible, body))];
}

/** Declares the locals with a tagged field's value and whether it is to be written; refuses a value the version has no room for. */
function presence(struct: Struct, field: Field): Code {
  const single = field.base === "struct" && !field.array;
  const test = single ? `${field.name} !== undefined && ${notDefault(field, field.name)}` : notDefault(field, field.name);
  const present = condition(field.versions, struct.versions);
  const fallback = single ? "" : ` ?? ${defaultText(field)}`;
  const value = `const ${field.name} = message.${field.name}${fallback};`;
  if (present === null) return [value, `const ${has(field)} = ${test};`];
  if (field.spec.ignorable) return [value, `const ${has(field)} = ${present} && ${parenthesized(test)};`];
  const absent = parenthesized(outside(field.versions, struct.versions)!);
  return [value, `const ${has(field)} = ${test};`, ...ifElse(`${has(field)} && ${absent}`, [refuse(struct, field)])];
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

function usesVersion(body: Code): boolean {
  return body.some((line) => /\bversion\b/.test(line));
}
