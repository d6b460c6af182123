import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 91,
  name: "AlterShareGroupOffsets",
  versions: "0",
  flexible: "0+",
  doc: "Sets from which offset on a share group delivers records (KIP-932). The group must be empty.",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "AlterShareGroupOffsetsRequestTopic",
      doc: "The topics to change.",
      fields: {
        topicName: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "AlterShareGroupOffsetsRequestPartition",
          doc: "The partitions to change.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            startOffset: {
              type: "int64",
              versions: "0+",
              doc: "The new share-partition start offset: the group delivers from there on, whatever it did before.",
            },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error of the whole request, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
    responses: {
      type: "[]struct",
      versions: "0+",
      struct: "AlterShareGroupOffsetsResponseTopic",
      doc: "What became of each topic.",
      fields: {
        topicName: { type: "string", versions: "0+", doc: "The topic's name." },
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "AlterShareGroupOffsetsResponsePartition",
          doc: "What became of each partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The partition's error, or 0." },
            errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
          },
        },
      },
    },
  },
};
