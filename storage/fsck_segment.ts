import type { Disk } from "../platform/mod.ts";
import { crc32c } from "../protocol/records/mod.ts";
import { decodeCheckpoint, type IndexExtent, type LogCheckpoint } from "./checkpoint.ts";
import { type SegmentFile, segmentFileName } from "./file_names.ts";
import type { Finding } from "./finding.ts";
import type { Segment } from "./segment.ts";
import { BLOCK_ENTRIES, FIRST_BATCH, OffsetIndex, TimeIndex } from "./sparse_index.ts";
import { readBytes } from "./text_files.ts";
import { TransactionIndex } from "./transaction_index.ts";
import type { AbortedTransaction } from "./transactions.ts";

const WINDOW_BYTES = 1 << 20;
const REBUILT = "it is made again from the batches";

interface Circumstances {
  readonly unclean: boolean;
  /** Whether the batches tell all: neither compaction nor damage has taken any, here or before. */
  readonly isComplete: boolean;
}

/**
 * What is wrong in a segment and in the files beside it. `segment` has been read from its first batch on, as `state` tells; `disk` has the files as they are.
 */
export function checkSegmentFiles(
  disk: Disk,
  directory: string,
  segment: Segment,
  state: LogCheckpoint,
  circumstances: Circumstances,
): Finding[] {
  return new SegmentCheck(disk, directory, segment, state, circumstances).run();
}

class SegmentCheck {
  readonly #findings: Finding[] = [];
  /** Whether the batches are those that were written, as far as anything tells. */
  #isSound = true;

  constructor(
    private readonly disk: Disk,
    private readonly directory: string,
    private readonly segment: Segment,
    private readonly state: LogCheckpoint,
    private readonly circumstances: Circumstances,
  ) {}

  run(): Finding[] {
    if (this.state.segment.damage.length > 0) this.#isSound = false;
    for (const { position, end, firstOffset, nextOffset, reason } of this.state.segment.damage) {
      const offsets = nextOffset > firstOffset ? `the offsets ${firstOffset} to ${nextOffset - 1} cannot be read` : "no offset is lost";
      this.#found(
        "log",
        position,
        `${end - position} bytes are damaged (${reason}): ${offsets}.`,
        "they stay where they are, and what is read there answers CORRUPT_MESSAGE",
      );
    }
    const checkpoint = this.#checkCheckpoint();
    // The caches know more than the batches then.
    if (checkpoint !== null && checkpoint.segment.size > this.state.segment.size) return this.#findings;
    // Without a checkpoint that tells of all, what a killed process left of its caches is not believed.
    if (this.circumstances.unclean && checkpoint?.segment.size !== this.state.segment.size) return this.#findings;
    const indexes = { index: this.#bytes("index"), timeindex: this.#bytes("timeindex"), txnindex: this.#bytes("txnindex") };
    // What names a damaged batch may be right.
    if (this.#isSound) {
      this.#checkOffsets(indexes.index, indexes.timeindex);
      this.#checkAborted(indexes.txnindex);
    }
    if (checkpoint?.segment.size !== this.state.segment.size) return this.#findings;
    const { offsetIndex, timeIndex, transactionIndex } = checkpoint.segment;
    this.#checkExtent("index", indexes.index, offsetIndex, OffsetIndex.ENTRY_BYTES);
    this.#checkExtent("timeindex", indexes.timeindex, timeIndex, TimeIndex.ENTRY_BYTES);
    if (transactionIndex !== null) this.#checkExtent("txnindex", indexes.txnindex, transactionIndex, TransactionIndex.ENTRY_BYTES);
    return this.#findings;
  }

  #checkCheckpoint(): LogCheckpoint | null {
    const bytes = readBytes(this.disk, this.#path("ottla"));
    if (bytes === null) return null;
    const checkpoint = decodeCheckpoint(bytes);
    const { size, damage } = this.state.segment;
    if (checkpoint === null) this.#found("ottla", null, "The checkpoint is damaged.", REBUILT);
    else if (checkpoint.segment.size > size) {
      const problem = `The checkpoint tells of ${checkpoint.segment.size} bytes of batches, of which ${size} are there.`;
      this.#found("log", size, problem, "nothing: reads of what is gone answer CORRUPT_MESSAGE");
    } else if (checkpoint.segment.size === size && damage.length === 0) this.#compare(checkpoint);
    return checkpoint;
  }

  #compare({ nextOffset, segment }: LogCheckpoint): void {
    const right = this.state;
    if (segment.headersCrc !== right.segment.headersCrc) {
      const problem = "Base offsets, lengths or leader epochs of some batch are not those that were written.";
      this.#found("log", null, problem, "nothing: they stay as they are");
      this.#isSound = false;
      return;
    }
    for (const key of ["lastOffset", "firstTimestamp", "maxTimestamp", "maxTimestampOffset"] as const) {
      if (segment[key] === right.segment[key]) continue;
      this.#found("ottla", null, `The checkpoint has ${key} ${segment[key]}, the batches have ${right.segment[key]}.`, REBUILT);
    }
    if (nextOffset !== right.nextOffset) {
      this.#found("ottla", null, `The checkpoint lets the log go on at offset ${nextOffset}, the batches at ${right.nextOffset}.`, REBUILT);
    }
  }

  /** Every entry of the offset index names a batch, every entry of the time index one whose timestamp is above all before it. */
  #checkOffsets(index: DataView, timeIndex: DataView): void {
    const offsets = entries(index, OffsetIndex.ENTRY_BYTES, (at) => [index.getInt32(at + 4), this.segment.baseOffset + index.getInt32(at)]);
    const times = entries(timeIndex, TimeIndex.ENTRY_BYTES, (at) => {
      return [this.segment.baseOffset + timeIndex.getInt32(at + 8), Number(timeIndex.getBigInt64(at))];
    });
    let [offset, time] = [offsets.next(), times.next()];
    let maxTimestamp = -1;
    const wrongOffset = ({ at }: Entry) => this.#found("index", at, "The entry names no batch.", REBUILT);
    const wrongTime = ({ at }: Entry) => this.#found("timeindex", at, "The entry's timestamp is not that of the batches.", REBUILT);
    const window = new Uint8Array(Math.min(WINDOW_BYTES, this.segment.size));
    for (const { position, batch } of this.segment.batches.allFrom(FIRST_BATCH, window)) {
      for (; !offset.done && offset.value.key <= position; offset = offsets.next()) {
        if (offset.value.key < position || offset.value.value !== batch.lastOffset) wrongOffset(offset.value);
      }
      for (; !time.done && time.value.key <= batch.lastOffset; time = times.next()) {
        const { key, value } = time.value;
        // Kafka names a record in the batch, older ones of it the last.
        if (key < batch.baseOffset || value !== batch.maxTimestamp || value <= maxTimestamp) wrongTime(time.value);
      }
      maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp);
    }
    for (; !offset.done; offset = offsets.next()) wrongOffset(offset.value);
    for (; !time.done; time = times.next()) wrongTime(time.value);
  }

  #checkAborted(index: DataView): void {
    const found = Array.from(entries(index, TransactionIndex.ENTRY_BYTES, (at) => [at, index.getInt16(at)]), ({ at }) => {
      const [producerId, firstOffset, lastOffset, lastStableOffset] = [2, 10, 18, 26].map((field) => Number(index.getBigInt64(at + field)));
      return { at, version: index.getInt16(at), producerId, firstOffset, lastOffset, lastStableOffset };
    });
    const right = [...this.segment.aborted() ?? []];
    const isRight = (entry: AbortedTransaction, at: number): boolean => {
      if (!this.circumstances.isComplete) return entry.firstOffset <= entry.lastOffset && entry.lastOffset >= this.segment.baseOffset;
      const { producerId, firstOffset, lastOffset, lastStableOffset } = right.at(at) ?? entry;
      return at < right.length && entry.producerId === producerId && entry.firstOffset === firstOffset && entry.lastOffset === lastOffset &&
        entry.lastStableOffset === lastStableOffset;
    };
    for (const [position, { at, version, ...entry }] of found.entries()) {
      if (version === 0 && isRight(entry, position)) continue;
      this.#found("txnindex", at, "The entry is not the transaction that the batches tell of.", REBUILT);
      return;
    }
    if (found.length >= right.length || !this.circumstances.isComplete) return;
    this.#found("txnindex", index.byteLength, `Of ${right.length} aborted transactions ${found.length} are in the index.`, REBUILT);
  }

  #checkExtent(kind: SegmentFile, index: DataView, extent: IndexExtent, entryBytes: number): void {
    const bytes = new Uint8Array(index.buffer, index.byteOffset, index.byteLength);
    const blockBytes = BLOCK_ENTRIES * entryBytes;
    const isRight = (crc: number, block: number): boolean => crc32c(bytes.subarray(block * blockBytes, (block + 1) * blockBytes)) === crc;
    if (bytes.length === extent.entries * entryBytes && extent.crcs.every(isRight)) return;
    this.#found(kind, null, "The index is not the one that the checkpoint tells of.", REBUILT);
  }

  #bytes(kind: SegmentFile): DataView {
    const bytes = readBytes(this.disk, this.#path(kind)) ?? new Uint8Array();
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #path(kind: SegmentFile): string {
    return `${this.directory}/${segmentFileName(this.segment.baseOffset, kind)}`;
  }

  #found(kind: SegmentFile, position: number | null, problem: string, repair: string): void {
    this.#findings.push({ path: this.#path(kind), position, problem, repair });
  }
}

interface Entry {
  readonly at: number;
  readonly key: number;
  readonly value: number;
}

/** The whole entries of an index, and what is left behind them as one that is nothing's. */
function* entries(index: DataView, size: number, read: (at: number) => readonly [number, number]): Generator<Entry, undefined, undefined> {
  const end = index.byteLength - index.byteLength % size;
  for (let at = 0; at < end; at += size) {
    const [key, value] = read(at);
    yield { at, key, value };
  }
  return undefined;
}
