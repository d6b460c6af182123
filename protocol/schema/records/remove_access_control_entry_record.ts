import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 19,
  name: "RemoveAccessControlEntryRecord",
  versions: "0",
  flexible: "0+",
  doc: "An ACL is gone (KIP-801). In `__cluster_metadata`.",
  fields: {
    id: { type: "uuid", versions: "0+", doc: "The id that its AccessControlEntryRecord has." },
  },
};
