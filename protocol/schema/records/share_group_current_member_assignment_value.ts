import type { FieldSpecs, RecordSpec } from "../spec.ts";

const topicPartitions: FieldSpecs = {
  topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
};

export const spec: RecordSpec = {
  apiKey: 14,
  name: "ShareGroupCurrentMemberAssignmentValue",
  versions: "0",
  flexible: "0+",
  doc: "The partitions a member of a share group has (KIP-932), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    memberEpoch: { type: "int32", versions: "0+", doc: "The epoch of the member's assignment, which its heartbeats must carry." },
    previousMemberEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The epoch before, which a heartbeat may carry when the member missed the last answer; -1 for none.",
    },
    state: {
      type: "int8",
      versions: "0+",
      doc:
        "0 STABLE; 1 UNREVOKED_PARTITIONS and 2 UNRELEASED_PARTITIONS (`MemberState`) do not occur, as share members need not wait for each other.",
    },
    assignedPartitions: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareGroupCurrentMemberAssignmentValueTopicPartitions",
      doc: "Partitions it may read.",
      fields: topicPartitions,
    },
  },
};
