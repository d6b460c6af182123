import type { DiskFile } from "../platform/mod.ts";
import { asFarAsPossible, Inspection, type Node, Scribe, timeOf } from "../protocol/inspect/mod.ts";
import { crc32c } from "../protocol/records/mod.ts";
import { Reader } from "../protocol/wire/mod.ts";

/** Binary files of rows of one size: indexes and producer snapshots. */

type NumberType = "int16" | "int32" | "int64";

/** What a number means, given the base offset in the file's name. */
type Meaning = (value: number, baseOffset: number) => string | undefined;

interface Column {
  readonly name: string;
  readonly type: NumberType;
  readonly meaning?: Meaning;
}

const sizes: Readonly<Record<NumberType, number>> = { int16: 2, int32: 4, int64: 8 };
const relativeOffset: Column = {
  name: "relativeOffset",
  type: "int32",
  meaning: (value, baseOffset) => `offset ${baseOffset + value}`,
};
const timestamp: Column = { name: "timestamp", type: "int64", meaning: timeOf };

/** Kafka's `OffsetIndex`, `TimeIndex` and `TransactionIndex`, by the ends of the files' names. */
const indexes: Readonly<Record<string, { readonly type: string; readonly columns: readonly Column[] }>> = {
  index: { type: "offset index", columns: [relativeOffset, { name: "position", type: "int32" }] },
  timeindex: { type: "time index", columns: [timestamp, relativeOffset] },
  txnindex: {
    type: "transaction index",
    columns: [
      { name: "version", type: "int16" },
      { name: "producerId", type: "int64" },
      { name: "firstOffset", type: "int64" },
      { name: "lastOffset", type: "int64" },
      { name: "lastStableOffset", type: "int64" },
    ],
  },
};

/** A producer in a `.snapshot` (`ProducerStateManager`, version 1). */
const producerColumns: readonly Column[] = [
  { name: "producerId", type: "int64" },
  { name: "producerEpoch", type: "int16" },
  { name: "lastSequence", type: "int32" },
  { name: "lastOffset", type: "int64" },
  { name: "offsetDelta", type: "int32" },
  timestamp,
  { name: "coordinatorEpoch", type: "int32" },
  { name: "currentTxnFirstOffset", type: "int64" },
];

/** Rows that are read at a time. */
const ROWS = 4096;
const SNAPSHOT_HEADER_BYTES = 10;
const SNAPSHOT_CRC_POSITION = 2;
const SNAPSHOT_ENTRIES_POSITION = 6;

/** What kind of index a file with such an ending is, or undefined. */
export function indexType(ending: string): string | undefined {
  return Object.hasOwn(indexes, ending) ? indexes[ending].type : undefined;
}

/** The entries of an index, read piece by piece. */
export function* indexNodes(file: DiskFile, ending: string, baseOffset: number): Generator<Node, void, void> {
  const { columns } = indexes[ending];
  const size = rowSize(columns);
  const window = new Uint8Array(ROWS * size);
  for (let start = 0; start < file.size; start += window.length) {
    const bytes = window.slice(0, file.read(window, start));
    yield* rows(bytes, start, start / size, columns, baseOffset);
  }
}

/** Header and producers of a `.snapshot`. */
export function* snapshotNodes(bytes: Uint8Array): Generator<Node, void, void> {
  const reader = new Reader(bytes, { api: "snapshot", version: -1 });
  const scribe = new Scribe(new Inspection({}), bytes, 0, reader);
  const header: Node = { name: "header", type: "header", offset: 0, length: Math.min(bytes.length, SNAPSHOT_HEADER_BYTES) };
  asFarAsPossible(() => {
    scribe.leaf(header, "version", "int16", () => reader.int16());
    const crc = scribe.leaf(header, "crc", "uint32", () => reader.int32() >>> 0);
    if (crc !== crc32c(bytes, SNAPSHOT_ENTRIES_POSITION)) {
      scribe.complain(header.children!.at(-1)!, SNAPSHOT_CRC_POSITION, "the CRC-32C of what follows is another");
    }
    const count = scribe.leaf(header, "count", "int32", () => reader.int32());
    const there = (bytes.length - SNAPSHOT_HEADER_BYTES) / rowSize(producerColumns);
    if (count !== there) {
      scribe.complain(header.children!.at(-1)!, SNAPSHOT_ENTRIES_POSITION, `${count} producers, of which ${Math.floor(there)} are there`);
    }
  });
  yield header;
  yield* rows(bytes.subarray(SNAPSHOT_HEADER_BYTES), SNAPSHOT_HEADER_BYTES, 0, producerColumns, 0);
}

function* rows(
  bytes: Uint8Array,
  base: number,
  index: number,
  columns: readonly Column[],
  baseOffset: number,
): Generator<Node, void, void> {
  const reader = new Reader(bytes, { api: "row", version: -1 });
  const scribe = new Scribe(new Inspection({}), bytes, base, reader);
  for (let row = index; reader.remaining > 0; row++) {
    const parent: Node = { name: "", type: "", offset: 0, length: 0 };
    asFarAsPossible(() =>
      scribe.node(parent, `[${row}]`, "entry", (node) => columns.forEach((column) => cell(scribe, node, reader, column, baseOffset)))
    );
    yield parent.children![0];
    if (parent.children![0].length < rowSize(columns)) return;
  }
}

function cell(scribe: Scribe, node: Node, reader: Reader, { name, type, meaning }: Column, baseOffset: number): void {
  scribe.leaf(node, name, type, () => reader[type](), (value) => meaning?.(value, baseOffset));
}

function rowSize(columns: readonly Column[]): number {
  return columns.reduce((sum, { type }) => sum + sizes[type], 0);
}
