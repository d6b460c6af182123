import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 21,
  name: "DeleteRecords",
  versions: "0-2",
  flexible: "2+",
  doc: "Deletes the records of partitions below an offset, by moving the log start offset forward (KIP-107).",
  request: {
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "DeleteRecordsTopic",
      doc: "What to delete, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "DeleteRecordsPartition",
          doc: "What to delete, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            offset: { type: "int64", versions: "0+", doc: "Records below this offset go; -1 stands for the high watermark." },
          },
        },
      },
    },
    timeoutMs: { type: "int32", versions: "0+", doc: "Milliseconds to wait until all replicas have followed." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "DeleteRecordsTopicResult",
      doc: "The outcome, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "DeleteRecordsPartitionResult",
          doc: "The outcome, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            lowWatermark: {
              type: "int64",
              versions: "0+",
              doc: "The lowest log start offset of all replicas in the end; -1 after an error.",
            },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
          },
        },
      },
    },
  },
};
