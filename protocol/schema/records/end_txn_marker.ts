import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  name: "EndTxnMarker",
  versions: "0",
  flexible: "none",
  doc:
    "Value of the control record that ends a transaction in a partition: type 0 ABORT, 1 COMMIT (KIP-98). Its version stands before it as an int16.",
  fields: {
    coordinatorEpoch: {
      type: "int32",
      versions: "0+",
      doc: "The leader epoch of the coordinator's partition in `__transaction_state`; one with an older epoch is refused.",
    },
  },
};
