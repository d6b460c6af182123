import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 87,
  name: "ReadShareGroupStateSummary",
  versions: "0-1",
  flexible: "0+",
  doc: "The group coordinator asks a share coordinator how far a share group is, for DescribeShareGroupOffsets (KIP-932).",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "ReadShareGroupStateSummaryTopicData",
      doc: "The partitions, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ReadShareGroupStateSummaryPartitionData",
          doc: "The partitions.",
          fields: {
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
            leaderEpoch: {
              type: "int32",
              versions: "0+",
              doc: "The leader epoch of the partition. Kafka's share coordinator does not check it.",
            },
          },
        },
      },
    },
  },
  response: {
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "ReadShareGroupStateSummaryTopicResult",
      doc: "What came of it, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ReadShareGroupStateSummaryPartitionResult",
          doc: "What came of it, by partition.",
          fields: {
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
            stateEpoch: { type: "int32", versions: "0+", doc: "The epoch of the state." },
            leaderEpoch: { type: "int32", versions: "0+", doc: "The leader epoch of the last leader that read or wrote the state." },
            startOffset: { type: "int64", versions: "0+", doc: "Offsets before this one are done with; -1 when not decided yet." },
            deliveryCompleteCount: {
              type: "int32",
              versions: "1+",
              default: -1,
              ignorable: true,
              doc: "How many offsets from `startOffset` on are acknowledged or archived (KIP-1226); -1 when unknown.",
            },
          },
        },
      },
    },
  },
};
