import { type CompressionType, compressionTypes, decompress, LegacyBatch, LOG_OVERHEAD, RecordsError } from "../records/mod.ts";
import { Reader } from "../wire/mod.ts";
import { exact, timeOf } from "./message.ts";
import { type Node, type RecordContent, Scribe } from "./node.ts";

const SIZE_POSITION = 8;
const CRC_POSITION = 12;
const COMPRESSION_BITS = 0x07;

/** A message as it stands there. */
interface Message {
  readonly magic: number;
  readonly crc: Node;
  readonly compression: CompressionType | undefined;
  readonly key: Node;
  readonly value: Node;
}

/**
 * A message of format 0 or 1 that is all of the scribe's bytes, as logs have them that Kafka wrote before 0.11 ({@link LegacyBatch}): a compressed
 * one wraps others, in which offsets count anew.
 */
export function inspectLegacyMessage(scribe: Scribe, parent: Node, name: string, reader: Reader, content: RecordContent): void {
  scribe.node(parent, name, "Message", (node) => {
    const batch = new LegacyBatch(scribe.bytes);
    const { magic, crc, compression, key, value } = readMessage(scribe, node, reader);
    if (!batch.isValid()) scribe.complain(crc, CRC_POSITION, "the CRC-32 of the message is another");
    if (compression === "none") content.inspect({ key, value, control: false });
    else inspectWrapped(scribe, batch, magic, value, content);
    reader.skipTo(scribe.bytes.length);
  });
}

function readMessage(scribe: Scribe, node: Node, reader: Reader): Message {
  scribe.leaf(node, "offset", "int64", () => exact(reader.bigInt64()));
  scribe.leaf(node, "messageSize", "int32", () => reader.int32());
  const crc = scribe.node(node, "crc", "uint32", (leaf) => (leaf.value = reader.int32() >>> 0, leaf));
  const magic = scribe.leaf(node, "magic", "int8", () => reader.int8());
  const compressionOf = (attributes: number): CompressionType | undefined => compressionTypes[attributes & COMPRESSION_BITS];
  const attributes = scribe.leaf(node, "attributes", "int8", () => reader.int8(), compressionOf);
  if (magic === 1) scribe.leaf(node, "timestamp", "int64", () => exact(reader.bigInt64()), timeOf);
  const bytes = (name: string): Node => scribe.node(node, name, "bytes", (leaf) => (leaf.value = reader.nullableBytes(false), leaf));
  return { magic, crc, compression: compressionOf(attributes), key: bytes("key"), value: bytes("value") };
}

/** The messages inside a wrapper, if the reader of logs would take them. */
function inspectWrapped(scribe: Scribe, batch: LegacyBatch, magic: number, value: Node, content: RecordContent): void {
  const { codecs } = scribe.inspection.options;
  if (codecs === undefined) return;
  try {
    const offsets = Array.from(batch.records(codecs), (record) => record.offset);
    const bytes = decompress(batch.compressionType, value.value as Uint8Array, codecs, undefined, magic);
    value.note = `offsets ${offsets[0]} to ${offsets.at(-1)}, ${bytes.length} bytes decompressed; places inside count from their start`;
    const reader = new Reader(bytes, { api: "Message", version: -1 });
    const inner = new Scribe(scribe.inspection, bytes, 0, reader, content.confidential);
    for (let index = 0; isWhole(bytes, reader.position); index++) {
      inner.node(value, `[${index}]`, "Message", (node) => {
        const message = readMessage(inner, node, reader);
        content.inspect({ key: message.key, value: message.value, control: false });
      });
    }
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    scribe.complain(value, value.offset - scribe.base, error.message);
  }
}

/** Whether a whole message stands at `position`: one that was cut off at the end does not count. */
function isWhole(bytes: Uint8Array, position: number): boolean {
  if (bytes.length - position < LOG_OVERHEAD) return false;
  return new DataView(bytes.buffer, bytes.byteOffset + position).getInt32(SIZE_POSITION) <= bytes.length - position - LOG_OVERHEAD;
}
