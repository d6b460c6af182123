import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 8,
  name: "OffsetCommit",
  versions: "2-10",
  flexible: "8+",
  doc: "Stores how far a group has come in its partitions.",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    generationIdOrMemberEpoch: {
      type: "int32",
      versions: "1+",
      default: -1,
      ignorable: true,
      doc: "The member's generation (classic) or epoch (KIP-848); -1 for a commit from outside the group.",
    },
    memberId: { type: "string", versions: "1+", ignorable: true, doc: "The member's id; empty for a commit from outside the group." },
    groupInstanceId: {
      type: "string",
      versions: "7+",
      nullable: "7+",
      default: null,
      doc: "The id of a static member (KIP-345), or null.",
    },
    retentionTimeMs: {
      type: "int64",
      versions: "2-4",
      default: -1,
      ignorable: true,
      doc: "Milliseconds to keep the offsets; -1 for the broker's setting.",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "OffsetCommitRequestTopic",
      doc: "What to commit, by topic.",
      fields: {
        name: { type: "string", versions: "0-9", ignorable: true, doc: "The topic's name; by id from version 10 on." },
        topicId: { type: "uuid", versions: "10+", ignorable: true, doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "OffsetCommitRequestPartition",
          doc: "What to commit, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            committedOffset: { type: "int64", versions: "0+", doc: "The next offset to read." },
            committedLeaderEpoch: {
              type: "int32",
              versions: "6+",
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
    throttleTimeMs: {
      type: "int32",
      versions: "3+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "OffsetCommitResponseTopic",
      doc: "The outcome, by topic.",
      fields: {
        name: { type: "string", versions: "0-9", ignorable: true, doc: "The topic's name; by id from version 10 on." },
        topicId: { type: "uuid", versions: "10+", ignorable: true, doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "OffsetCommitResponsePartition",
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
