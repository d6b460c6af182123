import assert from "node:assert/strict";
import { test } from "node:test";
import { EncodeError } from "./errors.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

function written(write: (writer: Writer) => void): number[] {
  const writer = new Writer(1);
  write(writer);
  return [...writer.written()];
}

test("values out of their type's range are refused", () => {
  const refused: ((writer: Writer) => void)[] = [
    (writer) => writer.int8(128),
    (writer) => writer.int16(-32769),
    (writer) => writer.uint16(-1),
    (writer) => writer.int32(2 ** 31),
    (writer) => writer.int32(0.5),
    (writer) => writer.int32(NaN),
    (writer) => writer.int64(2 ** 53),
    (writer) => writer.bigInt64(2n ** 63n),
    (writer) => writer.unsignedVarint(-1),
    (writer) => writer.uuid("not a uuid"),
    (writer) => writer.string("x".repeat(32768), true),
  ];
  for (const write of refused) assert.throws(() => written(write), EncodeError, write.toString());
});

test("int64 at the ends of what a number holds", () => {
  for (const value of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -1, 0, 2 ** 32, -(2 ** 32)]) {
    const bytes = Uint8Array.from(written((writer) => writer.int64(value)));
    assert.equal(new DataView(bytes.buffer).getBigInt64(0), BigInt(value));
  }
});

test("strings of every length and script come back", () => {
  for (const length of [0, 1, 39, 40, 41, 126, 127, 128, 5000]) {
    for (const character of ["a", "é", "😀"]) {
      for (const flexible of [false, true]) {
        const text = character.repeat(length);
        const bytes = Uint8Array.from(written((writer) => writer.string(text, flexible)));
        const reader = new Reader(bytes, { api: "Test", version: 0 });
        assert.equal(reader.string(flexible), text);
        reader.expectEnd();
      }
    }
  }
});

test("records come from a source that fills exactly its part of the buffer", () => {
  const source = { byteLength: 3, copyInto: (target: Uint8Array) => target.fill(7) };
  assert.deepEqual(written((writer) => writer.nullableRecords(source, true)), [4, 7, 7, 7]);
  assert.deepEqual(written((writer) => writer.nullableRecords(Uint8Array.of(1), false)), [0, 0, 0, 1, 1]);
  assert.deepEqual(written((writer) => writer.nullableRecords(null, false)), [255, 255, 255, 255]);
});

test("a tagged field moves when its size takes more than one byte", () => {
  for (const size of [0, 1, 127, 128, 16383, 16384]) {
    const bytes = written((writer) => {
      const start = writer.beginTaggedField(5);
      for (let i = 0; i < size; i++) writer.int8(i & 127);
      writer.endTaggedField(start);
      writer.int8(-1);
    });
    const reader = new Reader(Uint8Array.from(bytes), { api: "Test", version: 0 });
    assert.equal(reader.unsignedVarint(), 5);
    const end = reader.taggedFieldEnd();
    assert.equal(end - reader.position, size);
    for (let i = 0; i < size; i++) assert.equal(reader.int8(), i & 127);
    assert.equal(reader.int8(), -1);
    reader.expectEnd();
  }
});

test("frames stand one behind the other in one buffer, which is used again", () => {
  const writer = new Writer(8);
  for (const value of [1, 2]) {
    const start = writer.beginFrame();
    writer.int16(value);
    writer.endFrame(start);
  }
  assert.deepEqual([...writer.written()], [0, 0, 0, 2, 0, 1, 0, 0, 0, 2, 0, 2]);
  const { buffer } = writer.written();
  writer.reset();
  assert.equal(writer.written().length, 0);
  writer.int8(3);
  assert.equal(writer.written().buffer, buffer);
});

test("the byte before a struct that may be null", () => {
  const bytesOf = (write: (writer: Writer) => void): number[] => {
    const writer = new Writer();
    write(writer);
    return [...writer.written()];
  };
  const int8 = (writer: Writer, value: number): void => writer.int8(value);
  assert.deepEqual(bytesOf((writer) => writer.nullableStruct(7, int8, 0)), [1, 7]);
  assert.deepEqual(bytesOf((writer) => writer.nullableStruct(null, int8, 0)), [0xff]);
  assert.deepEqual(bytesOf((writer) => writer.nullableTaggedStruct(7, int8, 0)), [1, 7]);
  assert.deepEqual(bytesOf((writer) => writer.nullableTaggedStruct(null, int8, 0)), [0]);
});
