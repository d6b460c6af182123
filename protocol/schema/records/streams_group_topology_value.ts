import type { FieldSpecs, RecordSpec } from "../spec.ts";

const topicConfig: FieldSpecs = {
  key: { type: "string", versions: "0+", doc: "The setting's name." },
  value: { type: "string", versions: "0+", doc: "Its value." },
};

const topicInfo: FieldSpecs = {
  name: { type: "string", versions: "0+", doc: "The topic's name." },
  partitions: {
    type: "int32",
    versions: "0+",
    doc: "How many partitions it shall have; 0 leaves it to the broker, as for every changelog topic.",
  },
  replicationFactor: { type: "int16", versions: "0+", doc: "How many replicas each partition shall have; 0 takes the broker's default." },
  topicConfigs: {
    type: "[]struct",
    versions: "0+",
    struct: "StreamsGroupTopologyValueTopicConfig",
    doc: "The settings to create it with.",
    fields: topicConfig,
  },
};

export const spec: RecordSpec = {
  apiKey: 23,
  name: "StreamsGroupTopologyValue",
  versions: "0",
  flexible: "0+",
  doc: "The topology of a streams group, as its members sent it (KIP-1071), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    epoch: { type: "int32", versions: "0+", doc: "The topology's epoch: grows when the topology changes." },
    subtopologies: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupTopologyValueSubtopology",
      doc: "Its parts, which exchange records through repartition topics only.",
      fields: {
        subtopologyId: { type: "string", versions: "0+", doc: "The subtopology's id, unique in the topology." },
        sourceTopics: { type: "[]string", versions: "0+", doc: "Topics it reads that others write." },
        sourceTopicRegex: { type: "[]string", versions: "0+", doc: "Regular expressions of such topics." },
        stateChangelogTopics: {
          type: "[]struct",
          versions: "0+",
          struct: "StreamsGroupTopologyValueTopicInfo",
          doc: "Topics that keep its state; internal ones, created by the broker.",
          fields: topicInfo,
        },
        repartitionSinkTopics: { type: "[]string", versions: "0+", doc: "Repartition topics it writes." },
        repartitionSourceTopics: {
          type: "[]struct",
          versions: "0+",
          struct: "StreamsGroupTopologyValueTopicInfo",
          doc: "Repartition topics it reads; internal ones, created by the broker.",
          fields: topicInfo,
        },
        copartitionGroups: {
          type: "[]struct",
          versions: "0+",
          struct: "StreamsGroupTopologyValueCopartitionGroup",
          doc: "Topics that must have the same number of partitions.",
          fields: {
            sourceTopics: { type: "[]int16", versions: "0+", doc: "Which of the subtopology's `sourceTopics`, by index from 0." },
            sourceTopicRegex: { type: "[]int16", versions: "0+", doc: "Which of the subtopology's `sourceTopicRegex`, by index from 0." },
            repartitionSourceTopics: {
              type: "[]int16",
              versions: "0+",
              doc: "Which of the subtopology's `repartitionSourceTopics`, by index from 0.",
            },
          },
        },
      },
    },
  },
};
