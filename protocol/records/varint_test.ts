import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sizeOfVarint, sizeOfVarlong, VarintReader, writeVarint, writeVarlong } from "./varint.ts";

const EDGES = [0, 1, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576, 134_217_727, 134_217_728, 0x7fffffff];
const LONG_EDGES = [0x80000000, 2 ** 34 - 1, 2 ** 34, 2 ** 41, 2 ** 48 - 1, 2 ** 48, 2 ** 52 - 1];

function reader(hex: string): VarintReader {
  const bytes = Uint8Array.fromHex(hex);
  return new VarintReader(bytes, 0, bytes.length);
}

describe("varint", () => {
  it("is the zigzag of protocol buffers", () => {
    for (
      const [value, hex] of [[0, "00"], [-1, "01"], [1, "02"], [-64, "7f"], [64, "8001"], [0x7fffffff, "feffffff0f"], [
        -0x80000000,
        "ffffffff0f",
      ]] as const
    ) {
      const bytes = new Uint8Array(5);
      assert.equal(bytes.subarray(0, writeVarint(bytes, 0, value)).toHex(), hex);
      assert.equal(reader(hex).varint(), value);
      assert.equal(reader(hex).varlong(), value);
    }
  });

  it("is read as it was written, in as many bytes as foretold", () => {
    for (const value of EDGES.flatMap((edge) => [edge, 0 - edge, -edge - 1])) {
      const bytes = new Uint8Array(5);
      const end = writeVarint(bytes, 0, value);
      assert.equal(end, sizeOfVarint(value), `${value}`);
      assert.equal(new VarintReader(bytes, 0, end).varint(), value);
    }
  });

  it("of 64 bits too", () => {
    for (const value of [...EDGES, ...LONG_EDGES].flatMap((edge) => [edge, 0 - edge, -edge - 1])) {
      const bytes = new Uint8Array(10);
      const end = writeVarlong(bytes, 0, value);
      assert.equal(end, sizeOfVarlong(value), `${value}`);
      assert.equal(new VarintReader(bytes, 0, end).varlong(), value);
    }
  });

  it("beyond 2^53 is rounded, not wrapped", () => {
    assert.equal(reader("feffffffffffffffff01").varlong(), 2 ** 63);
    assert.equal(reader("ffffffffffffffffff01").varlong(), -(2 ** 63));
  });

  it("is refused when it ends early or is too long", () => {
    for (const hex of ["", "80", "ffffffff"]) {
      assert.throws(() => reader(hex).varint(), { name: "VarintError" });
      assert.throws(() => reader(hex).varlong(), { name: "VarintError" });
    }
    assert.throws(() => reader("808080808001").varint(), { name: "VarintError" });
    assert.throws(() => reader("8080808080808080808001").varlong(), { name: "VarintError" });
  });
});
