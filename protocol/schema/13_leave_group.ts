import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 13,
  name: "LeaveGroup",
  versions: "0-5",
  flexible: "4+",
  doc: "Takes members out of a classic group at once, without waiting for their sessions to end.",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    memberId: { type: "string", versions: "0-2", doc: "The member to take out; several of them in `members` from version 3 on." },
    members: {
      type: "[]struct",
      versions: "3+",
      struct: "LeaveGroupMemberIdentity",
      doc: "The members to take out.",
      fields: {
        memberId: { type: "string", versions: "3+", doc: "The member's id; may be empty for a static member." },
        groupInstanceId: {
          type: "string",
          versions: "3+",
          nullable: "3+",
          default: null,
          doc: "The id of a static member (KIP-345), or null.",
        },
        reason: {
          type: "string",
          versions: "5+",
          nullable: "5+",
          default: null,
          ignorable: true,
          doc: "Why the member leaves, for the broker's log (KIP-800), or null.",
        },
      },
    },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "1+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    members: {
      type: "[]struct",
      versions: "3+",
      struct: "LeaveGroupMemberResponse",
      doc: "The outcome for each member.",
      fields: {
        memberId: { type: "string", versions: "3+", doc: "The member's id." },
        groupInstanceId: { type: "string", versions: "3+", nullable: "3+", doc: "The id of a static member (KIP-345), or null." },
        errorCode: { type: "int16", versions: "3+", doc: "The error, or 0." },
      },
    },
  },
};
