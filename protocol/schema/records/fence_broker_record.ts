import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 7,
  name: "FenceBrokerRecord",
  versions: "0",
  flexible: "0+",
  doc:
    "A broker is fenced: it leads nothing and leaves every ISR (KIP-631). In `__cluster_metadata`; Kafka 4 reads it, but writes BrokerRegistrationChangeRecord instead.",
  fields: {
    id: { type: "int32", versions: "0+", doc: "The broker's id." },
    epoch: { type: "int64", versions: "0+", doc: "The epoch of its registration: the offset of its RegisterBrokerRecord." },
  },
};
