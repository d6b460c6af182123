import { ErrorCode } from "../errors.ts";
import { RecordsError } from "./records_error.ts";

/** How the records of a batch are compressed; the position in this list is the id in the batch's attributes. */
export const compressionTypes = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

export type CompressionType = (typeof compressionTypes)[number];

/** One codec: the structural twin of the platform's `Codec`, which this folder may not import. */
export interface RecordCodec {
  compress(bytes: Uint8Array, level?: number): Uint8Array;
  /** Throws an error with a `reason` of `corrupt` or `too large`, without growing beyond `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array;
}

/** The codec of LZ4 frames. */
interface Lz4RecordCodec extends RecordCodec {
  /** `headerChecksum`: whether the checksum of the frame's header counts; it does if not given. */
  decompress(bytes: Uint8Array, maxBytes: number, headerChecksum?: "checked" | "ignored"): Uint8Array;
}

/** The codecs of every compression type; `snappy` is the raw block format. */
export interface Codecs {
  readonly gzip: RecordCodec;
  readonly snappy: RecordCodec;
  readonly lz4: Lz4RecordCodec;
  readonly zstd: RecordCodec;
}

/**
 * The most that the records of one batch may grow to. Kafka has no such limit, since it streams; here a batch is decompressed whole,
 * so this bounds what one request can cost. A producer that is told MESSAGE_TOO_LARGE splits its batch and tries again.
 */
export const MAX_DECOMPRESSED_BYTES: number = 64 * 1024 * 1024;

/** What SnappyOutputStream of snappy-java writes first: its magic, version 1, compatible with version 1. */
const XERIAL_HEADER = new Uint8Array([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
const XERIAL_MAGIC_LENGTH = 8;
/** The bytes of each block but the last before compression, as Kafka's clients write them. */
const XERIAL_BLOCK_BYTES = 32 * 1024;

/** Compresses the records section of a batch. */
export function compress(type: CompressionType, bytes: Uint8Array, codecs: Codecs, level?: number): Uint8Array {
  switch (type) {
    case "none":
      return bytes;
    case "snappy":
      return compressXerial(bytes, codecs.snappy);
    default:
      return codecs[type].compress(bytes, level);
  }
}

/**
 * Decompresses the records section of a batch, or with `magic` 0 or 1 the value of a message set's wrapper. Throws {@link RecordsError}:
 * MESSAGE_TOO_LARGE when it would grow beyond `maxBytes`, UNKNOWN_SERVER_ERROR when it cannot be decompressed (which is what Kafka answers then).
 */
export function decompress(
  type: CompressionType,
  bytes: Uint8Array,
  codecs: Codecs,
  maxBytes: number = MAX_DECOMPRESSED_BYTES,
  magic = 2,
): Uint8Array {
  if (type === "none") return bytes;
  try {
    switch (type) {
      case "snappy":
        return decompressSnappy(bytes, codecs.snappy, maxBytes);
      case "lz4":
        // Clients before 0.10 computed the header's checksum over the wrong bytes (KIP-57), so nobody checks it in format 0.
        return codecs.lz4.decompress(bytes, maxBytes, magic === 0 ? "ignored" : "checked");
      default:
        return codecs[type].decompress(bytes, maxBytes);
    }
  } catch (error) {
    const reason = error instanceof Error && "reason" in error ? error.reason : undefined;
    if (reason === "too large") {
      throw new RecordsError(ErrorCode.MESSAGE_TOO_LARGE, `Compressed records grow beyond ${maxBytes} bytes.`, [], { cause: error });
    }
    if (reason === "corrupt") {
      throw new RecordsError(ErrorCode.UNKNOWN_SERVER_ERROR, `Records cannot be decompressed with ${type}.`, [], { cause: error });
    }
    throw error;
  }
}

/** Snappy as Kafka's Java clients frame it: a header, then blocks, each behind its length (`SnappyOutputStream` of snappy-java). */
function compressXerial(bytes: Uint8Array, snappy: RecordCodec): Uint8Array {
  const parts: Uint8Array[] = [XERIAL_HEADER];
  for (let start = 0; start < bytes.length; start += XERIAL_BLOCK_BYTES) {
    const block = snappy.compress(bytes.subarray(start, start + XERIAL_BLOCK_BYTES));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setInt32(0, block.length);
    parts.push(length, block);
  }
  return concat(parts);
}

/** Reads xerial's frames, one or several, and, as librdkafka and Sarama may send them, bare blocks (`SnappyInputStream` of snappy-java). */
function decompressSnappy(bytes: Uint8Array, snappy: RecordCodec, maxBytes: number): Uint8Array {
  if (!isXerial(bytes)) return snappy.decompress(bytes, maxBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  let grown = 0;
  let position = XERIAL_HEADER.length;
  // Less than a length at the end is nothing.
  while (bytes.length - position >= 4) {
    if (isXerial(bytes.subarray(position))) {
      position += XERIAL_HEADER.length;
      continue;
    }
    const length = view.getInt32(position);
    position += 4;
    if (length < 0 || length > bytes.length - position) {
      throw new RecordsError(ErrorCode.UNKNOWN_SERVER_ERROR, "Records cannot be decompressed with snappy: a block is cut off.");
    }
    const part = snappy.decompress(bytes.subarray(position, position + length), maxBytes - grown);
    grown += part.length;
    position += length;
    parts.push(part);
  }
  return parts.length === 1 ? parts[0] : concat(parts);
}

function isXerial(bytes: Uint8Array): boolean {
  if (bytes.length < XERIAL_HEADER.length) return false;
  for (let i = 0; i < XERIAL_MAGIC_LENGTH; i++) if (bytes[i] !== XERIAL_HEADER[i]) return false;
  return true;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
