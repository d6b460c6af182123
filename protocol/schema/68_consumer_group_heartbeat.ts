import type { ApiSpec, FieldSpecs } from "./spec.ts";

const topicPartitions: FieldSpecs = {
  topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
};

export const spec: ApiSpec = {
  key: 68,
  name: "ConsumerGroupHeartbeat",
  versions: "0-1",
  flexible: "0+",
  doc:
    "Joins, keeps alive and leaves a consumer group: the member tells what has changed, the coordinator answers what to consume (KIP-848).",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    memberId: {
      type: "string",
      versions: "0+",
      doc: "The member's id, chosen by the client and kept while it runs (KIP-1082); in version 0 empty to let the coordinator choose.",
    },
    memberEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The epoch the member has reached; 0 joins, -1 leaves, -2 leaves as a static member that will be back.",
    },
    instanceId: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      default: null,
      doc: "The id of a static member (KIP-345); null for none, or when unchanged since the last heartbeat.",
    },
    rackId: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      default: null,
      doc: "The rack the member stands in (KIP-881); null for none, or when unchanged since the last heartbeat.",
    },
    rebalanceTimeoutMs: {
      type: "int32",
      versions: "0+",
      default: -1,
      doc:
        "Milliseconds the member has for giving partitions up, or it is out; -1 when unchanged since the last heartbeat. Needed to join.",
    },
    subscribedTopicNames: {
      type: "[]string",
      versions: "0+",
      nullable: "0+",
      default: null,
      doc: "Topics subscribed to by name; null when unchanged since the last heartbeat.",
    },
    subscribedTopicRegex: {
      type: "string",
      versions: "1+",
      nullable: "1+",
      default: null,
      doc: "A regular expression (RE2J) of topics subscribed to; empty for none, null when unchanged since the last heartbeat.",
    },
    serverAssignor: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      default: null,
      doc: "The assignor the member would like, such as `uniform` or `range`; null for any, or when unchanged since the last heartbeat.",
    },
    topicPartitions: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "ConsumerGroupHeartbeatRequestTopicPartitions",
      doc: "Partitions the member owns; null when unchanged since the last heartbeat. None to join.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
    memberId: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The member's id; null after an error." },
    memberEpoch: { type: "int32", versions: "0+", doc: "The member's epoch, for its next heartbeat; -1 or -2 when it has left." },
    heartbeatIntervalMs: { type: "int32", versions: "0+", doc: "Milliseconds until the next heartbeat is due." },
    assignment: {
      type: "struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "ConsumerGroupHeartbeatAssignment",
      doc: "What the member shall consume; null when unchanged since the last heartbeat.",
      fields: {
        topicPartitions: {
          type: "[]struct",
          versions: "0+",
          struct: "ConsumerGroupHeartbeatResponseTopicPartitions",
          doc: "All partitions the member may consume now. Those it owns beyond them it must give up.",
          fields: topicPartitions,
        },
      },
    },
  },
};
