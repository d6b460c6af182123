import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 15,
  name: "DescribeGroups",
  versions: "0-6",
  flexible: "5+",
  doc: "Tells the state and the members of classic groups.",
  request: {
    groups: { type: "[]string", versions: "0+", doc: "The groups' ids." },
    includeAuthorizedOperations: {
      type: "bool",
      versions: "3+",
      doc: "Whether to answer what the client may do with each group (KIP-430).",
    },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "1+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    groups: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribedGroup",
      doc: "The groups.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "6+", nullable: "6+", default: null, doc: "The error in words (KIP-1043), or null." },
        groupId: { type: "string", versions: "0+", doc: "The group's id." },
        groupState: { type: "string", versions: "0+", doc: "The group's state; `Dead` for one that does not exist." },
        protocolType: { type: "string", versions: "0+", doc: "What the members are, `consumer` for consumers; empty when unknown." },
        protocolData: {
          type: "string",
          versions: "0+",
          doc: "The protocol that the members agreed on, while the group is stable; or empty.",
        },
        members: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribedGroupMember",
          doc: "The members.",
          fields: {
            memberId: { type: "string", versions: "0+", doc: "The member's id." },
            groupInstanceId: {
              type: "string",
              versions: "4+",
              nullable: "4+",
              default: null,
              ignorable: true,
              doc: "The id of a static member (KIP-345), or null.",
            },
            clientId: { type: "string", versions: "0+", doc: "The client id with which it joined." },
            clientHost: { type: "string", versions: "0+", doc: "The address from which it joined." },
            memberMetadata: { type: "bytes", versions: "0+", doc: "What it said of the protocol, while the group is stable; or empty." },
            memberAssignment: { type: "bytes", versions: "0+", doc: "What the leader gave it, while the group is stable; or empty." },
          },
        },
        authorizedOperations: {
          type: "int32",
          versions: "3+",
          default: -2147483648,
          doc: "What the client may do with the group, a bit for each ACL operation; -2147483648 when not asked for.",
        },
      },
    },
  },
};
