import { batchSizeAt, HEADER_BYTES, RecordBatch, RecordsError } from "../records/mod.ts";
import { VarintReader } from "../records/varint.ts";
import { Reader } from "../wire/mod.ts";
import { inspectLegacyMessage } from "./legacy_records.ts";
import { exact, timeOf } from "./message.ts";
import { asFarAsPossible, Damage, type Inspection, type Node, type RecordContent, Scribe } from "./node.ts";

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Where the format stands, in all of them. */
const MAGIC_POSITION = 16;

/** Batches one after the other; the last may be cut off, as Fetch does. */
export function inspectBatches(inspection: Inspection, parent: Node, bytes: Uint8Array, offset: number, content: RecordContent): void {
  const scribe = new Scribe(inspection, bytes, offset, { position: 0 }, content.confidential);
  parent.children ??= [];
  for (let position = 0, index = 0; position < bytes.length; index++) {
    const size = entrySize(bytes, position);
    if (typeof size === "string") return scribe.complain(parent, position, size);
    const whole = size <= bytes.length - position;
    const part = bytes.subarray(position, whole ? position + size : bytes.length);
    if (whole) inspectEntry(inspection, parent, `[${index}]`, part, offset + position, content);
    else parent.note = `the last batch is cut off: ${part.length} of its ${size === Infinity ? "" : `${size} `}bytes are there`;
    position += size;
  }
}

/** Bytes of the batch or old message at `position` with its overhead; Infinity if too few bytes are there to tell; words for what is none. */
export function entrySize(bytes: Uint8Array, position: number): number | string {
  try {
    return batchSizeAt(bytes, position) ?? Infinity;
  } catch (error) {
    if (error instanceof RecordsError) return error.message;
    throw error;
  }
}

/** A batch, or a message of the formats before, that is all of `bytes`. */
export function inspectEntry(
  inspection: Inspection,
  parent: Node,
  name: string,
  bytes: Uint8Array,
  offset: number,
  content: RecordContent,
): void {
  const reader = new Reader(bytes, { api: "RecordBatch", version: -1 });
  const scribe = new Scribe(inspection, bytes, offset, reader, content.confidential);
  asFarAsPossible(() => {
    if (bytes[MAGIC_POSITION] < 2) return inspectLegacyMessage(scribe, parent, name, reader, content);
    scribe.node(parent, name, "RecordBatch", (node) => {
      batchHeader(scribe, node, reader);
      const batch = new RecordBatch(bytes);
      batchNotes(scribe, node, batch);
      recordsOf(scribe, node, batch, content);
      reader.skipTo(bytes.length);
    });
  });
}

function batchHeader(scribe: Scribe, node: Node, reader: Reader): void {
  if (reader.remaining < HEADER_BYTES) throw new Damage(8, `a batch of ${reader.remaining} bytes, fewer than its header has`);
  const int16 = (): number => reader.int16();
  const int32 = (): number => reader.int32();
  const int64 = (): number | bigint => exact(reader.bigInt64());
  scribe.leaf(node, "baseOffset", "int64", int64);
  scribe.leaf(node, "batchLength", "int32", int32);
  scribe.leaf(node, "partitionLeaderEpoch", "int32", int32);
  scribe.leaf(node, "magic", "int8", () => reader.int8());
  scribe.leaf(node, "crc", "uint32", () => reader.int32() >>> 0);
  scribe.leaf(node, "attributes", "int16", int16);
  scribe.leaf(node, "lastOffsetDelta", "int32", int32);
  scribe.leaf(node, "baseTimestamp", "int64", int64, timeOf);
  scribe.leaf(node, "maxTimestamp", "int64", int64, timeOf);
  scribe.leaf(node, "producerId", "int64", int64);
  scribe.leaf(node, "producerEpoch", "int16", int16);
  scribe.leaf(node, "baseSequence", "int32", int32);
  scribe.leaf(node, "recordCount", "int32", int32);
}

/** What the header means beyond its numbers. */
function batchNotes(scribe: Scribe, node: Node, batch: RecordBatch): void {
  node.note = `offsets ${batch.baseOffset} to ${batch.lastOffset}`;
  const child = (name: string): Node => node.children?.find((one) => one.name === name) ?? node;
  const flags = [
    compressionName(batch),
    batch.timestampType,
    ...(batch.isTransactional ? ["transactional"] : []),
    ...(batch.isControl ? ["control"] : []),
    ...(batch.deleteHorizonMs === undefined ? [] : ["delete horizon"]),
  ];
  child("attributes").note = flags.join(", ");
  if (!batch.isValid()) scribe.complain(child("crc"), 17, "the CRC-32C of the batch is another");
}

function compressionName(batch: RecordBatch): string {
  try {
    return batch.compressionType;
  } catch (error) {
    if (error instanceof RecordsError) return `compression ${batch.compressionId}`;
    throw error;
  }
}

function recordsOf(scribe: Scribe, node: Node, batch: RecordBatch, content: RecordContent): void {
  const { inspection } = scribe;
  const { codecs } = inspection.options;
  const section = batch.recordsSection;
  const base = scribe.base + HEADER_BYTES;
  const records: Node = { name: "records", type: "[]Record", offset: base, length: section.length, children: [] };
  (node.children ??= []).push(records);
  const compression = compressionName(batch);
  if (compression !== "none" && codecs === undefined) {
    records.note = `compressed with ${compression}`;
    return;
  }
  let bytes: Uint8Array;
  try {
    bytes = batch.reader(codecs).bytes;
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    return scribe.complain(records, HEADER_BYTES, error.message);
  }
  // Like Kafka, nobody looks at what stands in a batch without records.
  if (batch.recordCount === 0) return;
  if (compression === "none") return readRecords(inspection, records, section, base, batch, content);
  records.note = `${compression}, ${bytes.length} bytes decompressed; offsets inside count from their start`;
  readRecords(inspection, records, bytes, 0, batch, content);
}

/** The records, as strictly as `RecordReader` reads them. */
function readRecords(
  inspection: Inspection,
  parent: Node,
  bytes: Uint8Array,
  base: number,
  batch: RecordBatch,
  content: RecordContent,
): void {
  const reader = new VarintReader(bytes, 0, bytes.length);
  const scribe = new Scribe(inspection, bytes, base, reader, content.confidential);
  const count = batch.recordCount;
  asFarAsPossible(() => {
    for (let index = 0; index < count; index++) {
      reader.end = bytes.length;
      scribe.node(parent, `[${index}]`, "Record", (node) => readRecord(scribe, node, reader, batch, content));
    }
    if (reader.position < bytes.length) {
      scribe.complain(parent, reader.position, `${bytes.length - reader.position} bytes behind the last record`);
    }
  });
}

function readRecord(scribe: Scribe, node: Node, reader: VarintReader, batch: RecordBatch, content: RecordContent): void {
  const length = scribe.leaf(node, "length", "varint", () => recordLength(reader));
  const end = reader.position + length;
  reader.end = end;
  scribe.leaf(node, "attributes", "int8", () => reader.bytes[reader.position++]);
  scribe.leaf(node, "timestampDelta", "varlong", () => reader.varlong(), (delta) => {
    return batch.timestampType === "LogAppendTime" ? undefined : timeOf(batch.baseTimestamp + delta);
  });
  scribe.leaf(node, "offsetDelta", "varint", () => reader.varint(), (delta) => `offset ${batch.baseOffset + delta}`);
  const key = bytesOf(scribe, node, "key", reader);
  const value = bytesOf(scribe, node, "value", reader);
  scribe.node(node, "headers", "[]Header", (headers) => readHeaders(scribe, headers, reader));
  if (reader.position !== end) {
    throw new Damage(reader.position, `a record of ${length} bytes, of which ${end - reader.position} are not used`);
  }
  content.inspect({ key, value, control: batch.isControl });
}

function recordLength(reader: VarintReader): number {
  const position = reader.position;
  const length = reader.varint();
  if (length <= 0) throw new Damage(position, `a record of ${length} bytes`);
  checkFits(reader, position, length);
  return length;
}

function readHeaders(scribe: Scribe, headers: Node, reader: VarintReader): void {
  const count = headerCount(reader);
  if (count === 0) headers.value = [];
  for (let index = 0; index < count; index++) {
    scribe.node(headers, `[${index}]`, "Header", (header) => {
      scribe.leaf(header, "key", "string", () => {
        const position = reader.position;
        const length = reader.varint();
        if (length < 0) throw new Damage(position, "a header without a key");
        checkFits(reader, position, length);
        return utf8.decode(take(reader, length));
      });
      bytesOf(scribe, header, "value", reader);
    });
  }
}

function headerCount(reader: VarintReader): number {
  const position = reader.position;
  const count = reader.varint();
  if (count < 0 || count > reader.end - reader.position) throw new Damage(position, `a record with ${count} headers`);
  return count;
}

/** Bytes behind their length, or null. */
function bytesOf(scribe: Scribe, parent: Node, name: string, reader: VarintReader): Node {
  return scribe.node(parent, name, "bytes", (node) => {
    const position = reader.position;
    const length = reader.varint();
    checkFits(reader, position, length);
    node.value = length < 0 ? null : take(reader, length);
    return node;
  });
}

/** Throws for a length that the bytes left cannot hold. */
function checkFits(reader: VarintReader, position: number, length: number): void {
  const left = reader.end - reader.position;
  if (length > left) throw new Damage(position, `${length} bytes where ${left} are left`);
}

function take(reader: VarintReader, length: number): Uint8Array {
  return reader.bytes.subarray(reader.position, reader.position += length);
}
