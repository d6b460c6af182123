import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoCompression } from "../../platform/deno/mod.ts";
import { ErrorCode } from "../errors.ts";
import { compress, decompress } from "./compression.ts";
import { joined } from "./testdata/batches.ts";
import { randomBytes, randomFrom } from "./testdata/random_batches.ts";

const codecs = denoCompression;
const DATA = randomBytes(randomFrom(9), 100_000);
const XERIAL = "82534e41505059000000000100000001";

describe("snappy", () => {
  it("is written in xerial's frame, 32 KiB a block", () => {
    const framed = compress("snappy", DATA, codecs);
    assert.equal(framed.subarray(0, 16).toHex(), XERIAL);
    const length = new DataView(framed.buffer, framed.byteOffset).getInt32(16);
    assert.deepEqual(codecs.snappy.decompress(framed.subarray(20, 20 + length), 1 << 20), DATA.subarray(0, 32_768));
    assert.deepEqual(decompress("snappy", framed, codecs), DATA);
  });

  it("is read bare too", () => {
    assert.deepEqual(decompress("snappy", codecs.snappy.compress(DATA), codecs), DATA);
  });

  it("is bounded over all blocks", () => {
    const framed = compress("snappy", DATA, codecs);
    assert.deepEqual(decompress("snappy", framed, codecs, DATA.length), DATA);
    assert.throws(() => decompress("snappy", framed, codecs, DATA.length - 1), { code: ErrorCode.MESSAGE_TOO_LARGE });
  });

  it("refuses a block that is cut off or of negative length", () => {
    const header = Uint8Array.fromHex(XERIAL);
    for (const block of ["00000005aa", "ffffffff00"]) {
      assert.throws(() => decompress("snappy", joined(header, Uint8Array.fromHex(block)), codecs), {
        code: ErrorCode.UNKNOWN_SERVER_ERROR,
      });
    }
    assert.equal(decompress("snappy", header, codecs).length, 0);
  });
});

it("every type gives back what it got, and refuses other bytes", () => {
  for (const type of ["gzip", "snappy", "lz4", "zstd"] as const) {
    assert.deepEqual(decompress(type, compress(type, DATA, codecs), codecs), DATA, type);
    assert.throws(() => decompress(type, new Uint8Array(30).fill(0xee), codecs), { code: ErrorCode.UNKNOWN_SERVER_ERROR }, type);
  }
  assert.equal(decompress("none", DATA, codecs), DATA);
});
