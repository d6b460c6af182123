import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 1,
  name: "ShareUpdateValue",
  versions: "0",
  flexible: "0+",
  doc: "A change since the last snapshot of what a share group knows of a partition (KIP-932), in `__share_group_state`.",
  fields: {
    snapshotEpoch: { type: "int32", versions: "0+", doc: "The snapshot it changes." },
    leaderEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The leader epoch of the partition's leader that wrote it; older ones are refused.",
    },
    startOffset: {
      type: "int64",
      versions: "0+",
      doc: "The new share-partition start offset, before which records are done with; -1 leaves it.",
    },
    deliveryCompleteCount: {
      type: "int32",
      versions: "0+",
      tag: 0,
      default: -1,
      doc: "How many offsets from the start offset on are done with (KIP-1226); -1 when unknown.",
    },
    stateBatches: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareUpdateValueStateBatch",
      doc: "The batches that have changed; they take the place of what was known of their offsets.",
      fields: {
        firstOffset: { type: "int64", versions: "0+", doc: "The first offset of the batch." },
        lastOffset: { type: "int64", versions: "0+", doc: "The last offset of the batch, inclusive." },
        deliveryState: { type: "int8", versions: "0+", doc: "0 AVAILABLE, 2 ACKNOWLEDGED, 4 ARCHIVED (`RecordState`)." },
        deliveryCount: { type: "int16", versions: "0+", doc: "How often it was delivered." },
      },
    },
  },
};
