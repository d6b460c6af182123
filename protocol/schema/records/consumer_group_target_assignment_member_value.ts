import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 7,
  name: "ConsumerGroupTargetAssignmentMemberValue",
  versions: "0",
  flexible: "0+",
  doc: "The partitions a member of a consumer group shall have (KIP-848), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    topicPartitions: {
      type: "[]struct",
      versions: "0+",
      struct: "ConsumerGroupTargetAssignmentMemberValueTopicPartition",
      doc: "The partitions, by topic.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
      },
    },
  },
};
