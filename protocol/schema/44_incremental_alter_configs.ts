import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 44,
  name: "IncrementalAlterConfigs",
  versions: "0-1",
  flexible: "1+",
  doc: "Changes single settings of resources and leaves the others as they are (KIP-339).",
  request: {
    resources: {
      type: "[]struct",
      versions: "0+",
      struct: "IncrementalAlterConfigsResource",
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
          struct: "IncrementalAlterableConfig",
          doc: "The settings to change.",
          fields: {
            name: { type: "string", versions: "0+", doc: "The setting's name." },
            configOperation: {
              type: "int8",
              versions: "0+",
              doc: "0 SET, 1 DELETE falls back on the default, 2 APPEND to a list, 3 SUBTRACT from a list (`AlterConfigOp.OpType`).",
            },
            value: {
              type: "string",
              versions: "0+",
              nullable: "0+",
              secret: true,
              doc: "The value to set, or the elements to add or take away, between commas; null only to delete.",
            },
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
      struct: "IncrementalAlterConfigsResourceResponse",
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
