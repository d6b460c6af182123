import { ErrorCode } from "../errors.ts";
import { RecordsError } from "./records_error.ts";
import { VarintError, VarintReader } from "./varint.ts";

/** A header of a record. Keys may repeat; their order is kept. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** A record as a log holds it. `key`, `value` and header values are views into the batch. */
export interface LogRecord {
  readonly offset: number;
  /** Milliseconds since 1970, or -1 where the producer gave none. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** A mark of byte order is a character like any other here, as in Java. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const NO_HEADERS: readonly RecordHeader[] = [];

/**
 * Walks the records of a batch, checking each as Kafka's `DefaultRecord.readFrom` does, without making an object for any:
 * after `next()` the fields describe the current record. Throws {@link RecordsError} with INVALID_RECORD.
 */
export class RecordReader {
  offsetDelta = 0;
  timestampDelta = 0;
  keyStart = 0;
  /** -1 for a null key. */
  keyLength = -1;
  valueStart = 0;
  /** -1 for a null value. */
  valueLength = -1;
  headersStart = 0;
  headerCount = 0;
  #left: number;
  // For views: asking `bytes` for these each time, as `subarray` does, takes half as long again.
  readonly #buffer: ArrayBufferLike;
  readonly #byteOffset: number;
  readonly #reader: VarintReader;

  /** `bytes[start, end)` holds `count` records and nothing else. Throws if the count is negative. */
  constructor(readonly bytes: Uint8Array, start: number, readonly end: number, count: number) {
    if (count < 0) throw invalid(`a count of ${count} records`);
    this.#reader = new VarintReader(bytes, start, end);
    this.#left = count;
    this.#buffer = bytes.buffer;
    this.#byteOffset = bytes.byteOffset;
  }

  /** Steps to the next record; false behind the last one. */
  next(): boolean {
    if (this.#left <= 0) return false;
    this.#left--;
    try {
      this.#read();
    } catch (error) {
      if (error instanceof VarintError) throw invalid(error.message);
      throw error;
    }
    if (this.#left === 0 && this.#reader.position !== this.end) throw invalid("the batch holds more bytes than its records");
    return true;
  }

  #read(): void {
    const reader = this.#reader;
    reader.end = this.end;
    const length = reader.varint();
    const start = reader.position;
    if (length < 0 || length > this.end - start) throw invalid(`a record of ${length} bytes, of which ${this.end - start} are there`);
    const recordEnd = start + length;
    reader.end = recordEnd;
    if (length === 0) throw invalid("a record without attributes");
    reader.position++; // attributes: none are defined, Kafka reads past them
    if (this.#readPlain(reader.position, recordEnd)) {
      reader.position = recordEnd;
      return;
    }
    this.timestampDelta = reader.varlong();
    this.offsetDelta = reader.varint();
    this.keyLength = reader.varint();
    this.keyStart = reader.position;
    this.#skip(this.keyLength);
    this.valueLength = reader.varint();
    this.valueStart = reader.position;
    this.#skip(this.valueLength);
    this.headerCount = reader.varint();
    this.headersStart = reader.position;
    if (this.headerCount !== 0) this.#checkHeaders();
    if (reader.position !== recordEnd) throw invalid(`a record of ${length} bytes, of which ${reader.position - start} are used`);
  }

  /**
   * Reads what most records are, in less than half the time: no headers, and no number of more than two bytes. Answers false for any other, good
   * or bad. As the position only grows, it cannot have left the record when it ends up at its end.
   */
  #readPlain(start: number, end: number): boolean {
    const bytes = this.bytes;
    let position = start;
    const timestampDelta = shortVarint(bytes, position);
    position += sizeOf(timestampDelta);
    const offsetDelta = shortVarint(bytes, position);
    position += sizeOf(offsetDelta);
    const keyLength = shortVarint(bytes, position);
    position += sizeOf(keyLength);
    if (timestampDelta === LONG || offsetDelta === LONG || keyLength === LONG) return false;
    this.timestampDelta = valueOf(timestampDelta);
    this.offsetDelta = valueOf(offsetDelta);
    this.keyLength = valueOf(keyLength);
    this.keyStart = position;
    if (this.keyLength > 0) position += this.keyLength;
    const valueLength = shortVarint(bytes, position);
    if (valueLength === LONG) return false;
    position += sizeOf(valueLength);
    this.valueLength = valueOf(valueLength);
    this.valueStart = position;
    if (this.valueLength > 0) position += this.valueLength;
    this.headerCount = 0;
    this.headersStart = end;
    return position === end - 1 && bytes[position] === 0;
  }

  #checkHeaders(): void {
    const reader = this.#reader;
    if (this.headerCount < 0 || this.headerCount > reader.end - reader.position) throw invalid(`a record with ${this.headerCount} headers`);
    for (let i = 0; i < this.headerCount; i++) {
      const keyLength = reader.varint();
      if (keyLength < 0) throw invalid("a header without a key");
      this.#skip(keyLength);
      this.#skip(reader.varint());
    }
  }

  #skip(length: number): void {
    if (length <= 0) return;
    const reader = this.#reader;
    if (length > reader.end - reader.position) {
      throw invalid(`a field of ${length} bytes, of which ${reader.end - reader.position} are there`);
    }
    reader.position += length;
  }

  /** The current record's key, a view. */
  key(): Uint8Array | null {
    return this.#view(this.keyStart, this.keyLength);
  }

  /** The current record's value, a view. */
  value(): Uint8Array | null {
    return this.#view(this.valueStart, this.valueLength);
  }

  /** The current record's headers; their values are views. */
  headers(): readonly RecordHeader[] {
    if (this.headerCount === 0) return NO_HEADERS;
    const headers: RecordHeader[] = [];
    const reader = new VarintReader(this.bytes, this.headersStart, this.end);
    for (let i = 0; i < this.headerCount; i++) {
      const keyLength = reader.varint();
      const key = decoder.decode(this.bytes.subarray(reader.position, reader.position + keyLength));
      reader.position += keyLength;
      const valueLength = reader.varint();
      headers.push({ key, value: this.#view(reader.position, valueLength) });
      if (valueLength > 0) reader.position += valueLength;
    }
    return headers;
  }

  #view(start: number, length: number): Uint8Array | null {
    return length < 0 ? null : new Uint8Array(this.#buffer, this.#byteOffset + start, length);
  }
}

/** What {@link shortVarint} answers for a varint of three bytes and more. */
const LONG = 0;

/** A zigzag varint of one byte or two: its bits, and below them, in two bits, how many bytes they are. */
function shortVarint(bytes: Uint8Array, position: number): number {
  const first = bytes[position];
  if (first < 128) return first << 2 | 1;
  const second = bytes[position + 1];
  return second < 128 ? (first & 0x7f | second << 7) << 2 | 2 : LONG;
}

function sizeOf(short: number): number {
  return short & 3;
}

function valueOf(short: number): number {
  return (short >>> 3) ^ -(short >>> 2 & 1);
}

function invalid(message: string): RecordsError {
  return new RecordsError(ErrorCode.INVALID_RECORD, `Invalid record: ${message}.`);
}
