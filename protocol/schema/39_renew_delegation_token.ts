import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 39,
  name: "RenewDelegationToken",
  versions: "1-2",
  flexible: "2+",
  doc: "Puts off the expiry of a delegation token; for its owner and renewers (KIP-48).",
  request: {
    hmac: { type: "bytes", versions: "0+", secret: true, doc: "The HMAC of the token to renew." },
    renewPeriodMs: {
      type: "int64",
      int64: "bigint",
      versions: "0+",
      doc:
        "Milliseconds from now until the token expires, at most `delegation.token.expiry.time.ms`; 0 and less, usually -1, takes that setting.",
    },
  },
  response: {
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    expiryTimestampMs: {
      type: "int64",
      int64: "bigint",
      versions: "0+",
      doc: "When the token now expires, in milliseconds since the epoch.",
    },
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
  },
};
