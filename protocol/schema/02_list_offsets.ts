import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 2,
  name: "ListOffsets",
  versions: "1-11",
  flexible: "6+",
  doc: "Finds offsets in partitions: the first, the last, or the first at or after a timestamp.",
  request: {
    replicaId: { type: "int32", versions: "0+", doc: "The asking broker's id; -1 for a client." },
    isolationLevel: {
      type: "int8",
      versions: "2+",
      doc: "0 reads everything (READ_UNCOMMITTED), 1 only what is decided (READ_COMMITTED).",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "ListOffsetsTopic",
      doc: "What to look up, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ListOffsetsPartition",
          doc: "What to look up, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            currentLeaderEpoch: {
              type: "int32",
              versions: "4+",
              default: -1,
              ignorable: true,
              doc: "The leader epoch the client knows, for fencing (KIP-320); -1 for none.",
            },
            timestamp: {
              type: "int64",
              int64: "bigint",
              versions: "0+",
              doc:
                "Milliseconds since the epoch, or -1 latest, -2 earliest, -3 largest timestamp, -4 earliest local, -5 last tiered, -6 earliest not yet tiered.",
            },
          },
        },
      },
    },
    timeoutMs: {
      type: "int32",
      versions: "10+",
      ignorable: true,
      doc: "Milliseconds to wait where remote storage has to be asked (KIP-1075).",
    },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "2+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "ListOffsetsTopicResponse",
      doc: "What was found, by topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ListOffsetsPartitionResponse",
          doc: "What was found, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            timestamp: {
              type: "int64",
              versions: "1+",
              default: -1,
              doc: "The found record's timestamp; -1 when none was found or asked for.",
            },
            offset: { type: "int64", versions: "1+", default: -1, doc: "The offset found; -1 for none." },
            leaderEpoch: { type: "int32", versions: "4+", default: -1, doc: "The leader epoch of the record found; -1 when unknown." },
          },
        },
      },
    },
  },
};
