import type { FieldSpecs, RecordSpec } from "../spec.ts";

const topicPartitions: FieldSpecs = {
  topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
  // Kafka's schema has null for its default, which its generator takes for none: in its classes it is empty by default.
  assignmentEpochs: {
    type: "[]int32",
    versions: "0+",
    nullable: "0+",
    tag: 0,
    doc: "The epoch at which it got each of `partitions`, so that commits of an earlier owner are refused (KIP-1251); null when unknown.",
  },
};

export const spec: RecordSpec = {
  apiKey: 8,
  name: "ConsumerGroupCurrentMemberAssignmentValue",
  versions: "0",
  flexible: "0+",
  doc:
    "The partitions a member of a consumer group has on its way to the target (KIP-848), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    memberEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The epoch of the member's assignment, which its heartbeats must carry; -2 while a static member is away.",
    },
    previousMemberEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The epoch before, which a heartbeat may carry when the member missed the last answer; -1 for none.",
    },
    state: {
      type: "int8",
      versions: "0+",
      doc:
        "0 STABLE, 1 UNREVOKED_PARTITIONS (it must give some up), 2 UNRELEASED_PARTITIONS (it waits for others to do so), 127 UNKNOWN (`MemberState`).",
    },
    assignedPartitions: {
      type: "[]struct",
      versions: "0+",
      struct: "ConsumerGroupCurrentMemberAssignmentValueTopicPartitions",
      doc: "Partitions it may read.",
      fields: topicPartitions,
    },
    partitionsPendingRevocation: {
      type: "[]struct",
      versions: "0+",
      struct: "ConsumerGroupCurrentMemberAssignmentValueTopicPartitions",
      doc: "Partitions it must give up first.",
      fields: topicPartitions,
    },
  },
};
