import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 22,
  name: "InitProducerId",
  versions: "0-5",
  unstable: "6",
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
    enable2Pc: { type: "bool", versions: "6+", doc: "Whether transactions may be prepared, to be decided later (KIP-939)." },
    keepPreparedTxn: {
      type: "bool",
      versions: "6+",
      doc: "Whether a transaction that is prepared is kept, to be decided, instead of aborted (KIP-939).",
    },
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
    ongoingTxnProducerId: {
      type: "int64",
      versions: "6+",
      default: -1,
      doc: "The producer id of the transaction that was kept (KIP-939); -1 for none.",
    },
    ongoingTxnProducerEpoch: {
      type: "int16",
      versions: "6+",
      default: -1,
      doc: "The epoch of the transaction that was kept; -1 for none.",
    },
  },
};
