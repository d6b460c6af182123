import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 92,
  name: "DeleteShareGroupOffsets",
  versions: "0",
  flexible: "0+",
  doc: "Makes a share group forget topics, with everything it knows of their partitions (KIP-932). The group must be empty.",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "DeleteShareGroupOffsetsRequestTopic",
      doc: "The topics to forget.",
      fields: {
        topicName: { type: "string", versions: "0+", doc: "The topic's name." },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error of the whole request, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
    responses: {
      type: "[]struct",
      versions: "0+",
      struct: "DeleteShareGroupOffsetsResponseTopic",
      doc: "What became of each topic.",
      fields: {
        topicName: { type: "string", versions: "0+", doc: "The topic's name." },
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        errorCode: { type: "int16", versions: "0+", doc: "The topic's error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
      },
    },
  },
};
