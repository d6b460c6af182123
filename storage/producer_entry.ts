/** An appended batch of a producer. */
export interface BatchMetadata {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly timestamp: number;
}

/** What a log knows of one producer id: its epoch and the last batches of that epoch, oldest first. Not changed once made. */
export interface ProducerEntry {
  readonly epoch: number;
  readonly batches: readonly BatchMetadata[];
  /** The largest timestamp of its last batch, marker or data, and where that stands. */
  readonly timestamp: number;
  readonly offset: number;
  /** The first offset of its open transaction, or -1. */
  readonly transactionStart: number;
  /** Of the transaction coordinator that wrote its last marker, or -1. */
  readonly coordinatorEpoch: number;
  /** When it wrote last, on the monotonic clock. */
  readonly wroteAt: number;
}
