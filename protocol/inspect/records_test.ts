import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { denoCompression } from "../../platform/deno/mod.ts";
import { batches, batchesOfAnyFormat, buildBatch, compressionTypes, type LogRecord, type NewRecord, RecordsError } from "../records/mod.ts";
import { crc32 } from "../records/crc32.ts";
import { type Random, seededRandom } from "../testing/arbitrary.ts";
import { Contents } from "./content.ts";
import { Inspection, type Node, problemsOf } from "./node.ts";

const BATCHES = 60;
const CHANGES_PER_BATCH = 20;
const codecs = denoCompression;
const encoder = new TextEncoder();

describe("batches: the inspector reads what the lazy reader reads", () => {
  for (const compression of compressionTypes) {
    test(compression, () => {
      const random = seededRandom(compression.length);
      for (let i = 0; i < BATCHES; i++) {
        const bytes = buildBatch(arbitraryRecords(random), { compressionType: compression, codecs, baseOffset: random(1000) });
        const tree = inspect(bytes);
        assert.deepEqual([...problemsOf(tree)], []);
        const [batch] = tree.children!;
        assert.equal(batch.children!.find((one) => one.name === "attributes")!.note, `${compression}, CreateTime`);
        assert.deepEqual(recordsIn(batch), [...batches(bytes)].flatMap((one) => [...one.records(codecs)]));
        for (let change = 0; change < CHANGES_PER_BATCH; change++) agree(damaged(bytes, random));
      }
    });
  }
});

test("a batch with another CRC says so at the CRC, and is read all the same", () => {
  const bytes = buildBatch([{ timestamp: 1, key: null, value: encoder.encode("tea") }]);
  bytes[20] ^= 1;
  const tree = inspect(bytes);
  assert.deepEqual([...problemsOf(tree)].map(({ path, problem }) => [path, problem.offset]), [["[0].crc", 17]]);
  assert.equal(recordsIn(tree.children![0]).length, 1);
});

test("a batch that a fetch has cut off is no problem, a length that no batch has is one", () => {
  const bytes = buildBatch([{ timestamp: 1, key: null, value: encoder.encode("tea") }]);
  const cut = inspect(Uint8Array.of(...bytes, ...bytes.subarray(0, 40)));
  assert.equal(cut.note, `the last batch is cut off: 40 of its ${bytes.length} bytes are there`);
  assert.deepEqual([...problemsOf(cut)], []);
  const bad = inspect(Uint8Array.of(...bytes, ...new Uint8Array(40)));
  assert.deepEqual([...problemsOf(bad)].map(({ problem }) => problem.offset), [bytes.length]);
});

test("a message of format 1 that wraps others", () => {
  const tree = inspect(wrapper(9, message(0, null, "tea"), message(1, "k", "milk")));
  assert.deepEqual([...problemsOf(tree)], []);
  const value = tree.children![0].children!.at(-1)!;
  assert.match(value.note!, /^offsets 8 to 9, /);
  const texts = value.children!.map((one) =>
    one.children!.slice(-2).map((leaf) => leaf.value && new TextDecoder().decode(leaf.value as Uint8Array))
  );
  assert.deepEqual(texts, [[null, "tea"], ["k", "milk"]]);
});

test("messages of format 1: all that the reader of logs takes, and nothing else", () => {
  const random = seededRandom(1);
  const examples = [
    message(7, "k", "tea"),
    message(8, null, "milk"),
    wrapper(9, message(0, "k", "tea"), message(1, null, "milk")),
    wrapper(9, wrapper(9, message(0, null, "tea"))),
  ];
  for (const bytes of examples) {
    agree(bytes);
    for (let change = 0; change < 500; change++) {
      const changed = bytes.slice();
      // Neither offset nor size nor format, which make it another message.
      const position = [12, 17, 18 + random(bytes.length - 18)][random(8) < 2 ? 0 : random(8) < 2 ? 1 : 2];
      changed[position] = [0x00, 0x01, 0x7f, 0x80, 0xff, random(256)][random(6)];
      agree(changed);
    }
  }
});

test("a message that is not as its CRC says", () => {
  const bytes = message(7, "k", "tea");
  bytes[bytes.length - 1] ^= 1;
  assert.deepEqual([...problemsOf(inspect(bytes))].map(({ path, problem }) => [path, problem.offset]), [["[0].crc", 12]]);
});

function inspect(bytes: Uint8Array): Node {
  const inspection = new Inspection({ codecs });
  const root: Node = { name: "records", type: "records", offset: 0, length: bytes.length };
  new Contents(inspection).batches(root, bytes, 0, undefined);
  return root;
}

/** Both read all records, or neither does. A wrong CRC hinders neither. */
function agree(bytes: Uint8Array): void {
  const problems = [...problemsOf(inspect(bytes))].filter(({ path }) => !path.endsWith(".crc"));
  let failure: RecordsError | null = null;
  try {
    for (const batch of batchesOfAnyFormat(bytes)) for (const _record of batch.records(codecs));
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    failure = error;
  }
  assert.equal(problems.length > 0, failure !== null, `${failure?.message}; ${JSON.stringify(problems)}; ${bytes.toHex()}`);
}

/** Changes a byte of the attributes, the count or the records. */
function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  const position = random(3) === 0 ? [21, 22, 57, 58, 59, 60][random(6)] : 61 + random(bytes.length - 61);
  changed[position] = [0x00, 0x01, 0x7f, 0x80, 0xff, random(256)][random(6)];
  return changed;
}

function arbitraryRecords(random: Random): NewRecord[] {
  const bytes = (): Uint8Array | null => random(4) === 0 ? null : Uint8Array.from({ length: random(40) }, () => random(256));
  return Array.from({ length: 1 + random(4) }, (_, index) => ({
    timestamp: 1_700_000_000_000 + index * random(100_000),
    key: bytes(),
    value: bytes(),
    headers: Array.from({ length: random(3) }, () => ({ key: "\u{feff}é".repeat(random(3)), value: bytes() })),
  }));
}

/** The records in the tree of a batch. */
function recordsIn(batch: Node): LogRecord[] {
  const of = (node: Node, name: string): Node => node.children!.find((child) => child.name === name)!;
  const number = (node: Node, name: string): number => of(node, name).value as number;
  const bytes = (node: Node, name: string): Uint8Array | null => of(node, name).value as Uint8Array | null;
  return (of(batch, "records").children ?? []).map((record) => ({
    offset: number(batch, "baseOffset") + number(record, "offsetDelta"),
    timestamp: number(batch, "baseTimestamp") + number(record, "timestampDelta"),
    key: bytes(record, "key"),
    value: bytes(record, "value"),
    headers: (of(record, "headers").children ?? []).map((header) => ({
      key: of(header, "key").value as string,
      value: bytes(header, "value"),
    })),
  }));
}

/** Messages in a gzipped one. */
function wrapper(lastOffset: number, ...messages: readonly Uint8Array[]): Uint8Array {
  return message(lastOffset, null, codecs.gzip.compress(Uint8Array.from(messages.flatMap((one) => [...one]))), 1);
}

/** A message of format 1 at an offset. */
function message(offset: number, key: string | null, value: string | Uint8Array, attributes = 0): Uint8Array {
  const content = typeof value === "string" ? encoder.encode(value) : value;
  const keyBytes = encoder.encode(key ?? "");
  const bytes = new Uint8Array(34 + keyBytes.length + content.length);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, BigInt(offset));
  view.setInt32(8, bytes.length - 12);
  view.setInt8(16, 1);
  view.setInt8(17, attributes);
  view.setInt32(26, key === null ? -1 : keyBytes.length);
  bytes.set(keyBytes, 30);
  view.setInt32(30 + keyBytes.length, content.length);
  bytes.set(content, 34 + keyBytes.length);
  view.setUint32(12, crc32(bytes, 16, bytes.length));
  return bytes;
}
