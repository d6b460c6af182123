import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 28,
  name: "ClearElrRecord",
  versions: "0",
  flexible: "0+",
  doc:
    "Partitions have no eligible leader replicas any more, because `min.insync.replicas` has changed (KIP-966). In `__cluster_metadata`.",
  fields: {
    topicName: { type: "string", versions: "0+", doc: "The topic's name; empty for all topics." },
  },
};
