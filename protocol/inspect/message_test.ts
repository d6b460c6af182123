import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resolve, type Struct } from "../generate/resolve.ts";
import { apiSpecs, recordSpecs } from "../schema/mod.ts";
import type { FieldSpecs } from "../schema/spec.ts";
import { arbitraryMessage, type Random, seededRandom } from "../testing/arbitrary.ts";
import { type Codec, codecs } from "../testing/codecs.ts";
import { defaultValue, type Message } from "../testing/walker.ts";
import { DecodeError, Reader } from "../wire/mod.ts";
import { MessageInspector } from "./message.ts";
import { asFarAsPossible, Inspection, type Node, problemsOf, Scribe } from "./node.ts";

const MESSAGES_PER_VERSION = 6;
const CHANGES_PER_MESSAGE = 8;

describe("the inspector reads what the generated code reads", () => {
  for (const codec of codecs) {
    const { name, type, fields, versions } = codec;
    const struct = structOf(codec);
    test(`${name} ${type}`, () => {
      const random = seededRandom(name.length * 100 + type.length);
      for (const version of versions) {
        for (let i = 0; i < MESSAGES_PER_VERSION; i++) {
          const bytes = codec.write(arbitraryMessage(fields, version, random), version);
          const expected = codec.read(bytes, version);
          const tree = inspect(struct, version, bytes);
          assert.deepEqual(valuesOf(fields, tree, expected), expected, `v${version}, message ${i}`);
          assert.equal([...problemsOf(tree)].length, 0);
          for (let change = 0; change < CHANGES_PER_MESSAGE; change++) agree(codec, struct, version, damaged(bytes, random));
        }
      }
    });
  }
});

/** Both read the bytes, or both fail at the same byte for the same reason. */
function agree(codec: Codec, struct: Struct, version: number, bytes: Uint8Array): void {
  const problems = [...problemsOf(inspect(struct, version, bytes))].map(({ problem }) => `byte ${problem.offset}: ${problem.message}`);
  const expected: string[] = [];
  try {
    codec.read(bytes, version);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    expected.push(`byte ${error.position}: ${error.problem}`);
  }
  assert.deepEqual(problems, expected, `${codec.name} ${codec.type} v${version}: ${bytes.toHex()}`);
}

function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  switch (bytes.length === 0 ? 0 : random(4)) {
    case 0:
      return Uint8Array.of(...bytes, random(256));
    case 1:
      return bytes.subarray(0, random(bytes.length));
    default:
      changed[random(bytes.length)] = [0x00, 0x7f, 0x80, 0xff, random(256)][random(5)];
      return changed;
  }
}

function structOf({ name, type }: Codec): Struct {
  const spec = [...apiSpecs, ...recordSpecs].find((one) => one.name === name && (type === "record") !== ("request" in one))!;
  return resolve(spec).structs[type === "response" ? 1 : 0];
}

function inspect(struct: Struct, version: number, bytes: Uint8Array): Node {
  const root: Node = { name: "body", type: struct.name, offset: 0, length: bytes.length };
  const reader = new Reader(bytes, { api: struct.name, version });
  const scribe = new Scribe(new Inspection({}), bytes, 0, reader);
  const inspector = new MessageInspector(scribe, reader, version, () => {});
  asFarAsPossible(() => {
    inspector.struct(root, struct, null);
    scribe.inside(root, () => reader.expectEnd());
  });
  return root;
}

/** The message in a tree. Secrets are taken from `expected`: the tree does not have them. */
function valuesOf(fields: FieldSpecs, node: Node, expected: Message): Message {
  const message = Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, defaultValue(spec)]));
  const children = node.children ?? [];
  for (const child of [...children, ...children.filter((one) => one.name === "taggedFields").flatMap((one) => one.children ?? [])]) {
    const spec = fields[child.name];
    if (spec === undefined) continue;
    const given = expected[child.name] as Message | readonly Message[];
    if (child.secret) message[child.name] = given;
    else if (child.value !== undefined || spec.fields === undefined) message[child.name] = child.value;
    else if (spec.type === "struct") message[child.name] = valuesOf(spec.fields, child, given as Message);
    else message[child.name] = child.children!.map((one, index) => valuesOf(spec.fields!, one, (given as readonly Message[])[index]));
  }
  return message;
}
