import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 15,
  name: "ProducerIdsRecord",
  versions: "0",
  flexible: "0+",
  doc: "Producer ids below a number have been given out in blocks.",
  fields: {
    brokerId: { type: "int32", versions: "0+", doc: "The broker that got the last block." },
    brokerEpoch: { type: "int64", versions: "0+", default: -1, doc: "The epoch of that broker; -1 when unknown." },
    nextProducerId: { type: "int64", versions: "0+", doc: "The first id that belongs to nobody yet." },
  },
};
