import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 90,
  name: "DescribeShareGroupOffsets",
  versions: "0-1",
  flexible: "0+",
  doc: "Tells from which offset on share groups still have records to deliver (KIP-932). Answered by each group's coordinator.",
  request: {
    groups: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeShareGroupOffsetsRequestGroup",
      doc: "The groups to describe.",
      fields: {
        groupId: { type: "string", versions: "0+", doc: "The group's id." },
        topics: {
          type: "[]struct",
          versions: "0+",
          nullable: "0+",
          struct: "DescribeShareGroupOffsetsRequestTopic",
          doc: "The topics to describe; null is every one the group has state for.",
          fields: {
            topicName: { type: "string", versions: "0+", doc: "The topic's name." },
            partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    groups: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeShareGroupOffsetsResponseGroup",
      doc: "The groups described.",
      fields: {
        groupId: { type: "string", versions: "0+", doc: "The group's id." },
        topics: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribeShareGroupOffsetsResponseTopic",
          doc: "Its topics.",
          fields: {
            topicName: { type: "string", versions: "0+", doc: "The topic's name." },
            topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
            partitions: {
              type: "[]struct",
              versions: "0+",
              struct: "DescribeShareGroupOffsetsResponsePartition",
              doc: "The partitions.",
              fields: {
                partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
                startOffset: {
                  type: "int64",
                  versions: "0+",
                  doc:
                    "The share-partition start offset: records before it are done with; -1 when the group has not read the partition yet.",
                },
                leaderEpoch: { type: "int32", versions: "0+", doc: "The partition's leader epoch, as the group last stored it." },
                lag: {
                  type: "int64",
                  versions: "1+",
                  default: -1,
                  ignorable: true,
                  doc: "How many records the group has still to deliver (KIP-1226); -1 when unknown.",
                },
                errorCode: { type: "int16", versions: "0+", doc: "The partition's error, or 0." },
                errorMessage: {
                  type: "string",
                  versions: "0+",
                  nullable: "0+",
                  default: null,
                  doc: "The error in words, or null.",
                },
              },
            },
          },
        },
        errorCode: { type: "int16", versions: "0+", doc: "The group's error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
      },
    },
  },
};
