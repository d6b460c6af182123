import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 14,
  name: "SyncGroup",
  versions: "0-5",
  flexible: "4+",
  doc: "Carries the leader's assignment to the group, and to each member its part of it.",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    generationId: { type: "int32", versions: "0+", doc: "The group's generation." },
    memberId: { type: "string", versions: "0+", doc: "The member's id." },
    groupInstanceId: {
      type: "string",
      versions: "3+",
      nullable: "3+",
      default: null,
      doc: "The id of a static member (KIP-345), or null.",
    },
    protocolType: {
      type: "string",
      versions: "5+",
      nullable: "5+",
      default: null,
      ignorable: true,
      doc: "The family of the protocols (KIP-559), or null.",
    },
    protocolName: {
      type: "string",
      versions: "5+",
      nullable: "5+",
      default: null,
      ignorable: true,
      doc: "The protocol the group uses (KIP-559), or null.",
    },
    assignments: {
      type: "[]struct",
      versions: "0+",
      struct: "SyncGroupRequestAssignment",
      doc: "What each member gets, from the leader; none from the others.",
      fields: {
        memberId: { type: "string", versions: "0+", doc: "The member's id." },
        assignment: { type: "bytes", versions: "0+", doc: "The member's part, for consumers a ConsumerProtocolAssignment." },
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
    protocolType: {
      type: "string",
      versions: "5+",
      nullable: "5+",
      default: null,
      ignorable: true,
      doc: "The family of the protocols (KIP-559), or null.",
    },
    protocolName: {
      type: "string",
      versions: "5+",
      nullable: "5+",
      default: null,
      ignorable: true,
      doc: "The protocol the group uses (KIP-559), or null.",
    },
    assignment: { type: "bytes", versions: "0+", doc: "The member's part, for consumers a ConsumerProtocolAssignment." },
  },
};
