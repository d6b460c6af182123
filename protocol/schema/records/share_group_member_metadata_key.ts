import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 10,
  name: "ShareGroupMemberMetadataKey",
  versions: "0",
  flexible: "none",
  doc: "Key of a share group's member in `__consumer_offsets`. Its type, 10, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
    memberId: { type: "string", versions: "0", doc: "The member's id." },
  },
};
