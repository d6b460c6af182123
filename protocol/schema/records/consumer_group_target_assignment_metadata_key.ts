import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 6,
  name: "ConsumerGroupTargetAssignmentMetadataKey",
  versions: "0",
  flexible: "none",
  doc: "Key of the epoch of a consumer group's target assignment in `__consumer_offsets`. Its type, 6, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
  },
};
