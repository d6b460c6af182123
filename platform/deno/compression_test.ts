import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Codec, Compression } from "../compression.ts";
import { CompressionError } from "../compression.ts";
import { SeededRandom } from "../simulated/random.ts";
import { denoCompression } from "./compression.ts";

const names = ["gzip", "snappy", "lz4", "zstd"] as const satisfies readonly (keyof Compression)[];
const TEXT = new TextEncoder().encode("Ottla reads what other clients write. ".repeat(8));
const random = new SeededRandom(11);

/** Runs, repetitions and noise. */
function data(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let position = 0; position < length;) {
    const run = Math.min(1 + random.below(300), length - position);
    const distance = 1 + random.below(Math.max(1, position));
    const kind = random.below(3);
    for (let i = 0; i < run; i++, position++) {
      bytes[position] = kind === 0 ? random.below(256) : kind === 1 ? 7 : bytes[position - distance];
    }
  }
  return bytes;
}

function reasonOf(codec: Codec, bytes: Uint8Array, maxBytes: number): string {
  try {
    codec.decompress(bytes, maxBytes);
    return "none";
  } catch (error) {
    if (error instanceof CompressionError) return error.reason;
    throw error;
  }
}

for (const name of names) {
  const codec = denoCompression[name];

  describe(name, () => {
    it("gives back what it got", () => {
      const lengths = [0, 1, 3, 4, 5, 12, 13, 14, 64, 255, 256, 300, 65_535, 65_536, 65_537, 131_073, 400_000];
      for (const length of lengths) {
        const bytes = data(length);
        assert.deepEqual(codec.decompress(codec.compress(bytes), length), bytes, `${length} bytes`);
      }
      const zeros = new Uint8Array(1 << 20);
      assert.ok(codec.compress(zeros).length < zeros.length / 16);
      assert.deepEqual(codec.decompress(codec.compress(zeros), zeros.length), zeros);
    });

    it("makes the same of the same bytes, whatever came before", () => {
      const bytes = data(70_000);
      const first = codec.compress(bytes).slice();
      codec.compress(data(90_000));
      assert.deepEqual(codec.compress(bytes), first);
    });

    it("stops at the limit", () => {
      for (const length of [2, 1_000, 200_000]) {
        const compressed = codec.compress(data(length));
        assert.equal(reasonOf(codec, compressed, length - 1), "too large", `${length} bytes`);
        assert.equal(reasonOf(codec, compressed, length), "none", `${length} bytes`);
      }
    });

    it("refuses what is cut off anywhere", () => {
      const compressed = codec.compress(data(3_000));
      for (let length = 0; length < compressed.length; length++) {
        assert.equal(reasonOf(codec, compressed.subarray(0, length), 10_000), "corrupt", `${length} of ${compressed.length} bytes`);
      }
    });

    it("survives corrupt bytes, and works afterwards", () => {
      const bytes = data(3_000);
      const compressed = codec.compress(bytes);
      for (let i = 0; i < 4_000; i++) {
        const broken = compressed.slice();
        for (let k = 0; k < 1 + i % 4; k++) broken[random.below(broken.length)] = random.below(256);
        reasonOf(codec, broken, 1 << 20);
        reasonOf(codec, data(1 + i % 50), 1 << 20);
      }
      assert.deepEqual(codec.decompress(compressed, bytes.length), bytes);
    });
  });
}

describe("what others write", () => {
  const frames: readonly (readonly [writer: string, codec: (typeof names)[number], hex: string])[] = [
    [
      "lz4 0.6.5 of npm: 4 MiB blocks, content checksum",
      "lz4",
      "04224d186470b938000000ff174f74746c612072656164732077686174206f7468657220636c69656e74732077726974652e202600ebc0656e747320777269746" +
      "52e20000000004f977e63",
    ],
    [
      "the lz4 command with -BX --content-size",
      "lz4",
      "04224d187c403001000000000000ca31000000ff174f74746c612072656164732077686174206f7468657220636c69656e74732077726974652e202600f250697" +
      "4652e20cd8588a8000000004f977e63",
    ],
    [
      "snap of Rust, by way of @platformatic/wasm-utils",
      "snappy",
      "b002984f74746c612072656164732077686174206f7468657220636c69656e74732077726974652e204ffe2600fe2600fe2600fe26001526",
    ],
    [
      "the zstd command with --check",
      "zstd",
      "28b52ffd6430007d010064024f74746c612072656164732077686174206f7468657220636c69656e74732077726974652e2001003e48aa7a02c965ebcd",
    ],
  ];
  for (const [writer, name, hex] of frames) {
    it(writer, () => assert.deepEqual(denoCompression[name].decompress(Uint8Array.fromHex(hex), 1_000), TEXT));
  }

  it("an LZ4 block whose checksum is wrong is refused", () => {
    const frame = Uint8Array.fromHex(frames[1][2]);
    frame[frame.length - 12] ^= 1;
    assert.equal(reasonOf(denoCompression.lz4, frame, 1_000), "corrupt");
  });

  it("several zstd frames and a skippable one are read as one", () => {
    const skippable = Uint8Array.fromHex("502a4d1803000000aabbcc");
    const frames = [denoCompression.zstd.compress(TEXT), skippable, denoCompression.zstd.compress(TEXT)];
    const joined = new Uint8Array(frames.flatMap((frame) => [...frame]));
    assert.equal(denoCompression.zstd.decompress(joined, 2 * TEXT.length).length, 2 * TEXT.length);
    assert.equal(reasonOf(denoCompression.zstd, joined, 2 * TEXT.length - 1), "too large");
  });
});

describe("lies about the length", () => {
  it("snappy: 4 GiB declared, or more than the input can hold, is refused before anything is allocated", () => {
    assert.equal(reasonOf(denoCompression.snappy, Uint8Array.fromHex("ffffffff0f00"), 1 << 26), "too large");
    assert.equal(reasonOf(denoCompression.snappy, Uint8Array.fromHex("80808010000000"), 1 << 26), "corrupt");
  });

  it("snappy: a literal of 4 GiB", () => {
    assert.equal(reasonOf(denoCompression.snappy, Uint8Array.fromHex("14fcfaffffff000000"), 1 << 20), "corrupt");
  });

  it("LZ4: a block longer than its frame's blocks may be", () => {
    assert.equal(reasonOf(denoCompression.lz4, Uint8Array.fromHex("04224d1860408201000100"), 1 << 20), "corrupt");
  });
});

it("levels are the codec's own", () => {
  const bytes = data(50_000);
  assert.ok(denoCompression.gzip.compress(bytes, 9).length < denoCompression.gzip.compress(bytes, 1).length);
  assert.notEqual(denoCompression.zstd.compress(bytes, 19).length, denoCompression.zstd.compress(bytes, 1).length);
});
