import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  name: "SnapshotHeaderRecord",
  versions: "0",
  flexible: "0+",
  doc: "Value of the control record that begins a snapshot (type 3 SNAPSHOT_HEADER, KIP-630).",
  fields: {
    version: { type: "int16", versions: "0+", doc: "The version of this message: 0." },
    lastContainedLogTimestamp: {
      type: "int64",
      versions: "0+",
      doc: "When the last record that the snapshot covers was appended, in milliseconds since the epoch.",
    },
  },
};
