import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 12,
  name: "ShareGroupTargetAssignmentMetadataValue",
  versions: "0",
  flexible: "0+",
  doc: "A share group has a complete target assignment (KIP-932), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    assignmentEpoch: { type: "int32", versions: "0+", doc: "The group epoch for which it was made." },
    assignmentTimestamp: {
      type: "int64",
      versions: "0+",
      tag: 0,
      ignorable: true,
      doc: "When it was made, in milliseconds since the epoch (KIP-1263); 0 when unknown.",
    },
  },
};
