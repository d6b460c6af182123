import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  name: "ConsumerProtocolSubscription",
  versions: "0-3",
  flexible: "none",
  doc: "What a consumer tells its group's leader when it joins: `protocols[].metadata` of JoinGroup, behind an int16 version.",
  fields: {
    topics: { type: "[]string", versions: "0+", doc: "The topics it reads." },
    userData: { type: "bytes", versions: "0+", nullable: "0+", default: null, doc: "Data of its assignor, or null." },
    ownedPartitions: {
      type: "[]struct",
      versions: "1+",
      ignorable: true,
      struct: "ConsumerProtocolSubscriptionTopicPartition",
      doc: "The partitions it has now, for cooperative rebalancing (KIP-429).",
      fields: {
        topic: { type: "string", versions: "1+", doc: "The topic's name." },
        partitions: { type: "[]int32", versions: "1+", doc: "The partitions' numbers." },
      },
    },
    generationId: {
      type: "int32",
      versions: "2+",
      default: -1,
      ignorable: true,
      doc: "The generation in which it got them (KIP-792); -1 when unknown.",
    },
    rackId: { type: "string", versions: "3+", nullable: "3+", default: null, ignorable: true, doc: "Its rack (KIP-881), or null." },
  },
};
