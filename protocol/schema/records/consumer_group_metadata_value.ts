import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 3,
  name: "ConsumerGroupMetadataValue",
  versions: "0",
  flexible: "0+",
  doc: "A group of the consumer protocol exists (KIP-848), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    epoch: {
      type: "int32",
      versions: "0+",
      doc: "The group epoch: grows when members, subscriptions or topics change, so that partitions have to be assigned anew.",
    },
    metadataHash: {
      type: "int64",
      versions: "0+",
      int64: "bigint",
      tag: 0,
      doc: "A hash of the topics subscribed to, with their partitions and racks: another one means a new epoch (KIP-1101); 0 for none.",
    },
  },
};
