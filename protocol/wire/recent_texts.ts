/** The longest text that is kept, in bytes. */
const MAX_BYTES = 64;
const SLOT_BITS = 10;
/** How many are kept. */
const SLOTS = 1 << SLOT_BITS;

/** Spreads hashes well: 2^32 divided by the golden ratio (Knuth). */
const MULTIPLIER = 0x9e3779b1;

// `ignoreBOM` keeps a leading U+FEFF in the text. Malformed UTF-8 becomes U+FFFD, as in Java.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The bytes of each slot's text, how many they are, and the text. */
const keptBytes = new Uint8Array(SLOTS * MAX_BYTES);
const keptView = new DataView(keptBytes.buffer);
const keptLengths = new Uint8Array(SLOTS);
const keptTexts: string[] = new Array<string>(SLOTS).fill("");

/**
 * The text of `length` bytes of UTF-8 at `start`; `view` is that of `bytes`. Topics, groups and members come again with every request, so short
 * texts are kept until another takes their place, and bytes that are those of a kept one are not decoded: comparing 50 takes 30 ns, a TextDecoder
 * 150 at least.
 */
export function textAt(bytes: Uint8Array, view: DataView, start: number, length: number): string {
  if (length > MAX_BYTES) return utf8.decode(bytes.subarray(start, start + length));
  const slot = slotOf(bytes, view, start, length);
  if (keptLengths[slot] === length && isKept(slot * MAX_BYTES, bytes, view, start, length)) return keptTexts[slot];
  const own = bytes.subarray(start, start + length);
  const text = utf8.decode(own);
  keptBytes.set(own, slot * MAX_BYTES);
  keptLengths[slot] = length;
  keptTexts[slot] = text;
  return text;
}

/** Where a text is kept, by a hash of its bytes: words of four, the last of which may overlap the one before. */
function slotOf(bytes: Uint8Array, view: DataView, start: number, length: number): number {
  let hash = length;
  if (length < 4) {
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[start + i], MULTIPLIER);
  } else {
    const last = start + length - 4;
    for (let at = start; at < last; at += 4) hash = Math.imul(hash ^ view.getInt32(at), MULTIPLIER);
    hash = Math.imul(hash ^ view.getInt32(last), MULTIPLIER);
  }
  return hash >>> 32 - SLOT_BITS;
}

function isKept(kept: number, bytes: Uint8Array, view: DataView, start: number, length: number): boolean {
  if (length < 4) {
    for (let i = 0; i < length; i++) if (keptBytes[kept + i] !== bytes[start + i]) return false;
    return true;
  }
  const last = length - 4;
  for (let i = 0; i < last; i += 4) if (keptView.getInt32(kept + i) !== view.getInt32(start + i)) return false;
  return keptView.getInt32(kept + last) === view.getInt32(start + last);
}
