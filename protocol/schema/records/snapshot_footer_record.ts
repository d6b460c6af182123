import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  name: "SnapshotFooterRecord",
  versions: "0",
  flexible: "0+",
  doc: "Value of the control record that ends a snapshot (type 4 SNAPSHOT_FOOTER, KIP-630); without it the snapshot is not complete.",
  fields: {
    version: { type: "int16", versions: "0+", doc: "The version of this message: 0." },
  },
};
