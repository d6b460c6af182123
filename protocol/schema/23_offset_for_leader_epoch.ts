import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 23,
  name: "OffsetForLeaderEpoch",
  versions: "2-4",
  flexible: "4+",
  doc: "Says where leader epochs end, so that a client finds out whether the log it read was cut (KIP-101, KIP-320).",
  request: {
    replicaId: {
      type: "int32",
      versions: "3+",
      default: -2,
      ignorable: true,
      doc: "The asking broker's id; -1 for a consumer, -2 for a debugging one.",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "OffsetForLeaderTopic",
      doc: "What to look up, by topic.",
      fields: {
        topic: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "OffsetForLeaderPartition",
          doc: "What to look up, by partition.",
          fields: {
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
            currentLeaderEpoch: {
              type: "int32",
              versions: "2+",
              default: -1,
              ignorable: true,
              doc: "The leader epoch the client knows, for fencing (KIP-320); -1 for none.",
            },
            leaderEpoch: { type: "int32", versions: "0+", doc: "The epoch whose end is wanted." },
          },
        },
      },
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
      struct: "OffsetForLeaderTopicResult",
      doc: "What was found, by topic.",
      fields: {
        topic: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "EpochEndOffset",
          doc: "What was found, by partition.",
          fields: {
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
            leaderEpoch: {
              type: "int32",
              versions: "1+",
              default: -1,
              ignorable: true,
              doc: "The largest known epoch up to the one asked for; -1 when there is none.",
            },
            endOffset: { type: "int64", versions: "0+", default: -1, doc: "The offset behind that epoch's last record; -1 when unknown." },
          },
        },
      },
    },
  },
};
