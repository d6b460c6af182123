import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 13,
  name: "ShareGroupTargetAssignmentMemberValue",
  versions: "0",
  flexible: "0+",
  doc: "The partitions a member of a share group shall have (KIP-932), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    topicPartitions: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareGroupTargetAssignmentMemberValueTopicPartition",
      doc: "The partitions, by topic; other members may have them too.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
      },
    },
  },
};
