import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 33,
  name: "AlterConfigs",
  versions: "0-2",
  flexible: "2+",
  doc:
    "Replaces the whole configuration of resources: a setting that is not sent falls back on its default (KIP-133). IncrementalAlterConfigs changes single settings.",
  request: {
    resources: {
      type: "[]struct",
      versions: "0+",
      struct: "AlterConfigsResource",
      doc: "The resources to configure.",
      fields: {
        resourceType: {
          type: "int8",
          versions: "0+",
          doc: "2 a topic, 4 a broker, 8 a broker's loggers, 16 client metrics, 32 a group (`ConfigResource.Type`).",
        },
        resourceName: {
          type: "string",
          versions: "0+",
          doc: "The topic's name, the broker's id and so on; empty for the defaults of all brokers.",
        },
        configs: {
          type: "[]struct",
          versions: "0+",
          struct: "AlterableConfig",
          doc: "All its settings.",
          fields: {
            name: { type: "string", versions: "0+", doc: "The setting's name." },
            value: { type: "string", versions: "0+", nullable: "0+", secret: true, doc: "Its value; null is refused." },
          },
        },
      },
    },
    validateOnly: { type: "bool", versions: "0+", doc: "Whether only to check what would happen." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    responses: {
      type: "[]struct",
      versions: "0+",
      struct: "AlterConfigsResourceResponse",
      doc: "The outcome for each resource.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
        resourceType: {
          type: "int8",
          versions: "0+",
          doc: "2 a topic, 4 a broker, 8 a broker's loggers, 16 client metrics, 32 a group (`ConfigResource.Type`).",
        },
        resourceName: {
          type: "string",
          versions: "0+",
          doc: "The topic's name, the broker's id and so on; empty for the defaults of all brokers.",
        },
      },
    },
  },
};
