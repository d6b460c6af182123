import type { ApiSpec, FieldSpecs } from "./spec.ts";

const topicPartitions: FieldSpecs = {
  topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
  topicName: { type: "string", versions: "0+", doc: "The topic's name." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
};

const assignment: FieldSpecs = {
  topicPartitions: {
    type: "[]struct",
    versions: "0+",
    struct: "ConsumerGroupDescribeTopicPartitions",
    doc: "The partitions, by topic.",
    fields: topicPartitions,
  },
};

export const spec: ApiSpec = {
  key: 69,
  name: "ConsumerGroupDescribe",
  versions: "0-1",
  flexible: "0+",
  doc: "Tells the state and the members of consumer groups (KIP-848).",
  request: {
    groupIds: { type: "[]string", versions: "0+", doc: "The groups' ids." },
    includeAuthorizedOperations: {
      type: "bool",
      versions: "0+",
      doc: "Whether to answer what the client may do with each group (KIP-430).",
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    groups: {
      type: "[]struct",
      versions: "0+",
      struct: "ConsumerGroupDescribedGroup",
      doc: "The groups.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
        groupId: { type: "string", versions: "0+", doc: "The group's id." },
        groupState: {
          type: "string",
          versions: "0+",
          doc: "Empty, Assigning, Reconciling, Stable or Dead (`GroupState`); the empty string after an error.",
        },
        groupEpoch: {
          type: "int32",
          versions: "0+",
          doc: "Grows when members, subscriptions or topics change, so that a new assignment is due.",
        },
        assignmentEpoch: { type: "int32", versions: "0+", doc: "The group epoch for which the target assignment was computed." },
        assignorName: { type: "string", versions: "0+", doc: "The assignor the coordinator uses, such as `uniform` or `range`." },
        members: {
          type: "[]struct",
          versions: "0+",
          struct: "ConsumerGroupDescribeMember",
          doc: "The members.",
          fields: {
            memberId: { type: "string", versions: "0+", doc: "The member's id." },
            instanceId: {
              type: "string",
              versions: "0+",
              nullable: "0+",
              default: null,
              doc: "The id of a static member (KIP-345), or null.",
            },
            rackId: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The rack it stands in, or null." },
            memberEpoch: {
              type: "int32",
              versions: "0+",
              doc: "The assignment epoch the member has reached; it stays behind while the member has partitions to give up.",
            },
            clientId: { type: "string", versions: "0+", doc: "The client id with which it joined." },
            clientHost: { type: "string", versions: "0+", doc: "The address from which it joined." },
            subscribedTopicNames: { type: "[]string", versions: "0+", doc: "Topics it subscribes to by name." },
            subscribedTopicRegex: {
              type: "string",
              versions: "0+",
              nullable: "0+",
              default: null,
              doc: "A regular expression (RE2J) of topics it subscribes to; null or empty for none.",
            },
            assignment: {
              type: "struct",
              versions: "0+",
              struct: "ConsumerGroupDescribeAssignment",
              doc: "What it consumes now.",
              fields: assignment,
            },
            targetAssignment: {
              type: "struct",
              versions: "0+",
              struct: "ConsumerGroupDescribeAssignment",
              doc: "What it shall consume once all members have given up what they must.",
              fields: assignment,
            },
            memberType: {
              type: "int8",
              versions: "1+",
              default: -1,
              ignorable: true,
              doc: "0 a member by the classic protocol, 1 by the consumer protocol (KIP-1099); -1 unknown.",
            },
          },
        },
        authorizedOperations: {
          type: "int32",
          versions: "0+",
          default: -2147483648,
          doc: "What the client may do with the group, a bit for each ACL operation; -2147483648 when not asked for.",
        },
      },
    },
  },
};
