import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 21,
  name: "ZkMigrationStateRecord",
  versions: "0",
  flexible: "0+",
  doc: "How far the migration from ZooKeeper is (KIP-866). In `__cluster_metadata`; Kafka 4 reads it and ignores it.",
  fields: {
    zkMigrationState: {
      type: "int8",
      versions: "0+",
      doc: "0 NONE, 1 MIGRATION, 2 PRE_MIGRATION, 3 POST_MIGRATION, 4 ZK (`ZkMigrationState`; 3.4 had 1 and 2 the other way round).",
    },
  },
};
