import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 45,
  name: "AlterPartitionReassignments",
  versions: "0-1",
  flexible: "0+",
  doc:
    "Moves partitions to other brokers, or cancels moves under way (KIP-455). The answer comes when the moves have started; ListPartitionReassignments tells which go on.",
  request: {
    timeoutMs: { type: "int32", versions: "0+", default: 60000, doc: "Milliseconds to wait until the moves have started." },
    allowReplicationFactorChange: {
      type: "bool",
      versions: "1+",
      default: true,
      doc: "Whether a partition may get more or fewer replicas than it has (KIP-860).",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "ReassignableTopic",
      doc: "What to move, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ReassignablePartition",
          doc: "What to move, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            replicas: {
              type: "[]int32",
              versions: "0+",
              nullable: "0+",
              default: null,
              doc: "The brokers that shall hold the partition, the preferred leader first; null cancels a move under way.",
            },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    allowReplicationFactorChange: { type: "bool", versions: "1+", default: true, ignorable: true, doc: "What the request said (KIP-860)." },
    errorCode: { type: "int16", versions: "0+", doc: "The error of the request as a whole, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
    responses: {
      type: "[]struct",
      versions: "0+",
      struct: "ReassignableTopicResponse",
      doc: "The outcome, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ReassignablePartitionResponse",
          doc: "The outcome, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: {
              type: "int16",
              versions: "0+",
              doc: "The error, or 0. NO_REASSIGNMENT_IN_PROGRESS where there is nothing to cancel.",
            },
            errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
          },
        },
      },
    },
  },
};
