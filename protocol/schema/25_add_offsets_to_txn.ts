import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 25,
  name: "AddOffsetsToTxn",
  versions: "0-4",
  flexible: "3+",
  doc:
    "Tells the transaction coordinator that a transaction will commit offsets of a group, and so adds the group's partition of `__consumer_offsets` to it (KIP-98). Clients with transaction version 2 leave this to TxnOffsetCommit (KIP-890).",
  request: {
    transactionalId: { type: "string", versions: "0+", doc: "The transactional id." },
    producerId: { type: "int64", versions: "0+", doc: "The producer's id under this transactional id." },
    producerEpoch: { type: "int16", versions: "0+", doc: "The producer's epoch." },
    groupId: { type: "string", versions: "0+", doc: "The id of the group whose offsets will be committed." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
  },
};
