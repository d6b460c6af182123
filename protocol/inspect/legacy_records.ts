import { type CompressionType, compressionTypes, decompress, RecordsError } from "../records/mod.ts";
import { Reader } from "../wire/mod.ts";
import { timeOf } from "./message.ts";
import { type Node, type RecordContent, Scribe } from "./node.ts";

const COMPRESSION_BITS = 0x07;

/**
 * A message of format 0 or 1, as logs have them that Kafka wrote before 0.11 (`LegacyRecord`): a compressed one wraps others. Its CRC is not
 * checked.
 */
export function inspectLegacyMessage(
  scribe: Scribe,
  parent: Node,
  name: string,
  reader: Reader,
  content: RecordContent,
  isWrapped = false,
): void {
  scribe.node(parent, name, "Message", (node) => {
    scribe.leaf(node, "offset", "int64", () => reader.int64());
    scribe.leaf(node, "messageSize", "int32", () => reader.int32());
    scribe.leaf(node, "crc", "uint32", () => reader.int32() >>> 0);
    const magic = scribe.leaf(node, "magic", "int8", () => reader.int8());
    const compression = (attributes: number): CompressionType | undefined => compressionTypes[attributes & COMPRESSION_BITS];
    const attributes = scribe.leaf(node, "attributes", "int8", () => reader.int8(), compression);
    if (magic === 1) scribe.leaf(node, "timestamp", "int64", () => reader.int64(), timeOf);
    const key = bytesNode(scribe, node, "key", reader);
    const value = bytesNode(scribe, node, "value", reader);
    const type = compression(attributes);
    if (type === "none" || !(value.value instanceof Uint8Array)) return content.inspect({ key, value, control: false });
    const { codecs } = scribe.inspection.options;
    if (isWrapped) return scribe.complain(value, reader.position - value.value.length, "a compressed message inside another");
    if (type === undefined || codecs === undefined) return;
    try {
      const bytes = decompress(type, value.value, codecs);
      value.note = `${type}, ${bytes.length} bytes decompressed; offsets inside count from their start`;
      wrapped(scribe, value, bytes, content);
    } catch (error) {
      if (!(error instanceof RecordsError)) throw error;
      scribe.complain(value, reader.position - value.value.length, error.message);
    }
  });
}

function wrapped(scribe: Scribe, parent: Node, bytes: Uint8Array, content: RecordContent): void {
  const reader = new Reader(bytes, { api: "Message", version: -1 });
  const inner = new Scribe(scribe.inspection, bytes, 0, reader, content.confidential);
  for (let index = 0; reader.remaining > 0; index++) inspectLegacyMessage(inner, parent, `[${index}]`, reader, content, true);
}

function bytesNode(scribe: Scribe, parent: Node, name: string, reader: Reader): Node {
  return scribe.node(parent, name, "bytes", (node) => {
    node.value = reader.nullableBytes(false);
    return node;
  });
}
