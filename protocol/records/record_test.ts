import assert from "node:assert/strict";
import { it } from "node:test";
import { buildBatch, type NewRecord } from "./builder.ts";
import { HEADER_BYTES } from "./batch.ts";
import { RecordReader } from "./record.ts";
import { RecordsError } from "./records_error.ts";
import { randomBytes, randomFrom } from "./testdata/random_batches.ts";
import { VarintError, VarintReader } from "./varint.ts";

interface Fields {
  readonly timestampDelta: number;
  readonly offsetDelta: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headerCount: number;
}

/** One record that fills `bytes`, number by number; undefined if it is a bad one. */
function readSlowly(bytes: Uint8Array): Fields | undefined {
  const reader = new VarintReader(bytes, 0, bytes.length);
  const field = (): string | null => {
    const length = reader.varint();
    if (length > bytes.length - reader.position) throw new VarintError("cut off");
    if (length > 0) reader.position += length;
    return length < 0 ? null : bytes.subarray(reader.position - length, reader.position).toHex();
  };
  try {
    if (reader.varint() !== bytes.length - reader.position || reader.position === bytes.length) return undefined;
    reader.position++;
    const timestampDelta = reader.varlong();
    const offsetDelta = reader.varint();
    const [key, value] = [field(), field()];
    const headerCount = reader.varint();
    if (headerCount < 0) return undefined;
    for (let i = 0; i < headerCount; i++) {
      if (field() === null) return undefined;
      field();
    }
    return reader.position === bytes.length ? { timestampDelta, offsetDelta, key, value, headerCount } : undefined;
  } catch (error) {
    if (error instanceof VarintError) return undefined;
    throw error;
  }
}

function read(bytes: Uint8Array): Fields | undefined {
  const reader = new RecordReader(bytes, 0, bytes.length, 1);
  try {
    assert.ok(reader.next());
  } catch (error) {
    if (error instanceof RecordsError) return undefined;
    throw error;
  }
  const { timestampDelta, offsetDelta, headerCount } = reader;
  return { timestampDelta, offsetDelta, key: reader.key()?.toHex() ?? null, value: reader.value()?.toHex() ?? null, headerCount };
}

it("the short way to read a record and the long one find the same, whatever the bytes", () => {
  const random = randomFrom(11);
  let good = 0;
  for (let i = 0; i < 40_000; i++) {
    const record: NewRecord = {
      timestamp: 0,
      key: random(3) === 0 ? null : randomBytes(random, random(random(9) === 0 ? 9_000 : 5)),
      value: random(3) === 0 ? null : randomBytes(random, random(100)),
      headers: random(4) === 0 ? [{ key: "a", value: null }] : [],
    };
    const bytes = buildBatch([record]).subarray(HEADER_BYTES);
    for (let flips = random(3); flips > 0; flips--) bytes[random(Math.min(bytes.length, 12))] ^= 1 << random(8);
    const expected = readSlowly(bytes);
    assert.deepEqual(read(bytes), expected, bytes.toHex());
    if (expected !== undefined) good++;
  }
  assert.ok(good > 10_000 && good < 35_000, `${good} good ones`);
});
