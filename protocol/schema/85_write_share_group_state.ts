import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 85,
  name: "WriteShareGroupState",
  versions: "0-1",
  flexible: "0+",
  doc: "A partition's leader gives a share coordinator what has changed in the state a share group has there (KIP-932).",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "WriteShareGroupStateTopicData",
      doc: "The partitions, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "WriteShareGroupStatePartitionData",
          doc: "The partitions.",
          fields: {
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
            stateEpoch: {
              type: "int32",
              versions: "0+",
              doc: "The epoch of the state; one older than is known is refused with FENCED_STATE_EPOCH.",
            },
            leaderEpoch: {
              type: "int32",
              versions: "0+",
              doc: "The leader epoch of the partition; one older than is known is refused with FENCED_LEADER_EPOCH.",
            },
            startOffset: { type: "int64", versions: "0+", doc: "Offsets before this one are done with; -1 when that has not changed." },
            deliveryCompleteCount: {
              type: "int32",
              versions: "1+",
              default: -1,
              ignorable: true,
              doc: "How many offsets from `startOffset` on are acknowledged or archived (KIP-1226); -1 when unknown.",
            },
            stateBatches: {
              type: "[]struct",
              versions: "0+",
              struct: "WriteShareGroupStateBatch",
              doc: "What became of records since the last write.",
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
  response: {
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "WriteShareGroupStateTopicResult",
      doc: "What came of it, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "WriteShareGroupStatePartitionResult",
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
