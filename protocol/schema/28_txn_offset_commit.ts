import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 28,
  name: "TxnOffsetCommit",
  versions: "0-5",
  flexible: "3+",
  doc:
    "Stores how far a group has come, to take effect when the producer's transaction commits (KIP-98). From version 5 on it also adds the group to the transaction (KIP-890).",
  request: {
    transactionalId: { type: "string", versions: "0+", doc: "The transactional id." },
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    producerId: { type: "int64", versions: "0+", doc: "The producer's id under this transactional id." },
    producerEpoch: { type: "int16", versions: "0+", doc: "The producer's epoch." },
    generationId: {
      type: "int32",
      versions: "3+",
      default: -1,
      doc: "The consumer's generation (classic) or epoch (KIP-848), for fencing (KIP-447); -1 for none.",
    },
    memberId: { type: "string", versions: "3+", doc: "The consumer's member id; empty for none." },
    groupInstanceId: {
      type: "string",
      versions: "3+",
      nullable: "3+",
      default: null,
      doc: "The id of a static member (KIP-345), or null.",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "TxnOffsetCommitRequestTopic",
      doc: "What to commit, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "TxnOffsetCommitRequestPartition",
          doc: "What to commit, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            committedOffset: { type: "int64", versions: "0+", doc: "The next offset to read." },
            committedLeaderEpoch: {
              type: "int32",
              versions: "2+",
              default: -1,
              ignorable: true,
              doc: "The leader epoch of the last record read (KIP-320); -1 when unknown.",
            },
            committedMetadata: {
              type: "string",
              versions: "0+",
              nullable: "0+",
              doc: "Anything the client wants to keep with it, or null.",
            },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "TxnOffsetCommitResponseTopic",
      doc: "The outcome, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "TxnOffsetCommitResponsePartition",
          doc: "The outcome, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
          },
        },
      },
    },
  },
};
