import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 66,
  name: "ListTransactions",
  versions: "0-2",
  flexible: "0+",
  doc: "Lists the transactional ids a broker coordinates, with the state of each one's transaction (KIP-664).",
  request: {
    stateFilters: { type: "[]string", versions: "0+", doc: "States to list, as in `transactionState`; none lists all." },
    producerIdFilters: { type: "[]int64", versions: "0+", doc: "Producer ids to list; none lists all." },
    durationFilter: {
      type: "int64",
      versions: "1+",
      default: -1,
      doc: "Lists only transactions that have run for more than that many milliseconds (KIP-994); less than 0 lists all.",
    },
    transactionalIdPattern: {
      type: "string",
      versions: "2+",
      nullable: "2+",
      default: null,
      doc: "A regular expression (RE2J) that the whole transactional id must match (KIP-1152); null or empty lists all.",
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    unknownStateFilters: { type: "[]string", versions: "0+", doc: "The `stateFilters` that the coordinator does not know." },
    transactionStates: {
      type: "[]struct",
      versions: "0+",
      struct: "ListedTransaction",
      doc: "The transactions.",
      fields: {
        transactionalId: { type: "string", versions: "0+", doc: "The transactional id." },
        producerId: { type: "int64", versions: "0+", doc: "The id of the producer that has the transactional id." },
        transactionState: {
          type: "string",
          versions: "0+",
          doc: "Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort or PrepareEpochFence (`TransactionState`).",
        },
      },
    },
  },
};
