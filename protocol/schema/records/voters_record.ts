import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  name: "VotersRecord",
  versions: "0",
  flexible: "0+",
  doc:
    "Value of the control record that tells the voters of the Raft quorum (type 6 KRAFT_VOTERS, KIP-853). In `__cluster_metadata` and its snapshots.",
  fields: {
    version: { type: "int16", versions: "0+", doc: "The version of this message: 0." },
    voters: {
      type: "[]struct",
      versions: "0+",
      struct: "VotersRecordVoter",
      doc: "All voters from here on.",
      fields: {
        voterId: { type: "int32", versions: "0+", doc: "The voter's id." },
        voterDirectoryId: { type: "uuid", versions: "0+", doc: "The directory in which it keeps the log; the zero uuid when unknown." },
        endpoints: {
          type: "[]struct",
          versions: "0+",
          struct: "VotersRecordEndpoint",
          doc: "Where it listens.",
          fields: {
            name: { type: "string", versions: "0+", doc: "The listener's name." },
            host: { type: "string", versions: "0+", doc: "The host to connect to." },
            port: { type: "uint16", versions: "0+", doc: "The port to connect to." },
          },
        },
        kRaftVersionFeature: {
          type: "struct",
          versions: "0+",
          struct: "VotersRecordKRaftVersionFeature",
          doc: "The levels of `kraft.version` it supports.",
          fields: {
            minSupportedVersion: { type: "int16", versions: "0+", doc: "The lowest level supported." },
            maxSupportedVersion: { type: "int16", versions: "0+", doc: "The highest level supported." },
          },
        },
      },
    },
  },
};
