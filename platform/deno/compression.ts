import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type Codec, type Compression, CompressionError } from "../compression.ts";
import { lz4 } from "./lz4.ts";
import { snappy } from "./snappy.ts";
import { holdsWholeFrames } from "./zstd_frames.ts";

/** gzip and zstd of the runtime, snappy and LZ4 of our own (docs/decisions/0002-compression-codecs.md). Holds no state. */
export const denoCompression: Compression = {
  gzip: {
    compress: (bytes, level) => gzipSync(bytes, { level }),
    decompress: (bytes, maxBytes) => bounded("gzip", maxBytes, (maxOutputLength) => gunzipSync(bytes, { maxOutputLength })),
  },
  snappy,
  lz4,
  zstd: {
    compress: (bytes, level) =>
      zstdCompressSync(bytes, level === undefined ? {} : { params: { [constants.ZSTD_c_compressionLevel]: level } }),
    decompress(bytes, maxBytes) {
      if (!holdsWholeFrames(bytes)) throw new CompressionError("corrupt", "not zstd data, or not all of it");
      return bounded("zstd", maxBytes, (maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }));
    },
  },
} satisfies Record<string, Codec>;

function bounded(name: string, maxBytes: number, decompress: (maxOutputLength: number) => Uint8Array): Uint8Array {
  try {
    return decompress(Math.max(1, maxBytes));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
      throw new CompressionError("too large", `${name} data grow beyond ${maxBytes} bytes`, { cause: error });
    }
    throw new CompressionError("corrupt", `not ${name} data`, { cause: error });
  }
}
