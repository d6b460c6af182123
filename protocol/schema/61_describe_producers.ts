import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 61,
  name: "DescribeProducers",
  versions: "0",
  flexible: "0+",
  doc: "Lists the producers a replica of a partition remembers, idempotent and transactional; finds hanging transactions (KIP-664).",
  request: {
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeProducersTopicRequest",
      doc: "The partitions to look at, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitionIndexes: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeProducersTopicResponse",
      doc: "The producers, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribeProducersPartitionResponse",
          doc: "The producers, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
            activeProducers: {
              type: "[]struct",
              versions: "0+",
              struct: "DescribeProducersState",
              doc: "The producers the partition still remembers.",
              fields: {
                producerId: { type: "int64", versions: "0+", doc: "The producer's id." },
                producerEpoch: { type: "int32", versions: "0+", doc: "The producer's epoch." },
                lastSequence: {
                  type: "int32",
                  versions: "0+",
                  default: -1,
                  doc: "The sequence number of the producer's last record; -1 for none.",
                },
                lastTimestamp: {
                  type: "int64",
                  versions: "0+",
                  default: -1,
                  doc: "The timestamp of the producer's last batch or marker, in milliseconds since the epoch; -1 for none.",
                },
                coordinatorEpoch: {
                  type: "int32",
                  versions: "0+",
                  doc: "The coordinator epoch of the last transaction marker; -1 for none.",
                },
                currentTxnStartOffset: {
                  type: "int64",
                  versions: "0+",
                  default: -1,
                  doc: "The first offset of the open transaction; -1 when none is open.",
                },
              },
            },
          },
        },
      },
    },
  },
};
