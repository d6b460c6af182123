import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 9,
  name: "OffsetFetch",
  versions: "1-10",
  flexible: "6+",
  doc: "Reads the offsets that groups have committed.",
  request: {
    groupId: { type: "string", versions: "0-7", doc: "The group's id." },
    topics: {
      type: "[]struct",
      versions: "0-7",
      nullable: "2-7",
      struct: "OffsetFetchRequestTopic",
      doc: "What to read, by topic; null is everything.",
      fields: {
        name: { type: "string", versions: "0-7", doc: "The topic's name." },
        partitionIndexes: { type: "[]int32", versions: "0-7", doc: "The partitions' numbers." },
      },
    },
    groups: {
      type: "[]struct",
      versions: "8+",
      struct: "OffsetFetchRequestGroup",
      doc: "What to read, by group (KIP-709).",
      fields: {
        groupId: { type: "string", versions: "8+", doc: "The group's id." },
        memberId: {
          type: "string",
          versions: "9+",
          nullable: "9+",
          default: null,
          ignorable: true,
          doc: "The asking member's id (KIP-848), or null.",
        },
        memberEpoch: {
          type: "int32",
          versions: "9+",
          default: -1,
          ignorable: true,
          doc: "The asking member's epoch (KIP-848); -1 for none.",
        },
        topics: {
          type: "[]struct",
          versions: "8+",
          nullable: "8+",
          struct: "OffsetFetchRequestTopics",
          doc: "What to read, by topic; null is everything.",
          fields: {
            name: { type: "string", versions: "8-9", ignorable: true, doc: "The topic's name; by id from version 10 on." },
            topicId: { type: "uuid", versions: "10+", ignorable: true, doc: "The topic's id (KIP-516)." },
            partitionIndexes: { type: "[]int32", versions: "8+", doc: "The partitions' numbers." },
          },
        },
      },
    },
    requireStable: { type: "bool", versions: "7+", doc: "Whether to refuse offsets that an open transaction may still change (KIP-447)." },
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
      versions: "0-7",
      struct: "OffsetFetchResponseTopic",
      doc: "The offsets, by topic.",
      fields: {
        name: { type: "string", versions: "0-7", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0-7",
          struct: "OffsetFetchResponsePartition",
          doc: "The offsets, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0-7", doc: "The partition's number." },
            committedOffset: { type: "int64", versions: "0-7", doc: "The next offset to read; -1 when none is committed." },
            committedLeaderEpoch: {
              type: "int32",
              versions: "5-7",
              default: -1,
              ignorable: true,
              doc: "The leader epoch committed with it (KIP-320); -1 when unknown.",
            },
            metadata: { type: "string", versions: "0-7", nullable: "0-7", doc: "What the client stored with it, or null." },
            errorCode: { type: "int16", versions: "0-7", doc: "The error, or 0." },
          },
        },
      },
    },
    errorCode: { type: "int16", versions: "2-7", ignorable: true, doc: "The error of the request as a whole, or 0." },
    groups: {
      type: "[]struct",
      versions: "8+",
      struct: "OffsetFetchResponseGroup",
      doc: "The offsets, by group (KIP-709).",
      fields: {
        groupId: { type: "string", versions: "8+", doc: "The group's id." },
        topics: {
          type: "[]struct",
          versions: "8+",
          struct: "OffsetFetchResponseTopics",
          doc: "The offsets, by topic.",
          fields: {
            name: { type: "string", versions: "8-9", ignorable: true, doc: "The topic's name; by id from version 10 on." },
            topicId: { type: "uuid", versions: "10+", ignorable: true, doc: "The topic's id (KIP-516)." },
            partitions: {
              type: "[]struct",
              versions: "8+",
              struct: "OffsetFetchResponsePartitions",
              doc: "The offsets, by partition.",
              fields: {
                partitionIndex: { type: "int32", versions: "8+", doc: "The partition's number." },
                committedOffset: { type: "int64", versions: "8+", doc: "The next offset to read; -1 when none is committed." },
                committedLeaderEpoch: {
                  type: "int32",
                  versions: "8+",
                  default: -1,
                  ignorable: true,
                  doc: "The leader epoch committed with it (KIP-320); -1 when unknown.",
                },
                metadata: { type: "string", versions: "8+", nullable: "8+", doc: "What the client stored with it, or null." },
                errorCode: { type: "int16", versions: "8+", doc: "The error, or 0." },
              },
            },
          },
        },
        errorCode: { type: "int16", versions: "8+", doc: "The error of the group as a whole, or 0." },
      },
    },
  },
};
