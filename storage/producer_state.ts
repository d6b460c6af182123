import { ErrorCode } from "../protocol/errors.ts";
import { NO_PRODUCER_EPOCH, NO_SEQUENCE, type RecordBatch, RecordsError } from "../protocol/records/mod.ts";

/** Kafka's `ProducerStateEntry.NUM_BATCHES_TO_RETAIN`: a client may have five requests in flight, and retry any of them. */
const BATCHES_TO_RETAIN = 5;
const MAX_SEQUENCE = 0x7fffffff;

/** An appended batch of a producer. */
export interface BatchMetadata {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly timestamp: number;
}

/** What a log knows of one producer id: its epoch and the last batches of that epoch, oldest first. Not changed once made. */
interface ProducerEntry {
  readonly epoch: number;
  readonly batches: readonly BatchMetadata[];
}

/**
 * The idempotent producers of a partition (KIP-98; Kafka's `ProducerStateManager`, `ProducerAppendInfo`). An append is first checked, which
 * changes nothing, and noted once it stands in the log. All of it can be rebuilt from the headers of the batches.
 */
export class ProducerState {
  readonly #entries = new Map<number, ProducerEntry>();

  get count(): number {
    return this.#entries.size;
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
    const entry = this.#entries.get(batch.producerId);
    if (entry === undefined) return;
    const { producerId, producerEpoch, baseSequence } = batch;
    if (producerEpoch < entry.epoch) {
      const message = `Producer ${producerId} came with epoch ${producerEpoch}, its latest is ${entry.epoch}.`;
      throw new RecordsError(ErrorCode.INVALID_PRODUCER_EPOCH, message);
    }
    const last = entry.batches.at(-1)?.lastSequence ?? NO_SEQUENCE;
    const expected = producerEpoch !== entry.epoch || last === MAX_SEQUENCE ? 0 : last + 1;
    if (baseSequence !== expected && entry.epoch !== NO_PRODUCER_EPOCH) {
      const message = `Producer ${producerId} with epoch ${producerEpoch} came with sequence ${baseSequence} instead of ${expected}.`;
      throw new RecordsError(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, message);
    }
  }

  /** Notes a batch that stands in the log, its offsets assigned. */
  note(batch: RecordBatch): void {
    const { producerId, producerEpoch } = batch;
    const known = this.#entries.get(producerId);
    const before = known?.epoch === producerEpoch ? known.batches : [];
    // A marker ends a transaction and may raise the epoch; it has no sequence.
    if (batch.isControl) return void this.#entries.set(producerId, { epoch: producerEpoch, batches: before });
    const added: BatchMetadata = {
      firstSequence: batch.baseSequence,
      lastSequence: batch.lastSequence,
      firstOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      timestamp: batch.maxTimestamp,
    };
    this.#entries.set(producerId, { epoch: producerEpoch, batches: [...before.slice(1 - BATCHES_TO_RETAIN), added] });
  }
}
