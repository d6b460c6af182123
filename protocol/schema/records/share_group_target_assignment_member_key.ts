import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 13,
  name: "ShareGroupTargetAssignmentMemberKey",
  versions: "0",
  flexible: "none",
  doc: "Key of the target assignment of a share group's member in `__consumer_offsets`. Its type, 13, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
    memberId: { type: "string", versions: "0", doc: "The member's id." },
  },
};
