import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  name: "QuorumStateData",
  versions: "0-1",
  flexible: "0+",
  doc:
    "What a node of the Raft quorum must not forget (KIP-595). Kafka keeps it as JSON in the file `quorum-state`, version 0 with `kraft.version` 0, version 1 with 1.",
  fields: {
    clusterId: { type: "string", versions: "0", doc: "Kafka leaves it empty." },
    leaderId: { type: "int32", versions: "0+", default: -1, doc: "The leader of the epoch; -1 when unknown." },
    leaderEpoch: { type: "int32", versions: "0+", default: -1, doc: "The last epoch seen; -1 for none." },
    votedId: { type: "int32", versions: "0+", default: -1, doc: "The candidate it gave its vote in the epoch; -1 for none." },
    votedDirectoryId: { type: "uuid", versions: "1+", doc: "The directory id of that candidate (KIP-853); the zero uuid for none." },
    appliedOffset: { type: "int64", versions: "0", doc: "Kafka leaves it 0." },
    currentVoters: {
      type: "[]struct",
      versions: "0",
      nullable: "0",
      struct: "QuorumStateDataVoter",
      doc: "The voters of the quorum.",
      fields: {
        voterId: { type: "int32", versions: "0", doc: "The voter's id." },
      },
    },
  },
};
