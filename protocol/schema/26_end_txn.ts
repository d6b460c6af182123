import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 26,
  name: "EndTxn",
  versions: "0-5",
  flexible: "3+",
  doc:
    "Commits or aborts a producer's open transaction (KIP-98). From version 5 on the producer gets a new epoch with every transaction (KIP-890).",
  request: {
    transactionalId: { type: "string", versions: "0+", doc: "The transactional id." },
    producerId: { type: "int64", versions: "0+", doc: "The producer's id under this transactional id." },
    producerEpoch: { type: "int16", versions: "0+", doc: "The producer's epoch." },
    committed: { type: "bool", versions: "0+", doc: "True commits, false aborts." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    producerId: {
      type: "int64",
      versions: "5+",
      default: -1,
      ignorable: true,
      doc: "The id to use from now on, a new one when the epochs of the old are used up (KIP-890); -1 after an error.",
    },
    producerEpoch: {
      type: "int16",
      versions: "5+",
      default: -1,
      ignorable: true,
      doc: "The epoch to use from now on (KIP-890); -1 after an error.",
    },
  },
};
