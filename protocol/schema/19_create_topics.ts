import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 19,
  name: "CreateTopics",
  versions: "2-7",
  flexible: "5+",
  doc: "Creates topics, each with its partitions and configuration.",
  request: {
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "CreatableTopic",
      doc: "The topics to create.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        numPartitions: { type: "int32", versions: "0+", doc: "How many partitions; -1 for the broker's default, or with `assignments`." },
        replicationFactor: {
          type: "int16",
          versions: "0+",
          doc: "How many replicas each; -1 for the broker's default, or with `assignments`.",
        },
        assignments: {
          type: "[]struct",
          versions: "0+",
          struct: "CreatableReplicaAssignment",
          doc: "Which brokers hold which partition, if the client decides.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            brokerIds: { type: "[]int32", versions: "0+", doc: "The brokers, the preferred leader first." },
          },
        },
        configs: {
          type: "[]struct",
          versions: "0+",
          struct: "CreatableTopicConfig",
          doc: "Configuration that differs from the defaults.",
          fields: {
            name: { type: "string", versions: "0+", doc: "The setting's name." },
            value: { type: "string", versions: "0+", nullable: "0+", doc: "Its value, or null." },
          },
        },
      },
    },
    timeoutMs: { type: "int32", versions: "0+", default: 60000, doc: "Milliseconds to wait until the topics exist." },
    validateOnly: { type: "bool", versions: "1+", doc: "Whether only to check what would happen." },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "2+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "CreatableTopicResult",
      doc: "The outcome for each topic.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The topic's name." },
        topicId: { type: "uuid", versions: "7+", ignorable: true, doc: "The topic's id (KIP-516)." },
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "1+", nullable: "1+", ignorable: true, doc: "The error in words, or null." },
        topicConfigErrorCode: {
          type: "int16",
          versions: "5+",
          tag: 0,
          ignorable: true,
          doc: "The error that kept `configs` from being answered (KIP-525), or 0.",
        },
        numPartitions: { type: "int32", versions: "5+", default: -1, ignorable: true, doc: "How many partitions it has; -1 when unknown." },
        replicationFactor: {
          type: "int16",
          versions: "5+",
          default: -1,
          ignorable: true,
          doc: "How many replicas each has; -1 when unknown.",
        },
        configs: {
          type: "[]struct",
          versions: "5+",
          nullable: "5+",
          ignorable: true,
          struct: "CreatableTopicConfigs",
          doc: "Its configuration (KIP-525), or null when the client may not see it.",
          fields: {
            name: { type: "string", versions: "5+", doc: "The setting's name." },
            value: { type: "string", versions: "5+", nullable: "5+", doc: "Its value; null for a secret." },
            readOnly: { type: "bool", versions: "5+", doc: "Whether it cannot be changed." },
            configSource: {
              type: "int8",
              versions: "5+",
              default: -1,
              ignorable: true,
              doc: "Where the value comes from (`DescribeConfigsResponse.ConfigSource`); -1 when unknown.",
            },
            isSensitive: { type: "bool", versions: "5+", doc: "Whether it is a secret." },
          },
        },
      },
    },
  },
};
