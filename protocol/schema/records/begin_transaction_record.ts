import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 23,
  name: "BeginTransactionRecord",
  versions: "0",
  flexible: "0+",
  doc: "The records after this one, up to the next EndTransactionRecord, take effect together (KIP-868). In `__cluster_metadata`.",
  fields: {
    name: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      tag: 0,
      default: null,
      doc: "What the transaction is for, for people; or null.",
    },
  },
};
