import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 43,
  name: "ElectLeaders",
  versions: "0-2",
  flexible: "2+",
  doc: "Elects new leaders for partitions (KIP-183, KIP-460).",
  request: {
    electionType: {
      type: "int8",
      versions: "1+",
      doc:
        "0 PREFERRED elects the first replica, if it is in sync; 1 UNCLEAN, where there is no leader, any live replica (`ElectionType`). Version 0 has only the first.",
    },
    topicPartitions: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      struct: "ElectLeadersTopicPartitions",
      doc: "Where to elect, by topic; null is all partitions.",
      fields: {
        topic: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
      },
    },
    timeoutMs: { type: "int32", versions: "0+", default: 60000, doc: "Milliseconds to wait until the leaders are elected." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "1+", doc: "The error of the request as a whole, or 0." },
    replicaElectionResults: {
      type: "[]struct",
      versions: "0+",
      struct: "ReplicaElectionResult",
      doc: "The outcome, by topic. Where all partitions were asked for, those that needed no election are left out.",
      fields: {
        topic: { type: "string", versions: "0+", doc: "The topic's name." },
        partitionResult: {
          type: "[]struct",
          versions: "0+",
          struct: "ElectLeadersPartitionResult",
          doc: "The outcome, by partition.",
          fields: {
            partitionId: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: {
              type: "int16",
              versions: "0+",
              doc: "The error, or 0. ELECTION_NOT_NEEDED where the leader is the right one already.",
            },
            errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
          },
        },
      },
    },
  },
};
