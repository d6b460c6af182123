import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 4,
  name: "ConfigRecord",
  versions: "0",
  flexible: "0+",
  doc: "A configuration value was set, or removed when it is null.",
  fields: {
    resourceType: { type: "int8", versions: "0+", doc: "2 a topic, 4 a broker, 16 client metrics, 32 a group (`ConfigResource.Type`)." },
    resourceName: { type: "string", versions: "0+", doc: "The topic's name, the broker's id (empty for all brokers) and so on." },
    name: { type: "string", versions: "0+", doc: "The setting's name." },
    value: { type: "string", versions: "0+", nullable: "0+", secret: true, doc: "Its value; null removes it." },
  },
};
