import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 20,
  name: "NoOpRecord",
  versions: "0",
  flexible: "0+",
  doc:
    "Nothing has changed. The active controller writes one to `__cluster_metadata` when it has been idle, so that followers can tell whether they are behind (KIP-835).",
  fields: {},
};
