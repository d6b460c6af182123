import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 0,
  name: "Produce",
  versions: "3-13",
  flexible: "9+",
  doc: "Appends record batches to partitions. Answered when as many replicas have them as `acks` asks for; not at all when it is 0.",
  request: {
    transactionalId: {
      type: "string",
      versions: "3+",
      nullable: "3+",
      default: null,
      doc: "The transactional id, or null for a producer without transactions.",
    },
    acks: {
      type: "int16",
      versions: "0+",
      doc: "Who must have the records before the answer: 0 nobody (and no answer), 1 the leader, -1 all in-sync replicas.",
    },
    timeoutMs: { type: "int32", versions: "0+", doc: "Milliseconds to wait for the replicas." },
    topicData: {
      type: "[]struct",
      versions: "0+",
      struct: "TopicProduceData",
      doc: "What goes to each topic.",
      fields: {
        name: { type: "string", versions: "0-12", ignorable: true, doc: "The topic's name; by id from version 13 on." },
        topicId: { type: "uuid", versions: "13+", ignorable: true, doc: "The topic's id (KIP-516)." },
        partitionData: {
          type: "[]struct",
          versions: "0+",
          struct: "PartitionProduceData",
          doc: "What goes to each partition.",
          fields: {
            index: { type: "int32", versions: "0+", doc: "The partition's number." },
            records: { type: "records", versions: "0+", nullable: "0+", doc: "One record batch, format v2." },
          },
        },
      },
    },
  },
  response: {
    responses: {
      type: "[]struct",
      versions: "0+",
      struct: "TopicProduceResponse",
      doc: "The outcome for each topic.",
      fields: {
        name: { type: "string", versions: "0-12", ignorable: true, doc: "The topic's name; by id from version 13 on." },
        topicId: { type: "uuid", versions: "13+", ignorable: true, doc: "The topic's id (KIP-516)." },
        partitionResponses: {
          type: "[]struct",
          versions: "0+",
          struct: "PartitionProduceResponse",
          doc: "The outcome for each partition.",
          fields: {
            index: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            baseOffset: { type: "int64", versions: "0+", doc: "The offset of the first record appended; -1 after an error." },
            logAppendTimeMs: {
              type: "int64",
              versions: "2+",
              default: -1,
              ignorable: true,
              doc: "When the broker appended the batch, where it sets timestamps itself (LogAppendTime); -1 otherwise.",
            },
            logStartOffset: {
              type: "int64",
              versions: "5+",
              default: -1,
              ignorable: true,
              doc: "The first offset the partition still holds.",
            },
            recordErrors: {
              type: "[]struct",
              versions: "8+",
              ignorable: true,
              struct: "ProduceBatchIndexAndErrorMessage",
              doc: "The records that made the broker refuse the batch (KIP-467).",
              fields: {
                batchIndex: { type: "int32", versions: "8+", doc: "The refused record's index in its batch." },
                batchIndexErrorMessage: {
                  type: "string",
                  versions: "8+",
                  nullable: "8+",
                  default: null,
                  doc: "Why the record was refused, or null.",
                },
              },
            },
            errorMessage: {
              type: "string",
              versions: "8+",
              nullable: "8+",
              default: null,
              ignorable: true,
              doc: "The error in words, or null.",
            },
            currentLeader: {
              type: "struct",
              versions: "10+",
              tag: 0,
              struct: "ProduceLeaderIdAndEpoch",
              doc: "The leader to ask instead, with errors NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH (KIP-951).",
              fields: {
                leaderId: { type: "int32", versions: "10+", default: -1, doc: "The leader's broker id; -1 when there is none." },
                leaderEpoch: { type: "int32", versions: "10+", default: -1, doc: "The leader epoch; -1 when unknown." },
              },
            },
          },
        },
      },
    },
    throttleTimeMs: {
      type: "int32",
      versions: "1+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    nodeEndpoints: {
      type: "[]struct",
      versions: "10+",
      tag: 0,
      struct: "ProduceNodeEndpoint",
      doc: "Where the leaders named in the response are reached (KIP-951).",
      fields: {
        nodeId: { type: "int32", versions: "10+", doc: "The broker's id." },
        host: { type: "string", versions: "10+", doc: "The host to connect to." },
        port: { type: "int32", versions: "10+", doc: "The port to connect to." },
        rack: { type: "string", versions: "10+", nullable: "10+", default: null, doc: "The rack it stands in, or null." },
      },
    },
  },
};
