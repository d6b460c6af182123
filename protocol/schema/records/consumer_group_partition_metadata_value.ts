import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 4,
  name: "ConsumerGroupPartitionMetadataValue",
  versions: "0",
  flexible: "0+",
  doc:
    "The topics a consumer group is subscribed to, in `__consumer_offsets`; no value at all removes it. Kafka writes `metadataHash` of ConsumerGroupMetadataValue instead since 4.1 (KIP-1101).",
  fields: {
    topics: {
      type: "[]struct",
      versions: "0+",
      struct: "ConsumerGroupPartitionMetadataValueTopic",
      doc: "The topics.",
      fields: {
        topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
        topicName: { type: "string", versions: "0+", doc: "The topic's name." },
        numPartitions: { type: "int32", versions: "0+", doc: "How many partitions it has." },
        partitionMetadata: {
          type: "[]struct",
          versions: "0+",
          struct: "ConsumerGroupPartitionMetadataValuePartition",
          doc: "The racks of the partitions; empty when unknown, and always since Kafka 4.0.",
          fields: {
            partition: { type: "int32", versions: "0+", doc: "The partition's number." },
            racks: { type: "[]string", versions: "0+", doc: "The racks its replicas stand in." },
          },
        },
      },
    },
  },
};
