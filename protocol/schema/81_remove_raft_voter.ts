import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 81,
  name: "RemoveRaftVoter",
  versions: "0",
  flexible: "0+",
  doc: "Takes a voter out of the Raft quorum (KIP-853).",
  request: {
    clusterId: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      doc: "The cluster's id; the leader refuses another one, and does not check null.",
    },
    voterId: { type: "int32", versions: "0+", doc: "The voter's node id." },
    voterDirectoryId: { type: "uuid", versions: "0+", doc: "The id of the voter's directory of the metadata log." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", ignorable: true, doc: "The error in words, or null." },
  },
};
