import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 15,
  name: "ShareGroupStatePartitionMetadataKey",
  versions: "0",
  flexible: "none",
  doc: "Key of the partitions a share group has state for in `__consumer_offsets`. Its type, 15, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
  },
};
