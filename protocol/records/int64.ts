const TWO_TO_32 = 4294967296;

/** A big-endian int64 as a number: exact up to ±2^53, rounded beyond (callers that take it from a peer check with `Number.isSafeInteger`). */
export function getInt64(view: DataView, position: number): number {
  return view.getInt32(position) * TWO_TO_32 + view.getUint32(position + 4);
}

/** Writes a safe integer as a big-endian int64. */
export function setInt64(view: DataView, position: number, value: number): void {
  view.setInt32(position, Math.floor(value / TWO_TO_32));
  view.setUint32(position + 4, value >>> 0);
}
