import { ErrorCode } from "../protocol/errors.ts";
import { NO_TIMESTAMP, type RecordBatch, RecordsError } from "../protocol/records/mod.ts";
import type { LogCheckpoint } from "./checkpoint.ts";
import type { StorageEnvironment } from "./environment.ts";
import { LeaderEpochs } from "./leader_epochs.ts";
import { checkpointOf } from "./log_scan.ts";
import { ProducerState } from "./producer_state.ts";
import type { BatchPosition } from "./file_records.ts";
import type { Segment } from "./segment.ts";
import { FIRST_BATCH } from "./sparse_index.ts";
import { StorageError } from "./storage_error.ts";
import { findByTimestamp, findMaxTimestamp, type TimestampAndOffset } from "./timestamp_lookup.ts";
import type { AbortedTransaction } from "./transactions.ts";

const REPLAY_WINDOW_BYTES = 1 << 20;

export interface ReadOptions {
  /** Whether a first batch larger than `maxBytes` is answered all the same (KIP-74). */
  readonly minOneBatch: boolean;
  /** Nothing from this offset on is answered. */
  readonly upTo: number;
}

/** Batches of a log as Fetch answers them; the last one may be cut off. */
export interface LogRecords {
  readonly byteLength: number;
  /** An offset that what follows in the log does not fall below. */
  readonly upperOffset: number;
  copyInto(target: Uint8Array): void;
}

export const noRecords: LogRecords = { byteLength: 0, upperOffset: 0, copyInto() {} };

/** The segments of a log, the oldest first, and what is looked for in them (Kafka's `LogSegments`). Methods throw `DiskError` and {@link StorageError}. */
export class LogSegments {
  /** @param list is changed by whoever has it */
  constructor(
    readonly list: Segment[],
    readonly epochs: LeaderEpochs,
    private readonly env: Pick<StorageEnvironment, "clock" | "compression">,
  ) {}

  /** The newest, which grows. */
  get active(): Segment | undefined {
    return this.list.at(-1);
  }

  /** Whether any has damage that somebody has come across since it was opened. */
  get areDamaged(): boolean {
    return this.list.some(({ isDamaged }) => isDamaged);
  }

  /** Bytes of all. */
  get sizeInBytes(): number {
    return this.list.reduce((sum, { size }) => sum + size, 0);
  }

  /** The largest timestamp of all batches, or -1. */
  get maxTimestamp(): number {
    return this.list.reduce((max, segment) => Math.max(max, segment.maxTimestamp), NO_TIMESTAMP);
  }

  /** Those that reach from `from` up to `to`, the first of which may begin before (Kafka: `LogSegments.values`). */
  between(from: number, to: number): Segment[] {
    const end = this.list.findIndex(({ baseOffset }) => baseOffset >= to);
    return from >= to ? [] : this.list.slice(this.#indexOf(from), end < 0 ? this.list.length : end);
  }

  /** The batches from the one that holds `offset` on, up to `maxBytes`; none where the first one does not fit. */
  read(offset: number, maxBytes: number, options: ReadOptions): LogRecords {
    for (let index = this.#indexOf(offset); index < this.list.length; index++) {
      const segment = this.list[index];
      const first = segment.batches.find(offset);
      if (first !== null) return slice(segment, first, maxBytes, options);
      checkNext(segment, this.list[index + 1]);
    }
    return noRecords;
  }

  /** The batches from the one that holds `offset` on, for replay: all of them, or a {@link StorageError}. Each is a view that the next step overwrites. */
  *batchesFrom(offset: number): Generator<RecordBatch, void, void> {
    const from = this.#indexOf(offset);
    // Of fifty partitions of groups most are empty as a rule, and all are read at once.
    const largest = Math.max(0, ...this.list.slice(from).map(({ size }) => size));
    const window = new Uint8Array(Math.min(REPLAY_WINDOW_BYTES, largest));
    // Whoever reads may take his time: compaction puts others in the segments' place meanwhile.
    let done: Segment | undefined;
    for (let next = offset;;) {
      const index = this.#indexOf(next);
      const segment = this.list[this.list[index] === done ? index + 1 : index];
      if (segment === undefined) return;
      const first = findForReplay(segment, next);
      if (first !== null) {
        const cursor = segment.batches.cursorFrom(first, window);
        while (cursor.next() && cursor.whole().isValid()) yield cursor.batch;
        if (cursor.position < segment.size || segment.lacksEnd) throw new StorageError(`${segment.path} is damaged at ${cursor.position}.`);
      }
      next = Math.max(next, segment.nextOffset);
      done = segment;
    }
  }

  /** The first record, from `startOffset` on, whose timestamp is at least `timestamp`, or null. */
  findByTimestamp(timestamp: number, startOffset: number): TimestampAndOffset | null {
    return findByTimestamp(this.list, timestamp, startOffset, this.env.compression);
  }

  /** The first record with the largest timestamp (KIP-734), or null without any. */
  findMaxTimestamp(): TimestampAndOffset | null {
    return findMaxTimestamp(this.list, this.env.compression);
  }

  /**
   * The aborted transactions that have records, or their markers, from `offset` up to `upperOffset`, in the order of the markers.
   * Kafka: `LocalLog.collectAbortedTransactions`.
   */
  abortedTransactions(offset: number, upperOffset: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    for (let index = this.#indexOf(offset); index < this.list.length; index++) {
      for (const transaction of this.list[index].aborted() ?? this.#findAborted(index)) {
        if (transaction.lastOffset >= offset && transaction.firstOffset < upperOffset) found.push(transaction);
        if (transaction.lastStableOffset >= upperOffset) return found;
      }
    }
    return found;
  }

  /** What a checkpoint beside the segment, which grows no more, says or should say. */
  checkpointOf(segment: Segment): LogCheckpoint {
    const checkpoint = segment.readCheckpoint();
    if (checkpoint?.segment.size === segment.size) return checkpoint;
    const { epochs, producers } = this.#replay(this.list.indexOf(segment));
    return checkpointOf(segment, segment.nextOffset, epochs, producers);
  }

  #findAborted(index: number): readonly AbortedTransaction[] {
    const { aborted } = this.#replay(index);
    this.list[index].setAborted(aborted);
    return aborted;
  }

  /** Reads a segment again, and those before it back to the last checkpoint that tells what was open. For files that somebody has damaged. */
  #replay(index: number): { epochs: LeaderEpochs; producers: ProducerState; aborted: AbortedTransaction[] } {
    const producers = new ProducerState(this.env.clock, this.env.compression);
    let epochs = new LeaderEpochs();
    let from = index;
    for (; from > 0; from--) {
      const before = this.list[from - 1];
      const checkpoint = before.readCheckpoint();
      if (checkpoint?.segment.size !== before.size) continue;
      producers.resume(checkpoint.producers);
      epochs = new LeaderEpochs(checkpoint.epochs);
      break;
    }
    let aborted: AbortedTransaction[] = [];
    for (; from <= index; from++) {
      aborted = [];
      const window = new Uint8Array(Math.min(REPLAY_WINDOW_BYTES, this.list[from].size));
      for (const cursor of this.list[from].batches.allFrom(FIRST_BATCH, window)) {
        const { partitionLeaderEpoch, baseOffset, hasProducerId } = cursor.batch;
        if (partitionLeaderEpoch > epochs.latest) epochs.assign(partitionLeaderEpoch, baseOffset);
        const transaction = hasProducerId ? producers.noteOld(cursor.whole()) : null;
        if (transaction !== null) aborted.push(transaction);
      }
    }
    return { epochs, producers, aborted };
  }

  /** Which segment `offset` belongs into: the last that begins at or before it. 0 if there is none. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.list[middle].baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function findForReplay(segment: Segment, offset: number): BatchPosition | null {
  try {
    return segment.batches.find(offset);
  } catch (cause) {
    if (cause instanceof RecordsError) throw new StorageError(cause.message, { cause });
    throw cause;
  }
}

/** Offsets that are in no segment were lost with one, and are not to be skipped. */
function checkNext(segment: Segment, next: Segment | undefined): void {
  if (next === undefined || segment.nextOffset === next.baseOffset) return;
  const message = `${segment.path} ends at ${segment.nextOffset}, and what follows begins at ${next.baseOffset}: something is missing.`;
  throw new RecordsError(ErrorCode.CORRUPT_MESSAGE, message);
}

function slice(segment: Segment, first: BatchPosition, maxBytes: number, { minOneBatch, upTo }: ReadOptions): LogRecords {
  const { position, size: firstSize } = first;
  if (firstSize > maxBytes && !minOneBatch) return noRecords;
  const end = upTo >= segment.nextOffset ? segment.size : segment.batches.find(upTo)?.position ?? segment.size;
  const byteLength = Math.min(Math.min(end, segment.batches.goodEnd(position)) - position, Math.max(maxBytes, firstSize));
  return byteLength <= 0 ? noRecords : segment.batches.slice(first, byteLength);
}
