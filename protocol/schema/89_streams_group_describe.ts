import type { ApiSpec, FieldSpecs } from "./spec.ts";

const keyValue: FieldSpecs = {
  key: { type: "string", versions: "0+", doc: "The tag's or setting's name." },
  value: { type: "string", versions: "0+", doc: "Its value." },
};

const topicInfo: FieldSpecs = {
  name: { type: "string", versions: "0+", doc: "The topic's name." },
  partitions: {
    type: "int32",
    versions: "0+",
    doc: "How many partitions it has. While the group is not ready 0 stands where the application does not ask for a number.",
  },
  replicationFactor: { type: "int16", versions: "0+", doc: "How many replicas each partition has; 0 takes the broker's default." },
  topicConfigs: {
    type: "[]struct",
    versions: "0+",
    struct: "StreamsGroupDescribeKeyValue",
    doc: "The settings it is created with.",
    fields: keyValue,
  },
};

const endpoint: FieldSpecs = {
  host: { type: "string", versions: "0+", doc: "The host to connect to." },
  port: { type: "uint16", versions: "0+", doc: "The port to connect to." },
};

const taskOffset: FieldSpecs = {
  subtopologyId: { type: "string", versions: "0+", doc: "The task's subtopology." },
  partition: { type: "int32", versions: "0+", doc: "The task's partition." },
  offset: { type: "int64", versions: "0+", doc: "Its changelog offsets, summed up." },
};

const taskIds: FieldSpecs = {
  subtopologyId: { type: "string", versions: "0+", doc: "The tasks' subtopology." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions of its source topics, one for each task." },
};

const assignment: FieldSpecs = {
  activeTasks: {
    type: "[]struct",
    versions: "0+",
    struct: "StreamsGroupDescribeTaskIds",
    doc: "Tasks that process records.",
    fields: taskIds,
  },
  standbyTasks: {
    type: "[]struct",
    versions: "0+",
    struct: "StreamsGroupDescribeTaskIds",
    doc: "Tasks that keep a copy of the state of an active one.",
    fields: taskIds,
  },
  warmupTasks: {
    type: "[]struct",
    versions: "0+",
    struct: "StreamsGroupDescribeTaskIds",
    doc: "Tasks that build up state so that an active one can move here.",
    fields: taskIds,
  },
};

export const spec: ApiSpec = {
  key: 89,
  name: "StreamsGroupDescribe",
  versions: "0",
  flexible: "0+",
  doc: "Tells the state, topology and members of streams groups (KIP-1071). Answered by each group's coordinator.",
  request: {
    groupIds: { type: "[]string", versions: "0+", doc: "The groups' ids." },
    includeAuthorizedOperations: {
      type: "bool",
      versions: "0+",
      doc: "Whether to answer what the client may do with each group (KIP-430).",
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    groups: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupDescribedGroup",
      doc: "The groups, one for each id asked for.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The group's error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
        groupId: { type: "string", versions: "0+", doc: "The group's id." },
        groupState: {
          type: "string",
          versions: "0+",
          doc:
            "`Empty`, `NotReady`, `Assigning`, `Reconciling`, `Stable` or `Dead` (`StreamsGroup.StreamsGroupState`); empty after an error.",
        },
        groupEpoch: {
          type: "int32",
          versions: "0+",
          doc: "Grows when members, topology or topics change, so that tasks have to be assigned anew.",
        },
        assignmentEpoch: { type: "int32", versions: "0+", doc: "The group epoch for which the target assignment was made." },
        topology: {
          type: "struct",
          versions: "0+",
          nullable: "0+",
          default: null,
          struct: "StreamsGroupDescribeTopology",
          doc: "The topology the group runs; null after an error.",
          fields: {
            epoch: { type: "int32", versions: "0+", doc: "The topology's epoch." },
            subtopologies: {
              type: "[]struct",
              versions: "0+",
              nullable: "0+",
              default: null,
              struct: "StreamsGroupDescribeSubtopology",
              doc: "Its parts, which exchange records through repartition topics only; null when they are not known.",
              fields: {
                subtopologyId: { type: "string", versions: "0+", doc: "The subtopology's id, unique in the topology." },
                sourceTopics: { type: "[]string", versions: "0+", doc: "Topics it reads that others write." },
                repartitionSinkTopics: { type: "[]string", versions: "0+", doc: "Repartition topics it writes." },
                stateChangelogTopics: {
                  type: "[]struct",
                  versions: "0+",
                  struct: "StreamsGroupDescribeTopicInfo",
                  doc: "Topics that keep its state; internal ones, created by the broker.",
                  fields: topicInfo,
                },
                repartitionSourceTopics: {
                  type: "[]struct",
                  versions: "0+",
                  struct: "StreamsGroupDescribeTopicInfo",
                  doc: "Repartition topics it reads; internal ones, created by the broker.",
                  fields: topicInfo,
                },
              },
            },
          },
        },
        members: {
          type: "[]struct",
          versions: "0+",
          struct: "StreamsGroupDescribeMember",
          doc: "The members.",
          fields: {
            memberId: { type: "string", versions: "0+", doc: "The member's id." },
            memberEpoch: { type: "int32", versions: "0+", doc: "The epoch of the assignment that the member has." },
            instanceId: {
              type: "string",
              versions: "0+",
              nullable: "0+",
              default: null,
              doc: "The id of a static member (KIP-345), or null.",
            },
            rackId: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The rack it stands in, or null." },
            clientId: { type: "string", versions: "0+", doc: "The client id of its connection." },
            clientHost: { type: "string", versions: "0+", doc: "The address it connected from." },
            topologyEpoch: { type: "int32", versions: "0+", doc: "The epoch of the topology the member runs." },
            processId: { type: "string", versions: "0+", doc: "The process it runs in; members of one process have it in common." },
            userEndpoint: {
              type: "struct",
              versions: "0+",
              nullable: "0+",
              default: null,
              struct: "StreamsGroupDescribeEndpoint",
              doc: "Where the application takes interactive queries, or null.",
              fields: endpoint,
            },
            clientTags: {
              type: "[]struct",
              versions: "0+",
              struct: "StreamsGroupDescribeKeyValue",
              doc: "The member's tags, for spreading standby tasks over racks (KIP-708).",
              fields: keyValue,
            },
            taskOffsets: {
              type: "[]struct",
              versions: "0+",
              struct: "StreamsGroupDescribeTaskOffset",
              doc: "How far its tasks are in their changelogs. Kafka 4.3.1 answers none.",
              fields: taskOffset,
            },
            taskEndOffsets: {
              type: "[]struct",
              versions: "0+",
              struct: "StreamsGroupDescribeTaskOffset",
              doc: "The ends of these changelogs. Kafka 4.3.1 answers none.",
              fields: taskOffset,
            },
            assignment: {
              type: "struct",
              versions: "0+",
              struct: "StreamsGroupDescribeAssignment",
              doc: "The tasks it has.",
              fields: assignment,
            },
            targetAssignment: {
              type: "struct",
              versions: "0+",
              struct: "StreamsGroupDescribeAssignment",
              doc: "The tasks it shall have.",
              fields: assignment,
            },
            isClassic: { type: "bool", versions: "0+", doc: "Whether it still uses the classic protocol. Kafka 4.3.1 answers false." },
          },
        },
        authorizedOperations: {
          type: "int32",
          versions: "0+",
          default: -2147483648,
          doc: "What the client may do with the group, a bit for each ACL operation; -2147483648 when not asked for.",
        },
      },
    },
  },
};
