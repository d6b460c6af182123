import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 79,
  name: "ShareAcknowledge",
  versions: "1-2",
  flexible: "0+",
  doc: "Acknowledges records that ShareFetch acquired, without fetching more (KIP-932).",
  request: {
    groupId: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The group's id; brokers refuse null." },
    memberId: { type: "string", versions: "0+", nullable: "0+", doc: "The member's id, as in ShareGroupHeartbeat." },
    shareSessionEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The request's number in the share session, which ShareFetch opens; -1 closes it, 0 is refused.",
    },
    isRenewAck: { type: "bool", versions: "2+", doc: "Whether a record is acknowledged with 4, renew (KIP-1222)." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareAcknowledgeTopic",
      doc: "Records to acknowledge, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ShareAcknowledgePartition",
          doc: "Records to acknowledge, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            acknowledgementBatches: {
              type: "[]struct",
              versions: "0+",
              struct: "ShareAcknowledgeBatch",
              doc: "Records to acknowledge, in ascending order and without overlap.",
              fields: {
                firstOffset: { type: "int64", versions: "0+", doc: "The first offset to acknowledge." },
                lastOffset: { type: "int64", versions: "0+", doc: "The last offset to acknowledge." },
                acknowledgeTypes: {
                  type: "[]int8",
                  versions: "0+",
                  doc:
                    "`AcknowledgeType` of all offsets or of each: 0 gap, 1 accept, 2 release (deliver again), 3 reject, 4 renew (version 2 on).",
                },
              },
            },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
    acquisitionLockTimeoutMs: {
      type: "int32",
      versions: "2+",
      ignorable: true,
      doc: "Milliseconds for which acquired records are locked for the member.",
    },
    responses: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareAcknowledgeTopicResponse",
      doc: "What came of it, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ShareAcknowledgePartitionData",
          doc: "What came of it, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
            currentLeader: {
              type: "struct",
              versions: "0+",
              struct: "ShareAcknowledgeLeaderIdAndEpoch",
              doc: "The leader to ask instead, with errors NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH; of no meaning otherwise.",
              fields: {
                leaderId: { type: "int32", versions: "0+", doc: "The leader's broker id; -1 when unknown." },
                leaderEpoch: { type: "int32", versions: "0+", doc: "The leader epoch." },
              },
            },
          },
        },
      },
    },
    nodeEndpoints: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareAcknowledgeNodeEndpoint",
      doc: "Where the leaders named in the response are reached.",
      fields: {
        nodeId: { type: "int32", versions: "0+", doc: "The broker's id." },
        host: { type: "string", versions: "0+", doc: "The host to connect to." },
        port: { type: "int32", versions: "0+", doc: "The port to connect to." },
        rack: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The rack it stands in, or null." },
      },
    },
  },
};
