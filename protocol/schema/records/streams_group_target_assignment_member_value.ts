import type { FieldSpecs, RecordSpec } from "../spec.ts";

const taskIds: FieldSpecs = {
  subtopologyId: { type: "string", versions: "0+", doc: "The tasks' subtopology." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions of its source topics, one for each task." },
};

export const spec: RecordSpec = {
  apiKey: 21,
  name: "StreamsGroupTargetAssignmentMemberValue",
  versions: "0",
  flexible: "0+",
  doc: "The tasks a member of a streams group shall have (KIP-1071), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    activeTasks: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupTargetAssignmentMemberValueTaskIds",
      doc: "Tasks that process records.",
      fields: taskIds,
    },
    standbyTasks: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupTargetAssignmentMemberValueTaskIds",
      doc: "Tasks that keep a copy of the state of an active one.",
      fields: taskIds,
    },
    warmupTasks: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupTargetAssignmentMemberValueTaskIds",
      doc: "Tasks that build up state so that an active one can move here.",
      fields: taskIds,
    },
  },
};
