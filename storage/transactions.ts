import { ControlRecordType, parseEndTransactionMarker, type RecordBatch } from "../protocol/records/mod.ts";
import type { Codecs } from "../protocol/records/mod.ts";

/** The marker by which a transaction coordinator ends a producer's transaction in a partition. */
export interface EndMarker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly committed: boolean;
  readonly coordinatorEpoch: number;
  /** Of the producer; with 2, or more, the marker has an epoch above that of the data (KIP-890). */
  readonly transactionVersion: number;
}

/** A transaction that a marker has ended in this partition. A marker of a producer that wrote nothing here ends none. */
export interface CompletedTransaction {
  readonly producerId: number;
  /** Of its first record. */
  readonly firstOffset: number;
  /** Of the marker. */
  readonly lastOffset: number;
  readonly isAborted: boolean;
}

/** What the index of aborted transactions has of one: {@link lastStableOffset} is what that was once the marker stood in the log (Kafka: `AbortedTxn`). */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly lastStableOffset: number;
}

/**
 * The transactions of a partition that are open, and those that a marker has ended but that are not visible yet: what comes behind the first record of any
 * of them is not stable. Kafka: `ongoingTxns` and `unreplicatedTxns` of `ProducerStateManager`.
 */
export class OpenTransactions {
  /** The offset of the first record of each, rising. */
  readonly #open: number[] = [];
  readonly #ended: CompletedTransaction[] = [];

  /** The first record of a transaction. They come in the order of their offsets. */
  begin(firstOffset: number): void {
    this.#open.push(firstOffset);
  }

  /** How many there are, open or not visible yet. */
  get size(): number {
    return this.#open.length + this.#ended.length;
  }

  /** A marker ends a transaction. Answers what the last stable offset is when it has become visible to those who see everything below `highWatermark`. */
  end(transaction: CompletedTransaction, highWatermark: number): number {
    const at = this.#open.indexOf(transaction.firstOffset);
    if (at >= 0) this.#open.splice(at, 1);
    this.#ended.push(transaction);
    this.#forgetVisible(highWatermark);
    return this.#open.at(0) ?? transaction.lastOffset + 1;
  }

  /** The offset of the first record whose fate is not known to those who see everything below `highWatermark`, or null. */
  firstUnstable(highWatermark: number): number | null {
    this.#forgetVisible(highWatermark);
    const first = this.#ended.reduce((least, { firstOffset }) => Math.min(least, firstOffset), this.#open.at(0) ?? Infinity);
    return first === Infinity ? null : first;
  }

  /** They have been ended in the order of their markers. */
  #forgetVisible(highWatermark: number): void {
    while (this.#ended.length > 0 && this.#ended[0].lastOffset < highWatermark) this.#ended.shift();
  }
}

/** How the control batch ends a transaction, or undefined where it is another control batch. */
export function markerOf(
  batch: RecordBatch,
  codecs: Codecs,
): { readonly isAborted: boolean; readonly coordinatorEpoch: number } | undefined {
  for (const { key, value } of batch.records(codecs)) {
    const marker = parseEndTransactionMarker(key, value);
    return marker && { isAborted: marker.type === ControlRecordType.ABORT, coordinatorEpoch: marker.coordinatorEpoch };
  }
  return undefined;
}
