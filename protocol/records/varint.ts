/**
 * Zigzag varints as records use them (`ByteUtils.writeVarint` and `writeVarlong`): seven bits a byte, the lowest first.
 * Numbers beyond 32 bits are kept in doubles; BigInt would cost forty times as much.
 */

const TWO_TO_32 = 4294967296;

/** Bytes that `value`, an int32, takes as a zigzag varint: 1 to 5. */
export function sizeOfVarint(value: number): number {
  const bits = 32 - Math.clz32((value << 1) ^ (value >> 31));
  return bits <= 7 ? 1 : Math.ceil(bits / 7);
}

/** Bytes that `value`, a safe integer, takes as a zigzag varint: 1 to 8. */
export function sizeOfVarlong(value: number): number {
  if (value >= -0x40000000 && value < 0x40000000) return sizeOfVarint(value);
  let size = 1;
  for (let rest = zigzag(value); rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Writes `value`, an int32, and answers the position behind it. */
export function writeVarint(bytes: Uint8Array, position: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  while (rest >= 128) {
    bytes[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[position++] = rest;
  return position;
}

/** Writes `value`, a safe integer below 2^52 in magnitude, and answers the position behind it. */
export function writeVarlong(bytes: Uint8Array, position: number, value: number): number {
  if (value >= -0x40000000 && value < 0x40000000) return writeVarint(bytes, position, value);
  let rest = zigzag(value);
  while (rest >= 128) {
    bytes[position++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  bytes[position++] = rest;
  return position;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** What a {@link VarintReader} throws: the varint does not end inside its bytes, or is longer than its type allows. */
export class VarintError extends Error {
  override readonly name = "VarintError";
}

/** Reads varints from `bytes[position, end)`, moving `position`. */
export class VarintReader {
  constructor(readonly bytes: Uint8Array, public position: number, public end: number) {}

  /** A zigzag varint of at most five bytes, as an int32. Like Kafka, bits beyond the 32nd are dropped. */
  varint(): number {
    const bytes = this.bytes;
    let position = this.position;
    if (position >= this.end) throw ended();
    let byte = bytes[position++];
    let raw = byte & 0x7f;
    for (let shift = 7; byte >= 128; shift += 7) {
      if (shift > 28) throw new VarintError("a varint is longer than five bytes");
      if (position >= this.end) throw ended();
      byte = bytes[position++];
      raw |= (byte & 0x7f) << shift;
    }
    this.position = position;
    return (raw >>> 1) ^ -(raw & 1);
  }

  /** A zigzag varint of at most ten bytes; exact up to ±2^53, rounded beyond. */
  varlong(): number {
    const bytes = this.bytes;
    let position = this.position;
    if (position >= this.end) throw ended();
    let byte = bytes[position++];
    let low = byte & 0x7f;
    let shift = 7;
    while (byte >= 128 && shift < 28) {
      if (position >= this.end) throw ended();
      byte = bytes[position++];
      low |= (byte & 0x7f) << shift;
      shift += 7;
    }
    this.position = position;
    if (byte < 128) return (low >>> 1) ^ -(low & 1);
    return this.#varlongTail(low);
  }

  /** The rest of a varlong whose first four bytes hold `low`. */
  #varlongTail(low: number): number {
    let high = 0; // the bits from the 28th on, as a double
    let scale = 1;
    for (let count = 5;; count++, scale *= 128) {
      if (count > 10) throw new VarintError("a varint is longer than ten bytes");
      if (this.position >= this.end) throw ended();
      const byte = this.bytes[this.position++];
      high += (count === 10 ? byte & 1 : byte & 0x7f) * scale;
      if (byte < 128) break;
    }
    const magnitude = (low >>> 1) + high * (TWO_TO_32 / 32);
    return (low & 1) === 0 ? magnitude : -magnitude - 1;
  }
}

function ended(): VarintError {
  return new VarintError("the bytes end inside a varint");
}
