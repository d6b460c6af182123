import type { DiskFile } from "../platform/mod.ts";
import { Contents, entrySize, inspectEntry, Inspection, type InspectOptions, type Node, Scribe } from "../protocol/inspect/mod.ts";
import { HEADER_BYTES, RecordBatch } from "../protocol/records/mod.ts";

/** Which part of a segment is of interest. */
export interface SegmentRange {
  /** Batches that end before this offset are passed over. */
  readonly from: number;
  /** Batches at most. */
  readonly max: number;
}

const MAGIC = 2;
const MAGIC_POSITION = 16;

/** The batches of a `.log` file, each read when its turn comes. The last node tells of bytes that are no batch, behind which nothing is read. */
export function* segmentNodes(
  file: DiskFile,
  topic: string | undefined,
  { from, max }: SegmentRange,
  options: InspectOptions,
): Generator<Node, void, void> {
  let shown = 0;
  for (let position = 0, index = 0; position < file.size && shown < max; index++) {
    const head = readAt(file, position, HEADER_BYTES);
    const left = file.size - position;
    const size = entrySize(head, 0);
    if (typeof size === "string" || size > left) {
      yield damage(head, position, left, typeof size === "string" ? size : sizeProblem(size, left));
      return;
    }
    if (lastOffset(head) >= from) {
      shown++;
      yield batchNode(readAt(file, position, size), `[${index}]`, position, topic, options);
    }
    position += size;
  }
}

function batchNode(bytes: Uint8Array, name: string, position: number, topic: string | undefined, options: InspectOptions): Node {
  const inspection = new Inspection(options);
  const parent: Node = { name: "segment", type: "segment", offset: position, length: bytes.length, children: [] };
  inspectEntry(inspection, parent, name, bytes, position, new Contents(inspection).recordContent(topic));
  return parent.children![0];
}

function sizeProblem(size: number, left: number): string {
  return size === Infinity ? `${left} bytes, too few for a batch` : `a batch of ${size} bytes, of which ${left} are there`;
}

function damage(head: Uint8Array, position: number, left: number, message: string): Node {
  const node: Node = { name: "damage", type: "bytes", offset: position, length: left };
  new Scribe(new Inspection({}), head, position, { position: 0 }).complain(node, 0, message);
  return node;
}

/** The last offset of the batch or message that begins in `head`. */
function lastOffset(head: Uint8Array): number {
  if (head[MAGIC_POSITION] === MAGIC && head.length === HEADER_BYTES) return new RecordBatch(head).lastOffset;
  return Number(new DataView(head.buffer, head.byteOffset).getBigInt64(0));
}

function readAt(file: DiskFile, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.min(length, file.size - position));
  return bytes.subarray(0, file.read(bytes, position));
}
