import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 27,
  name: "WriteTxnMarkers",
  versions: "1-2",
  flexible: "1+",
  doc:
    "Writes the markers that end a transaction into its partitions; sent by the transaction coordinator to their leaders (KIP-98), or by an admin client to abort a hanging transaction (KIP-664).",
  request: {
    markers: {
      type: "[]struct",
      versions: "0+",
      struct: "WritableTxnMarker",
      doc: "The markers to write.",
      fields: {
        producerId: { type: "int64", versions: "0+", doc: "The id of the producer whose transaction ends." },
        producerEpoch: { type: "int16", versions: "0+", doc: "The epoch of that producer." },
        transactionResult: { type: "bool", versions: "0+", doc: "True for a commit marker, false for an abort marker." },
        topics: {
          type: "[]struct",
          versions: "0+",
          struct: "WritableTxnMarkerTopic",
          doc: "Where to write the marker, by topic.",
          fields: {
            name: { type: "string", versions: "0+", doc: "The topic's name." },
            partitionIndexes: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
          },
        },
        coordinatorEpoch: {
          type: "int32",
          versions: "0+",
          doc: "The leader epoch of the coordinator's partition of `__transaction_state`; a marker with an older one is refused.",
        },
        transactionVersion: {
          type: "int8",
          versions: "2+",
          ignorable: true,
          doc:
            "The transaction version (KIP-890): 0 and 1 classic, 2 a new epoch with every transaction. From 2 on `producerEpoch` must be above the one the partition knows (KIP-1228).",
        },
      },
    },
  },
  response: {
    markers: {
      type: "[]struct",
      versions: "0+",
      struct: "WritableTxnMarkerResult",
      doc: "The outcome of each marker.",
      fields: {
        producerId: { type: "int64", versions: "0+", doc: "The id of the producer whose transaction ends." },
        topics: {
          type: "[]struct",
          versions: "0+",
          struct: "WritableTxnMarkerTopicResult",
          doc: "The outcome, by topic.",
          fields: {
            name: { type: "string", versions: "0+", doc: "The topic's name." },
            partitions: {
              type: "[]struct",
              versions: "0+",
              struct: "WritableTxnMarkerPartitionResult",
              doc: "The outcome, by partition.",
              fields: {
                partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
                errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
              },
            },
          },
        },
      },
    },
  },
};
