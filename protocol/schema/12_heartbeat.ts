import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 12,
  name: "Heartbeat",
  versions: "0-4",
  flexible: "4+",
  doc: "Keeps a member of a classic group alive and tells it when to rejoin.",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    generationId: { type: "int32", versions: "0+", doc: "The generation the member believes is current." },
    memberId: { type: "string", versions: "0+", doc: "The member's id." },
    groupInstanceId: {
      type: "string",
      versions: "3+",
      nullable: "3+",
      default: null,
      doc: "The id of a static member (KIP-345), or null.",
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
  },
};
