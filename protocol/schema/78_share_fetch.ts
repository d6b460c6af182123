import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 78,
  name: "ShareFetch",
  versions: "1-2",
  flexible: "0+",
  doc: "Acquires records for a member of a share group, locked for it until it acknowledges them; acknowledges earlier ones (KIP-932).",
  request: {
    groupId: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The group's id; brokers refuse null." },
    memberId: { type: "string", versions: "0+", nullable: "0+", doc: "The member's id, as in ShareGroupHeartbeat." },
    shareSessionEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The request's number in the share session: 0 opens one, -1 closes it, others count up.",
    },
    maxWaitMs: { type: "int32", versions: "0+", doc: "Milliseconds to wait for `minBytes`." },
    minBytes: { type: "int32", versions: "0+", doc: "Answer as soon as that many bytes are there." },
    maxBytes: {
      type: "int32",
      versions: "0+",
      default: 2147483647,
      doc: "Bytes to answer at most, though never less than one batch (KIP-74).",
    },
    maxRecords: { type: "int32", versions: "1+", doc: "Records to acquire at most; `shareAcquireMode` tells how strictly." },
    batchSize: {
      type: "int32",
      versions: "1+",
      doc: "Records that the client would like to have in each batch of `acquiredRecords`, and to acknowledge together.",
    },
    shareAcquireMode: {
      type: "int8",
      versions: "2+",
      ignorable: true,
      doc: "0 batch_optimized, may exceed `maxRecords` to take whole batches; 1 record_limit, never does (KIP-1206, `ShareAcquireMode`).",
    },
    isRenewAck: {
      type: "bool",
      versions: "2+",
      doc:
        "Whether a record is acknowledged with 4, renew (KIP-1222). Then nothing is fetched, and `maxWaitMs`, `minBytes`, `maxBytes`, `maxRecords` must be 0.",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareFetchTopic",
      doc: "Partitions to add to the session, and records to acknowledge.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ShareFetchPartition",
          doc: "The partitions.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            acknowledgementBatches: {
              type: "[]struct",
              versions: "0+",
              struct: "ShareFetchAcknowledgementBatch",
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
    forgottenTopicsData: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareFetchForgottenTopic",
      doc: "Partitions to take out of the session.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: { type: "[]int32", versions: "0+", doc: "The partitions to take out." },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
    acquisitionLockTimeoutMs: { type: "int32", versions: "1+", doc: "Milliseconds for which acquired records are locked for the member." },
    responses: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareFetchableTopicResponse",
      doc: "What was fetched, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ShareFetchPartitionData",
          doc: "What was fetched, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error of fetching, or 0." },
            errorMessage: {
              type: "string",
              versions: "0+",
              nullable: "0+",
              default: null,
              doc: "What went wrong in fetching, for people; or null.",
            },
            acknowledgeErrorCode: { type: "int16", versions: "0+", doc: "The error of acknowledging, or 0." },
            acknowledgeErrorMessage: {
              type: "string",
              versions: "0+",
              nullable: "0+",
              default: null,
              doc: "What went wrong in acknowledging, for people; or null.",
            },
            currentLeader: {
              type: "struct",
              versions: "0+",
              struct: "ShareFetchLeaderIdAndEpoch",
              doc: "The leader to ask instead, with errors NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH; of no meaning otherwise.",
              fields: {
                leaderId: { type: "int32", versions: "0+", doc: "The leader's broker id; -1 when unknown." },
                leaderEpoch: { type: "int32", versions: "0+", doc: "The leader epoch." },
              },
            },
            records: {
              type: "records",
              versions: "0+",
              records: "source",
              doc: "Record batches. They may hold records that are not acquired: those are not for the member.",
            },
            acquiredRecords: {
              type: "[]struct",
              versions: "0+",
              struct: "ShareFetchAcquiredRecords",
              doc: "Offsets of the records that are acquired for the member.",
              fields: {
                firstOffset: { type: "int64", versions: "0+", doc: "The first offset acquired." },
                lastOffset: { type: "int64", versions: "0+", doc: "The last offset acquired." },
                deliveryCount: { type: "int16", versions: "0+", doc: "How often they have been delivered, this time included." },
              },
            },
          },
        },
      },
    },
    nodeEndpoints: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareFetchNodeEndpoint",
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
