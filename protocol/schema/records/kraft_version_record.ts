import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  name: "KRaftVersionRecord",
  versions: "0",
  flexible: "0+",
  doc:
    "Value of the control record that tells the level of the feature `kraft.version` (type 5 KRAFT_VERSION, KIP-853). In `__cluster_metadata` and its snapshots.",
  fields: {
    version: { type: "int16", versions: "0+", doc: "The version of this message: 0." },
    kRaftVersion: {
      type: "int16",
      versions: "0+",
      doc: "0: the voters are fixed by configuration; 1: VotersRecord tells them (`KRaftVersion`).",
    },
  },
};
