import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 3,
  name: "ConsumerGroupMetadataKey",
  versions: "0",
  flexible: "none",
  doc: "Key of a consumer group's epoch in `__consumer_offsets`. Its type, 3, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
  },
};
