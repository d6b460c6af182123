/** The block and frame codecs that Kafka's compression types are made of; framing that is Kafka's own stands in `protocol/records`. */
export interface Compression {
  readonly gzip: Codec;
  /** Raw snappy blocks, without Xerial's framing. */
  readonly snappy: Codec;
  readonly lz4: Lz4Codec;
  readonly zstd: Codec;
}

export interface Codec {
  /** `level` as the codec understands it; without one, its default. Codecs without levels ignore it. */
  compress(bytes: Uint8Array, level?: number): Uint8Array;
  /** Throws {@link CompressionError} when `bytes` are not valid or would grow beyond `maxBytes`, without growing that far. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array;
}

/** LZ4 frames with independent blocks. */
export interface Lz4Codec extends Codec {
  /** `headerChecksum` tells whether the checksum of the frame's header counts; it does if not given. */
  decompress(bytes: Uint8Array, maxBytes: number, headerChecksum?: "checked" | "ignored"): Uint8Array;
}

export class CompressionError extends Error {
  constructor(readonly reason: "corrupt" | "too large", message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "CompressionError";
  }
}
