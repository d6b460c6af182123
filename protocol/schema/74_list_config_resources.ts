import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 74,
  name: "ListConfigResources",
  versions: "0-1",
  flexible: "0+",
  doc: "Lists what has a configuration (KIP-1142). Version 0, named ListClientMetricsResources (KIP-1000), lists client metrics only.",
  request: {
    resourceTypes: { type: "[]int8", versions: "1+", doc: "Types to list, as in `resourceType`; none lists all." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    configResources: {
      type: "[]struct",
      versions: "0+",
      struct: "ListedConfigResource",
      doc: "What was found.",
      fields: {
        resourceName: {
          type: "string",
          versions: "0+",
          doc: "The topic's name, the broker's id, the name of the client metrics subscription or the group's id.",
        },
        resourceType: {
          type: "int8",
          versions: "1+",
          default: 16,
          ignorable: true,
          doc: "2 a topic, 4 a broker, 8 a broker's loggers, 16 client metrics, 32 a group (`ConfigResource.Type`).",
        },
      },
    },
  },
};
