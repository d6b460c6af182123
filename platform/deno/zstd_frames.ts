const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** Bytes of the content size and of the dictionary id, by their two bits in the descriptor. */
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const RLE_BLOCK = 1;

/**
 * The frames in `bytes` without the skippable ones (RFC 8878, section 3.1), or undefined if there are none, or the last one is cut off. Deno's
 * `zstdDecompressSync` reads one frame only, and answers without an error what it got from a frame that is cut off.
 */
export function zstdFrames(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const frames: Uint8Array[] = [];
  let position = 0;
  while (position + 5 <= bytes.length) {
    const start = position;
    const magic = view.getUint32(start, true);
    if (magic === MAGIC) {
      position = frameEnd(view, start + 4);
      frames.push(bytes.subarray(start, position));
    } else if ((magic & 0xfffffff0) === SKIPPABLE_MAGIC && start + 8 <= bytes.length) {
      position += 8 + view.getUint32(start + 4, true);
    } else {
      return undefined;
    }
  }
  return position === bytes.length && frames.length > 0 ? frames : undefined;
}

/** Where the frame with its descriptor at `start` ends; Infinity if that lies beyond the bytes. */
function frameEnd(view: DataView, start: number): number {
  const descriptor = view.getUint8(start);
  const singleSegment = (descriptor & 0x20) !== 0;
  const contentSizeBytes = CONTENT_SIZE_BYTES[descriptor >>> 6] || (singleSegment ? 1 : 0);
  let position = start + 1 + (singleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3] + contentSizeBytes;
  for (let last = false; !last;) {
    if (position + 3 > view.byteLength) return Infinity;
    const header = view.getUint16(position, true) | (view.getUint8(position + 2) << 16);
    last = (header & 1) !== 0;
    position += 3 + (((header >>> 1) & 3) === RLE_BLOCK ? 1 : header >>> 3);
  }
  return position + ((descriptor & 0x04) !== 0 ? 4 : 0);
}
