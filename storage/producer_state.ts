import type { Clock } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { type Codecs, NO_PRODUCER_EPOCH, NO_SEQUENCE, NO_TIMESTAMP, type RecordBatch, RecordsError } from "../protocol/records/mod.ts";
import type { LogCheckpoint } from "./checkpoint.ts";
import type { BatchMetadata, ProducerEntry } from "./producer_entry.ts";
import type { ProducerSnapshotEntry } from "./producer_snapshot.ts";
import { type AbortedTransaction, type CompletedTransaction, markerOf, OpenTransactions } from "./transactions.ts";

/** Kafka's `ProducerStateEntry.NUM_BATCHES_TO_RETAIN`: a client may have five requests in flight, and retry any of them. */
const BATCHES_TO_RETAIN = 5;
const MAX_SEQUENCE = 0x7fffffff;
const NO_TRANSACTION = -1;

const nobody: ProducerEntry = {
  epoch: NO_PRODUCER_EPOCH,
  batches: [],
  timestamp: NO_TIMESTAMP,
  offset: -1,
  transactionStart: NO_TRANSACTION,
  coordinatorEpoch: -1,
  wroteAt: 0,
};

/**
 * The idempotent producers of a partition (KIP-98; Kafka's `ProducerStateManager`, `ProducerAppendInfo`). An append is first checked, which
 * changes nothing, and noted once it stands in the log. All of it can be rebuilt from the headers of the batches.
 */
export class ProducerState {
  readonly #entries = new Map<number, ProducerEntry>();
  readonly #transactions = new OpenTransactions();

  constructor(private readonly clock: Clock, private readonly codecs: Codecs) {}

  /** The offset of the first record of a transaction whose fate is not known below `highWatermark`, or null. */
  firstUnstableOffset(highWatermark: number): number | null {
    return this.#transactions.firstUnstable(highWatermark);
  }

  /** The batch of the log that `batch` repeats, if it is among the last five of its producer. */
  duplicateOf(batch: RecordBatch): BatchMetadata | undefined {
    const entry = this.#entries.get(batch.producerId);
    if (entry === undefined || entry.epoch !== batch.producerEpoch) return undefined;
    const { baseSequence, lastSequence } = batch;
    return entry.batches.find((known) => known.firstSequence === baseSequence && known.lastSequence === lastSequence);
  }

  /**
   * Checks a client's batch against what its producer wrote before. Throws {@link RecordsError} with INVALID_PRODUCER_EPOCH,
   * OUT_OF_ORDER_SEQUENCE_NUMBER or, as there are no transactions, INVALID_TXN_STATE. A producer that the log does not know may
   * begin with any sequence, since its records may have been deleted.
   */
  check(batch: RecordBatch): void {
    if (batch.isTransactional) throw new RecordsError(ErrorCode.INVALID_TXN_STATE, "No transaction is open on the partition.");
    if (!batch.hasProducerId) return;
    const { producerId, producerEpoch, baseSequence } = batch;
    const entry = this.#entries.get(producerId);
    const latest = entry?.epoch ?? NO_PRODUCER_EPOCH;
    if (producerEpoch < latest) {
      const message = `Producer ${producerId} came with epoch ${producerEpoch}, its latest is ${latest}.`;
      throw new RecordsError(ErrorCode.INVALID_PRODUCER_EPOCH, message);
    }
    if (entry === undefined) return;
    const last = entry.batches.at(-1)?.lastSequence ?? NO_SEQUENCE;
    const expected = producerEpoch !== entry.epoch || last === MAX_SEQUENCE ? 0 : last + 1;
    if (baseSequence !== expected && entry.epoch !== NO_PRODUCER_EPOCH) {
      const message = `Producer ${producerId} with epoch ${producerEpoch} came with sequence ${baseSequence} instead of ${expected}.`;
      throw new RecordsError(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, message);
    }
  }

  /** Notes a batch that has just been written, its offsets assigned. Answers the transaction that it aborts, if it does. */
  note(batch: RecordBatch): AbortedTransaction | null {
    return this.#note(batch, this.clock.monotonic());
  }

  /** Notes a batch that was written before the log was opened: nobody knows when, so that its timestamp, which the client said, has to do (see {@link wroteLately}). */
  noteOld(batch: RecordBatch): AbortedTransaction | null {
    return this.#note(batch, this.#sometime(batch.maxTimestamp));
  }

  /** Producers whose last batch stands at `from` or behind may still repeat one: they count as having written now. Kafka goes by timestamps alone. */
  wroteLately(from: number): void {
    const wroteAt = this.clock.monotonic();
    for (const [producerId, entry] of this.#entries) if (entry.offset >= from) this.#entries.set(producerId, { ...entry, wroteAt });
  }

  /** Takes over what a snapshot says, as of producers that wrote when their timestamps say. */
  restore(entries: readonly ProducerSnapshotEntry[]): void {
    for (const { producerId, epoch, lastSequence, lastOffset, offsetDelta, timestamp, ...rest } of entries) {
      const last: BatchMetadata = {
        firstSequence: decrementSequence(lastSequence, offsetDelta),
        lastSequence,
        firstOffset: lastOffset - offsetDelta,
        lastOffset,
        timestamp,
      };
      const batches = lastOffset < 0 ? [] : [last];
      this.#entries.set(producerId, { epoch, batches, timestamp, offset: lastOffset, ...rest, wroteAt: this.#sometime(timestamp) });
    }
    this.#findTransactions();
  }

  /** What is known of each, by id. */
  get entries(): ReadonlyMap<number, ProducerEntry> {
    return this.#entries;
  }

  /** What a checkpoint is to say. */
  checkpoint(): (readonly [number, Omit<ProducerEntry, "wroteAt">])[] {
    return Array.from(this.#entries, ([producerId, { wroteAt: _, ...entry }]) => [producerId, entry]);
  }

  /** Takes over what a checkpoint says, as of producers that wrote when their timestamps say. */
  resume(entries: LogCheckpoint["producers"]): void {
    for (const [producerId, entry] of entries) this.#entries.set(producerId, { ...entry, wroteAt: this.#sometime(entry.timestamp) });
    this.#findTransactions();
  }

  /** What a snapshot is to say. */
  snapshot(): ProducerSnapshotEntry[] {
    return Array.from(this.#entries, ([producerId, { epoch, batches, timestamp, transactionStart, coordinatorEpoch }]) => {
      const known = { producerId, epoch, timestamp, transactionStart, coordinatorEpoch };
      const last = batches.at(-1);
      if (last === undefined) return { ...known, lastSequence: NO_SEQUENCE, lastOffset: -1, offsetDelta: 0 };
      const { lastSequence, lastOffset, firstOffset } = last;
      return { ...known, lastSequence, lastOffset, offsetDelta: lastOffset - firstOffset };
    });
  }

  /** Forgets producers without an open transaction that have written nothing for `expirationMs`. A clock that is set does not matter, other than in Kafka. */
  removeExpired(expirationMs: number): void {
    const now = this.clock.monotonic();
    for (const [producerId, { wroteAt, transactionStart }] of this.#entries) {
      if (transactionStart === NO_TRANSACTION && now - wroteAt >= expirationMs) this.#entries.delete(producerId);
    }
  }

  #note(batch: RecordBatch, wroteAt: number): AbortedTransaction | null {
    const { producerId, producerEpoch: epoch, maxTimestamp: timestamp, baseOffset } = batch;
    const known = this.#entries.get(producerId) ?? nobody;
    const before = known.epoch === epoch ? known.batches : [];
    const entry = { ...known, epoch, timestamp, offset: baseOffset, wroteAt };
    if (batch.isControl) {
      // A marker ends a transaction and may raise the epoch; it has no sequence.
      const marker = markerOf(batch, this.codecs);
      if (marker === undefined) return null;
      const { coordinatorEpoch, isAborted } = marker;
      this.#entries.set(producerId, { ...entry, batches: before, transactionStart: NO_TRANSACTION, coordinatorEpoch });
      return this.#end({ producerId, firstOffset: known.transactionStart, lastOffset: batch.lastOffset, isAborted });
    }
    const begins = batch.isTransactional && known.transactionStart === NO_TRANSACTION;
    if (begins) this.#transactions.begin(producerId, baseOffset);
    const batches = [...before.slice(1 - BATCHES_TO_RETAIN), metadataOf(batch)];
    this.#entries.set(producerId, { ...entry, batches, transactionStart: begins ? baseOffset : known.transactionStart });
    return null;
  }

  #end(transaction: CompletedTransaction): AbortedTransaction | null {
    const { producerId, firstOffset, lastOffset, isAborted } = transaction;
    if (firstOffset === NO_TRANSACTION) return null;
    const lastStableOffset = this.#transactions.end(transaction);
    return isAborted ? { producerId, firstOffset, lastOffset, lastStableOffset } : null;
  }

  #findTransactions(): void {
    const open = [...this.#entries].filter(([, { transactionStart }]) => transactionStart !== NO_TRANSACTION);
    open.sort(([, a], [, b]) => a.transactionStart - b.transactionStart);
    for (const [producerId, { transactionStart }] of open) this.#transactions.begin(producerId, transactionStart);
  }

  /** A time of the wall clock on the monotonic one; the future is now. */
  #sometime(timestamp: number): number {
    return this.clock.monotonic() - Math.max(0, this.clock.now() - timestamp);
  }
}

function metadataOf({ baseSequence, lastSequence, baseOffset, lastOffset, maxTimestamp }: RecordBatch): BatchMetadata {
  return { firstSequence: baseSequence, lastSequence, firstOffset: baseOffset, lastOffset, timestamp: maxTimestamp };
}

/** The sequence number `count` before `sequence` (`DefaultRecordBatch.decrementSequence`). */
function decrementSequence(sequence: number, count: number): number {
  return sequence < count ? MAX_SEQUENCE - (count - sequence) + 1 : sequence - count;
}
