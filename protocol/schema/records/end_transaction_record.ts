import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 24,
  name: "EndTransactionRecord",
  versions: "0",
  flexible: "0+",
  doc: "The records since the last BeginTransactionRecord take effect (KIP-868). In `__cluster_metadata`.",
  fields: {},
};
