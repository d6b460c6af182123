import type { ApiSpec, FieldSpecs } from "./spec.ts";

const addPartitionsToTxnTopic: FieldSpecs = {
  name: { type: "string", versions: "0+", doc: "The topic's name." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
};

const addPartitionsToTxnPartitionResult: FieldSpecs = {
  partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
  partitionErrorCode: {
    type: "int16",
    versions: "0+",
    doc: "The error, or 0. OPERATION_NOT_ATTEMPTED where another partition made the request fail.",
  },
};

const addPartitionsToTxnTopicResult: FieldSpecs = {
  name: { type: "string", versions: "0+", doc: "The topic's name." },
  resultsByPartition: {
    type: "[]struct",
    versions: "0+",
    struct: "AddPartitionsToTxnPartitionResult",
    doc: "The outcome, by partition.",
    fields: addPartitionsToTxnPartitionResult,
  },
};

export const spec: ApiSpec = {
  key: 24,
  name: "AddPartitionsToTxn",
  versions: "0-5",
  flexible: "3+",
  doc:
    "Tells the transaction coordinator which partitions a transaction is about to write to (KIP-98). Clients use versions 0 to 3; from version 4 on it is for brokers, which add partitions for the client or ask whether they belong to the transaction (KIP-890).",
  request: {
    transactions: {
      type: "[]struct",
      versions: "4+",
      struct: "AddPartitionsToTxnTransaction",
      doc: "The transactions, in versions for brokers.",
      fields: {
        transactionalId: { type: "string", versions: "4+", doc: "The transactional id." },
        producerId: { type: "int64", versions: "4+", doc: "The producer's id under this transactional id." },
        producerEpoch: { type: "int16", versions: "4+", doc: "The producer's epoch." },
        verifyOnly: {
          type: "bool",
          versions: "4+",
          doc: "Whether only to check that the partitions are in the transaction, and not to add them.",
        },
        topics: {
          type: "[]struct",
          versions: "4+",
          struct: "AddPartitionsToTxnTopic",
          doc: "The partitions to add or to check, by topic.",
          fields: addPartitionsToTxnTopic,
        },
      },
    },
    v3AndBelowTransactionalId: { type: "string", versions: "0-3", doc: "The transactional id, in versions for clients." },
    v3AndBelowProducerId: { type: "int64", versions: "0-3", doc: "The producer's id under this transactional id." },
    v3AndBelowProducerEpoch: { type: "int16", versions: "0-3", doc: "The producer's epoch." },
    v3AndBelowTopics: {
      type: "[]struct",
      versions: "0-3",
      struct: "AddPartitionsToTxnTopic",
      doc: "The partitions to add, by topic.",
      fields: addPartitionsToTxnTopic,
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "4+", ignorable: true, doc: "The error of the request as a whole, or 0." },
    resultsByTransaction: {
      type: "[]struct",
      versions: "4+",
      struct: "AddPartitionsToTxnResult",
      doc: "The outcome, by transaction, in versions for brokers.",
      fields: {
        transactionalId: { type: "string", versions: "4+", doc: "The transactional id." },
        topicResults: {
          type: "[]struct",
          versions: "4+",
          struct: "AddPartitionsToTxnTopicResult",
          doc: "The outcome, by topic.",
          fields: addPartitionsToTxnTopicResult,
        },
      },
    },
    resultsByTopicV3AndBelow: {
      type: "[]struct",
      versions: "0-3",
      struct: "AddPartitionsToTxnTopicResult",
      doc: "The outcome, by topic, in versions for clients.",
      fields: addPartitionsToTxnTopicResult,
    },
  },
};
