import type { FieldSpecs, RecordSpec } from "../spec.ts";

const topicPartitionsInfo: FieldSpecs = {
  topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
  topicName: { type: "string", versions: "0+", doc: "The topic's name." },
  partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
};

const topicInfo: FieldSpecs = {
  topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
  topicName: { type: "string", versions: "0+", doc: "The topic's name." },
};

export const spec: RecordSpec = {
  apiKey: 15,
  name: "ShareGroupStatePartitionMetadataValue",
  versions: "0",
  flexible: "0+",
  doc:
    "The partitions for which the share coordinator keeps state of a share group (KIP-932), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    initializingTopics: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareGroupStatePartitionMetadataValueTopicPartitions",
      doc: "Partitions whose state is being made.",
      fields: topicPartitionsInfo,
    },
    initializedTopics: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareGroupStatePartitionMetadataValueTopicPartitions",
      doc: "Partitions that have state.",
      fields: topicPartitionsInfo,
    },
    deletingTopics: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareGroupStatePartitionMetadataValueTopic",
      doc: "Topics whose state is being removed.",
      fields: topicInfo,
    },
  },
};
