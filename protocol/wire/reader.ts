import { type Uuid, uuidFromBytes } from "../uuid.ts";
import { type DecodeContext, DecodeError } from "./errors.ts";
import { textAt } from "./recent_texts.ts";

/** Kafka's limit for a string, in bytes of UTF-8. */
export const MAX_STRING_BYTES = 0x7fff;

const utf8 = new TextEncoder();

/**
 * Reads Kafka's wire types in order from bytes it does not trust: no length is believed before it was compared with what is left.
 * `flexible` says whether a length is an unsigned varint plus one (KIP-482) or a fixed int16 (strings) or int32 (bytes, arrays).
 * Every failure is a {@link DecodeError}.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #context: DecodeContext;
  // For views: `subarray` takes half as long again.
  readonly #buffer: ArrayBufferLike;
  readonly #byteOffset: number;
  #position: number;

  constructor(bytes: Uint8Array, context: DecodeContext, position: number = 0) {
    this.#bytes = bytes;
    this.#buffer = bytes.buffer;
    this.#byteOffset = bytes.byteOffset;
    this.#view = new DataView(this.#buffer, this.#byteOffset, bytes.length);
    this.#context = context;
    this.#position = position;
  }

  /** Bytes read so far, counted from the start of the bytes given. */
  get position(): number {
    return this.#position;
  }

  /** Bytes not yet read. */
  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  bool(): boolean {
    return this.int8() !== 0;
  }

  int8(): number {
    return this.#view.getInt8(this.#advance(1));
  }

  int16(): number {
    return this.#view.getInt16(this.#advance(2));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  /** An int64 that stays exact as a number. */
  int64(): number {
    const position = this.#advance(8);
    const value = this.#view.getInt32(position) * 0x1_0000_0000 + this.#view.getUint32(position + 4);
    if (!Number.isSafeInteger(value)) throw this.#error(position, "int64 beyond ±2^53");
    return value;
  }

  /** An int64 in its full range. */
  bigInt64(): bigint {
    return this.#view.getBigInt64(this.#advance(8));
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  uuid(): Uuid {
    return uuidFromBytes(this.#bytes, this.#advance(16));
  }

  /** An unsigned number of up to 32 bits, seven to the byte, the lowest first. */
  unsignedVarint(): number {
    const byte = this.#bytes[this.#advance(1)];
    return byte < 0x80 ? byte : this.#longVarint(byte);
  }

  /** The rest of a varint that begins with `byte` and has more. */
  #longVarint(byte: number): number {
    const start = this.#position - 1;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const next = this.#bytes[this.#advance(1)];
      // Bits beyond the 32nd are lost, as in Kafka's ByteUtils.readUnsignedVarint.
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value >>> 0;
    }
    throw this.#error(start, "varint of more than five bytes");
  }

  string(flexible: boolean): string {
    return this.#text(this.#required(flexible ? this.#compactLength() : this.int16(), "string"));
  }

  nullableString(flexible: boolean): string | null {
    const length = flexible ? this.#compactLength() : this.int16();
    return length < 0 ? null : this.#text(length);
  }

  /** A view into the reader's bytes, not a copy. */
  bytes(flexible: boolean): Uint8Array {
    return this.#slice(this.#required(flexible ? this.#compactLength() : this.int32(), "bytes"));
  }

  /** A view into the reader's bytes, not a copy, or null. */
  nullableBytes(flexible: boolean): Uint8Array | null {
    const length = flexible ? this.#compactLength() : this.int32();
    return length < 0 ? null : this.#slice(length);
  }

  /** Elements read by `read`, each of at least `elementSize` bytes. */
  array<T>(flexible: boolean, elementSize: number, read: (reader: Reader, version: number) => T, version: number): T[] {
    return this.#elements(this.#required(this.#arrayLength(flexible, elementSize), "array"), read, version);
  }

  nullableArray<T>(flexible: boolean, elementSize: number, read: (reader: Reader, version: number) => T, version: number): T[] | null {
    const length = this.#arrayLength(flexible, elementSize);
    return length < 0 ? null : this.#elements(length, read, version);
  }

  /** A struct behind a byte that tells whether there is one: below 0 there is none. */
  nullableStruct<T>(read: (reader: Reader, version: number) => T, version: number): T | null {
    return this.int8() < 0 ? null : read(this, version);
  }

  /** The same where it is a tagged field: there the byte is an unsigned varint, and 0 says that there is none. */
  nullableTaggedStruct<T>(read: (reader: Reader, version: number) => T, version: number): T | null {
    return (this.unsignedVarint() | 0) <= 0 ? null : read(this, version);
  }

  int8Array(flexible: boolean): number[] {
    return this.array(flexible, 1, readInt8, 0);
  }

  int16Array(flexible: boolean): number[] {
    return this.array(flexible, 2, readInt16, 0);
  }

  int64Array(flexible: boolean): number[] {
    return this.array(flexible, 8, readInt64, 0);
  }

  int32Array(flexible: boolean): number[] {
    return this.#int32s(this.#required(this.#arrayLength(flexible, 4), "array"));
  }

  nullableInt32Array(flexible: boolean): number[] | null {
    const length = this.#arrayLength(flexible, 4);
    return length < 0 ? null : this.#int32s(length);
  }

  stringArray(flexible: boolean): string[] {
    return this.array(flexible, flexible ? 1 : 2, flexible ? readCompactString : readString, 0);
  }

  nullableStringArray(flexible: boolean): string[] | null {
    return this.nullableArray(flexible, flexible ? 1 : 2, flexible ? readCompactString : readString, 0);
  }

  uuidArray(flexible: boolean): Uuid[] {
    return this.array(flexible, 16, readUuid, 0);
  }

  nullableUuidArray(flexible: boolean): Uuid[] | null {
    return this.nullableArray(flexible, 16, readUuid, 0);
  }

  /** Reads the size of a tagged field and answers the position behind that field. */
  taggedFieldEnd(): number {
    const start = this.#position;
    const size = this.unsignedVarint();
    if (size > this.remaining) throw this.#error(start, `tagged field of ${size} bytes where ${this.remaining} are left`);
    return this.#position + size;
  }

  /** Passes over a tagged field that this version does not know. `end` comes from {@link taggedFieldEnd}. */
  skipTo(end: number): void {
    this.#position = end;
  }

  /** Checks that a tagged field was as long as it said. */
  expectPosition(end: number): void {
    if (this.#position !== end) throw this.#error(this.#position, `tagged field should end at byte ${end}`);
  }

  /** Passes over the tagged fields of a struct that has none in this version. */
  skipTaggedFields(): void {
    for (let count = this.unsignedVarint(); count > 0; count--) {
      this.unsignedVarint();
      this.skipTo(this.taggedFieldEnd());
    }
  }

  /** Checks that nothing follows the message. */
  expectEnd(): void {
    if (this.remaining > 0) throw this.#error(this.#position, `${this.remaining} bytes too many`);
  }

  #error(position: number, problem: string): DecodeError {
    return new DecodeError(this.#context, position, problem);
  }

  /** Moves behind the next `size` bytes and answers where they start. */
  #advance(size: number): number {
    const start = this.#position;
    const end = start + size;
    if (end > this.#bytes.length) throw this.#tooShort(size);
    this.#position = end;
    return start;
  }

  #tooShort(size: number): DecodeError {
    return this.#error(this.#position, `${size} bytes needed where ${this.remaining} are left`);
  }

  /** A compact length; -1 is null. */
  #compactLength(): number {
    return this.unsignedVarint() - 1;
  }

  #required(length: number, what: string): number {
    if (length < 0) throw this.#error(this.#position, `${what} must not be null`);
    return length;
  }

  #arrayLength(flexible: boolean, elementSize: number): number {
    const start = this.#position;
    const length = flexible ? this.#compactLength() : this.int32();
    if (length * elementSize > this.remaining) {
      throw this.#error(start, `array of ${length} elements where ${this.remaining} bytes are left`);
    }
    return length;
  }

  #elements<T>(length: number, read: (reader: Reader, version: number) => T, version: number): T[] {
    const elements = room<T>(length);
    for (let i = 0; i < length; i++) elements[i] = read(this, version);
    return elements;
  }

  /** That they are there is known from their number. Most are replicas, up to three, for which a literal takes half the time. */
  #int32s(length: number): number[] {
    const view = this.#view;
    let position = this.#position;
    this.#position += 4 * length;
    if (length === 0) return [];
    if (length === 1) return [view.getInt32(position)];
    if (length === 3) return [view.getInt32(position), view.getInt32(position + 4), view.getInt32(position + 8)];
    const elements = room<number>(length);
    for (let i = 0; i < length; i++, position += 4) elements[i] = view.getInt32(position);
    return elements;
  }

  #slice(length: number): Uint8Array {
    const start = this.#advance(length);
    return new Uint8Array(this.#buffer, this.#byteOffset + start, length);
  }

  #text(length: number): string {
    if (length > MAX_STRING_BYTES / 3) return this.#longText(length);
    return length === 0 ? "" : textAt(this.#bytes, this.#view, this.#advance(length), length);
  }

  /** Text that might be too long to be written again: a malformed byte becomes three. Kafka reads such a text, and then cannot answer with it. */
  #longText(length: number): string {
    const start = this.#advance(length);
    const text = textAt(this.#bytes, this.#view, start, length);
    const size = Math.max(length, utf8.encode(text).length);
    if (size > MAX_STRING_BYTES) throw this.#error(start, `string of ${size} bytes, at most ${MAX_STRING_BYTES} are allowed`);
    return text;
  }
}

/** An array to be filled from the front. Long ones grow, so that the memory they take keeps to what is read. */
function room<T>(length: number): T[] {
  return length <= 64 ? new Array<T>(length) : [];
}

function readString(reader: Reader): string {
  return reader.string(false);
}

function readCompactString(reader: Reader): string {
  return reader.string(true);
}

function readInt8(reader: Reader): number {
  return reader.int8();
}

function readInt16(reader: Reader): number {
  return reader.int16();
}

function readInt64(reader: Reader): number {
  return reader.int64();
}

function readUuid(reader: Reader): Uuid {
  return reader.uuid();
}
