import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 22,
  name: "InitProducerId",
  versions: "0-5",
  flexible: "2+",
  doc: "Gives a producer its id and epoch, and fences the older ones of its transactional id (KIP-98, KIP-360).",
  request: {
    transactionalId: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      doc: "The transactional id, or null for a producer without transactions.",
    },
    transactionTimeoutMs: {
      type: "int32",
      versions: "0+",
      doc: "Milliseconds until the coordinator aborts a transaction that was left open.",
    },
    producerId: {
      type: "int64",
      versions: "3+",
      default: -1,
      doc: "The id the producer has and wants a new epoch for (KIP-360); -1 for none.",
    },
    producerEpoch: { type: "int16", versions: "3+", default: -1, doc: "The epoch it has; -1 for none." },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "0+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    producerId: { type: "int64", versions: "0+", default: -1, doc: "The producer's id; -1 after an error." },
    producerEpoch: { type: "int16", versions: "0+", doc: "The producer's epoch." },
  },
};
