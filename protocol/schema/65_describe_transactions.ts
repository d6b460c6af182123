import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 65,
  name: "DescribeTransactions",
  versions: "0",
  flexible: "0+",
  doc: "Tells the state of transactions, for the coordinator asked (KIP-664).",
  request: {
    transactionalIds: { type: "[]string", versions: "0+", doc: "The transactional ids; none is no result." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    transactionStates: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeTransactionsState",
      doc: "The state, by transactional id.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0. TRANSACTIONAL_ID_NOT_FOUND where the coordinator knows none." },
        transactionalId: { type: "string", versions: "0+", doc: "The transactional id." },
        transactionState: {
          type: "string",
          versions: "0+",
          doc:
            "`Empty`, `Ongoing`, `PrepareCommit`, `PrepareAbort`, `CompleteCommit`, `CompleteAbort` or `PrepareEpochFence` (`TransactionState`).",
        },
        transactionTimeoutMs: {
          type: "int32",
          versions: "0+",
          doc: "Milliseconds until the coordinator aborts a transaction that was left open.",
        },
        transactionStartTimeMs: {
          type: "int64",
          versions: "0+",
          doc: "When the transaction began, in milliseconds since the epoch; -1 for none.",
        },
        producerId: { type: "int64", versions: "0+", doc: "The producer's id under this transactional id." },
        producerEpoch: { type: "int16", versions: "0+", doc: "The producer's epoch." },
        topics: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribeTransactionsTopicData",
          doc: "The partitions in the transaction, by topic; once it is being ended, only those whose marker is not written yet.",
          fields: {
            topic: { type: "string", versions: "0+", doc: "The topic's name." },
            partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
          },
        },
      },
    },
  },
};
