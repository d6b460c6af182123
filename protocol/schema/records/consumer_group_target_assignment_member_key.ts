import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 7,
  name: "ConsumerGroupTargetAssignmentMemberKey",
  versions: "0",
  flexible: "none",
  doc: "Key of the target assignment of a consumer group's member in `__consumer_offsets`. Its type, 7, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
    memberId: { type: "string", versions: "0", doc: "The member's id." },
  },
};
