import type { ApiSpec, FieldSpecs } from "./spec.ts";

const requestKeyValue: FieldSpecs = {
  key: { type: "string", versions: "0+", doc: "The name of the setting or tag." },
  value: { type: "string", versions: "0+", doc: "Its value." },
};

const requestTopicInfo: FieldSpecs = {
  name: { type: "string", versions: "0+", doc: "The topic's name." },
  partitions: {
    type: "int32",
    versions: "0+",
    doc: "How many partitions it shall have; 0 lets the coordinator derive that. Always 0 for changelogs.",
  },
  replicationFactor: { type: "int16", versions: "0+", doc: "How many replicas it shall have; 0 takes the broker's default." },
  topicConfigs: {
    type: "[]struct",
    versions: "0+",
    struct: "StreamsGroupHeartbeatKeyValue",
    doc: "The settings to create it with.",
    fields: requestKeyValue,
  },
};

const requestTaskIds: FieldSpecs = {
  subtopologyId: { type: "string", versions: "0+", doc: "The subtopology the tasks run." },
  partitions: { type: "[]int32", versions: "0+", doc: "The input partitions, one for each task." },
};

const requestEndpoint: FieldSpecs = {
  host: { type: "string", versions: "0+", doc: "The host to connect to." },
  port: { type: "uint16", versions: "0+", doc: "The port to connect to." },
};

const requestTaskOffset: FieldSpecs = {
  subtopologyId: { type: "string", versions: "0+", doc: "The subtopology the task runs." },
  partition: { type: "int32", versions: "0+", doc: "The input partition of the task." },
  offset: { type: "int64", versions: "0+", doc: "The sum of the offsets in the task's changelogs." },
};

const responseStatus: FieldSpecs = {
  statusCode: {
    type: "int8",
    versions: "0+",
    doc:
      "0 STALE_TOPOLOGY, 1 MISSING_SOURCE_TOPICS, 2 INCORRECTLY_PARTITIONED_TOPICS, 3 MISSING_INTERNAL_TOPICS, 4 SHUTDOWN_APPLICATION, 5 ASSIGNMENT_DELAYED (`StreamsGroupHeartbeatResponse.Status`).",
  },
  statusDetail: { type: "string", versions: "0+", doc: "The status in words, such as which topics are missing." },
};

const responseTaskIds: FieldSpecs = {
  subtopologyId: { type: "string", versions: "0+", doc: "The subtopology the tasks run." },
  partitions: { type: "[]int32", versions: "0+", doc: "The input partitions, one for each task." },
};

const responseEndpoint: FieldSpecs = {
  host: { type: "string", versions: "0+", doc: "The host to connect to." },
  port: { type: "uint16", versions: "0+", doc: "The port to connect to." },
};

const responseTopicPartition: FieldSpecs = {
  topic: { type: "string", versions: "0+", doc: "The topic's name." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
};

export const spec: ApiSpec = {
  key: 88,
  name: "StreamsGroupHeartbeat",
  versions: "0",
  flexible: "0+",
  doc: "Joins, keeps alive and leaves a streams group: the member tells what has changed, the coordinator answers what to run (KIP-1071).",
  request: {
    groupId: { type: "string", versions: "0+", doc: "The group's id." },
    memberId: { type: "string", versions: "0+", doc: "The member's id, chosen by the client and kept while it runs." },
    memberEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The epoch the member has reached; 0 joins, -1 leaves, -2 leaves as a static member that will be back.",
    },
    endpointInformationEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The `endpointInformationEpoch` of the last response; -1 before the first.",
    },
    instanceId: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      default: null,
      doc: "The id of a static member (KIP-345); null for none, or when unchanged since the last heartbeat. Kafka 4.3 refuses others.",
    },
    rackId: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      default: null,
      doc: "The rack the member stands in; null for none, or when unchanged since the last heartbeat.",
    },
    rebalanceTimeoutMs: {
      type: "int32",
      versions: "0+",
      default: -1,
      doc: "Milliseconds the member has for giving tasks up, or it is out; -1 when unchanged since the last heartbeat. Needed to join.",
    },
    topology: {
      type: "struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatTopology",
      doc: "What the application computes, from which the coordinator makes tasks. Needed to join, null otherwise.",
      fields: {
        epoch: { type: "int32", versions: "0+", doc: "The topology's version, which grows when the application changes it." },
        subtopologies: {
          type: "[]struct",
          versions: "0+",
          struct: "StreamsGroupHeartbeatSubtopology",
          doc: "The parts of the topology that share no state; each has a task for every input partition.",
          fields: {
            subtopologyId: { type: "string", versions: "0+", doc: "The subtopology's id, the same in all members." },
            sourceTopics: { type: "[]string", versions: "0+", doc: "Topics it reads, except repartition topics." },
            sourceTopicRegex: { type: "[]string", versions: "0+", doc: "Regular expressions of topics it reads. Kafka 4.3 refuses them." },
            stateChangelogTopics: {
              type: "[]struct",
              versions: "0+",
              struct: "StreamsGroupHeartbeatTopicInfo",
              doc: "Topics that keep its state; the coordinator creates them.",
              fields: requestTopicInfo,
            },
            repartitionSinkTopics: { type: "[]string", versions: "0+", doc: "Repartition topics it writes." },
            repartitionSourceTopics: {
              type: "[]struct",
              versions: "0+",
              struct: "StreamsGroupHeartbeatTopicInfo",
              doc: "Repartition topics it reads; the coordinator creates them.",
              fields: requestTopicInfo,
            },
            copartitionGroups: {
              type: "[]struct",
              versions: "0+",
              struct: "StreamsGroupHeartbeatCopartitionGroup",
              doc: "Sets of topics it reads that must have equally many partitions.",
              fields: {
                sourceTopics: {
                  type: "[]int16",
                  versions: "0+",
                  doc: "Topics of the set, as indexes into the subtopology's `sourceTopics`.",
                },
                sourceTopicRegex: {
                  type: "[]int16",
                  versions: "0+",
                  doc: "Topics of the set, as indexes into the subtopology's `sourceTopicRegex`.",
                },
                repartitionSourceTopics: {
                  type: "[]int16",
                  versions: "0+",
                  doc: "Topics of the set, as indexes into the subtopology's `repartitionSourceTopics`.",
                },
              },
            },
          },
        },
      },
    },
    activeTasks: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatRequestTaskIds",
      doc: "Tasks the member runs; null when unchanged since the last heartbeat. None to join. This and the next two are null together.",
      fields: requestTaskIds,
    },
    standbyTasks: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatRequestTaskIds",
      doc: "Tasks whose state the member keeps a copy of; null when unchanged since the last heartbeat. None to join.",
      fields: requestTaskIds,
    },
    warmupTasks: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatRequestTaskIds",
      doc: "Tasks whose state the member restores so as to run them; null when unchanged since the last heartbeat. Kafka 4.3 refuses any.",
      fields: requestTaskIds,
    },
    processId: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      default: null,
      doc: "Tells which members run in one process, which should not get copies of one task; null when unchanged since the last heartbeat.",
    },
    userEndpoint: {
      type: "struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatRequestEndpoint",
      doc: "Where other members reach this one for interactive queries; null for none, or when unchanged since the last heartbeat.",
      fields: requestEndpoint,
    },
    clientTags: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatKeyValue",
      doc: "Tags by which tasks are spread over racks (KIP-708); null when unchanged since the last heartbeat.",
      fields: requestKeyValue,
    },
    taskOffsets: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatTaskOffset",
      doc: "How far tasks have restored their state; null when unchanged since the last heartbeat. Kafka 4.3 refuses anything else.",
      fields: requestTaskOffset,
    },
    taskEndOffsets: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatTaskOffset",
      doc: "Where the changelogs of the tasks end; null when unchanged since the last heartbeat. Kafka 4.3 refuses anything else.",
      fields: requestTaskOffset,
    },
    shutdownApplication: { type: "bool", versions: "0+", doc: "Whether all members shall shut down." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
    memberId: { type: "string", versions: "0+", doc: "The member's id." },
    memberEpoch: { type: "int32", versions: "0+", doc: "The member's epoch, for its next heartbeat; -1 or -2 when it has left." },
    heartbeatIntervalMs: { type: "int32", versions: "0+", doc: "Milliseconds until the next heartbeat is due." },
    acceptableRecoveryLag: {
      type: "int32",
      versions: "0+",
      doc: "The lag in offsets up to which a warm-up task is ready to run. Kafka 4.3 leaves it 0.",
    },
    taskOffsetIntervalMs: {
      type: "int32",
      versions: "0+",
      doc: "Milliseconds between two reports of `taskOffsets`. Kafka 4.3 leaves it 0.",
    },
    status: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      struct: "StreamsGroupHeartbeatStatus",
      doc: "What the member should know of the group; none when all is well.",
      fields: responseStatus,
    },
    activeTasks: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatResponseTaskIds",
      doc: "Tasks the member shall run; null when unchanged since the last heartbeat.",
      fields: responseTaskIds,
    },
    standbyTasks: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatResponseTaskIds",
      doc: "Tasks whose state the member shall keep a copy of; null when unchanged since the last heartbeat.",
      fields: responseTaskIds,
    },
    warmupTasks: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatResponseTaskIds",
      doc: "Tasks whose state the member shall restore in order to run them; null when unchanged since the last heartbeat.",
      fields: responseTaskIds,
    },
    endpointInformationEpoch: { type: "int32", versions: "0+", doc: "Grows when `partitionsByUserEndpoint` changes." },
    partitionsByUserEndpoint: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupHeartbeatEndpointToPartitions",
      doc: "Which member has which partitions, for interactive queries; null when the member knows this epoch already.",
      fields: {
        userEndpoint: {
          type: "struct",
          versions: "0+",
          struct: "StreamsGroupHeartbeatResponseEndpoint",
          doc: "Where the member is reached.",
          fields: responseEndpoint,
        },
        activePartitions: {
          type: "[]struct",
          versions: "0+",
          struct: "StreamsGroupHeartbeatTopicPartition",
          doc: "Input partitions of its active tasks.",
          fields: responseTopicPartition,
        },
        standbyPartitions: {
          type: "[]struct",
          versions: "0+",
          struct: "StreamsGroupHeartbeatTopicPartition",
          doc: "Input partitions of its standby tasks.",
          fields: responseTopicPartition,
        },
      },
    },
  },
};
