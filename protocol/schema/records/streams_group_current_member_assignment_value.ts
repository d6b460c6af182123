import type { FieldSpecs, RecordSpec } from "../spec.ts";

const taskIds: FieldSpecs = {
  subtopologyId: { type: "string", versions: "0+", doc: "The tasks' subtopology." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions of its source topics, one for each task." },
  // Kafka's schema has null for its default, which its generator takes for none: in its classes it is empty by default.
  assignmentEpochs: {
    type: "[]int32",
    versions: "0+",
    nullable: "0+",
    tag: 0,
    doc:
      "The epoch at which it got each of `partitions`, for active tasks, so that commits of an earlier owner are refused; null for other tasks, or when unknown.",
  },
};

export const spec: RecordSpec = {
  apiKey: 22,
  name: "StreamsGroupCurrentMemberAssignmentValue",
  versions: "0",
  flexible: "0+",
  doc:
    "The tasks a member of a streams group has on its way to the target (KIP-1071), in `__consumer_offsets`; no value at all removes it.",
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
        "1 STABLE, 2 UNREVOKED_TASKS (it must give some up), 3 UNRELEASED_TASKS (it waits for others to do so), 127 UNKNOWN (`MemberState` of streams).",
    },
    activeTasks: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupCurrentMemberAssignmentValueTaskIds",
      doc: "Tasks that process records.",
      fields: taskIds,
    },
    standbyTasks: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupCurrentMemberAssignmentValueTaskIds",
      doc: "Tasks that keep a copy of the state of an active one.",
      fields: taskIds,
    },
    warmupTasks: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupCurrentMemberAssignmentValueTaskIds",
      doc: "Tasks that build up state so that an active one can move here.",
      fields: taskIds,
    },
    activeTasksPendingRevocation: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupCurrentMemberAssignmentValueTaskIds",
      doc: "Active tasks it must give up first.",
      fields: taskIds,
    },
    standbyTasksPendingRevocation: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupCurrentMemberAssignmentValueTaskIds",
      doc: "Standby tasks it must give up first.",
      fields: taskIds,
    },
    warmupTasksPendingRevocation: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupCurrentMemberAssignmentValueTaskIds",
      doc: "Warm-up tasks it must give up first.",
      fields: taskIds,
    },
  },
};
