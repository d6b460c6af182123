import type { Clock } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { type Codecs, NO_PRODUCER_EPOCH, NO_SEQUENCE, NO_TIMESTAMP, type RecordBatch, RecordsError } from "../protocol/records/mod.ts";
import type { LogCheckpoint } from "./checkpoint.ts";
import type { BatchMetadata, ProducerEntry } from "./producer_entry.ts";
import type { ProducerSnapshotEntry } from "./producer_snapshot.ts";
import { type AbortedTransaction, type CompletedTransaction, type EndMarker, markerOf, OpenTransactions } from "./transactions.ts";
import { type ProducerBatch, type VerificationGuard, Verifications } from "./verifications.ts";

/** Kafka's `ProducerStateEntry.NUM_BATCHES_TO_RETAIN`: a client may have five requests in flight, and retry any of them. */
const BATCHES_TO_RETAIN = 5;
const MAX_SEQUENCE = 0x7fffffff;
const NO_TRANSACTION = -1;
const MAX_EPOCH = 0x7fff;
/** The transaction version from which on each transaction has an epoch of its own (KIP-890). */
const EPOCH_BUMP_VERSION = 2;

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
  /** Most partitions have none ever. */
  #verifications: Verifications | null = null;

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
   * To be called before the transaction coordinator is asked whether the batch is of a transaction that goes on; the answer is for the append, null where
   * the partition knows that already. Throws {@link RecordsError} with INVALID_PRODUCER_EPOCH. Kafka: `UnifiedLog.maybeStartTransactionVerification`.
   */
  startVerification(batch: ProducerBatch, supportsEpochBump: boolean): VerificationGuard | null {
    const entry = this.#entries.get(batch.producerId) ?? nobody;
    checkEpoch(batch, entry);
    if (isInTransaction(entry, batch.producerEpoch)) return null;
    return (this.#verifications ??= new Verifications()).start(batch, supportsEpochBump, this.clock.monotonic());
  }

  /**
   * Checks a batch, not a marker, against what its producer wrote before. Throws {@link RecordsError} with INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER,
   * or INVALID_TXN_STATE for a batch that would begin a transaction and has not been verified, or that is not part of the one that is open. A producer that the log does not know may begin with any sequence,
   * since its records may have been deleted. Coordinators have no sequences.
   */
  check(batch: RecordBatch, origin: "client" | "coordinator", verification: VerificationGuard | null): void {
    if (!batch.hasProducerId) return;
    const { producerId, producerEpoch, isTransactional } = batch;
    const entry = this.#entries.get(producerId) ?? nobody;
    checkEpoch(batch, entry);
    if (isTransactional && !isInTransaction(entry, producerEpoch)) {
      const guard = this.#verifications?.get(producerId);
      if (guard === undefined || guard !== verification) {
        throw new RecordsError(
          ErrorCode.INVALID_TXN_STATE,
          `Producer ${producerId} has no transaction that the coordinator knows of here.`,
        );
      }
    }
    if (origin === "client") this.#checkSequence(batch, entry);
    if (!isTransactional && entry.transactionStart !== NO_TRANSACTION) {
      throw new RecordsError(ErrorCode.INVALID_TXN_STATE, `Producer ${producerId} has a transaction open, of which the batch is not part.`);
    }
  }

  /**
   * Checks a marker against what its producer wrote before. With transaction version 2 every transaction has an epoch of its own, which its marker raises; the
   * same marker may come again once it is done. Throws {@link RecordsError} with INVALID_PRODUCER_EPOCH, or TRANSACTION_COORDINATOR_FENCED where a newer coordinator has
   * written a marker. Kafka: `ProducerAppendInfo.appendEndTxnMarker`.
   */
  checkEndMarker({ producerId, producerEpoch, coordinatorEpoch, transactionVersion }: EndMarker): void {
    const entry = this.#entries.get(producerId) ?? nobody;
    const isAgain = producerEpoch === entry.epoch && (entry.transactionStart === NO_TRANSACTION || producerEpoch === MAX_EPOCH);
    if (transactionVersion < EPOCH_BUMP_VERSION || isAgain) checkEpoch({ producerId, producerEpoch }, entry);
    else checkEpoch({ producerId, producerEpoch: producerEpoch - 1 }, entry);
    if (coordinatorEpoch < entry.coordinatorEpoch) {
      const message =
        `A marker for producer ${producerId} of coordinator epoch ${coordinatorEpoch} came after one of ${entry.coordinatorEpoch}.`;
      throw new RecordsError(ErrorCode.TRANSACTION_COORDINATOR_FENCED, message);
    }
  }

  /**
   * Notes a batch that has just been written, its offsets assigned, and the high watermark behind which it may stand. Answers the transaction that it aborts, if
   * it does.
   */
  note(batch: RecordBatch, highWatermark: number): AbortedTransaction | null {
    return this.#note(batch, this.clock.monotonic(), highWatermark);
  }

  /** Notes a batch that was written before the log was opened: nobody knows when, so that its timestamp, which the client said, has to do (see {@link wroteLately}). */
  noteOld(batch: RecordBatch): AbortedTransaction | null {
    return this.#note(batch, this.#sometime(batch.maxTimestamp), 0);
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
        firstSequence: lastSequence === NO_SEQUENCE ? NO_SEQUENCE : decrementSequence(lastSequence, offsetDelta),
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
    this.#verifications?.removeStartedBefore(now - expirationMs);
  }

  #checkSequence({ producerId, producerEpoch, baseSequence }: RecordBatch, { epoch, batches }: ProducerEntry): void {
    const guard = this.#verifications?.get(producerId);
    const last = batches.at(-1)?.lastSequence ?? NO_SEQUENCE;
    const expected = producerEpoch !== epoch || last === MAX_SEQUENCE ? 0 : last + 1;
    const isAhead = guard !== undefined && baseSequence > guard.lowestSequence;
    const beginsLate = guard !== undefined && guard.supportsEpochBump && baseSequence !== 0 && batches.length === 0;
    if (isAhead || beginsLate || (baseSequence !== expected && epoch !== NO_PRODUCER_EPOCH)) {
      const message = `Producer ${producerId} with epoch ${producerEpoch} came with sequence ${baseSequence} instead of ${
        isAhead ? guard.lowestSequence : expected
      }.`;
      throw new RecordsError(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, message);
    }
  }

  #note(batch: RecordBatch, wroteAt: number, highWatermark: number): AbortedTransaction | null {
    const { producerId, producerEpoch: epoch, maxTimestamp: timestamp, baseOffset } = batch;
    if (batch.isTransactional) this.#verifications?.written(batch);
    const known = this.#entries.get(producerId) ?? nobody;
    const before = known.epoch === epoch ? known.batches : [];
    const written = { epoch, timestamp, offset: baseOffset, wroteAt };
    if (batch.isControl) {
      // A marker ends a transaction and may raise the epoch; it has no sequence.
      const marker = markerOf(batch, this.codecs);
      if (marker === undefined) return null;
      const { coordinatorEpoch, isAborted } = marker;
      this.#entries.set(producerId, { ...written, batches: before, transactionStart: NO_TRANSACTION, coordinatorEpoch });
      return this.#end({ producerId, firstOffset: known.transactionStart, lastOffset: batch.lastOffset, isAborted }, highWatermark);
    }
    const begins = batch.isTransactional && known.transactionStart === NO_TRANSACTION;
    if (begins) this.#transactions.begin(baseOffset);
    const batches = [...before.slice(1 - BATCHES_TO_RETAIN), metadataOf(batch)];
    const transactionStart = begins ? baseOffset : known.transactionStart;
    this.#entries.set(producerId, { ...written, batches, transactionStart, coordinatorEpoch: known.coordinatorEpoch });
    return null;
  }

  #end(transaction: CompletedTransaction, highWatermark: number): AbortedTransaction | null {
    const { producerId, firstOffset, lastOffset, isAborted } = transaction;
    if (firstOffset === NO_TRANSACTION) return null;
    const lastStableOffset = this.#transactions.end(transaction, highWatermark);
    return isAborted ? { producerId, firstOffset, lastOffset, lastStableOffset } : null;
  }

  #findTransactions(): void {
    const starts = Array.from(this.#entries.values(), ({ transactionStart }) => transactionStart);
    const open = starts.filter((start) => start !== NO_TRANSACTION).sort((a, b) => a - b);
    for (const start of open) this.#transactions.begin(start);
  }

  /** A time of the wall clock on the monotonic one; the future is now. */
  #sometime(timestamp: number): number {
    return this.clock.monotonic() - Math.max(0, this.clock.now() - timestamp);
  }
}

function checkEpoch({ producerId, producerEpoch }: Pick<RecordBatch, "producerId" | "producerEpoch">, { epoch }: ProducerEntry): void {
  if (producerEpoch >= epoch) return;
  throw new RecordsError(
    ErrorCode.INVALID_PRODUCER_EPOCH,
    `Producer ${producerId} came with epoch ${producerEpoch}, its latest is ${epoch}.`,
  );
}

function isInTransaction({ epoch, transactionStart }: ProducerEntry, producerEpoch: number): boolean {
  return transactionStart !== NO_TRANSACTION && epoch === producerEpoch;
}

function metadataOf({ baseSequence, lastSequence, baseOffset, lastOffset, maxTimestamp }: RecordBatch): BatchMetadata {
  return { firstSequence: baseSequence, lastSequence, firstOffset: baseOffset, lastOffset, timestamp: maxTimestamp };
}

/** The sequence number `count` before `sequence` (`DefaultRecordBatch.decrementSequence`). */
function decrementSequence(sequence: number, count: number): number {
  return sequence < count ? MAX_SEQUENCE - (count - sequence) + 1 : sequence - count;
}
