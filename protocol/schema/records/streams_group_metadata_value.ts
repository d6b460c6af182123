import type { FieldSpecs, RecordSpec } from "../spec.ts";

const lastAssignmentConfig: FieldSpecs = {
  key: { type: "string", versions: "0+", doc: "The setting's name." },
  value: { type: "string", versions: "0+", doc: "Its value." },
};

export const spec: RecordSpec = {
  apiKey: 17,
  name: "StreamsGroupMetadataValue",
  versions: "0",
  flexible: "0+",
  doc: "A streams group exists (KIP-1071), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    epoch: {
      type: "int32",
      versions: "0+",
      doc: "The group epoch: grows when members, topology or topics change, so that tasks have to be assigned anew.",
    },
    metadataHash: {
      type: "int64",
      versions: "0+",
      int64: "bigint",
      doc: "A hash of the topics the topology uses, with their partitions and racks: another one means a new epoch (KIP-1101); 0 for none.",
    },
    validatedTopologyEpoch: {
      type: "int32",
      versions: "0+",
      tag: 0,
      default: -1,
      doc: "The epoch of the topology whose topics were found to be there and fit together; -1 for none.",
    },
    // Kafka's schema has null for its default, which its generator takes for none: in its classes it is empty by default.
    lastAssignmentConfigs: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      tag: 1,
      struct: "StreamsGroupMetadataValueLastAssignmentConfig",
      doc: "The settings of the group under which tasks were last assigned, for example `num.standby.replicas`; null when unknown.",
      fields: lastAssignmentConfig,
    },
  },
};
