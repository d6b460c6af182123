import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 17,
  name: "StreamsGroupMetadataKey",
  versions: "0",
  flexible: "none",
  doc: "Key of a streams group's epoch in `__consumer_offsets`. Its type, 17, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
  },
};
