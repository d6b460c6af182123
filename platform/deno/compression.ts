import { type Codec, type Compression, CompressionError } from "../compression.ts";
import { lz4 } from "./lz4.ts";
import { snappy } from "./snappy.ts";
import { zstdFrames } from "./zstd_frames.ts";

/** Loaded by the first batch that needs it: with what of Node comes along it would cost every start 35 ms. */
const zlib = (): typeof import("node:zlib") => process.getBuiltinModule("node:zlib");

/** gzip and zstd of the runtime, snappy and LZ4 of our own (docs/decisions/0002-compression-codecs.md). Holds no state. */
export const denoCompression: Compression = {
  gzip: {
    compress: (bytes, level) => plain(zlib().gzipSync(bytes, { level })),
    decompress: (bytes, maxBytes) => bounded("gzip", maxBytes, (maxOutputLength) => zlib().gunzipSync(bytes, { maxOutputLength })),
  },
  snappy,
  lz4,
  zstd: {
    compress: (bytes, level) =>
      plain(zlib().zstdCompressSync(bytes, level === undefined ? {} : { params: { [zlib().constants.ZSTD_c_compressionLevel]: level } })),
    decompress: decompressZstd,
  },
} satisfies Record<string, Codec>;

function decompressZstd(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const frames = zstdFrames(bytes);
  if (frames === undefined) throw new CompressionError("corrupt", "not zstd data, or not all of it");
  const parts: Uint8Array[] = [];
  let grown = 0;
  for (const frame of frames) {
    const part = bounded("zstd", maxBytes - grown, (maxOutputLength) => zlib().zstdDecompressSync(frame, { maxOutputLength }));
    grown += part.length;
    parts.push(part);
  }
  return parts.length === 1 ? parts[0] : concatenated(parts, grown);
}

function concatenated(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

function bounded(name: string, maxBytes: number, decompress: (maxOutputLength: number) => Uint8Array): Uint8Array {
  try {
    const bytes = plain(decompress(Math.max(1, maxBytes)));
    if (bytes.length <= maxBytes) return bytes;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")) {
      throw new CompressionError("corrupt", `not ${name} data`, { cause: error });
    }
  }
  throw new CompressionError("too large", `${name} data grow beyond ${maxBytes} bytes`);
}

/** The same bytes, without Buffer's ways: its `slice` does not copy, and no test finds it equal to a Uint8Array. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
