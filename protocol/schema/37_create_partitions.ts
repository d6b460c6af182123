import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 37,
  name: "CreatePartitions",
  versions: "0-3",
  flexible: "2+",
  doc: "Adds partitions to topics (KIP-195).",
  request: {
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "CreatePartitionsTopic",
      doc: "The topics to grow.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        count: { type: "int32", versions: "0+", doc: "How many partitions the topic shall have, the old ones included." },
        assignments: {
          type: "[]struct",
          versions: "0+",
          nullable: "0+",
          struct: "CreatePartitionsAssignment",
          doc: "Which brokers hold each new partition, in the order of their numbers; null lets the controller decide.",
          fields: {
            brokerIds: { type: "[]int32", versions: "0+", doc: "The brokers, the preferred leader first." },
          },
        },
      },
    },
    timeoutMs: { type: "int32", versions: "0+", doc: "Milliseconds to wait until the partitions exist." },
    validateOnly: { type: "bool", versions: "0+", doc: "Whether only to check what would happen." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "CreatePartitionsTopicResult",
      doc: "The outcome for each topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
      },
    },
  },
};
