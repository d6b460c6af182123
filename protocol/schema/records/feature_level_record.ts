import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 12,
  name: "FeatureLevelRecord",
  versions: "0",
  flexible: "0+",
  doc: "A feature of the cluster has a level (KIP-584); level 0 removes it.",
  fields: {
    name: { type: "string", versions: "0+", doc: "The feature's name, for example `metadata.version`." },
    featureLevel: { type: "int16", versions: "0+", doc: "The level agreed on; 0 removes the feature." },
  },
};
