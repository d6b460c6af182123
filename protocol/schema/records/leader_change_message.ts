import type { FieldSpecs, RecordSpec } from "../spec.ts";

const voter: FieldSpecs = {
  voterId: { type: "int32", versions: "0+", doc: "The voter's id." },
  voterDirectoryId: { type: "uuid", versions: "1+", doc: "The directory in which it keeps the log (KIP-853); the zero uuid when unknown." },
};

export const spec: RecordSpec = {
  name: "LeaderChangeMessage",
  versions: "0-1",
  flexible: "0+",
  doc:
    "Value of the control record with which a new Raft leader begins its epoch (type 2 LEADER_CHANGE, KIP-595). In `__cluster_metadata`.",
  fields: {
    version: { type: "int16", versions: "0+", doc: "The version of this message: 0, or 1 with directory ids." },
    leaderId: { type: "int32", versions: "0+", doc: "The new leader's id." },
    voters: { type: "[]struct", versions: "0+", struct: "LeaderChangeMessageVoter", doc: "The voters of the quorum.", fields: voter },
    grantingVoters: {
      type: "[]struct",
      versions: "0+",
      struct: "LeaderChangeMessageVoter",
      doc: "Those that voted for the leader.",
      fields: voter,
    },
  },
};
