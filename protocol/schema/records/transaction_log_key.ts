import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 0,
  name: "TransactionLogKey",
  versions: "0",
  flexible: "none",
  doc: "Key of a transactional id's state in `__transaction_state`. Its type, 0, stands before it as an int16.",
  fields: {
    transactionalId: { type: "string", versions: "0", doc: "The transactional id, chosen by the producer's configuration." },
  },
};
