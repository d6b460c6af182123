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
  const inspection = new Inspection(options);
  const content = new Contents(inspection).recordContent(topic);
  let shown = 0;
  for (let position = 0, index = 0; position < file.size && shown < max; index++) {
    const head = readAt(file, position, HEADER_BYTES);
    const left = file.size - position;
    const size = entrySize(head, 0);
    if (typeof size === "string" || size > left) {
      const node: Node = { name: "damage", type: "bytes", offset: position, length: left };
      const scribe = new Scribe(inspection, head, position, { position: 0 }, content.confidential);
      scribe.complain(node, 0, typeof size === "string" ? size : sizeProblem(size, left));
      yield node;
      return;
    }
    if (lastOffset(head) >= from) {
      shown++;
      const parent: Node = { name: "segment", type: "segment", offset: position, length: size, children: [] };
      inspectEntry(inspection, parent, `[${index}]`, readAt(file, position, size), position, content);
      yield parent.children![0];
    }
    position += size;
  }
}

function sizeProblem(size: number, left: number): string {
  return size === Infinity ? `${left} bytes, too few for a batch` : `a batch of ${size} bytes, of which ${left} are there`;
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
