import { MAX_STRING_BYTES } from "./reader.ts";
import { type Uuid, uuidIntoBytes } from "../uuid.ts";
import { EncodeError } from "./errors.ts";

/** Record batches that copy themselves straight into the buffer of a response, for example from a file. */
export interface RecordsSource {
  /** How many bytes {@link copyInto} will fill. */
  readonly byteLength: number;
  /** Fills `target`, which is `byteLength` bytes long. */
  copyInto(target: Uint8Array): void;
}

const utf8 = new TextEncoder();

/** ASCII strings up to this many characters are cheaper to encode in a loop than by a TextEncoder. */
const SHORT_STRING = 40;

/**
 * Writes Kafka's wire types one behind the other into a buffer that grows and is used again after {@link reset}.
 * `flexible` has the meaning it has for {@link Reader}. A value out of its type's range is an {@link EncodeError};
 * after one, {@link rewind} takes back what was written of the message.
 */
export class Writer {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #position = 0;

  constructor(capacity: number = 1024) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written since the last {@link reset}. */
  get position(): number {
    return this.#position;
  }

  /** Bytes the buffer holds without growing. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** What was written: a view, valid until the next write or reset. */
  written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#position);
  }

  /** Starts again at the front of the same buffer. */
  reset(): void {
    this.#position = 0;
  }

  /** Takes back everything written since `position`. */
  rewind(position: number): void {
    this.#position = position;
  }

  /** Leaves room for a frame's length and answers what {@link endFrame} wants to know. */
  beginFrame(): number {
    return this.#advance(4);
  }

  /** Fills in the length of the frame that was begun at `start`. Frames may follow each other in one buffer. */
  endFrame(start: number): void {
    this.#view.setInt32(start, this.#position - start - 4);
  }

  bool(value: boolean): void {
    const position = this.#advance(1);
    this.#view.setInt8(position, value ? 1 : 0);
  }

  int8(value: number): void {
    if (value << 24 >> 24 !== value) throw outOfRange("int8", value);
    const position = this.#advance(1);
    this.#view.setInt8(position, value);
  }

  int16(value: number): void {
    if (value << 16 >> 16 !== value) throw outOfRange("int16", value);
    const position = this.#advance(2);
    this.#view.setInt16(position, value);
  }

  uint16(value: number): void {
    if ((value & 0xffff) !== value) throw outOfRange("uint16", value);
    const position = this.#advance(2);
    this.#view.setUint16(position, value);
  }

  int32(value: number): void {
    if ((value | 0) !== value) throw outOfRange("int32", value);
    const position = this.#advance(4);
    this.#view.setInt32(position, value);
  }

  /** An int64 given as a number, which must be a safe integer. */
  int64(value: number): void {
    if (!Number.isSafeInteger(value)) throw outOfRange("int64", value);
    const position = this.#advance(8);
    const low = value >>> 0;
    this.#view.setInt32(position, (value - low) / 0x1_0000_0000);
    this.#view.setUint32(position + 4, low);
  }

  /** An int64 in its full range. */
  bigInt64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) throw outOfRange("int64", value);
    const position = this.#advance(8);
    this.#view.setBigInt64(position, value);
  }

  float64(value: number): void {
    const position = this.#advance(8);
    this.#view.setFloat64(position, value);
  }

  uuid(value: Uuid): void {
    const position = this.#advance(16);
    if (!uuidIntoBytes(value, this.#bytes, position)) throw new EncodeError(`"${value}" is not a uuid`);
  }

  /** An unsigned number of up to 32 bits, seven to the byte, the lowest first. */
  unsignedVarint(value: number): void {
    if (value >>> 0 !== value) throw outOfRange("unsigned varint", value);
    let position = this.#advance(varintSize(value));
    for (; value >= 0x80; value >>>= 7) this.#bytes[position++] = value & 0x7f | 0x80;
    this.#bytes[position] = value;
  }

  string(value: string, flexible: boolean): void {
    if (value.length > SHORT_STRING || !this.#shortAscii(value, flexible)) this.#text(value, flexible);
  }

  nullableString(value: string | null, flexible: boolean): void {
    if (value !== null) this.string(value, flexible);
    else if (flexible) this.unsignedVarint(0);
    else this.int16(-1);
  }

  bytes(value: Uint8Array, flexible: boolean): void {
    this.#length(value.length, flexible);
    this.#append(value);
  }

  nullableBytes(value: Uint8Array | null, flexible: boolean): void {
    if (value === null) this.#length(-1, flexible);
    else this.bytes(value, flexible);
  }

  /** Record batches, given as bytes or as a source that copies itself into the buffer. */
  records(value: Uint8Array | RecordsSource, flexible: boolean): void {
    if (value instanceof Uint8Array) return this.bytes(value, flexible);
    const size = value.byteLength;
    this.#length(size, flexible);
    const start = this.#advance(size);
    value.copyInto(this.#bytes.subarray(start, start + size));
  }

  nullableRecords(value: Uint8Array | RecordsSource | null, flexible: boolean): void {
    if (value === null) this.#length(-1, flexible);
    else this.records(value, flexible);
  }

  /** Elements written by `write`. */
  array<T>(values: readonly T[], flexible: boolean, write: (writer: Writer, value: T, version: number) => void, version: number): void {
    this.#length(values.length, flexible);
    for (let i = 0; i < values.length; i++) write(this, values[i], version);
  }

  nullableArray<T>(
    values: readonly T[] | null,
    flexible: boolean,
    write: (writer: Writer, value: T, version: number) => void,
    version: number,
  ): void {
    if (values === null) this.#length(-1, flexible);
    else this.array(values, flexible, write, version);
  }

  /** A struct behind a byte that tells whether there is one: 1, or -1 for null. */
  nullableStruct<T>(value: T | null, write: (writer: Writer, value: T, version: number) => void, version: number): void {
    this.int8(value === null ? -1 : 1);
    if (value !== null) write(this, value, version);
  }

  /** The same where it is a tagged field: 1, or 0 for null. */
  nullableTaggedStruct<T>(value: T | null, write: (writer: Writer, value: T, version: number) => void, version: number): void {
    this.int8(value === null ? 0 : 1);
    if (value !== null) write(this, value, version);
  }

  int8Array(values: readonly number[], flexible: boolean): void {
    this.array(values, flexible, writeInt8, 0);
  }

  int16Array(values: readonly number[], flexible: boolean): void {
    this.array(values, flexible, writeInt16, 0);
  }

  int64Array(values: readonly number[], flexible: boolean): void {
    this.array(values, flexible, writeInt64, 0);
  }

  /** Not by way of {@link array}: a call for each element is what costs most in a large Metadata response. */
  int32Array(values: readonly number[], flexible: boolean): void {
    this.#length(values.length, flexible);
    for (let i = 0; i < values.length; i++) this.int32(values[i]);
  }

  nullableInt32Array(values: readonly number[] | null, flexible: boolean): void {
    if (values === null) this.#length(-1, flexible);
    else this.int32Array(values, flexible);
  }

  stringArray(values: readonly string[], flexible: boolean): void {
    this.array(values, flexible, flexible ? writeCompactString : writeString, 0);
  }

  nullableStringArray(values: readonly string[] | null, flexible: boolean): void {
    this.nullableArray(values, flexible, flexible ? writeCompactString : writeString, 0);
  }

  uuidArray(values: readonly Uuid[], flexible: boolean): void {
    this.array(values, flexible, writeUuid, 0);
  }

  nullableUuidArray(values: readonly Uuid[] | null, flexible: boolean): void {
    this.nullableArray(values, flexible, writeUuid, 0);
  }

  /** Writes a tag and leaves room for its size; answers what {@link endTaggedField} wants to know. */
  beginTaggedField(tag: number): number {
    this.unsignedVarint(tag);
    return this.#advance(1);
  }

  /** Fills in the size of the tagged field that was begun at `start`, moving the field if its size takes more than one byte. */
  endTaggedField(start: number): void {
    const end = this.#position;
    const size = end - start - 1;
    const extra = varintSize(size) - 1;
    if (extra > 0) {
      this.#advance(extra);
      this.#bytes.copyWithin(start + 1 + extra, start + 1, end);
    }
    this.#position = start;
    this.unsignedVarint(size);
    this.#position = end + extra;
  }

  /** Makes room for `size` more bytes and answers where they start. It may replace the buffer: call it before looking at that. */
  #advance(size: number): number {
    const start = this.#position;
    const end = start + size;
    if (end > this.#bytes.length) this.#grow(end);
    this.#position = end;
    return start;
  }

  #grow(size: number): void {
    const bytes = new Uint8Array(Math.max(size, this.#bytes.length * 2));
    bytes.set(this.#bytes.subarray(0, this.#position));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  /** The length of bytes or of an array; -1 is null. */
  #length(length: number, flexible: boolean): void {
    if (flexible) this.unsignedVarint(length + 1);
    else this.int32(length);
  }

  #append(bytes: Uint8Array): void {
    const start = this.#advance(bytes.length);
    this.#bytes.set(bytes, start);
  }

  /** Writes a short string that is ASCII; answers false, having written nothing, when it is not. */
  #shortAscii(value: string, flexible: boolean): boolean {
    const length = value.length;
    const start = this.#position;
    const first = flexible ? this.#advance(1 + length) + 1 : this.#advance(2 + length) + 2;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code >= 0x80) {
        this.#position = start;
        return false;
      }
      bytes[first + i] = code;
    }
    if (flexible) bytes[start] = length + 1;
    else this.#view.setInt16(start, length);
    return true;
  }

  #text(value: string, flexible: boolean): void {
    const start = this.#position;
    // Where the text begins if it is ASCII; other text is moved once its length is known.
    const head = flexible ? varintSize(value.length + 1) : 2;
    this.#advance(5 + 3 * value.length);
    const { written } = utf8.encodeInto(value, this.#bytes.subarray(start + head));
    if (written > MAX_STRING_BYTES) throw new EncodeError(`string of ${written} bytes, at most ${MAX_STRING_BYTES} are allowed`);
    const size = flexible ? varintSize(written + 1) : 2;
    if (size !== head) this.#bytes.copyWithin(start + size, start + head, start + head + written);
    this.#position = start;
    if (flexible) this.unsignedVarint(written + 1);
    else this.int16(written);
    this.#position += written;
  }
}

function outOfRange(type: string, value: number | bigint): EncodeError {
  return new EncodeError(`${value} is not an ${type}`);
}

function varintSize(value: number): number {
  let size = 1;
  for (; value >= 0x80; value >>>= 7) size++;
  return size;
}

function writeString(writer: Writer, value: string): void {
  writer.string(value, false);
}

function writeCompactString(writer: Writer, value: string): void {
  writer.string(value, true);
}

function writeInt8(writer: Writer, value: number): void {
  writer.int8(value);
}

function writeInt16(writer: Writer, value: number): void {
  writer.int16(value);
}

function writeInt64(writer: Writer, value: number): void {
  writer.int64(value);
}

function writeUuid(writer: Writer, value: Uuid): void {
  writer.uuid(value);
}
