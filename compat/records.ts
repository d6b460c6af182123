/** Test records, and records as every client here reports them. */

/** What is handed to a producer. */
export interface TestRecord {
  readonly partition: number;
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly (readonly [string, Uint8Array | null])[];
}

/**
 * One consumed record as a line: partition, offset, timestamp, key, value, headers, separated by tabs; bytes in hex, null as "-",
 * headers as "hexKey:hexValue" joined by commas. `java/RecordLine.java` prints the same.
 */
export type RecordLine = string;

export const COMPRESSIONS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
export type CompressionName = typeof COMPRESSIONS[number];

export function hex(bytes: Uint8Array | null): string {
  return bytes === null ? "-" : bytes.toHex();
}

export function unhex(text: string): Uint8Array | null {
  return text === "-" ? null : Uint8Array.fromHex(text);
}

export function recordLine(record: TestRecord, offset: number): RecordLine {
  return [record.partition, offset, record.timestamp, ...contentOf(record)].join("\t");
}

/** Partition and offset of a line: what makes a record unique in its topic. */
export function positionOf(line: RecordLine): string {
  return line.split("\t", 2).join("-");
}

/** Key, value and headers of a line: what the producer chose. */
export function contentOfLine(line: RecordLine): string {
  return line.split("\t").slice(3).join("\t");
}

function contentOf(record: TestRecord): [string, string, string] {
  const headers = record.headers.map(([key, value]) => `${hex(new TextEncoder().encode(key))}:${hex(value)}`);
  return [hex(record.key), hex(record.value), headers.join(",")];
}

/** An hour ago: older than the present, and younger than any retention, which would remove a whole topic of old timestamps. */
export const FIRST_TIMESTAMP = Date.now() - 3_600_000;

/** `count` records that differ in everything that can differ: sizes from 0 up, arbitrary bytes, nulls, repeated and empty headers. */
export function binaryRecords(count: number, partitions: number, firstTimestamp: number, seed: number): TestRecord[] {
  const random = xorshift(seed);
  return Array.from({ length: count }, (_, i) => ({
    partition: i % partitions,
    timestamp: firstTimestamp + (i % 7 === 0 ? -5 : 0) + i,
    key: i % 11 === 0 ? null : randomBytes(random, i % 13),
    value: i % 17 === 0 ? null : randomBytes(random, i % 25 === 0 ? 20_000 : i % 90),
    headers: headersOf(i, random),
  }));
}

function headersOf(i: number, random: () => number): TestRecord["headers"] {
  switch (i % 5) {
    case 0:
      return [];
    case 1:
      return [["trace", randomBytes(random, 16)]];
    case 2:
      return [["twice", randomBytes(random, 3)], ["twice", randomBytes(random, 4)], ["empty", new Uint8Array(0)]];
    case 3:
      return [["zeroes", new Uint8Array(4)]]; // no null: kafkajs cannot send a header without a value
    default:
      return [["", randomBytes(random, 1)], ["žluťoučký", new TextEncoder().encode("kůň")]];
  }
}

function randomBytes(random: () => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, random);
}

function xorshift(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
}

/** Fails, showing the first few, when a position was seen with two contents or the positions or contents differ from the expected ones. */
export function assertSameRecords(what: string, actual: readonly RecordLine[], expected: readonly RecordLine[]): void {
  const byPosition = new Map<string, RecordLine>();
  const problems: string[] = [];
  for (const line of actual) {
    const known = byPosition.get(positionOf(line));
    if (known !== undefined && known !== line) problems.push(`delivered twice and differently: ${known} | ${line}`);
    byPosition.set(positionOf(line), line);
  }
  for (const line of expected) {
    const got = byPosition.get(positionOf(line));
    if (got !== line) problems.push(`expected ${line}\n      got ${got ?? "nothing"}`);
    byPosition.delete(positionOf(line));
  }
  for (const line of byPosition.values()) problems.push(`not expected: ${line}`);
  if (problems.length > 0) throw new Error(`${what}: ${problems.length} differences\n    ${problems.slice(0, 5).join("\n    ")}`);
}
