import { Inspection, type Node, Scribe } from "../protocol/inspect/mod.ts";
import { crc32c } from "../protocol/records/mod.ts";

/** Kafka's files of lines: checkpoints, and the properties of a partition or a directory. */

/** Checkpoints (`CheckpointFile`): a version, a count, and as many entries, a line each, of these words. */
const checkpoints: Readonly<Record<string, readonly string[]>> = {
  "leader-epoch-checkpoint": ["epoch", "startOffset"],
  "recovery-point-offset-checkpoint": ["topic", "partition", "offset"],
  "replication-offset-checkpoint": ["topic", "partition", "offset"],
  "log-start-offset-checkpoint": ["topic", "partition", "offset"],
  "cleaner-offset-checkpoint": ["topic", "partition", "offset"],
};

const properties: readonly string[] = ["partition.metadata", "meta.properties"];
/** Ottla's own (`storage/data_directory.ts`), and what Kafka's `FileQuorumStateStore` and `CleanShutdownFileHandler` write. */
const plainText: readonly string[] = ["format.json", "dirty", "sync-failed", "quorum-state", ".kafka_cleanshutdown"];
/** Ottla's own (`storage/start_offset.ts`). */
const START_OFFSET = "log-start-offset";

const CRC_DIGITS = 8;
const NEWLINE = 10;

interface Line {
  readonly text: string;
  /** In bytes. */
  readonly offset: number;
}

/** The kind of a text file with that name, or undefined. */
export function textType(name: string): string | undefined {
  if (Object.hasOwn(checkpoints, name)) return "checkpoint";
  if (properties.includes(name)) return "properties";
  return plainText.includes(name) || name === START_OFFSET ? "text" : undefined;
}

/** What a segment's checkpoint says (`storage/checkpoint.ts`): the CRC-32C of JSON, and the JSON. */
export function segmentCheckpointNodes(bytes: Uint8Array): Node[] {
  const scribe = new Scribe(new Inspection({}), bytes, 0, { position: 0 });
  const [line = { text: "", offset: 0 }] = linesOf(bytes);
  const crc: Node = { name: "crc", type: "text", offset: 0, length: CRC_DIGITS, value: line.text.slice(0, CRC_DIGITS) };
  const end = bytes.indexOf(NEWLINE);
  const json = bytes.subarray(CRC_DIGITS + 1, end < 0 ? bytes.length : end);
  if (crc.value !== crc32c(json).toString(16).padStart(CRC_DIGITS, "0")) scribe.complain(crc, 0, "the CRC-32C of what follows is another");
  return [crc, { name: "checkpoint", type: "text", offset: CRC_DIGITS + 1, length: json.length, value: line.text.slice(CRC_DIGITS + 1) }];
}

/** What the lines of the file with that name say. */
export function textNodes(name: string, bytes: Uint8Array): Node[] {
  const lines = linesOf(bytes);
  if (name === START_OFFSET) return startOffsetNodes(bytes);
  if (Object.hasOwn(checkpoints, name)) return checkpointNodes(lines, checkpoints[name], bytes);
  return properties.includes(name) ? lines.map(propertyNode) : lines.map((line) => wordNode("line", line.text, line.offset));
}

/** An offset, and the CRC-32C of its digits. */
function startOffsetNodes(bytes: Uint8Array): Node[] {
  const scribe = new Scribe(new Inspection({}), bytes, 0, { position: 0 });
  const [line = { text: "", offset: 0 }] = linesOf(bytes);
  const space = line.text.indexOf(" ");
  const digits = space < 0 ? line.text.length : space;
  const offset = wordNode("offset", line.text.slice(0, digits), 0);
  const crc: Node = { name: "crc", type: "text", offset: digits + 1, length: CRC_DIGITS, value: line.text.slice(digits + 1) };
  const right = crc32c(bytes.subarray(0, digits)).toString(16).padStart(CRC_DIGITS, "0");
  if (crc.value !== right) scribe.complain(crc, crc.offset, "the CRC-32C of the offset is another");
  return [offset, crc];
}

function checkpointNodes(lines: readonly Line[], words: readonly string[], bytes: Uint8Array): Node[] {
  const scribe = new Scribe(new Inspection({}), bytes, 0, { position: 0 });
  const header = lines.slice(0, 2).map((line, index) => wordNode(["version", "count"][index], line.text, line.offset));
  const entries = lines.slice(2).map((line, index) => {
    const node: Node = { name: `[${index}]`, type: "entry", offset: line.offset, length: line.text.length, children: [] };
    const found = [...line.text.matchAll(/\S+/g)];
    for (const [at, match] of found.entries()) node.children!.push(wordNode(words[at] ?? "word", match[0], line.offset + match.index));
    const isWhole = found.length === words.length && found.every(([word], at) => words[at] === "topic" || /^-?\d+$/.test(word));
    if (!isWhole) scribe.complain(node, line.offset, `an entry is ${words.join(", ")}`);
    return node;
  });
  const count = header.at(-1);
  if (count !== undefined && count.value !== entries.length) {
    scribe.complain(count, count.offset, `${count.value} entries, of which ${entries.length} are there`);
  }
  return [...header, ...entries];
}

/** `key=value` or `key: value`; any other line is a comment. */
function propertyNode({ text, offset }: Line): Node {
  const match = /^([^#=:\s][^=:]*?)(\s*[=:]\s*)(.*)$/.exec(text);
  if (match === null) return wordNode("comment", text, offset);
  return { name: match[1], type: "text", offset, length: text.length, value: match[3] };
}

function wordNode(name: string, text: string, offset: number): Node {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  return { name, type: typeof value === "number" ? "number" : "text", offset, length: text.length, value };
}

function linesOf(bytes: Uint8Array): Line[] {
  // One character a byte, so that places in the text are places in the file; Kafka's words are ASCII.
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const lines: Line[] = [];
  for (let offset = 0; offset < text.length;) {
    const end = text.indexOf("\n", offset);
    const line = text.slice(offset, end < 0 ? undefined : end);
    if (line.trim() !== "") lines.push({ text: line.trimEnd(), offset });
    offset += line.length + 1;
  }
  return lines;
}
