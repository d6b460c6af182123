import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 83,
  name: "InitializeShareGroupState",
  versions: "0",
  flexible: "0+",
  doc: "The group coordinator asks a share coordinator to start the state of partitions that a share group begins to consume (KIP-932).",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "InitializeShareGroupStateTopicData",
      doc: "The partitions, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "InitializeShareGroupStatePartitionData",
          doc: "The partitions.",
          fields: {
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
            stateEpoch: {
              type: "int32",
              versions: "0+",
              doc: "The epoch of the new state, taken from the group's; one older than is known is refused with FENCED_STATE_EPOCH.",
            },
            startOffset: {
              type: "int64",
              versions: "0+",
              doc: "Where the group starts; -1 leaves it to the first fetch, which follows the group's `share.auto.offset.reset`.",
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
      struct: "InitializeShareGroupStateTopicResult",
      doc: "What came of it, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "InitializeShareGroupStatePartitionResult",
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
