import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 4,
  name: "ConsumerGroupPartitionMetadataKey",
  versions: "0",
  flexible: "none",
  doc: "Key of the topics of a consumer group in `__consumer_offsets`. Its type, 4, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
  },
};
