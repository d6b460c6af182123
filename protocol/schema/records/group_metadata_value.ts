import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 2,
  name: "GroupMetadataValue",
  versions: "0-4",
  flexible: "4+",
  doc: "A classic group between two rebalances, in `__consumer_offsets`; no value at all removes it.",
  fields: {
    protocolType: { type: "string", versions: "0+", doc: "The family of the group's protocols, `consumer` for consumers." },
    generation: { type: "int32", versions: "0+", doc: "The group's generation." },
    protocol: { type: "string", versions: "0+", nullable: "0+", doc: "The protocol the group uses, or null when it is empty." },
    leader: { type: "string", versions: "0+", nullable: "0+", doc: "The leader's member id, or null when the group is empty." },
    currentStateTimestamp: {
      type: "int64",
      versions: "2+",
      default: -1,
      ignorable: true,
      doc: "Since when it is in this state, in milliseconds since the epoch; -1 when unknown.",
    },
    members: {
      type: "[]struct",
      versions: "0+",
      struct: "GroupMetadataValueMember",
      doc: "The members.",
      fields: {
        memberId: { type: "string", versions: "0+", doc: "The member's id." },
        groupInstanceId: {
          type: "string",
          versions: "3+",
          nullable: "3+",
          default: null,
          ignorable: true,
          doc: "The id of a static member (KIP-345), or null.",
        },
        clientId: { type: "string", versions: "0+", doc: "The client id of its connection." },
        clientHost: { type: "string", versions: "0+", doc: "The address it connected from." },
        rebalanceTimeout: {
          type: "int32",
          versions: "1+",
          default: -1,
          ignorable: true,
          doc: "Milliseconds the group waits for it to rejoin; -1 takes the session timeout.",
        },
        sessionTimeout: { type: "int32", versions: "0+", doc: "Milliseconds of silence after which it is out." },
        subscription: { type: "bytes", versions: "0+", doc: "What it sent for the group's protocol when it joined." },
        assignment: { type: "bytes", versions: "0+", doc: "What the leader gave it." },
      },
    },
  },
};
