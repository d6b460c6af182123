import { type Codecs, type RecordBatch } from "../protocol/records/mod.ts";
import { type AbortedTransaction, markerOf } from "./transactions.ts";

interface Aborted {
  readonly transaction: AbortedTransaction;
  /** Whether a batch of it is still there. */
  hasBatches: boolean;
}

/**
 * What a cleaner that goes through a log knows of its transactions: which batches were aborted, and which markers nobody needs any more. It is shown every batch,
 * in order, after the aborted transactions that may have a part in it. Kafka: `CleanedTransactionMetadata`.
 */
export class CleanedTransactions {
  /** Those that begin further on, by their first offset. */
  #ahead: AbortedTransaction[] = [];
  readonly #aborted = new Map<number, Aborted>();
  readonly #committed = new Set<number>();

  constructor(private readonly codecs: Codecs) {}

  /** Aborted transactions that have something in what comes next. One may be told of several times. */
  expect(transactions: Iterable<AbortedTransaction>): void {
    this.#ahead = [...this.#ahead, ...transactions].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Whether the batch was aborted: none of its records is to be kept. */
  isAborted(batch: RecordBatch): boolean {
    this.#beginUpTo(batch.lastOffset);
    if (!batch.isTransactional) return false;
    const aborted = this.#aborted.get(batch.producerId);
    if (aborted !== undefined) aborted.hasBatches = true;
    else this.#committed.add(batch.producerId);
    return aborted !== undefined;
  }

  /**
   * Whether nothing is left of the transaction that the control batch ends, so that it may go too. The other answer is the aborted transaction of which
   * the index has to tell, or null.
   */
  onControl(batch: RecordBatch): { readonly mayGo: boolean; readonly aborted: AbortedTransaction | null } {
    this.#beginUpTo(batch.lastOffset);
    if (batch.recordCount === 0) return { mayGo: true, aborted: null };
    const marker = markerOf(batch, this.codecs);
    if (marker === undefined) return { mayGo: false, aborted: null };
    const { producerId } = batch;
    if (!marker.isAborted) return { mayGo: !this.#committed.delete(producerId), aborted: null };
    const aborted = this.#aborted.get(producerId);
    this.#aborted.delete(producerId);
    return aborted?.hasBatches ? { mayGo: false, aborted: aborted.transaction } : { mayGo: true, aborted: null };
  }

  #beginUpTo(offset: number): void {
    while (this.#ahead.length > 0 && this.#ahead[0].firstOffset <= offset) {
      const transaction = this.#ahead.shift()!;
      const { producerId } = transaction;
      if (!this.#aborted.has(producerId)) this.#aborted.set(producerId, { transaction, hasBatches: false });
    }
  }
}
