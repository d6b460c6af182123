import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 1,
  name: "ShareUpdateKey",
  versions: "0",
  flexible: "none",
  doc:
    "Key of a change of what a share group knows of a partition (KIP-932), in `__share_group_state`. Its type, 1, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
    topicId: { type: "uuid", versions: "0", doc: "The topic's id (KIP-516)." },
    partition: { type: "int32", versions: "0", doc: "The partition's number." },
  },
};
