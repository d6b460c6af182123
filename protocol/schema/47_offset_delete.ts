import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 47,
  name: "OffsetDelete",
  versions: "0",
  flexible: "none",
  doc: "Deletes offsets that a group has committed for topics it does not read (KIP-496).",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "OffsetDeleteRequestTopic",
      doc: "What to delete, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "OffsetDeleteRequestPartition",
          doc: "The partitions.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
          },
        },
      },
    },
  },
  response: {
    errorCode: { type: "int16", versions: "0+", doc: "The error of the request as a whole, or 0." },
    throttleTimeMs: {
      type: "int32",
      versions: "0+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "OffsetDeleteResponseTopic",
      doc: "The outcome, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "OffsetDeleteResponsePartition",
          doc: "The outcome for each partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
          },
        },
      },
    },
  },
};
