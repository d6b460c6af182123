import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 11,
  name: "JoinGroup",
  versions: "0-9",
  flexible: "6+",
  doc: "Makes a member part of a classic group's next generation; answered when the generation is complete.",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    sessionTimeoutMs: { type: "int32", versions: "0+", doc: "A member that sends nothing for that many milliseconds is out." },
    rebalanceTimeoutMs: {
      type: "int32",
      versions: "1+",
      default: -1,
      ignorable: true,
      doc: "Milliseconds the group waits for the member to rejoin; -1, in version 0, takes the session timeout.",
    },
    memberId: { type: "string", versions: "0+", doc: "The member's id; empty when it joins for the first time." },
    groupInstanceId: {
      type: "string",
      versions: "5+",
      nullable: "5+",
      default: null,
      doc: "The id of a static member (KIP-345), or null.",
    },
    protocolType: {
      type: "string",
      versions: "0+",
      doc: "The family of the protocols, `consumer` for consumers; the whole group shares it.",
    },
    protocols: {
      type: "[]struct",
      versions: "0+",
      struct: "JoinGroupRequestProtocol",
      doc: "What the member can do, best first.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The protocol's name, for consumers an assignor." },
        metadata: {
          type: "bytes",
          versions: "0+",
          doc: "What the protocol tells the leader, for consumers a ConsumerProtocolSubscription.",
        },
      },
    },
    reason: {
      type: "string",
      versions: "8+",
      nullable: "8+",
      default: null,
      ignorable: true,
      doc: "Why the member joins, for the broker's log (KIP-800), or null.",
    },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "2+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    generationId: { type: "int32", versions: "0+", default: -1, doc: "The new generation; -1 after an error." },
    protocolType: {
      type: "string",
      versions: "7+",
      nullable: "7+",
      default: null,
      ignorable: true,
      doc: "The family of the protocols, or null after an error.",
    },
    protocolName: { type: "string", versions: "0+", nullable: "7+", doc: "The protocol the group will use, or null after an error." },
    leader: { type: "string", versions: "0+", doc: "The leader's member id." },
    skipAssignment: {
      type: "bool",
      versions: "9+",
      doc: "Whether the leader, though it is leader, shall keep the old assignment (KIP-814).",
    },
    memberId: { type: "string", versions: "0+", doc: "The member's id." },
    members: {
      type: "[]struct",
      versions: "0+",
      struct: "JoinGroupResponseMember",
      doc: "All members for the leader; none for the others.",
      fields: {
        memberId: { type: "string", versions: "0+", doc: "The member's id." },
        groupInstanceId: {
          type: "string",
          versions: "5+",
          nullable: "5+",
          default: null,
          ignorable: true,
          doc: "The id of a static member (KIP-345), or null.",
        },
        metadata: { type: "bytes", versions: "0+", doc: "What the member sent for the chosen protocol." },
      },
    },
  },
};
