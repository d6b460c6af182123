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
    struct: "ShareGroupDescribeTopicPartitions",
    doc: "The partitions, by topic.",
    fields: topicPartitions,
  },
};

export const spec: ApiSpec = {
  key: 77,
  name: "ShareGroupDescribe",
  versions: "1",
  flexible: "0+",
  doc: "Tells the state and the members of share groups (KIP-932).",
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
      struct: "ShareGroupDescribedGroup",
      doc: "The groups.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
        groupId: { type: "string", versions: "0+", doc: "The group's id." },
        groupState: { type: "string", versions: "0+", doc: "Empty, Stable or Dead (`GroupState`); the empty string after an error." },
        groupEpoch: {
          type: "int32",
          versions: "0+",
          doc: "Grows when members, subscriptions or topics change, so that a new assignment is due.",
        },
        assignmentEpoch: { type: "int32", versions: "0+", doc: "The group epoch for which the assignment was computed." },
        assignorName: { type: "string", versions: "0+", doc: "The assignor the coordinator uses, such as `simple`." },
        members: {
          type: "[]struct",
          versions: "0+",
          struct: "ShareGroupDescribeMember",
          doc: "The members.",
          fields: {
            memberId: { type: "string", versions: "0+", doc: "The member's id." },
            rackId: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The rack it stands in, or null." },
            memberEpoch: { type: "int32", versions: "0+", doc: "The assignment epoch the member has reached." },
            clientId: { type: "string", versions: "0+", doc: "The client id with which it joined." },
            clientHost: { type: "string", versions: "0+", doc: "The address from which it joined." },
            subscribedTopicNames: { type: "[]string", versions: "0+", doc: "Topics it subscribes to." },
            assignment: {
              type: "struct",
              versions: "0+",
              struct: "ShareGroupDescribeAssignment",
              doc: "What it consumes.",
              fields: assignment,
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
