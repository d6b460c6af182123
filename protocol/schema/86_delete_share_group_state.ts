import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 86,
  name: "DeleteShareGroupState",
  versions: "0",
  flexible: "0+",
  doc: "The group coordinator asks a share coordinator to forget the state of a share group (KIP-932).",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "DeleteShareGroupStateTopicData",
      doc: "The partitions, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "DeleteShareGroupStatePartitionData",
          doc: "The partitions.",
          fields: {
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
          },
        },
      },
    },
  },
  response: {
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "DeleteShareGroupStateTopicResult",
      doc: "What came of it, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "DeleteShareGroupStatePartitionResult",
          doc: "What came of it, by partition.",
          fields: {
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
          },
        },
      },
    },
  },
};
