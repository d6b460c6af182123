import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 75,
  name: "DescribeTopicPartitions",
  versions: "0",
  flexible: "0+",
  doc: "Describes topics and their partitions in pages, with the replicas that may yet be elected (KIP-966).",
  request: {
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeTopicPartitionsRequestTopic",
      doc: "The topics to describe; none describes all.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
      },
    },
    responsePartitionLimit: {
      type: "int32",
      versions: "0+",
      default: 2000,
      doc: "Partitions to answer at most; the broker's `max.request.partition.size.limit` may be lower.",
    },
    cursor: {
      type: "struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "DescribeTopicPartitionsRequestCursor",
      doc: "Where to start in the order of topic names, from the `nextCursor` of the page before; null at the beginning.",
      fields: {
        topicName: { type: "string", versions: "0+", doc: "The topic to start with." },
        partitionIndex: { type: "int32", versions: "0+", doc: "The partition of it to start with." },
      },
    },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "0+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeTopicPartitionsResponseTopic",
      doc: "The topics, by name; those the client may not describe come last.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        name: {
          type: "string",
          versions: "0+",
          nullable: "0+",
          doc: "The topic's name. Null is allowed, though Kafka's brokers do not answer it.",
        },
        topicId: { type: "uuid", versions: "0+", ignorable: true, doc: "The topic's id (KIP-516)." },
        isInternal: {
          type: "bool",
          versions: "0+",
          ignorable: true,
          doc: "Whether it is one of Kafka's own topics, such as `__consumer_offsets`.",
        },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribeTopicPartitionsResponsePartition",
          doc: "Its partitions, as many as the page has room for.",
          fields: {
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            leaderId: { type: "int32", versions: "0+", doc: "The leader's broker id; -1 when there is none." },
            leaderEpoch: { type: "int32", versions: "0+", default: -1, ignorable: true, doc: "The leader epoch; -1 when unknown." },
            replicaNodes: { type: "[]int32", versions: "0+", doc: "The brokers that hold a replica." },
            isrNodes: { type: "[]int32", versions: "0+", doc: "The brokers whose replicas are in sync." },
            eligibleLeaderReplicas: {
              type: "[]int32",
              versions: "0+",
              nullable: "0+",
              default: null,
              doc: "Replicas out of sync that may still be elected, as they miss nothing committed (KIP-966), or null.",
            },
            lastKnownElr: {
              type: "[]int32",
              versions: "0+",
              nullable: "0+",
              default: null,
              doc: "The last known leader, where nobody may be elected (KIP-966), or null.",
            },
            offlineReplicas: { type: "[]int32", versions: "0+", ignorable: true, doc: "The brokers whose replicas are offline." },
          },
        },
        topicAuthorizedOperations: {
          type: "int32",
          versions: "0+",
          default: -2147483648,
          doc: "What the client may do with the topic, a bit for each ACL operation; -2147483648 when the client may not describe it.",
        },
      },
    },
    nextCursor: {
      type: "struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "DescribeTopicPartitionsResponseCursor",
      doc: "Where the next page starts; null after the last.",
      fields: {
        topicName: { type: "string", versions: "0+", doc: "The topic to start with." },
        partitionIndex: { type: "int32", versions: "0+", doc: "The partition of it to start with." },
      },
    },
  },
};
