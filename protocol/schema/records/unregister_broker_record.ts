import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 1,
  name: "UnregisterBrokerRecord",
  versions: "0",
  flexible: "0+",
  doc: "A broker is no longer registered (KIP-631). In `__cluster_metadata`.",
  fields: {
    brokerId: { type: "int32", versions: "0+", doc: "The broker's id." },
    brokerEpoch: { type: "int64", versions: "0+", doc: "The epoch of its registration: the offset of its RegisterBrokerRecord." },
  },
};
