import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 3,
  name: "Metadata",
  versions: "0-13",
  flexible: "9+",
  doc: "Tells the brokers of the cluster, its topics, and who leads their partitions; may create topics that are missing.",
  request: {
    topics: {
      type: "[]struct",
      versions: "0+",
      nullable: "1+",
      struct: "MetadataRequestTopic",
      doc: "The topics asked for. Null is all of them; none is none, but all of them in version 0.",
      fields: {
        topicId: { type: "uuid", versions: "10+", ignorable: true, doc: "The topic's id (KIP-516), used where the name is null." },
        name: { type: "string", versions: "0+", nullable: "10+", doc: "The topic's name, or null where the id is given." },
      },
    },
    allowAutoTopicCreation: {
      type: "bool",
      versions: "4+",
      default: true,
      doc: "Whether a missing topic may be created, if the broker allows that too.",
    },
    includeClusterAuthorizedOperations: {
      type: "bool",
      versions: "8-10",
      doc: "Whether to answer what the client may do with the cluster (KIP-430).",
    },
    includeTopicAuthorizedOperations: {
      type: "bool",
      versions: "8+",
      doc: "Whether to answer what the client may do with each topic (KIP-430).",
    },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "3+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    brokers: {
      type: "[]struct",
      versions: "0+",
      struct: "MetadataResponseBroker",
      doc: "The brokers that are alive.",
      fields: {
        nodeId: { type: "int32", versions: "0+", doc: "The broker's id." },
        host: { type: "string", versions: "0+", doc: "The host to connect to." },
        port: { type: "int32", versions: "0+", doc: "The port to connect to." },
        rack: { type: "string", versions: "1+", nullable: "1+", default: null, ignorable: true, doc: "The rack it stands in, or null." },
      },
    },
    clusterId: {
      type: "string",
      versions: "2+",
      nullable: "2+",
      default: null,
      ignorable: true,
      doc: "The cluster's id, or null when unknown.",
    },
    controllerId: {
      type: "int32",
      versions: "1+",
      default: -1,
      ignorable: true,
      doc: "The id of a broker that passes requests on to the controller; -1 for none.",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "MetadataResponseTopic",
      doc: "The topics asked for.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        name: { type: "string", versions: "0+", nullable: "12+", doc: "The topic's name; null when an id asked for is unknown." },
        topicId: { type: "uuid", versions: "10+", ignorable: true, doc: "The topic's id (KIP-516)." },
        isInternal: {
          type: "bool",
          versions: "1+",
          ignorable: true,
          doc: "Whether it is one of Kafka's own topics, such as `__consumer_offsets`.",
        },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "MetadataResponsePartition",
          doc: "Its partitions.",
          fields: {
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            leaderId: { type: "int32", versions: "0+", doc: "The leader's broker id; -1 when there is none." },
            leaderEpoch: { type: "int32", versions: "7+", default: -1, ignorable: true, doc: "The leader epoch; -1 when unknown." },
            replicaNodes: { type: "[]int32", versions: "0+", doc: "The brokers that hold a replica." },
            isrNodes: { type: "[]int32", versions: "0+", doc: "The brokers whose replicas are in sync." },
            offlineReplicas: { type: "[]int32", versions: "5+", ignorable: true, doc: "The brokers whose replicas are offline." },
          },
        },
        topicAuthorizedOperations: {
          type: "int32",
          versions: "8+",
          default: -2147483648,
          doc: "What the client may do with the topic, a bit for each ACL operation; -2147483648 when not asked for.",
        },
      },
    },
    clusterAuthorizedOperations: {
      type: "int32",
      versions: "8-10",
      default: -2147483648,
      doc: "What the client may do with the cluster, a bit for each ACL operation; -2147483648 when not asked for.",
    },
    errorCode: { type: "int16", versions: "13+", ignorable: true, doc: "The error, or 0." },
  },
};
