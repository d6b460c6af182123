import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FieldSpec, FieldSpecs } from "../schema/spec.ts";
import { DecodeError, EncodeError } from "../wire/mod.ts";
import { codecs } from "./codecs.ts";
import { defaultValue, encode, hasVersion, type Message } from "./walker.ts";

/** A field, anywhere in a message, that a version lacks or in which it may not be null. */
interface Case {
  readonly path: string;
  readonly spec: FieldSpec;
  /** The message with the field at its default. */
  readonly plain: Message;
  /** The message with a value of the field that the version cannot carry. */
  readonly refused: Message;
}

describe("null where a version has none is refused", () => {
  for (const { name, type, fields, flexible, versions, read } of codecs) {
    test(`${name} ${type}`, () => {
      for (const version of versions) {
        for (const { path, message } of nulls(fields, version, "", (message) => message)) {
          const bytes = Uint8Array.from(encode(fields, flexible, version, message));
          assert.throws(() => read(bytes, version), DecodeError, `v${version} ${path}`);
        }
      }
    });
  }
});

/** Messages with null in one field that must not have it, anywhere. */
function* nulls(
  fields: FieldSpecs,
  version: number,
  prefix: string,
  wrap: (message: Message) => Message,
): Generator<{ path: string; message: Message }> {
  const defaults = Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, defaultValue(spec)]));
  for (const [name, spec] of Object.entries(fields).filter(([, spec]) => hasVersion(spec.versions, version))) {
    const withValue = (value: unknown): Message => wrap({ ...defaults, [name]: value });
    const array = spec.type.startsWith("[]");
    const hasNull = array || ["string", "bytes", "records"].includes(spec.type);
    if (hasNull && !hasVersion(spec.nullable, version)) yield { path: `${prefix}${name}`, message: withValue(null) };
    if (spec.fields === undefined) continue;
    yield* nulls(spec.fields, version, `${prefix}${name}.`, (message) => withValue(array ? [message] : message));
  }
}

describe("what a version cannot carry is refused, or dropped where Kafka drops it", () => {
  for (const { name, type, fields, versions, write } of codecs) {
    test(`${name} ${type}`, () => {
      for (const version of versions) {
        for (const { path, spec, plain, refused } of cases(fields, version, "", (message) => message)) {
          const what = `v${version} ${path}`;
          const dropped = spec.ignorable && !hasVersion(spec.versions, version);
          if (dropped) assert.deepEqual(write(refused, version), write(plain, version), what);
          else assert.throws(() => write(refused, version), EncodeError, what);
        }
      }
    });
  }
});

function* cases(fields: FieldSpecs, version: number, prefix: string, wrap: (message: Message) => Message): Generator<Case> {
  const defaults = Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, defaultValue(spec)]));
  for (const [name, spec] of Object.entries(fields)) {
    const path = prefix + name;
    const withValue = (value: unknown): Message => wrap({ ...defaults, [name]: value });
    const array = spec.type.startsWith("[]");
    if (!hasVersion(spec.versions, version)) {
      yield { path, spec, plain: withValue(defaults[name]), refused: withValue(otherValue(spec)) };
    } else if (spec.fields !== undefined) {
      yield* cases(spec.fields, version, `${path}.`, (message) => withValue(array ? [message] : message));
    }
    if (hasVersion(spec.versions, version) && spec.nullable !== undefined && !hasVersion(spec.nullable, version)) {
      yield { path: `${path} null`, spec, plain: withValue(defaults[name]), refused: withValue(null) };
    }
  }
}

/** A value that is not the field's default. */
function otherValue(spec: FieldSpec): unknown {
  const element = spec.type.replace("[]", "");
  const values: Record<string, unknown> = {
    bool: spec.default !== true,
    string: "x",
    uuid: "dGVzdC10b3BpYy1pZC0wMQ",
    int64: spec.int64 ? 1n : 1,
  };
  if (element === "struct") {
    const struct = Object.fromEntries(Object.entries(spec.fields!).map(([name, field]) => [name, otherValue(field)]));
    return spec.type === "struct" ? struct : [struct];
  }
  const value = element === "bytes" || element === "records" ? Uint8Array.of(1) : values[element] ?? (spec.default === 1 ? 2 : 1);
  return spec.type === element ? value : [value];
}
