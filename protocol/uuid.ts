/**
 * A 128-bit id, such as a topic id (KIP-516), in the form Kafka prints: 22 characters of URL-safe base64 without padding.
 * Strings compare with `===` and serve as map keys, which 16 bytes do not.
 */
export type Uuid = string;

/** The id that stands for "none". */
export const ZERO_UUID: Uuid = "AAAAAAAAAAAAAAAAAAAAAA";

const alphabet = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

const digits = new Int8Array(128).fill(-1);
alphabet.forEach((character, digit) => digits[character] = digit);

/** The id whose 16 bytes stand at `position`. */
export function uuidFromBytes(bytes: Uint8Array, position: number = 0): Uuid {
  if (allZero(bytes, position)) return ZERO_UUID;
  let text = "";
  for (let i = position; i < position + 15; i += 3) {
    const bits = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];
    text += String.fromCharCode(alphabet[bits >> 18], alphabet[bits >> 12 & 63], alphabet[bits >> 6 & 63], alphabet[bits & 63]);
  }
  const last = bytes[position + 15];
  return text + String.fromCharCode(alphabet[last >> 2], alphabet[last << 4 & 63]);
}

/** Puts the 16 bytes of an id at `position`. Answers false, having written nothing of use, when `uuid` is not one. */
export function uuidIntoBytes(uuid: Uuid, bytes: Uint8Array, position: number = 0): boolean {
  if (uuid.length !== 22) return false;
  let invalid = 0;
  for (let i = 0; i < 20; i += 4, position += 3) {
    const bits = digit(uuid, i) << 18 | digit(uuid, i + 1) << 12 | digit(uuid, i + 2) << 6 | digit(uuid, i + 3);
    invalid |= bits;
    bytes[position] = bits >> 16;
    bytes[position + 1] = bits >> 8;
    bytes[position + 2] = bits;
  }
  const last = digit(uuid, 20) << 6 | digit(uuid, 21);
  bytes[position] = last >> 4;
  // The last character carries two bits of the id; an id has one spelling only, so the other four are zero.
  return (invalid | last) >= 0 && (last & 15) === 0;
}

/** The six bits a character stands for; negative, which survives the shifts and ors above, when it is not in the alphabet. */
function digit(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 128 ? digits[code] : -1;
}

function allZero(bytes: Uint8Array, position: number): boolean {
  for (let i = position; i < position + 16; i++) if (bytes[i] !== 0) return false;
  return true;
}
