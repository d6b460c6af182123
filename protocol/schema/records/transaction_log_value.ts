import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 0,
  name: "TransactionLogValue",
  versions: "0-1",
  flexible: "1+",
  doc: "The state of a transactional id (KIP-98), in `__transaction_state`; no value at all removes it.",
  fields: {
    producerId: { type: "int64", versions: "0+", doc: "The producer id in use." },
    previousProducerId: {
      type: "int64",
      versions: "1+",
      tag: 0,
      default: -1,
      doc: "The producer id of the last transaction that ended, so that a repeated EndTxn is recognized (KIP-890); -1 for none.",
    },
    nextProducerId: {
      type: "int64",
      versions: "1+",
      tag: 1,
      default: -1,
      doc: "The producer id handed to the producer for its next transaction, where it changes as this one ends (KIP-890); -1 for none.",
    },
    producerEpoch: { type: "int16", versions: "0+", doc: "The epoch of `producerId`." },
    nextProducerEpoch: {
      type: "int16",
      versions: "1+",
      tag: 3,
      default: -1,
      doc: "The epoch of `nextProducerId` (KIP-939); -1 for none. Kafka 4.3.1 does not write it.",
    },
    transactionTimeoutMs: { type: "int32", versions: "0+", doc: "Milliseconds after which the coordinator aborts the transaction." },
    transactionStatus: {
      type: "int8",
      versions: "0+",
      doc:
        "0 EMPTY, 1 ONGOING, 2 PREPARE_COMMIT, 3 PREPARE_ABORT, 4 COMPLETE_COMMIT, 5 COMPLETE_ABORT, 6 DEAD, 7 PREPARE_EPOCH_FENCE (`TransactionState`); 6 and 7 are not stored.",
    },
    transactionPartitions: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      struct: "TransactionLogValuePartitions",
      doc: "The partitions the transaction writes to; null while EMPTY.",
      fields: {
        topic: { type: "string", versions: "0+", doc: "The topic's name." },
        partitionIds: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
      },
    },
    transactionLastUpdateTimestampMs: {
      type: "int64",
      versions: "0+",
      doc: "When the state last changed, in milliseconds since the epoch.",
    },
    transactionStartTimestampMs: {
      type: "int64",
      versions: "0+",
      doc: "When the transaction began, in milliseconds since the epoch; -1 when none has.",
    },
    clientTransactionVersion: {
      type: "int16",
      versions: "1+",
      tag: 2,
      doc: "0, 1 or 2: the level of `transaction.version` the producer works by (`TransactionVersion`, KIP-890).",
    },
  },
};
