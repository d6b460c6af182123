import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { records } from "../generated/mod.ts";
import { buildBatch } from "../records/mod.ts";
import { apiSpecs, recordSpecs } from "../schema/mod.ts";
import type { FieldSpecs, RecordSpec } from "../schema/spec.ts";
import { arbitraryMessage, seededRandom } from "../testing/arbitrary.ts";
import { codecs } from "../testing/codecs.ts";
import { hasVersion, type Message } from "../testing/walker.ts";
import { Writer } from "../wire/mod.ts";
import { Contents } from "./content.ts";
import { type InternalTopic, recordOfTopic } from "./definitions.ts";
import { inspectRequest, inspectResponse } from "./frame.ts";
import { Inspection, type InspectOptions, type Node, problemsOf } from "./node.ts";
import { jsonLines, treeLines } from "./render.ts";

const topics: readonly InternalTopic[] = ["__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata"];

function inspect(topic: string, key: Uint8Array | null, value: Uint8Array | null, options: InspectOptions = {}, isControl = false): Node {
  const bytes = buildBatch([{ timestamp: 1, key, value }], { isControl });
  const root: Node = { name: "records", type: "records", offset: 0, length: bytes.length };
  new Contents(new Inspection(options)).batches(root, bytes, 0, topic);
  return root;
}

/** Key and value of the only record. */
function partsOf(root: Node): { key: Node; value: Node } {
  const child = (node: Node, name: string): Node => node.children!.find((one) => one.name === name)!;
  const record = child(child(root.children![0], "records"), "[0]");
  return { key: child(record, "key"), value: child(record, "value") };
}

/** A message behind what tells its type and version in a topic. */
function written({ name }: RecordSpec, version: number, message: unknown, ...prefix: readonly ((writer: Writer) => void)[]): Uint8Array {
  const writer = new Writer(64);
  for (const write of prefix) write(writer);
  records.find((codec) => codec.name === name)!.write(writer, message, version);
  return writer.written().slice();
}

const int16 = (value: number) => (writer: Writer) => writer.int16(value);
const varint = (value: number) => (writer: Writer) => writer.unsignedVarint(value);

/** The topic that a record is looked for in, and found. */
function topicOf(spec: RecordSpec): InternalTopic {
  const part = /(Key|Value|Record)$/.exec(spec.name)![1] as "Key" | "Value" | "Record";
  const found = topics.filter((topic) => recordOfTopic(topic, spec.apiKey!, part)?.spec === spec);
  assert.equal(found.length, 1, spec.name);
  return found[0];
}

describe("records of internal topics, each behind its type and version", () => {
  for (const spec of recordSpecs.filter(({ apiKey, name }) => apiKey !== undefined && !name.startsWith("Legacy"))) {
    test(spec.name, () => {
      const random = seededRandom(spec.name.length);
      const topic = topicOf(spec);
      const versions = records.find(({ name }) => name === spec.name)!;
      for (let version = versions.minVersion; version <= versions.maxVersion; version++) {
        const message = arbitraryMessage(spec.fields, version, random);
        const key = int16(spec.apiKey!);
        const tree = topic === "__cluster_metadata"
          ? inspect(topic, null, written(spec, version, message, varint(1), varint(spec.apiKey!), varint(version)))
          : spec.name.endsWith("Key")
          ? inspect(topic, written(spec, version, message, key), null)
          : inspect(topic, Uint8Array.of(0, spec.apiKey!), written(spec, version, message, int16(version)));
        // What the fields hold is compared in message_test.ts; problems there can only come from a consumer protocol made of random bytes.
        const own = [...problemsOf(tree)].filter(({ path }) => !/\.key|subscription|assignment/.test(path));
        assert.deepEqual(own, [], `v${version}`);
        const part = partsOf(tree)[spec.name.endsWith("Key") ? "key" : "value"];
        const names = part.children!.map((child) => child.note);
        assert.ok(names.includes(spec.name) || part.children!.length === 1, `v${version}: ${names}`);
      }
    });
  }
});

test("a type that is not known is no problem; a version that is not known is one", () => {
  const unknown = inspect("__cluster_metadata", null, Uint8Array.of(1, 100, 0, 5));
  assert.deepEqual([...problemsOf(unknown)], []);
  assert.deepEqual(partsOf(unknown).value.children!.map(({ name, value }) => [name, value]), [["frameVersion", 1], ["type", 100], [
    "version",
    0,
  ]]);
  const newer = inspect("__cluster_metadata", null, Uint8Array.of(1, 2, 77, 5));
  assert.deepEqual([...problemsOf(newer)].map(({ problem }) => problem.message), ["TopicRecord has no version 77"]);
});

test("control records: the end of a transaction", () => {
  const { key, value } = partsOf(inspect("orders", Uint8Array.of(0, 0, 0, 1), Uint8Array.of(0, 0, 0, 0, 0, 9), {}, true));
  assert.deepEqual(key.children!.map(({ name, value, note }) => [name, value, note]), [["version", 0, undefined], ["type", 1, "COMMIT"]]);
  assert.deepEqual(value.children!.map(({ name, value }) => [name, value]), [["version", 0], ["coordinatorEpoch", 9]]);
});

describe("control records of the Raft quorum, whose first field is their version", () => {
  const types = ["LeaderChangeMessage", "SnapshotHeaderRecord", "SnapshotFooterRecord", "KRaftVersionRecord", "VotersRecord"];
  for (const [index, name] of types.entries()) {
    test(name, () => {
      const spec = recordSpecs.find((one) => one.name === name)!;
      const { minVersion, maxVersion } = records.find((codec) => codec.name === name)!;
      for (let version = minVersion; version <= maxVersion; version++) {
        const message = { ...arbitraryMessage(spec.fields, version, seededRandom(7)), version };
        const tree = inspect("__cluster_metadata", Uint8Array.of(0, 0, 0, 2 + index), written(spec, version, message), {}, true);
        assert.deepEqual([...problemsOf(tree)], []);
        assert.deepEqual(partsOf(tree).value.children![0], { ...partsOf(tree).value.children![0], name: "version", value: version });
      }
    });
  }
});

describe("secrets", () => {
  const spec = recordSpecs.find(({ name }) => name === "ConfigRecord")!;
  const config = (resourceType: number): Uint8Array =>
    written(
      spec,
      0,
      { resourceType, resourceName: "1", name: "ssl.key.password", value: "hunter2" },
      varint(1),
      varint(spec.apiKey!),
      varint(0),
    );
  /** All that is shown of a record, in either way. */
  const shown = (value: Uint8Array, options: InspectOptions = {}): string => {
    const tree = inspect("__cluster_metadata", null, value, options);
    return [...jsonLines(tree, { full: true }), ...treeLines(tree)].join("\n");
  };
  const secret = (text: string): boolean =>
    text.includes("hunter2") || text.includes("68756e74657232") || text.includes("68 75 6e 74 65 72 32");

  /** The message with its secrets, none of them a topic's. */
  const withSecrets = (fields: FieldSpecs, message: Message): Message => {
    const entries = Object.entries(message).map(([name, value]) => {
      const { type, secret, fields: inner } = fields[name];
      if (secret) return [name, type === "bytes" ? new TextEncoder().encode("hunter2") : "hunter2"];
      if (name === "resourceType") return [name, 4];
      if (inner === undefined || value === null) return [name, value];
      return [name, type === "struct" ? withSecrets(inner, value as Message) : (value as Message[]).map((one) => withSecrets(inner, one))];
    });
    return Object.fromEntries(entries);
  };

  for (const { key, name, ...spec } of apiSpecs) {
    for (const direction of ["request", "response"] as const) {
      const codec = codecs.find((one) => one.name === name && one.type === direction)!;
      if (!JSON.stringify(spec[direction], (_key, value) => typeof value === "bigint" ? 0 : value).includes('"secret":true')) continue;
      test(`${name} ${direction}: whole and cut off anywhere`, () => {
        const random = seededRandom(key);
        let hidden = 0;
        for (const version of codec.versions.flatMap((one) => [one, one, one, one])) {
          const body = codec.write(withSecrets(codec.fields, arbitraryMessage(codec.fields, version, random)), version);
          const tags = hasVersion(spec.flexible, version) ? [0] : [];
          const header = direction === "request" ? [0, key, 0, version, 0, 0, 0, 1, 0xff, 0xff, ...tags] : [0, 0, 0, 1, ...tags];
          const frame = Uint8Array.of(...header, ...body);
          for (let length = frame.length; length >= 0; length -= 1 + random(5)) {
            const part = frame.subarray(0, length);
            const tree = direction === "request" ? inspectRequest(part) : inspectResponse(part, { apiKey: key, version });
            const text = [...jsonLines(tree, { full: true }), ...treeLines(tree)].join("\n");
            assert.ok(!secret(text), `v${version}, ${length} bytes:\n${text}`);
            if (text.includes("(secret)")) hidden++;
          }
        }
        assert.ok(hidden > 0, "some secret was there");
      });
    }
  }

  test("in a version that nobody knows", () => {
    const frame = Uint8Array.of(0, 36, 0, 99, 0, 0, 0, 1, 0xff, 0xff, 8, ...new TextEncoder().encode("hunter2"));
    assert.ok(!secret([...treeLines(inspectRequest(frame))].join("\n")));
  });

  test("the value of a broker's setting is not shown, that of a topic's is", () => {
    assert.ok(!secret(shown(config(4))));
    assert.ok(shown(config(4)).includes("(secret)"));
    assert.ok(secret(shown(config(2))));
  });

  test("nor where the record is damaged, cut off, or too much to be shown", () => {
    const bytes = config(4);
    for (let length = 3; length < bytes.length; length++) assert.ok(!secret(shown(bytes.subarray(0, length))), `${length} bytes`);
    assert.ok(!secret(shown(Uint8Array.of(...bytes, 0))));
    for (let position = 0; position < 8; position++) {
      const changed = bytes.slice();
      changed[position] = 0x7f;
      assert.ok(!secret(shown(changed)), `byte ${position}`);
    }
    for (let maxNodes = 0; maxNodes < 40; maxNodes++) assert.ok(!secret(shown(bytes, { maxNodes })), `${maxNodes} nodes`);
    const tagged = bytes.slice();
    tagged[tagged.length - 1] = 1;
    assert.ok(!secret(shown(Uint8Array.of(...tagged, 9, 7, ...new TextEncoder().encode("hunter2")))));
  });
});
