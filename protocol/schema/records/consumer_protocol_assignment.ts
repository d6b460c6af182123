import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  name: "ConsumerProtocolAssignment",
  versions: "0-3",
  flexible: "none",
  doc: "What a group's leader assigns to one consumer: `assignment` of SyncGroup, behind an int16 version.",
  fields: {
    assignedPartitions: {
      type: "[]struct",
      versions: "0+",
      struct: "ConsumerProtocolAssignmentTopicPartition",
      doc: "The partitions it shall read.",
      fields: {
        topic: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
      },
    },
    userData: { type: "bytes", versions: "0+", nullable: "0+", default: null, doc: "Data of the assignor, or null." },
  },
};
