import type { DiskFile } from "../platform/mod.ts";
import { HEADER_BYTES, RecordBatch } from "../protocol/records/mod.ts";

const MAGIC = 2;
const MAGIC_POSITION = 16;
/** Offsets within a segment differ by no more than this. */
const MAX_OFFSET_DISTANCE = 0x7fffffff;
const WINDOW_BYTES = 1 << 20;

/**
 * Looks for a good batch anywhere from `start` on: one whose base offset lies between `minOffset` and 2^31 above it, and whose CRC is right.
 * Answers where, or null. What stands behind the last good batch is a torn append, and may be cut off, only if there is none.
 */
export function findValidBatch(file: DiskFile, start: number, minOffset: number): { position: number; baseOffset: number } | null {
  const window = new Uint8Array(WINDOW_BYTES);
  for (let position = start; position + HEADER_BYTES <= file.size;) {
    const length = file.read(window.subarray(0, Math.min(WINDOW_BYTES, file.size - position)), position);
    const last = length - HEADER_BYTES;
    for (let i = 0; i <= last; i++) {
      if (window[i + MAGIC_POSITION] !== MAGIC || !isBatch(file, position + i, window.subarray(i, length), minOffset)) continue;
      return { position: position + i, baseOffset: new RecordBatch(window, i).baseOffset };
    }
    if (last < 0) return null;
    position += last + 1;
  }
  return null;
}

function isBatch(file: DiskFile, position: number, bytes: Uint8Array, minOffset: number): boolean {
  const header = new RecordBatch(bytes);
  const { baseOffset, sizeInBytes, recordCount } = header;
  if (baseOffset < minOffset || baseOffset > minOffset + MAX_OFFSET_DISTANCE || recordCount < 0) return false;
  if (sizeInBytes < HEADER_BYTES || sizeInBytes > file.size - position) return false;
  if (sizeInBytes <= bytes.length) return header.isValid();
  const whole = new Uint8Array(sizeInBytes);
  return file.read(whole, position) === sizeInBytes && new RecordBatch(whole).isValid();
}
