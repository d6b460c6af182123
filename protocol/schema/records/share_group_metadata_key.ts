import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 11,
  name: "ShareGroupMetadataKey",
  versions: "0",
  flexible: "none",
  doc: "Key of a share group's epoch in `__consumer_offsets`. Its type, 11, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
  },
};
