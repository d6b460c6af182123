/** A producer's transaction, as its requests name it. */
export interface TransactionOfProducer {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** From this version of TxnOffsetCommit on the group's partition joins the transaction by it (transaction version 2, KIP-890). */
export const JOINS_TRANSACTION_VERSION = 5;

/** Asks the transaction coordinator about what a group is to commit in a transaction (KIP-890). */
export interface TransactionVerifier {
  /**
   * Ends, or settles, when the partition of `__consumer_offsets` is part of the producer's open transaction. `version` is that of TxnOffsetCommit. Throws `KafkaError` with
   * what the client is to be told.
   */
  verify(transaction: TransactionOfProducer, partition: number, version: number): void | Promise<void>;
}
