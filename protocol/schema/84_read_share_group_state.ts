import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 84,
  name: "ReadShareGroupState",
  versions: "0",
  flexible: "0+",
  doc: "A partition's leader asks a share coordinator for the state a share group has there, and fences earlier leaders (KIP-932).",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "ReadShareGroupStateTopicData",
      doc: "The partitions, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ReadShareGroupStatePartitionData",
          doc: "The partitions.",
          fields: {
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
            leaderEpoch: {
              type: "int32",
              versions: "0+",
              doc: "The leader epoch of the partition; one older than is known is refused with FENCED_LEADER_EPOCH.",
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
      struct: "ReadShareGroupStateTopicResult",
      doc: "What came of it, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ReadShareGroupStatePartitionResult",
          doc: "What came of it, by partition.",
          fields: {
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
            stateEpoch: { type: "int32", versions: "0+", doc: "The epoch of the state, which writes must repeat." },
            startOffset: { type: "int64", versions: "0+", doc: "Offsets before this one are done with; -1 when not decided yet." },
            stateBatches: {
              type: "[]struct",
              versions: "0+",
              struct: "ReadShareGroupStateBatch",
              doc: "What became of records from `startOffset` on; the others are available.",
              fields: {
                firstOffset: { type: "int64", versions: "0+", doc: "The first offset of the batch." },
                lastOffset: { type: "int64", versions: "0+", doc: "The last offset of the batch." },
                deliveryState: { type: "int8", versions: "0+", doc: "0 available, 2 acknowledged, 4 archived (`RecordState`)." },
                deliveryCount: { type: "int16", versions: "0+", doc: "How often the records have been delivered." },
              },
            },
          },
        },
      },
    },
  },
};
