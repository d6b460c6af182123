import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 80,
  name: "AddRaftVoter",
  versions: "0-1",
  flexible: "0+",
  doc: "Makes a controller that follows the Raft quorum one of its voters (KIP-853).",
  request: {
    clusterId: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      doc: "The cluster's id; the leader refuses another one, and does not check null.",
    },
    timeoutMs: { type: "int32", versions: "0+", doc: "Milliseconds the request may take." },
    voterId: { type: "int32", versions: "0+", doc: "The new voter's node id." },
    voterDirectoryId: { type: "uuid", versions: "0+", doc: "The id of the new voter's directory of the metadata log." },
    listeners: {
      type: "[]struct",
      versions: "0+",
      struct: "AddRaftVoterListener",
      doc: "Where the new voter is reached; the listener that the controllers use by default must be among them.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The listener's name." },
        host: { type: "string", versions: "0+", doc: "The host to connect to." },
        port: { type: "uint16", versions: "0+", doc: "The port to connect to." },
      },
    },
    ackWhenCommitted: {
      type: "bool",
      versions: "1+",
      default: true,
      doc: "Whether to answer when the new voter set is committed; otherwise as soon as the leader has written it.",
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", ignorable: true, doc: "The error in words, or null." },
  },
};
