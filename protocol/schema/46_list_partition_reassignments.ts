import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 46,
  name: "ListPartitionReassignments",
  versions: "0",
  flexible: "0+",
  doc: "Lists the moves of partitions that are under way (KIP-455).",
  request: {
    timeoutMs: { type: "int32", versions: "0+", default: 60000, doc: "Milliseconds to wait for the answer." },
    topics: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "ListPartitionReassignmentsTopics",
      doc: "The partitions to look at, by topic; null is all of them.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitionIndexes: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error of the request as a whole, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "OngoingTopicReassignment",
      doc: "The moves under way, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "OngoingPartitionReassignment",
          doc: "The moves under way, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            replicas: {
              type: "[]int32",
              versions: "0+",
              doc: "The brokers that hold a replica now, those to be added and those to be removed included.",
            },
            addingReplicas: { type: "[]int32", versions: "0+", doc: "The brokers among `replicas` that the move adds." },
            removingReplicas: { type: "[]int32", versions: "0+", doc: "The brokers among `replicas` that the move takes away." },
          },
        },
      },
    },
  },
};
