import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 20,
  name: "DeleteTopics",
  versions: "1-6",
  flexible: "4+",
  doc: "Deletes topics by name, or by id from version 6 on.",
  request: {
    topics: {
      type: "[]struct",
      versions: "6+",
      struct: "DeleteTopicState",
      doc: "The topics to delete, by name or id.",
      fields: {
        name: { type: "string", versions: "6+", nullable: "6+", default: null, doc: "The topic's name, or null where the id is given." },
        topicId: { type: "uuid", versions: "6+", doc: "The topic's id (KIP-516)." },
      },
    },
    topicNames: { type: "[]string", versions: "0-5", ignorable: true, doc: "The names of the topics to delete, before version 6." },
    timeoutMs: { type: "int32", versions: "0+", doc: "Milliseconds to wait until the topics are gone." },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "1+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    responses: {
      type: "[]struct",
      versions: "0+",
      struct: "DeletableTopicResult",
      doc: "The outcome for each topic.",
      fields: {
        name: { type: "string", versions: "0+", nullable: "6+", doc: "The topic's name; null when an id is unknown." },
        topicId: { type: "uuid", versions: "6+", ignorable: true, doc: "The topic's id (KIP-516)." },
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: {
          type: "string",
          versions: "5+",
          nullable: "5+",
          default: null,
          ignorable: true,
          doc: "The error in words, or null.",
        },
      },
    },
  },
};
