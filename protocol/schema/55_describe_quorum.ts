import type { ApiSpec, FieldSpecs } from "./spec.ts";

const replicaState: FieldSpecs = {
  replicaId: { type: "int32", versions: "0+", doc: "The id of the node." },
  replicaDirectoryId: { type: "uuid", versions: "2+", doc: "The id of the directory that holds its log (KIP-853); zero when unknown." },
  logEndOffset: { type: "int64", versions: "0+", doc: "The end offset of its log; -1 when unknown." },
  lastFetchTimestamp: {
    type: "int64",
    versions: "1+",
    default: -1,
    ignorable: true,
    doc:
      "When it last fetched from the leader, in milliseconds since the epoch by the leader's clock (KIP-836); -1 when unknown. For the leader itself the present time.",
  },
  lastCaughtUpTimestamp: {
    type: "int64",
    versions: "1+",
    default: -1,
    ignorable: true,
    doc:
      "When it last had all that the leader had, in milliseconds since the epoch by the leader's clock (KIP-836); -1 when unknown. For the leader itself the present time.",
  },
};

export const spec: ApiSpec = {
  key: 55,
  name: "DescribeQuorum",
  versions: "0-2",
  flexible: "0+",
  doc: "Tells the state of the Raft quorum that keeps the metadata: leader, voters, observers and how far each is (KIP-595).",
  request: {
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeQuorumRequestTopicData",
      doc: "The topics to describe, only `__cluster_metadata`.",
      fields: {
        topicName: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribeQuorumRequestPartitionData",
          doc: "The partitions to describe, only 0.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
          },
        },
      },
    },
  },
  response: {
    errorCode: { type: "int16", versions: "0+", doc: "The error of the request as a whole, or 0." },
    errorMessage: { type: "string", versions: "2+", nullable: "2+", ignorable: true, doc: "The error in words, or null." },
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeQuorumResponseTopicData",
      doc: "The state, by topic.",
      fields: {
        topicName: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribeQuorumResponsePartitionData",
          doc: "The state, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
            errorMessage: { type: "string", versions: "2+", nullable: "2+", ignorable: true, doc: "The error in words, or null." },
            leaderId: { type: "int32", versions: "0+", doc: "The leader's node id; -1 when unknown." },
            leaderEpoch: { type: "int32", versions: "0+", doc: "The newest leader epoch known." },
            highWatermark: { type: "int64", versions: "0+", doc: "Offsets below this one are on a majority of the voters." },
            currentVoters: {
              type: "[]struct",
              versions: "0+",
              struct: "DescribeQuorumReplicaState",
              doc: "The voters.",
              fields: replicaState,
            },
            observers: {
              type: "[]struct",
              versions: "0+",
              struct: "DescribeQuorumReplicaState",
              doc: "The nodes that follow without a vote, brokers among them.",
              fields: replicaState,
            },
          },
        },
      },
    },
    nodes: {
      type: "[]struct",
      versions: "2+",
      struct: "DescribeQuorumNode",
      doc: "Where the nodes are reached (KIP-853).",
      fields: {
        nodeId: { type: "int32", versions: "2+", doc: "The node's id." },
        listeners: {
          type: "[]struct",
          versions: "2+",
          struct: "DescribeQuorumListener",
          doc: "The node's controller listeners.",
          fields: {
            name: { type: "string", versions: "2+", doc: "The listener's name." },
            host: { type: "string", versions: "2+", doc: "The host to connect to." },
            port: { type: "uint16", versions: "2+", doc: "The port to connect to." },
          },
        },
      },
    },
  },
};
