import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 25,
  name: "AbortTransactionRecord",
  versions: "0",
  flexible: "0+",
  doc: "The records since the last BeginTransactionRecord never take effect (KIP-868). In `__cluster_metadata`.",
  fields: {
    reason: { type: "string", versions: "0+", nullable: "0+", tag: 0, default: null, doc: "Why, for people; or null." },
  },
};
