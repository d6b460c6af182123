import assert from "node:assert/strict";
import { test } from "node:test";
import { DecodeError } from "./errors.ts";
import { Reader } from "./reader.ts";

const context = { api: "TestRequest", version: 3 };

function reader(...bytes: number[]): Reader {
  return new Reader(Uint8Array.from(bytes), context);
}

test("an error names the message, its version and the position", () => {
  const input = reader(0, 1, 0, 5, 0x61);
  input.int16();
  assert.throws(() => input.string(false), (error) => {
    assert.ok(error instanceof DecodeError);
    assert.deepEqual([error.api, error.version, error.position], ["TestRequest", 3, 4]);
    assert.match(error.message, /TestRequest v3, byte 4: 5 bytes needed where 1 are left/);
    return true;
  });
});

test("int64 is exact up to 2^53 and refused beyond", () => {
  assert.equal(reader(0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).int64(), Number.MAX_SAFE_INTEGER);
  assert.equal(reader(0xff, 0xe0, 0, 0, 0, 0, 0, 1).int64(), Number.MIN_SAFE_INTEGER);
  assert.equal(reader(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).int64(), -1);
  assert.throws(() => reader(0, 0x20, 0, 0, 0, 0, 0, 0).int64(), DecodeError);
  assert.throws(() => reader(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).int64(), DecodeError);
  assert.equal(reader(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).bigInt64(), 2n ** 63n - 1n);
});

test("unsigned varints have up to five bytes", () => {
  assert.equal(reader(0x7f).unsignedVarint(), 127);
  assert.equal(reader(0x80, 0x01).unsignedVarint(), 128);
  assert.equal(reader(0xff, 0xff, 0xff, 0xff, 0x0f).unsignedVarint(), 0xffff_ffff);
  assert.throws(() => reader(0x80, 0x80, 0x80, 0x80, 0x80, 0x00).unsignedVarint(), DecodeError);
});

test("null where null may not stand", () => {
  assert.equal(reader(0).nullableString(true), null);
  assert.equal(reader(0xff, 0xff).nullableString(false), null);
  assert.throws(() => reader(0).string(true), /must not be null/);
  assert.throws(() => reader(0xff, 0xff).string(false), /must not be null/);
  assert.throws(() => reader(0).bytes(true), /must not be null/);
  assert.throws(() => reader(0xff, 0xff, 0xff, 0xff).int32Array(false), /must not be null/);
});

test("a string of more than 32,767 bytes is refused, also when only its malformed bytes make it so long", () => {
  const compact = (
    length: number,
    fill: number,
  ) => [...[length + 1 & 0x7f | 0x80, (length + 1 >> 7) & 0x7f | 0x80, length + 1 >> 14], ...Array(length).fill(fill)];
  assert.equal(reader(...compact(0x7fff, 0x61)).string(true).length, 0x7fff);
  assert.throws(() => reader(...compact(0x8000, 0x61)).string(true), /string of 32768 bytes, at most 32767/);
  assert.equal(reader(0x2a, 0xaa, ...Array(0x2aaa).fill(0xff)).string(false), "\ufffd".repeat(0x2aaa));
  assert.throws(() => reader(0x2a, 0xab, ...Array(0x2aab).fill(0xff)).nullableString(false), /string of 32769 bytes/);
});

test("bytes are a view of the frame", () => {
  const frame = Uint8Array.of(3, 1, 2);
  const bytes = new Reader(frame, context).bytes(true);
  frame[1] = 9;
  assert.deepEqual(bytes, Uint8Array.of(9, 2));
});

test("an array that claims more elements than there are bytes is refused before any is read", () => {
  const claims = [0x01, 0xc9, 0xc3, 0x80]; // 30,000,000
  const never = (): never => assert.fail("an element was read");
  assert.throws(
    () => reader(...claims, 0, 0, 0, 0, 0, 0, 0, 0).array(false, 1, never, 0),
    /array of 30000000 elements where 8 bytes are left/,
  );
  assert.throws(() => reader(0, 0, 0, 3, 0, 0, 0, 0, 0).array(false, 2, never, 0), /array of 3 elements where 5 bytes are left/);
  assert.throws(() => reader(0xff, 0xff, 0xff, 0xff, 0x0f).nullableArray(true, 1, never, 0), DecodeError);
  assert.throws(() => reader(0, 0, 0, 2, 0, 0, 0, 1).int32Array(false), DecodeError);
});

test("strings keep a leading byte-order mark, and malformed UTF-8 becomes U+FFFD as in Java", () => {
  assert.equal(reader(4, 0xef, 0xbb, 0xbf).string(true), "\ufeff");
  assert.equal(reader(3, 0x61, 0xff).string(true), "a\ufffd");
});

test("tagged fields that are not known are passed over, one longer than the frame is refused", () => {
  const input = reader(2, 0, 1, 0xaa, 9, 2, 0xbb, 0xcc, 0x2a);
  input.skipTaggedFields();
  assert.equal(input.int8(), 0x2a);
  assert.throws(() => reader(1, 0, 5, 0xaa).skipTaggedFields(), /tagged field of 5 bytes where 1 are left/);
});

test("the byte before a struct that may be null: signed, but an unsigned varint in a tagged field", () => {
  const read = (input: Reader): number => input.int8();
  assert.equal(reader(1, 7).nullableStruct(read, 0), 7);
  assert.equal(reader(0, 7).nullableStruct(read, 0), 7);
  assert.equal(reader(0xff).nullableStruct(read, 0), null);
  assert.equal(reader(1, 7).nullableTaggedStruct(read, 0), 7);
  assert.equal(reader(0x80, 1, 7).nullableTaggedStruct(read, 0), 7);
  assert.equal(reader(0).nullableTaggedStruct(read, 0), null);
  // Java's int of it is negative.
  assert.equal(reader(0xff, 0xff, 0xff, 0xff, 0x0f).nullableTaggedStruct(read, 0), null);
});
