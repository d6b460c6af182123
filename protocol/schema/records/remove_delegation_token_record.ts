import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 26,
  name: "RemoveDelegationTokenRecord",
  versions: "0",
  flexible: "0+",
  doc: "A delegation token is gone (KIP-48). In `__cluster_metadata`.",
  fields: {
    tokenId: { type: "string", versions: "0+", doc: "The token's id." },
  },
};
