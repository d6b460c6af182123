import type { EndMarker, VerificationGuard } from "../../storage/mod.ts";
import type { KeyValue } from "./shard.ts";

/** The log that a shard's records are kept in, as far as the runtime knows it: the broker passes a partition, tests an array. */
export interface ShardLog {
  /** Whether as many replicas are in sync as what is written must have. It is for whoever appends to ask. */
  readonly hasEnoughReplicas: boolean;
  /** Everything from the log's start to its end. Asked for again when a shard is dropped. */
  batches(): Iterable<LoggedBatch> | AsyncIterable<LoggedBatch>;
  /**
   * Appends the records as one batch and answers the offset of the first. Throws when nothing was appended, for a batch of a transaction also `RecordsError`,
   * which says that the log is sound and does not take it.
   */
  append(records: readonly KeyValue[], transaction: ShardTransaction | null): number;
  /** Appends the marker and answers its offset. Throws as {@link append} does. */
  appendEndMarker(marker: EndMarker): number;
  /** For {@link ShardTransaction.verification}. Throws `RecordsError` for an old epoch. Kafka: `PartitionWriter.maybeStartTransactionVerification`. */
  startVerification(producerId: number, producerEpoch: number, supportsEpochBump: boolean): VerificationGuard | null;
  /** Settles once everything that was appended before this call is as durable as the mode promises; null where it is by now. */
  durable(): Promise<void> | null;
}

/** Whose transaction a batch is part of. */
export interface ShardTransaction {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** What {@link ShardLog.startVerification} gave, once the transaction coordinator has agreed. */
  readonly verification: VerificationGuard | null;
}

/** A batch of records, or the marker that ends a transaction. */
export interface LoggedBatch {
  /** The producer of a transaction, or -1. */
  readonly producerId: number;
  /** None in a marker, or in a batch of which compaction has left none. */
  readonly records: readonly LoggedRecord[];
  readonly end: "commit" | "abort" | null;
  readonly lastOffset: number;
}

/** A record and where it stands. Its bytes may be a view that is overwritten when the next batch is asked for. */
export interface LoggedRecord extends KeyValue {
  readonly offset: number;
}
