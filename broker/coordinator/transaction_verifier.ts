/** A producer's transaction, as its requests name it. */
export interface TransactionOfProducer {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** Asks the transaction coordinator about what comes to a partition in a transaction (KIP-890). Kafka: `AddPartitionsToTxnManager`. */
export interface TransactionVerifier {
  /**
   * Settles when the partition is part of the producer's open transaction, which with `adds` it becomes, and with it the transaction perhaps begins. Throws `KafkaError` with
   * what the client is to be told.
   */
  verify(transaction: TransactionOfProducer, topic: string, partition: number, adds: boolean): Promise<void>;
}
