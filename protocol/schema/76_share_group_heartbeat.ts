import type { ApiSpec, FieldSpecs } from "./spec.ts";

const topicPartitions: FieldSpecs = {
  topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
};

export const spec: ApiSpec = {
  key: 76,
  name: "ShareGroupHeartbeat",
  versions: "1",
  flexible: "0+",
  doc: "Joins, keeps alive and leaves a share group: the member tells what has changed, the coordinator answers what to consume (KIP-932).",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    memberId: { type: "string", versions: "0+", doc: "The member's id, chosen by the client and kept while it runs." },
    memberEpoch: { type: "int32", versions: "0+", doc: "The epoch the member has reached; 0 joins, -1 leaves." },
    rackId: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      default: null,
      doc: "The rack the member stands in; null for none, or when unchanged since the last heartbeat.",
    },
    subscribedTopicNames: {
      type: "[]string",
      versions: "0+",
      nullable: "0+",
      default: null,
      doc: "Topics subscribed to; null when unchanged since the last heartbeat. Needed to join.",
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
    memberId: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The member's id; null after an error." },
    memberEpoch: { type: "int32", versions: "0+", doc: "The member's epoch, for its next heartbeat; -1 when it has left." },
    heartbeatIntervalMs: { type: "int32", versions: "0+", doc: "Milliseconds until the next heartbeat is due." },
    assignment: {
      type: "struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "ShareGroupHeartbeatAssignment",
      doc: "What the member shall consume; null when unchanged since the last heartbeat.",
      fields: {
        topicPartitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ShareGroupHeartbeatTopicPartitions",
          doc: "The partitions to consume, which other members may consume too.",
          fields: topicPartitions,
        },
      },
    },
  },
};
