import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 0,
  name: "ShareSnapshotValue",
  versions: "0",
  flexible: "0+",
  doc: "All that a share group knows of a partition (KIP-932), in `__share_group_state`; no value at all removes it.",
  fields: {
    snapshotEpoch: { type: "int32", versions: "0+", doc: "Grows with every snapshot of the partition's state." },
    stateEpoch: {
      type: "int32",
      versions: "0+",
      doc: "Grows when the state is set anew, as a change of its start offset does; older writes are refused.",
    },
    leaderEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The leader epoch of the partition's leader that wrote it; older ones are refused.",
    },
    startOffset: {
      type: "int64",
      versions: "0+",
      doc: "The share-partition start offset: records before it are done with; -1 when the group has not read the partition yet.",
    },
    deliveryCompleteCount: {
      type: "int32",
      versions: "0+",
      tag: 0,
      default: -1,
      doc: "How many offsets from the start offset on are done with (KIP-1226); -1 when unknown.",
    },
    createTimestamp: { type: "int64", versions: "0+", doc: "When the state was made, in milliseconds since the epoch." },
    writeTimestamp: { type: "int64", versions: "0+", doc: "When this snapshot was written, in milliseconds since the epoch." },
    stateBatches: {
      type: "[]struct",
      versions: "0+",
      struct: "ShareSnapshotValueStateBatch",
      doc: "What became of the offsets from the start offset on, in order.",
      fields: {
        firstOffset: { type: "int64", versions: "0+", doc: "The first offset of the batch." },
        lastOffset: { type: "int64", versions: "0+", doc: "The last offset of the batch, inclusive." },
        deliveryState: { type: "int8", versions: "0+", doc: "0 AVAILABLE, 2 ACKNOWLEDGED, 4 ARCHIVED (`RecordState`)." },
        deliveryCount: { type: "int16", versions: "0+", doc: "How often it was delivered." },
      },
    },
  },
};
